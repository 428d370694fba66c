"""Territories as pages need them: one by its code, all with their counts."""

import re
from collections.abc import Iterable
from typing import TypeVar

from sqlalchemy.orm import Session

from app.errors import TerritoryUnknown
from app.gazetteer import queries
from app.gazetteer.schemas import Surroundings, TerritoryCount, TerritoryView
from geo.names import normalise

# Territories, and the outline of each: WKB, EPSG:4326.
France = tuple[list[TerritoryCount], list[bytes | None]]

OfRegion = TypeVar("OfRegion", TerritoryCount, TerritoryView)

CODE = re.compile(r"[0-9]{2,3}|2[AB]|69M")
OVERSEAS = "Outre-mer"
# Nobody goes from one to another for a child, and hardly within one.
OCEANS = {
    "Antilles, Guyane et Atlantique nord": ("971", "972", "973", "975", "977", "978"),
    "océan Indien": ("974", "976"),
    "Pacifique": ("986", "987", "988"),
}


def canonical_code(code: str) -> str:
    """Return a code as it is written in addresses: "2a" -> "2A", "1" -> "01"."""
    return code.upper().zfill(2)


def read_territory(session: Session, code: str) -> TerritoryView:
    """Return a territory; raises TerritoryUnknown."""
    row = None
    if CODE.fullmatch(code):
        row = session.execute(queries.TERRITORY, {"code": code}).one_or_none()
    if row is None:
        raise TerritoryUnknown(code=code[:10])
    bounds = (row.south, row.west, row.north, row.east) if row.south is not None else None
    return TerritoryView(row.code, row.name, row.region_name, bounds, row.drawn)


def read_names(session: Session) -> dict[str, str]:
    """Return the name of every territory by its code, in order of code."""
    return {row.code: row.name for row in session.execute(queries.NAMES)}


def by_region(territories: Iterable[OfRegion]) -> dict[str, list[OfRegion]]:
    """Return territories under their regions, in order of name.

    Those that are a region by themselves are overseas, and come last as "Outre-mer".
    """
    regions: dict[str, list[OfRegion]] = {}
    overseas: list[OfRegion] = []
    for each in territories:
        alone = each.region_name == each.name
        (overseas if alone else regions.setdefault(each.region_name, [])).append(each)
    return {name: regions[name] for name in sorted(regions, key=normalise)} | {OVERSEAS: overseas}


def read_regions(session: Session) -> dict[str, dict[str, str]]:
    """Return the names of territories by code, under their regions as by_region has them."""
    rows = session.execute(queries.NAMES)
    regions = by_region(TerritoryView(row.code, row.name, row.region_name, None) for row in rows)
    return {name: {each.code: each.name for each in several} for name, several in regions.items()}


def read_surroundings(session: Session, code: str) -> Surroundings:
    """Return the region of a territory; of one that is a region by itself, its ocean."""
    for name, codes in OCEANS.items():
        if code in codes:
            return Surroundings(name, codes)
    rows = session.execute(queries.NAMES).all()
    region = {row.code: row.region_name for row in rows}.get(code, "")
    return Surroundings(region, tuple(row.code for row in rows if row.region_name == region))


def read_france(session: Session) -> France:
    """Return every territory in order of code, and their outlines: WKB, EPSG:4326."""
    rows = session.execute(queries.FRANCE).all()
    counts = [TerritoryCount(r.code, r.name, r.region_name, r.actors) for r in rows]
    outlines = [None if row.outline is None else bytes(row.outline) for row in rows]
    return counts, outlines
