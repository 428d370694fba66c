"""Who has each commune of a territory for a function, and who says so: what the desk edits.

The same as a visitor reads of one commune, for all of them at once.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import RowMapping, func, or_, select
from sqlalchemy.orm import Session

from app.models import Commune, Competence
from app.search.agreement import FORCES, doubted
from app.search.conditions import is_one_of
from app.search.situations import roles
from app.search.where import concerns
from app.visibility import published
from importers import vocabulary
from importers.registers.catalogue import registers, title_of

COVERS = ("covers_national", "covers_territories", "covers_epcis", "covers_communes")


@dataclass(frozen=True, slots=True)
class Function:
    """What somebody is competent for. code: as addresses call it; categories: of who has it.

    departmental, departmental_if: as of a role.
    """

    code: str
    label: str
    categories: tuple[str, ...]
    departmental: bool = False
    departmental_if: str = ""

    def by_law(self, category: str, functions: Iterable[str]) -> bool:
        """Say whether somebody who says nothing of what they cover has all of their territory."""
        return category in self.categories and (
            self.departmental or self.departmental_if in functions
        )


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody public who has a commune. by: who says so, in French; said_on: a person, that day.

    unsure: another source says otherwise.
    """

    public_id: str
    name: str
    by: tuple[str, ...]
    said_on: date | None = None
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A commune and who has it. lon, lat: EPSG:4326, None where no point is known.

    aside: whom registers name, where a person said that it is somebody else's.
    """

    code: str
    name: str
    epci: str | None
    lon: float | None
    lat: float | None
    holders: tuple[Holder, ...]
    aside: tuple[Holder, ...] = ()

    @property
    def unsure(self) -> bool:
        """Say whether two sources differ."""
        return any(each.unsure for each in self.holders)


@dataclass(frozen=True, slots=True)
class Holdings:
    """A territory for a function. actors: public id -> name of those who may have some of it."""

    communes: tuple[Held, ...]
    actors: Mapping[str, str]


@cache
def functions() -> tuple[Function, ...]:
    """Return what somebody is competent for: the roles of `who_acts`, and offices by sector."""
    words = vocabulary.load()
    found = []
    for role in roles():
        categories = (*role.categories, *role.ways)
        by_law = (role.departmental, role.departmental_if)
        found.append(Function(role.categories[0], role.label, categories, *by_law))
        for code in role.sectors:
            found.append(Function(code, words.categories[code].label, (code,)))
    return tuple(found)


def read_holdings(session: Session, function: Function, territory: str) -> Holdings:
    """Return the communes of a territory by name, and who has each; territory: its code."""
    said = _said(session, function, territory)
    named = {public_id for of_commune in said.values() for public_id in of_commune}
    rows = {each["public_id"]: each for each in _actors(session, function, territory, named)}
    unsure = _unsure(session, function, territory)
    point = Commune.point
    statement = (
        select(
            *(Commune.code, Commune.name, Commune.epci_code),
            *(func.ST_X(point), func.ST_Y(point)),
        )
        .where(Commune.territory_code == territory)
        .order_by(Commune.search_name, Commune.code)
    )
    by_place = _by_place(function, rows.values())
    found = []
    for code, name, epci, lon, lat in session.execute(statement):
        own = {id_ for place in (code, epci, territory, "") for id_ in by_place.get(place, ())}
        by = said.get(code, {})
        named_here = by.keys() & rows.keys()
        several = _counting(rows, own | named_here, code)
        holders, aside = (
            tuple(
                _holder(rows[id_], code, id_ in own, by.get(id_, ()), (id_, code) in unsure)
                for id_ in sorted(ids, key=lambda each: rows[each]["name"])
            )
            for ids in (several, named_here - several)
        )
        found.append(Held(code, name, epci, lon, lat, holders, aside))
    return Holdings(tuple(found), {id_: row["name"] for id_, row in rows.items()})


def _counting(rows: Mapping[str, RowMapping], several: set[str], commune: str) -> set[str]:
    """Return who has a commune: of a role for which a person said who, nobody else counts."""
    decided = {each for each in several if commune in rows[each]["communes_said"]}
    categories = {rows[each]["category"] for each in decided}
    if not categories.isdisjoint(FORCES):
        categories |= {*FORCES}
    return {each for each in several if rows[each]["category"] not in categories} | decided


def _holder(
    row: RowMapping, commune: str, is_own: bool, by: tuple[str, ...], unsure: bool
) -> Holder:
    said_on = row["covers_said_on"] if commune in row["communes_said"] else None
    if said_on:
        return Holder(row["public_id"], row["name"], (), said_on)
    own = (title_of(row["register"]) or "sa fiche",) if is_own else ()
    others = tuple(each for each in map(_title, by) if each not in own)
    return Holder(row["public_id"], row["name"], (*own, *others), None, unsure)


def _title(register: str) -> str:
    return registers()[register].title if register in registers() else "liste des secteurs"


def _said(
    session: Session, function: Function, territory: str
) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return whom registers name: code of a commune -> public id -> their codes."""
    said = Competence.__table__.c
    statement = (
        select(said.commune_code, said.public_id, said.register)
        .join(Commune, Commune.code == said.commune_code)
        .where(
            Commune.territory_code == territory,
            said.public_id.is_not(None),
            is_one_of(said.category, function.categories),
        )
        .order_by(said.register)
    )
    found: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for commune, public_id, register in session.execute(statement):
        found[commune][public_id] = (*found[commune].get(public_id, ()), register)
    return found


def _actors(
    session: Session, function: Function, territory: str, named: Iterable[str]
) -> Iterator[RowMapping]:
    """Yield the public actors of a function who are in a territory, or cover some of it.

    Who is protected covers nothing that anybody may read, and is none of them.
    """
    actor = published()
    columns = ("public_id", "name", "category", "functions", "territory_code", "register")
    statement = select(
        *(actor.c[name] for name in (*columns, "covers_said_on", "communes_said", *COVERS))
    ).where(
        is_one_of(actor.c.category, function.categories),
        ~actor.c.protected,
        or_(concerns(actor, [territory]), is_one_of(actor.c.public_id, sorted(named))),
    )
    yield from session.execute(statement.order_by(actor.c.name, actor.c.public_id)).mappings()


def _by_place(function: Function, rows: Iterable[RowMapping]) -> dict[str, set[str]]:
    """Return who covers a territory, an EPCI or a commune by its code; "": all of France."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for place in places_of(function, row):
            found[place].add(row["public_id"])
    return found


def places_of(function: Function, row: RowMapping | Mapping[str, Any]) -> set[str]:
    """Return the codes of what an actor covers; "": all of France."""
    if row["covers_national"]:
        return {""}
    said = {*row["covers_territories"], *row["covers_epcis"], *row["covers_communes"]}
    by_law = function.by_law(row["category"], row["functions"])
    return said or ({row["territory_code"]} if by_law else set())


def _unsure(session: Session, function: Function, territory: str) -> set[tuple[str, str]]:
    """Return public ids and communes of those of whom another source says otherwise."""
    actor, said = published(), Competence.__table__
    statement = (
        select(actor.c.public_id, Commune.code)
        .join(said, said.c.public_id == actor.c.public_id)
        .join(Commune, Commune.code == said.c.commune_code)
        .where(
            Commune.territory_code == territory,
            is_one_of(actor.c.category, function.categories),
            doubted(actor, said.c.commune_code),
        )
    )
    return {(public_id, commune) for public_id, commune in session.execute(statement)}
