"""How many actors each filter of a list would leave, beside what already narrows it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, case, cast, func, select
from sqlalchemy.orm import Session

from app.models import Actor, ActorProtected, SourceRecord
from app.records.known_causes import known_whys
from app.records.true_names import true_names
from app.records.wanted import CAUSES, LEVELS, MINE, OLD, STATES, Wanted, conditions, of_list
from app.vault.sealing import Vault
from app.visibility import Viewer
from importers import vocabulary

Counts = dict[str, Counter[str]]
_STATES = {stored: value for value, (stored, _) in STATES.items()}
_LEVELS = {stored or "": value for value, (stored, _) in LEVELS.items()}
_CAUSES = {stored: value for value, (stored, _) in CAUSES.items()}
_OF_COLUMNS = ("territoire", "categorie", "etat", "protection", "verifie")


@dataclass(frozen=True, slots=True)
class Counting:
    """What a list is asked, and by whom."""

    session: Session
    vault: Vault
    viewer: Viewer
    today: date

    def by(self, wanted: Wanted, facets: Iterable[str]) -> Counts:
        """Return value -> number of actors of each of some filters, as if that one were not set."""
        asked = set(facets)
        found = self._by_columns(wanted, asked.intersection(_OF_COLUMNS))
        if "source" in asked:
            found["source"] = self._by_source(wanted.without("source"))
        if "cause" in asked:
            found["cause"] = self._by_cause(wanted.without("cause"))
        if "absent" in asked:
            absent = self._of(replace(wanted, absent="oui"), func.count())
            found["absent"] = Counter({"oui": self.session.scalars(absent).one()})
        return found

    def _asked(self, wanted: Wanted) -> list[ColumnElement[bool]]:
        names = true_names(self.session, self.vault, self.viewer) if wanted.q else {}
        return conditions(self.session, self.vault, self.viewer, wanted, names, self.today)

    def _of(self, wanted: Wanted, *columns: Any) -> Select[*tuple[Any, ...]]:
        return of_list(self._asked(wanted), *columns)

    def _by_columns(self, wanted: Wanted, facets: Iterable[str]) -> Counts:
        """Count by several columns in one pass over the list that none of them narrows."""
        chosen = {name: getattr(wanted, name) for name in _OF_COLUMNS if getattr(wanted, name)}
        wide = reduce(Wanted.without, chosen, wanted)
        columns = [self._column(each).label(each) for each in _OF_COLUMNS]
        statement = self._of(wide, func.count(), *columns).group_by(*columns)
        found: Counts = {each: Counter() for each in facets}
        for count, *stored in self.session.execute(statement):
            values = dict(zip(_OF_COLUMNS, map(_values, _OF_COLUMNS, stored), strict=True))
            if stored[0] in wanted.mine:
                values["territoire"].append(MINE)
            others = {name for name, value in chosen.items() if value not in values[name]}
            for name in found:
                if others <= {name}:
                    for value in values[name]:
                        found[name][value] += count
        return found

    def _column(self, name: str) -> Any:
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
            # When a hidden one was verified is hidden with it.
            (ActorProtected.level.is_not(None), ""),
            (Actor.verified_on.is_(None), "jamais"),
            (Actor.verified_on < self.today - OLD, "ancien"),
            else_="",
        )

    def _by_source(self, wanted: Wanted) -> Counter[str]:
        pairs = (
            self._of(wanted, SourceRecord.source_id, Actor.id)
            .join(SourceRecord, SourceRecord.actor_id == Actor.id)
            .distinct()
            .subquery()
        )
        source = pairs.c.source_id
        statement = select(source, func.count()).group_by(source)
        return Counter({str(each): count for each, count in self.session.execute(statement)})

    def _by_cause(self, wanted: Wanted) -> Counter[str]:
        known_of = known_whys(self.session, self.vault, self.viewer, *self._asked(wanted))
        together = Counter(known_of.values())
        found: Counter[str] = Counter()
        # Most are hidden for the same few reasons.
        for known, count in together.items():
            for why in known:
                found[_CAUSES[why]] += count
        return found


def _values(name: str, stored: str) -> list[str]:
    """Return the values of a filter that a stored one counts for."""
    match name:
        case "etat":
            return [_STATES[stored]] if stored in _STATES else []
        case "protection":
            return [_LEVELS[stored]]
        case "categorie":
            known = vocabulary.load().categories.get(stored)
            return sorted({stored, known.family}) if known else [stored]
    return [stored]
