"""Makes the ground of maps: static files that a browser fetches, instead of tiles of others.

france.geojson: where each territory lies, its largest towns, whether it has files; and the land
abroad. afar.geojson: all land and the borders between territories, from afar. Of a territory from
near: <code>-land.geojson: its land; <code>.geojson: the same, its intercommunalities and its larger
towns; <code>-communes.geojson: its communes and its other towns.
"""

import gzip
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from app.gazetteer.prepare import FOREIGN, MAKERS, closing_lines, polygons_of
from app.gazetteer.sources import CommuneRow, Sources, TerritorySourcesMissing
from geo import boundaries, ground
from geo.boundaries import Geometries
from geo.ground import Ground

FRANCE, AFAR = "france.geojson", "afar.geojson"
# What follows the code in the names of a territory's files.
PARTS = ("-land", "", "-communes")
# Countries in detail, and the land of the world.
ATLAS = ("countries-10m.json", "land-110m.json")
# What no source of ours draws, by its name in Natural Earth.
ELSEWHERE = {
    "975": "St. Pierre and Miquelon",
    "977": "St-Barthélemy",
    "978": "St-Martin",
    "986": "Wallis and Futuna Is.",
    "987": "Fr. Polynesia",
    "988": "New Caledonia",
}
# The land of the world has no name there.
NAMELESS = ""
# Whose arrondissements are shown as communes are: Lyon, Marseille, Paris.
DIVIDED = {"69123", "13055", "75056"}
# A territory names so many of its largest towns, and any of so many inhabitants; from near at once
# where no file of its own would name more.
FROM_AFAR, FROM_NEAR = (1, 50_000), (8, 4_000)
_MAKERS = (Path(__file__), Path(ground.__file__), *MAKERS)

# [name, longitude, latitude, inhabitants]; a part of a town has none, and so comes last.
Town = tuple[str, float, float, int]


def make_ground(sources: Sources, prepared: Path, atlas: Path, target: Path) -> int:
    """Write the files to target unless its stamp says that they are there; return how many.

    About 30 s.

    prepared: see prepare. atlas: the npm package world-atlas. Raises TerritorySourcesMissing.
    """
    world = [atlas / name for name in ATLAS]
    for file in world:
        if not file.is_file():
            raise TerritorySourcesMissing(path=str(file))
    made_from, stamp = sources.digest([*_MAKERS, *world]), target / "stamp"
    if stamp.is_file() and stamp.read_text() == made_from:
        return 0
    target.mkdir(parents=True, exist_ok=True)
    # What stands there from now on may be of two makings.
    stamp.unlink(missing_ok=True)
    document = json.loads(gzip.decompress(prepared.read_bytes()))
    places = sources.commune_rows()
    towns = _towns(document)
    drawn = set()
    for code, own in _grounds(document, places):
        larger = _largest(towns[code], *FROM_NEAR)
        others = [town for town in towns[code] if town not in larger]
        land = {"land": _geojson(own.land)}
        near = land | {"epcis": _geojson(own.epcis), "towns": larger}
        _put(target / f"{code}-land.geojson", land)
        _put(target / f"{code}.geojson", near)
        communes = {"communes": _geojson(own.communes), "towns": others}
        _put(target / f"{code}-communes.geojson", communes)
        drawn.add(code)
    france, afar = _from_afar(document, drawn, towns, world)
    _put(target / FRANCE, france | {"afar": _put(target / AFAR, afar)})
    current = {FRANCE, AFAR} | {f"{code}{part}.geojson" for code in drawn for part in PARTS}
    for former in target.glob("*.geojson"):
        if former.name not in current:
            former.unlink()
    stamp.write_text(made_from)
    return len(current)


def _largest(towns: list[Town], first: int, inhabitants: int) -> list[Town]:
    return [town for rank, town in enumerate(towns) if rank < first or town[3] >= inhabitants]


def _put(path: Path, content: dict[str, Any]) -> str:
    """Write a file whole, and return its address among the others."""
    data = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    partial = path.with_suffix(".partial")
    partial.write_bytes(data)
    partial.replace(path)
    return f"{path.name}?v={sha256(data).hexdigest()[:12]}"


def _grounds(document: dict[str, Any], places: list[CommuneRow]) -> Iterator[tuple[str, Ground]]:
    """Yield the ground of each territory that has polygons."""
    communes = document["communes"]
    codes = [row[0] for row in communes]
    whole = polygons_of(codes, places)
    polygons, owners = [], []
    for row, polygon in zip(communes, whole, strict=True):
        for part in _parts(row[0], places) if row[0] in DIVIDED else [polygon]:
            if part is not None:
                polygons.append(part)
                owners.append((row[3], row[5] or ""))
    territories, epcis = np.array(owners).T
    closing = closing_lines(dict(zip(codes, whole, strict=True)))
    areas = np.array(polygons, dtype=object)
    yield from ground.grounds(areas, territories, epcis, closing=closing, foreign=FOREIGN)


def _parts(code: str, places: list[CommuneRow]) -> Geometries:
    return boundaries.decode(
        [each.geometry for each in places if each.commune_type == "ARM" and each.parent == code]
    )


def _towns(document: dict[str, Any]) -> dict[str, list[Town]]:
    """Return the towns of each territory, the largest first, then the arrondissements of three."""
    territory = {row[0]: row[3] for row in document["communes"]}
    towns: dict[str, list[Town]] = {row["code"]: [] for row in document["territories"]}
    for _, name, _, code, _, _, point, inhabitants in document["communes"]:
        if point:
            towns[code].append((name, *_near(point), inhabitants or 0))
    for _, name, part, commune, _, _, _, point in document["former"]:
        if point and part == "arrondissement":
            short = name.removesuffix(" Arrondissement")
            towns[territory[commune]].append((short, *_near(point), 0))
    for several in towns.values():
        several.sort(key=lambda town: -town[3])
    return towns


def _near(point: list[float]) -> tuple[float, float]:
    return (round(point[0], 4), round(point[1], 4))


def _from_afar(
    document: dict[str, Any],
    drawn: set[str],
    towns: dict[str, list[Town]],
    atlas: list[Path],
) -> tuple[dict[str, Any], dict[str, Any]]:
    countries, world = (
        ground.from_topojson(json.loads(file.read_bytes()), name)
        for file, name in zip(atlas, ("countries", "land"), strict=True)
    )
    outlines = {
        row["code"]: shapely.from_wkb(row["outline"])
        for row in document["territories"]
        if row["outline"]
    }
    islands = {code: ground.snapped(countries.pop(name)) for code, name in ELSEWHERE.items()}
    land, borders = ground.from_afar(
        *(np.array(list(shapes.values()), dtype=object) for shapes in (outlines, islands))
    )
    foreign = [shape for name, shape in countries.items() if name != "France"]
    france = {
        "abroad": _geojson(ground.abroad(np.array(foreign, dtype=object), world[NAMELESS], land)),
        "territories": [
            {
                "code": code,
                "bounds": [round(degrees, 3) for degrees in outline.bounds],
                "towns": _largest(towns[code], *(FROM_AFAR if code in drawn else FROM_NEAR)),
                "drawn": code in drawn,
            }
            for code, outline in (outlines | islands).items()
        ],
    }
    return france, {"land": _geojson(land), "borders": _geojson(borders)}


def _geojson(geometry: shapely.Geometry) -> dict[str, Any]:
    shape: dict[str, Any] = json.loads(shapely.to_geojson(geometry))
    return shape
