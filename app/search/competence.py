"""Who must act for an area: the bodies in charge of it, the one closest to it first."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from itertools import chain, islice
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Text,
    and_,
    case,
    false,
    func,
    literal_column,
    null,
    or_,
    select,
)
from sqlalchemy.orm import Session

from app.gazetteer.territories import read_territory
from app.models import Commune, Territory
from app.places.schemas import Area
from app.platform.database.driver import Written, compiled, read_records
from app.search.actor_queries import SHOWN
from app.search.agreement import doubted, named
from app.search.cards import cards
from app.search.conditions import bound, has_code, is_one_of
from app.search.criteria import Search
from app.search.facets import CATEGORY
from app.search.schemas import Followed, InCharge
from app.search.situations import Role, roles
from app.search.statements import anywhere, filled_in
from app.search.where import in_charge
from app.visibility import published
from importers import vocabulary

MOST_OF_A_ROLE = 3
# A town may be of two sectors.
MOST_OFFICES = 2
# Of a territory that has no court of all of it.
MOST_BY_COMMUNE = 12
# How wide the area is by which somebody is in charge of another one; BY_COMMUNE: of parts of it.
COMMUNE, EPCI, TERRITORY, OWN, NATIONAL, BY_COMMUNE = range(6)
Row = Mapping[str, Any]


def who_acts(session: Session, area: Area, at: datetime) -> tuple[InCharge, ...]:
    """Return each role with its actors of the narrowest area that names this one; at: now."""
    words = vocabulary.load()
    found: dict[str, list[Row]] = {}
    for row in read_records(session, filled_in(_statement(anywhere(area)), area)):
        found.setdefault(row["category"], []).append(row)
    lines = [_line(role, found) for role in roles()]
    made = iter(cards(session, words, chain(*lines), at))
    answer = []
    for role, line in zip(roles(), lines, strict=True):
        url = _all_of(role.categories, area.territory_code) if area.territory_code else None
        parts = all(row["breadth"] == BY_COMMUNE for row in line) and len(line) != 1
        by_commune = bool(role.by_commune) and area.commune_code is None and parts
        answer.append(InCharge(role, tuple(islice(made, len(line))), url, by_commune))
    return tuple(answer)


@lru_cache(maxsize=2_000)
def _all_of(categories: tuple[str, ...], territory: str) -> str:
    return Search(territory=territory).but(**{CATEGORY.name: categories}).url()


def _line(role: Role, found: Mapping[str, list[Row]]) -> list[Row]:
    """Return the records of a role, by category: the office of the sector, then the body itself.

    Where nobody of the body is known, who leads to it.
    """
    offices = [row for row in _of(role.sectors, found) if row["breadth"] <= EPCI or row["decided"]]
    own = _closest(_of(role.categories, found))
    if own and own[0]["breadth"] == BY_COMMUNE:
        return own[:MOST_BY_COMMUNE]
    ways = [] if own else [_closest(_of([each], found)) for each in role.ways]
    return [
        *_closest(offices)[:MOST_OFFICES],
        *(own or next(filter(None, ways), []))[:MOST_OF_A_ROLE],
    ]


def _of(categories: Iterable[str], found: Mapping[str, list[Row]]) -> list[Row]:
    return [row for code in categories for row in found.get(code, [])]


def _closest(several: list[Row]) -> list[Row]:
    """Return those of the narrowest area.

    Whom a person said for the commune stands alone. A list knows its territory better than a
    national register; of whom registers do not agree, all are shown.
    """
    if decided := [each for each in several if each["decided"]]:
        return decided
    listed = [each for each in several if each["register"] is None]
    if listed:
        several = [
            each
            for each in several
            if each["register"] is None
            or any(one["doubted"] for one in listed)
            or not any(_silences(one, each) for one in listed)
        ]
    narrowest = min((each["breadth"] for each in several), default=0)
    return [each for each in several if each["breadth"] == narrowest]


def _silences(listed: Row, of_register: Row) -> bool:
    """Say whether a list's own stands instead of a register's, however wide the area that it says.

    Of another force only for an area as narrow: who commands the brigades of a territory says
    nothing of the police station of a town.
    """
    same = listed["category"] == of_register["category"]
    return same or bool(listed["breadth"] <= of_register["breadth"])


def who_follows(session: Session, search: Search, at: datetime) -> Followed | None:
    """Return the territory that follows the child of a search; None where it is that of the place.

    at: now, aware.
    """
    code = search.followed_by
    here = search.place.territory_code if search.place else search.territory
    if code is None or code == here:
        return None
    acting = who_acts(session, Area(None, None, code), at)
    follow = tuple(each for each in acting if each.role.follows)
    return Followed(code, read_territory(session, code).name, follow)


@lru_cache(maxsize=10)
def _statement(area: Area) -> Written:
    return compiled(_in_charge(area))


def _in_charge(area: Area) -> Select[*tuple[Any, ...]]:
    actor = published()
    seat = Territory.__table__.alias("seat")
    codes = [code for role in roles() for code in role.asked]
    found = in_charge(actor, area)
    if area.commune_code is None:
        found = or_(found, _of_a_part(actor, area))
    return (
        select(
            *(actor.c[name] for name in SHOWN),
            actor.c.point.is_not(None).label("drawn"),
            null().label("metres"),
            _breadth(actor, area).label("breadth"),
            _doubted(actor, area).label("doubted"),
            _decided(actor, area).label("decided"),
            Commune.name.label("commune_name"),
            seat.c.name.label("seat_territory_name"),
        )
        .outerjoin(Commune, Commune.code == actor.c.commune_code)
        .join(seat, seat.c.code == actor.c.territory_code)
        .where(is_one_of(actor.c.category, codes), found)
        .order_by(_breadth(actor, area), actor.c.name, actor.c.public_id)
    )


def _doubted(actor: FromClause, area: Area) -> ColumnElement[bool]:
    return false() if area.commune_code is None else doubted(actor, area.commune_code)


def _decided(actor: FromClause, area: Area) -> ColumnElement[bool]:
    """Say that a person said that an actor has the commune."""
    code = area.commune_code
    return false() if code is None else has_code(actor.c.communes_said, code)


def _of_a_part(actor: FromClause, area: Area) -> ColumnElement[bool]:
    """Say that an actor has some communes of a territory, where a role names such ones."""
    codes = [code for role in roles() if role.by_commune == "named" for code in role.categories]
    return and_(is_one_of(actor.c.category, codes), _has_a_part(actor, area))


def _has_a_part(actor: FromClause, area: Area) -> ColumnElement[bool]:
    own = select(Commune.code).where(Commune.territory_code == bound(area.territory_code, Text))
    return actor.c.covers_communes.bool_op("&&")(func.array(own.scalar_subquery()))


def _breadth(actor: FromClause, area: Area) -> ColumnElement[int]:
    """Return how wide the area is by which an actor is in charge of another one."""
    contains: list[tuple[ColumnElement[bool], ColumnElement[int]]] = [
        (has_code(column, code), literal_column(str(breadth)))
        for breadth, column, code in (
            (COMMUNE, actor.c.covers_communes, area.commune_code),
            (EPCI, actor.c.covers_epcis, area.epci_code),
            (TERRITORY, actor.c.covers_territories, area.territory_code),
        )
        if code is not None
    ]
    if area.commune_code is not None:
        contains.insert(0, (named(actor, area.commune_code), literal_column(str(COMMUNE))))
    contains.append((actor.c.covers_national, literal_column(str(NATIONAL))))
    if area.commune_code is None:
        contains.append((_has_a_part(actor, area), literal_column(str(BY_COMMUNE))))
    return case(*contains, else_=literal_column(str(OWN)))
