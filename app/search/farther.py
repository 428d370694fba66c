"""Where somebody acts in a step of a situation that nobody takes nearby: the least wide area."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select, true
from sqlalchemy.orm import Session

from app.gazetteer.territories import read_surroundings, read_territory
from app.search.criteria import RADII, Search
from app.search.hosts import read_hosts
from app.search.in_step import Pairs
from app.search.schemas import Farther
from app.search.selection import chosen, group_of
from app.search.where import METRES, metres, seated
from app.visibility import published

FRANCE = "toute la France"


@dataclass(frozen=True, slots=True)
class _Area:
    """A part of France. codes: of its territories, none for all of it."""

    name: str
    codes: tuple[str, ...]


def farther(
    session: Session, search: Search, empty: Collection[int], open_pairs: Pairs
) -> dict[int, Farther]:
    """Return where the empty steps of a situation are taken, by the number of the step.

    Those who take a step only where they are in charge are nowhere else.
    """
    own = search.territories
    if search.place and search.place.territory_code:
        own = (search.place.territory_code,)
    if not (search.situation and own and empty):
        return {}
    around = read_surroundings(session, own[0])
    areas = [
        _Area(" et ".join(read_territory(session, code).name for code in own), own),
        _Area(around.name, around.codes),
        _Area(FRANCE, ()),
    ]
    everywhere = search.but(radius=None, territory=None, among=())
    rows = session.execute(_statement(everywhere, areas, open_pairs)).all()
    by_step = {row[0]: row for row in rows}
    # With a filter more, the lists may well name those whom it leaves out.
    unfiltered = not (search.text or search.chosen or search.excludes)
    steps = search.situation.step
    hosts = read_hosts(session, search, own) if any(steps[n].hosts for n in empty) else ()
    found = {}
    for number in empty:
        local = steps[number].competent
        area, several, nearest = _least(search, areas, None if local else by_step.get(number))
        missing = unfiltered and area is not areas[0]
        url = _address(search, area, nearest) if area else ""
        named = hosts if steps[number].hosts else ()
        found[number] = Farther(missing, area.name if area else "", several, url, named)
    return found


def _statement(
    search: Search, areas: Collection[_Area], open_pairs: Pairs
) -> Select[*tuple[Any, ...]]:
    """Count those of each step in each area, and say how far the nearest is, in metres."""
    actor = published()
    group = group_of(actor, search).label("step")
    columns: list[ColumnElement[Any]] = []
    for area in areas:
        inside = seated(actor.c.territory_code, area.codes) if area.codes else true()
        columns.append(func.count().filter(inside))
        if search.place:
            columns.append(func.min(metres(actor, search.place)).filter(inside))
    return select(group, *columns).where(chosen(actor, search, open_pairs)).group_by(group)


def _least(
    search: Search, areas: Collection[_Area], row: Row[*tuple[Any, ...]] | None
) -> tuple[_Area | None, int, float | None]:
    """Return the first area where there is anybody, how many, and how far the nearest is."""
    columns = iter(list(row)[1:] if row else ())
    for area in areas if row else ():
        several = next(columns)
        nearest = next(columns) if search.place else None
        if several:
            return area, several, nearest
    return None, 0, None


def _address(search: Search, area: _Area, nearest: float | None) -> str:
    """Return where an area is searched: around the same place, where a circle reaches into it."""
    if nearest is not None:
        circles = [km for km in RADII if km and km * METRES >= nearest]
        if circles or not area.codes:
            return search.but(radius=circles[0] if circles else None).url()
    if len(area.codes) == 1:
        return search.but(place=None, among=(), territory=area.codes[0]).url()
    return search.but(place=None, territory=None, among=area.codes).url()
