"""What a list of staff finds, by the values of its filters: the database is asked once for all.

True names and causes are opened in this process, and ids by the thousand that went back with each
statement would take longer than all the rest.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    LargeBinary,
    Text,
    case,
    cast,
    func,
    literal,
    or_,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from app.models import Actor, ActorProtected
from app.platform.database.sessions import once
from app.records.known_causes import Whys, known_whys
from app.records.memory import ID
from app.records.true_names import HIDDEN, true_names
from app.records.ungiven import ungiven
from app.records.wanted import (
    CAUSES,
    LEVELS,
    MINE,
    OLD,
    STATES,
    TEXTS,
    Wanted,
    conditions,
    finds_name,
    has_words,
    of_list,
    unverifiable,
)
from app.vault.sealing import Vault
from app.visibility import Viewer
from importers import vocabulary

# The filters that are read from what is sealed, and those that are columns of an actor.
SEALED = ("cause", "decide", "donner")
COLUMNS = ("territoire", "categorie", "etat", "protection", "verifie")
_STATES = {stored: value for value, stored in STATES.items()}
_LEVELS: dict[str, str] = {stored or "": value for value, stored in LEVELS.items()}


@dataclass(frozen=True, slots=True)
class Group:
    """Actors whose columns say the same. values: of each filter those that they count for.

    ids: as the database sends them, in bytes.
    """

    territory: str
    values: dict[str, list[str]]
    ids: list[bytes]

    def only(self, wanted: Callable[[bytes], bool]) -> "Group":
        """Return the same with some of its actors."""
        return Group(self.territory, self.values, [each for each in self.ids if wanted(each)])


@dataclass(frozen=True, slots=True)
class Finding:
    """Who looks, when."""

    session: Session
    vault: Vault
    viewer: Viewer
    today: date

    def found(self, wanted: Wanted) -> list[Group]:
        """Return what a list has."""
        chosen = chosen_columns(wanted)
        return [
            group
            for group in self.wide(wanted)
            if all(value in group.values[name] for name, value in chosen.items())
        ]

    def ids(self, wanted: Wanted) -> set[bytes]:
        """Return the ids of what a list has."""
        return {each for group in self.found(wanted) for each in group.ids}

    def wide(self, wanted: Wanted) -> list[Group]:
        """Return what a list would have if none of its filters that are columns were set."""
        # Several of these are asked for by one page, and by the numbers beside its filters.
        asked = replace(reduce(Wanted.without, (*COLUMNS, *SEALED), wanted), sort="nom")
        groups = once(
            self.session, ("wide", self.viewer, self.today, asked), lambda: self._groups(asked)
        )
        if wanted.cause:
            caused = self._caused(CAUSES[wanted.cause][0], wanted)
            groups = [each.only(caused.__contains__) for each in groups]
        if wanted.decide in ("oui", "non"):
            decided = self.decided()
            asked_for = wanted.decide == "oui"
            groups = [each.only(lambda one: (one in decided) == asked_for) for each in groups]
        if wanted.donner:
            groups = [each.only(self.texts()[wanted.donner].__contains__) for each in groups]
        return groups

    def whys(self) -> dict[UUID, Whys]:
        """Return why each hidden actor is, as far as its reader may know."""
        return once(
            self.session,
            ("whys", self.viewer),
            lambda: known_whys(self.session, self.vault, self.viewer),
        )

    def decided(self) -> set[bytes]:
        """Return the ids of the hidden of whom nothing waits for a person."""
        whys = self.whys().items()
        return {actor.bytes for actor, each in whys if each.every and not each.undecided}

    def texts(self) -> dict[str, set[bytes]]:
        """Return of whom a text waits to be given to professionals, and of whom nobody knows it, by
        the values of the filter.
        """
        return once(self.session, ("texts", self.viewer), self._texts)

    def gathered(self, wanted: Wanted) -> set[bytes]:
        """Return the ids of what a list has but for its words and its cause."""
        statement = of_list(conditions(self.viewer, wanted, self.today), together())
        return set(split(self.session.scalar(statement)))

    def _groups(self, wanted: Wanted) -> list[Group]:
        columns = [_column(each, self.viewer, self.today).label(each) for each in COLUMNS]
        which = conditions(self.viewer, wanted, self.today)
        said: ColumnElement[bool] = literal(True)
        named: set[bytes] = set()
        if wanted.q:
            said = has_words(wanted.q)
            named = self._named(wanted.q)
            which.append(or_(said, HIDDEN) if named else said)
        # A cast, since PostgreSQL groups by no constant.
        by = [cast(said, Boolean).label("said"), *columns]
        statement = of_list(which, together(), *by).group_by(*by)
        return [
            Group(stored[0], _values(wanted, stored), _which(ids, None if says else named))
            for ids, says, *stored in self.session.execute(statement)
        ]

    def _texts(self) -> dict[str, set[bytes]]:
        found = ungiven(self.session, self.vault, self.viewer)
        return {
            name: {actor.bytes for actor in actors}
            for name, actors in zip(TEXTS, found, strict=True)
        }

    def _named(self, text: str) -> set[bytes]:
        finds = finds_name(text)
        names = true_names(self.session, self.vault, self.viewer)
        return {actor.bytes for actor, named in names.items() if finds(named)}

    def _caused(self, why: str, wanted: Wanted) -> set[bytes]:
        return {actor.bytes for actor, whys in self.whys().items() if why in asked_of(wanted, whys)}


def asked_of(wanted: Wanted, whys: Whys) -> frozenset[str]:
    """Return the causes by which a list finds an actor: of those to decide, what is undecided."""
    return whys.undecided if wanted.decide == "non" else whys.every


def together(*order: Any) -> Any:
    """Return the ids of actors as one text: to read as many rows takes twenty times as long."""
    end = literal(b"", LargeBinary)
    last = aggregate_order_by(end, *order) if order else end
    return func.string_agg(func.uuid_send(Actor.id), last, type_=LargeBinary)


def split(ids: bytes | None) -> list[bytes]:
    """Return the ids of such a text, or of none."""
    text = ids or b""
    return [text[start : start + ID] for start in range(0, len(text), ID)]


def chosen_columns(wanted: Wanted) -> dict[str, str]:
    """Return the filters of a list that are columns, with their values."""
    return {name: value for name in COLUMNS if (value := getattr(wanted, name))}


def _which(ids: bytes | None, of: set[bytes] | None) -> list[bytes]:
    """Return the ids of a text, or those that are among some."""
    return split(ids) if of is None else [each for each in split(ids) if each in of]


def _column(name: str, viewer: Viewer, today: date) -> Any:
    match name:
        case "territoire":
            return Actor.territory_code
        case "categorie":
            return Actor.category
        case "etat":
            return Actor.status
        case "protection":
            return func.coalesce(cast(ActorProtected.level, Text), "")
    return case(
        (unverifiable(viewer), ""),
        (Actor.verified_on.is_(None), "jamais"),
        (Actor.verified_on < today - OLD, "ancien"),
        else_="",
    )


def _values(wanted: Wanted, stored: Sequence[str]) -> dict[str, list[str]]:
    """Return the values of each filter that stored ones, in the order of COLUMNS, count for."""
    territory, category, status, level, verified = stored
    known = vocabulary.load().categories.get(category)
    return {
        "territoire": [territory, MINE] if territory in wanted.mine else [territory],
        "categorie": sorted({category, known.family}) if known else [category],
        "etat": [_STATES[status]] if status in _STATES else [],
        "protection": [_LEVELS[level]],
        "verifie": [verified],
    }
