"""The ground of maps as bin/setup makes it: whole, fitting, light, made once."""

import gzip
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import shapely

from app.commands.territories import ATLAS, GROUND
from app.gazetteer.ground import AFAR, ELSEWHERE, FRANCE, make_ground
from app.gazetteer.sources import Sources, TerritorySourcesMissing
from app.platform.web.assets import compressed_copy
from app.platform.web.site import STATIC
from tests.gazetteer.test_prepare import DECOUPAGE, NATIONAL

SOURCES = Sources(NATIONAL, DECOUPAGE)


@pytest.fixture(scope="module")
def document(prepared: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(gzip.decompress(prepared.read_bytes()))
    return content


@pytest.fixture(scope="module")
def france() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((GROUND / FRANCE).read_bytes())
    return content


def near(code: str, part: str = "") -> dict[str, Any]:
    content: dict[str, Any] = json.loads((GROUND / f"{code}{part}.geojson").read_bytes())
    return content


def shape(geojson: dict[str, Any]) -> shapely.Geometry:
    return shapely.from_geojson(json.dumps(geojson))


@pytest.mark.slow
def test_every_territory_is_seen_from_afar_and_has_its_file_where_it_has_a_boundary(
    document: dict[str, Any], france: dict[str, Any]
) -> None:
    drawn = {row["code"] for row in document["territories"] if row["boundary"]}
    assert {each["code"] for each in france["territories"]} == drawn | set(ELSEWHERE)
    assert {each["code"] for each in france["territories"] if each["drawn"]} == drawn
    files = {f"{code}{part}.geojson" for code in drawn for part in ("", "-land", "-communes")}
    assert {file.name for file in GROUND.glob("*.geojson")} == files | {FRANCE, AFAR}
    name, _, digest = france["afar"].partition("?v=")
    assert sha256((GROUND / name).read_bytes()).hexdigest()[:12] == digest
    land = shape(json.loads((GROUND / AFAR).read_bytes())["land"])
    for each in france["territories"]:
        assert shapely.intersects(land, shapely.box(*each["bounds"])), each["code"]
        assert each["towns"], each["code"]
        # What has no file of its own names its larger towns at once.
        known = sum(row[3] == each["code"] and bool(row[6]) for row in document["communes"])
        assert each["drawn"] or len(each["towns"]) >= min(8, known), each["code"]


@pytest.mark.parametrize("code", ["2A", "62", "69", "69M", "75", "93", "973", "976"])
def test_the_ground_of_a_territory_is_its_boundary_with_all_its_towns(
    document: dict[str, Any], code: str
) -> None:
    (row,) = (row for row in document["territories"] if row["code"] == code)
    boundary, content = shapely.from_wkb(row["boundary"]), near(code)
    land, communes = shape(content["land"]), near(code, "-communes")
    assert near(code, "-land") == {"land": content["land"]}
    assert shapely.is_valid(land)
    # Rounded to 11 m, on either side.
    assert shapely.symmetric_difference(land, boundary).area < 2e-4 * boundary.length
    for lines in (communes["communes"], content["epcis"]):
        assert shapely.difference(shape(lines), shapely.buffer(land, 1e-6)).is_empty
    towns = content["towns"] + communes["towns"]
    current = {row[1] for row in document["communes"] if row[3] == code and row[6]}
    assert current <= {name for name, *_ in towns}
    inhabitants = [town[3] for town in towns]
    assert inhabitants == sorted(inhabitants, reverse=True)


def test_neighbours_meet_without_slit_or_overlap() -> None:
    one, other = (shape(near(code)["land"]) for code in ("75", "93"))
    assert shapely.intersection(one, other).area == 0
    assert shapely.intersection(one, other).length > 0.05


def test_arrondissements_are_named_after_all_towns_and_divided_by_lines() -> None:
    towns = near("75")["towns"] + near("75", "-communes")["towns"]
    assert towns[0][0] == "Paris"
    assert ["Paris 11e", 0] in [[name, inhabitants] for name, *_, inhabitants in towns]
    assert len(towns) == 21
    assert near("75", "-communes")["communes"]["coordinates"]


def test_files_are_light_once_packed() -> None:
    most = {FRANCE: 21_000, AFAR: 25_000}
    for file in GROUND.glob("*.geojson"):
        packed = compressed_copy(STATIC, f"built/ground/{file.name}", "br")
        assert packed, "bin/setup packs them"
        near = 45_000 if "-communes" in file.name else 9_000 if "-land" in file.name else 14_000
        assert packed.stat().st_size < most.get(file.name, near), file.name


def test_the_ground_is_made_once(prepared: Path, tmp_path: Path) -> None:
    (tmp_path / "stamp").write_text((GROUND / "stamp").read_text())
    assert make_ground(SOURCES, prepared, ATLAS, tmp_path) == 0
    assert [file.name for file in tmp_path.iterdir()] == ["stamp"]


def test_missing_sources_are_named_and_leave_nothing(prepared: Path, tmp_path: Path) -> None:
    with pytest.raises(TerritorySourcesMissing, match="countries-10m"):
        make_ground(SOURCES, prepared, tmp_path, tmp_path / "ground")
    assert not (tmp_path / "ground").exists()
