"""Who must act for an area: the bodies in charge of it, the one closest to it first."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from itertools import chain, islice
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    case,
    literal_column,
    null,
    select,
)
from sqlalchemy.orm import Session

from app.gazetteer.territories import read_territory
from app.models import Commune, Territory
from app.places.schemas import Area
from app.search.actor_queries import SHOWN
from app.search.cards import cards
from app.search.conditions import has_code, is_one_of
from app.search.criteria import Search
from app.search.facets import CATEGORY
from app.search.schemas import Followed, InCharge
from app.search.situations import Role, roles
from app.search.statements import Written, anywhere, compiled, filled_in, read_records
from app.search.where import in_charge
from app.visibility import published
from importers import vocabulary

MOST_OF_A_ROLE = 3


def who_acts(session: Session, area: Area, at: datetime) -> tuple[InCharge, ...]:
    """Return each role with its actors of the narrowest area that names this one; at: now."""
    words = vocabulary.load()
    rows = read_records(session, filled_in(_statement(anywhere(area)), area))
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["category"], []).append(row)
    closest = [_closest(role, found) for role in roles()]
    made = iter(cards(session, words, chain(*closest), at))
    answer = []
    for role, several in zip(roles(), closest, strict=True):
        url = None
        if area.territory_code:
            seated = Search(territory=area.territory_code)
            url = seated.but(**{CATEGORY.name: role.categories}).url()
        answer.append(InCharge(role, tuple(islice(made, len(several))), url))
    return tuple(answer)


def _closest(role: Role, found: Mapping[str, list[Mapping[str, Any]]]) -> list[Mapping[str, Any]]:
    """Return the records of a role, by category, of the narrowest area.

    A list knows its territory better than a national register, however wide the area that it says.
    """
    several = [each for code in role.categories for each in found.get(code, [])]
    several = [each for each in several if each["register"] is None] or several
    narrowest = min((each["breadth"] for each in several), default=0)
    return [each for each in several if each["breadth"] == narrowest][:MOST_OF_A_ROLE]


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
    codes = [code for role in roles() for code in role.categories]
    return (
        select(
            *(actor.c[name] for name in SHOWN),
            actor.c.point.is_not(None).label("drawn"),
            null().label("metres"),
            _breadth(actor, area).label("breadth"),
            Commune.name.label("commune_name"),
            seat.c.name.label("seat_territory_name"),
        )
        .outerjoin(Commune, Commune.code == actor.c.commune_code)
        .join(seat, seat.c.code == actor.c.territory_code)
        .where(is_one_of(actor.c.category, codes), in_charge(actor, area))
        .order_by(_breadth(actor, area), actor.c.name, actor.c.public_id)
    )


def _breadth(actor: FromClause, area: Area) -> ColumnElement[int]:
    """Return how wide the area is by which an actor is in charge of another one."""
    contains: list[tuple[ColumnElement[bool], ColumnElement[int]]] = [
        (has_code(column, code), literal_column(str(breadth)))
        for breadth, (column, code) in enumerate(
            (
                (actor.c.covers_communes, area.commune_code),
                (actor.c.covers_epcis, area.epci_code),
                (actor.c.covers_territories, area.territory_code),
            )
        )
        if code is not None
    ]
    contains.append((actor.c.covers_national, literal_column("4")))
    return case(*contains, else_=literal_column("3"))
