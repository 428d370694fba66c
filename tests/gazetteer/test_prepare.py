"""The prepared file, made from the pinned packages: complete, fitting, and made once."""

import gzip
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from app.commands.territories import ATLAS
from app.gazetteer.ground import ELSEWHERE
from app.gazetteer.overseas import read_overseas
from app.gazetteer.prepare import FOREIGN, prepare
from app.gazetteer.sources import TerritorySourcesMissing
from app.settings import ROOT
from geo.distance import kilometres
from geo.gazetteer import Gazetteer
from geo.ground import from_topojson
from geo.territories import Commune, FormerCommune, Territory

NATIONAL = ROOT / "var" / "national"
DECOUPAGE = ROOT / "node_modules" / "@etalab" / "decoupage-administratif" / "data"
COLLECTIVITES = {"975", "977", "978", "986", "987", "988"}
# Restored in 2025, when Neussargues en Pinatelle was divided: no source draws them yet. And Farino
# and Kouaoua, in Nouvelle-Calédonie.
WITHOUT_POINT = {"15031", "15035", "15047", "15171", "98806", "98833"}
# Mairies on the shore or on a rock, less than 2 km from their commune and in no other territory.
OFFSHORE = {"35288", "50199", "50353", "56258"}
# Rimatara and Pukapuka, which Natural Earth leaves out; the islets that it draws of an atoll are
# less far than this from a village of it.
NOT_DRAWN = {"98737", "98743"}
ATOLL_KM = 25.0


@pytest.fixture(scope="module")
def document(prepared: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(gzip.decompress(prepared.read_bytes()))
    return content


@pytest.fixture(scope="module")
def shapes(document: dict[str, Any]) -> dict[str, np.ndarray[Any, np.dtype[np.object_]]]:
    drawn = [row for row in document["territories"] if row["boundary"]]
    return {
        field: np.array(shapely.from_wkb([row[field] for row in drawn]), dtype=object)
        for field in ("boundary", "outline")
    }


def test_every_territory_is_there(document: dict[str, Any]) -> None:
    rows = {row["code"]: row for row in document["territories"]}
    types = Counter(row["kind"] for row in rows.values())
    assert types == {"departement": 101, "metropole": 1, "collectivite": 6}
    assert {code for code, row in rows.items() if row["boundary"] is None} == COLLECTIVITES
    assert len({row["slug"] for row in rows.values()}) == len(rows)
    assert rows["974"]["name"] == "La Réunion"
    assert rows["69M"]["name"] == "Métropole de Lyon"
    assert rows["69M"]["region_name"] == rows["69"]["region_name"] == "Auvergne-Rhône-Alpes"
    assert rows["2A"]["region_name"] == "Corse"
    assert rows["986"]["name"] == "Wallis-et-Futuna"


def test_every_current_commune_has_one_territory(document: dict[str, Any]) -> None:
    communes = {row[0]: row for row in document["communes"]}
    assert len(communes) == len(document["communes"]) == 34_963
    per_territory = Counter(row[3] for row in communes.values())
    assert set(per_territory) == {row["code"] for row in document["territories"]}
    assert per_territory["69M"] == 58
    assert per_territory["75"] == 1
    assert communes["69149"][1] == "Oullins-Pierre-Bénite"
    assert communes["69149"][3] == communes["69123"][3] == "69M"
    assert communes["01001"][1:3] == ["L'Abergement-Clémenciat", "abergement clemenciat"]
    assert communes["74109"][3:5] == ["74", ["01200"]]
    assert all(row[4] for row in communes.values()), "every commune has a postcode"
    epcis = {code for code, _ in document["epcis"]}
    assert {row[5] for row in communes.values() if row[5]} <= epcis


def test_former_communes_lead_to_current_ones(document: dict[str, Any]) -> None:
    communes = {row[0] for row in document["communes"]}
    assert {row[3] for row in document["former"]} <= communes
    types = Counter(row[2] for row in document["former"])
    assert types == {"deleguee": 2105, "associee": 471, "arrondissement": 45, "fusionnee": 1741}
    # 75010 is a postcode of Paris, and was the code of Bondy before 1968.
    assert not {row[0] for row in document["former"]} & {f"750{number:02}" for number in range(100)}
    assert len({(row[0], row[1]) for row in document["former"]}) == len(document["former"])


@pytest.mark.parametrize("field", ["boundary", "outline"])
def test_boundaries_fit_without_slit_or_overlap(
    shapes: dict[str, np.ndarray[Any, np.dtype[np.object_]]], field: str
) -> None:
    areas = shapes[field]
    assert shapely.is_valid(areas).all()
    assert shapely.coverage_is_valid(areas)
    whole = shapely.union_all(areas)
    rings = [shapely.get_num_interior_rings(part) for part in shapely.get_parts(whole)]
    if field == "boundary":
        # The one hole in the country is Llívia, which is Spain.
        assert sum(rings) == 1
        assert whole.disjoint(FOREIGN[0])


def test_boundaries_are_at_their_true_place(
    document: dict[str, Any], shapes: dict[str, np.ndarray[Any, np.dtype[np.object_]]]
) -> None:
    codes = [row["code"] for row in document["territories"] if row["boundary"]]
    where = dict(zip(codes, shapes["boundary"], strict=True))
    # Town halls of Cayenne, Saint-Denis, Mamoudzou, Fort-de-France, Ajaccio, Villefranche, Lyon;
    # Ville-du-Pont, which lies in the gap that is open to Switzerland.
    for code, lon, lat in [
        ("973", -52.3350, 4.9386),
        ("974", 55.4481, -20.8789),
        ("976", 45.2279, -12.7823),
        ("972", -61.0686, 14.6037),
        ("2A", 8.7387, 41.9192),
        ("69", 4.7265, 45.9896),
        ("69M", 4.8357, 45.7675),
        ("25", 6.4940, 46.9990),
    ]:
        holders = [name for name, area in where.items() if area.intersects(shapely.Point(lon, lat))]
        assert holders == [code]


def test_outlines_are_light_enough_for_a_first_page(
    shapes: dict[str, np.ndarray[Any, np.dtype[np.object_]]],
) -> None:
    text = "".join(shapely.to_geojson(shapes["outline"]))
    assert len(gzip.compress(text.encode())) < 100_000


def test_points_lie_in_their_territory(
    document: dict[str, Any], shapes: dict[str, np.ndarray[Any, np.dtype[np.object_]]]
) -> None:
    codes = [row["code"] for row in document["territories"] if row["boundary"]]
    communes = document["communes"]
    assert {row[0] for row in communes if row[6] is None} == WITHOUT_POINT
    placed = [row for row in communes if row[6] is not None and row[3] not in COLLECTIVITES]
    points = shapely.points([row[6] for row in placed])
    own = shapes["boundary"][[codes.index(row[3]) for row in placed]]
    shapely.prepare(shapes["boundary"])
    outside = {placed[rank][0] for rank in np.flatnonzero(~shapely.intersects(own, points))}
    assert outside == OFFSHORE


@pytest.mark.slow
def test_communes_overseas_lie_on_their_islands(document: dict[str, Any]) -> None:
    countries = from_topojson(json.loads((ATLAS / "countries-10m.json").read_bytes()), "countries")
    land = {code: countries[name] for code, name in ELSEWHERE.items()}
    far = set()
    for code, _, _, territory, _, _, point, _ in document["communes"]:
        if territory in COLLECTIVITES and point:
            west, south, east, north = shapely.bounds(land[territory])
            # Natural Earth draws some of the islets of an atoll alone.
            assert west - 0.1 < point[0] < east + 0.1, code
            assert south - 0.1 < point[1] < north + 0.1, code
            line = shapely.shortest_line(shapely.Point(point), land[territory])
            (lon, lat), (near_lon, near_lat) = shapely.get_coordinates(line)
            if kilometres((lon, lat), (near_lon, near_lat)) > ATOLL_KM:
                far.add(code)
    assert far == NOT_DRAWN


@pytest.mark.parametrize(
    ("code", "lon", "lat"),
    [
        ("97502", -56.18, 46.78),  # Saint-Pierre
        ("97701", -62.85, 17.90),  # Gustavia
        ("97801", -63.08, 18.07),  # Marigot
        ("98613", -176.17, -13.28),  # Mata-Utu
        ("98735", -149.57, -17.54),  # Papeete
        ("98818", 166.45, -22.27),  # Nouméa
    ],
)
def test_chief_towns_overseas_are_where_everybody_knows_them(
    document: dict[str, Any], code: str, lon: float, lat: float
) -> None:
    (point,) = (row[6] for row in document["communes"] if row[0] == code)
    assert kilometres(point, (lon, lat)) < 3


def test_a_table_of_overseas_names_communes_that_are_there(document: dict[str, Any]) -> None:
    there = {row[0] for row in document["communes"] if row[3] in COLLECTIVITES}
    assert read_overseas().keys() <= there


@pytest.mark.slow
def test_every_commune_is_found_by_what_it_is_called(document: dict[str, Any]) -> None:
    gazetteer = Gazetteer(
        [
            Territory(row["code"], row["name"], row["kind"], row["region_code"], row["region_name"])
            for row in document["territories"]
        ],
        [
            Commune(code, name, territory, tuple(postcodes), epci, None, None)
            for code, name, _, territory, postcodes, epci, *_ in document["communes"]
        ],
        [
            FormerCommune(code, name, commune_type, commune, tuple(postcodes))
            for code, name, commune_type, commune, postcodes, *_ in document["former"]
        ],
    )
    for code, name, _, territory, postcodes, *_ in document["communes"]:
        written = re.sub(r"\bSAINT ", "ST ", name.upper().replace("-", " "))
        assert code in [found.code for found in gazetteer.find(written)], name
        assert [found.code for found in gazetteer.find(name, postcodes[0], territory)] == [code]
    for territory in gazetteer.territories:
        for written in (territory.code, territory.name, territory.name.upper()):
            assert gazetteer.territory_named(written) == territory


def test_second_prepare_leaves_the_file_alone(prepared: Path) -> None:
    before = prepared.stat().st_mtime_ns
    assert prepare(NATIONAL, DECOUPAGE, prepared.parent) == prepared
    assert prepared.stat().st_mtime_ns == before


def test_missing_source_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(TerritorySourcesMissing, match="bin/setup"):
        prepare(tmp_path, tmp_path, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_prepare_makes_the_same_bytes_and_removes_what_is_older(
    prepared: Path, tmp_path: Path
) -> None:
    older = tmp_path / "territories-0123456789ab.json.gz"
    older.write_bytes(b"")
    again = prepare(NATIONAL, DECOUPAGE, tmp_path)
    assert again.name == prepared.name
    assert again.read_bytes() == prepared.read_bytes()
    assert list(tmp_path.iterdir()) == [again]
