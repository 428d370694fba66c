"""An edition that says who is competent for communes: planned, checked, then written at once."""

import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, select

from app.gazetteer.load import cached_gazetteer
from app.models import Commune
from app.platform.database.sessions import read, write
from app.registers.competences import Known, Row, rows_of, state, stored_rows, tie
from app.registers.errors import CanaryWrong, TooManyCommunes
from app.registers.state import check_day, note_applied
from app.registers.updating import FEW, SUSPICIOUS, check_readable
from app.vault.digests import KEY_BYTES, find_key, index_key
from app.vault.sealing import Vault
from geo.gazetteer import Gazetteer
from importers.registers.catalogue import Register
from importers.registers.competence import Competences, town_of
from importers.text import grouped


@dataclass(frozen=True, slots=True)
class Change:
    """What an edition would change. known: communes of the last one; the others: communes, too.

    nameless: codes of those where it names somebody of whom the directory has no public sheet;
    never the name, which may be that of a home.
    """

    known: int
    added: int
    updated: int
    missing: int
    nameless: Sequence[str]


class CompetenceUpdate:
    """An edition on its way into the database."""

    def __init__(
        self, staff: Engine, vault: Vault, register: Register, edition: Competences
    ) -> None:
        self._staff, self._vault = staff, vault
        self._register, self._edition = register, edition

    def plan(self) -> Change:
        """Return what it would change; nothing is written."""
        with read(self._staff) as session:
            known = Known(session, find_key(session, self._vault) or os.urandom(KEY_BYTES))
            stored = _by_commune(stored_rows(session, self._register.code))
            territories = dict(session.execute(select(Commune.code, Commune.territory_code)).all())
        wanted = _by_commune(rows_of(self._edition.said, known))
        nameless = {
            commune
            for commune, several in self._edition.said.items()
            for named in several
            if named.name
            and not known.find(known.digest(named), named.category, territories[commune])
        }
        return Change(
            known=len(stored),
            added=len(wanted.keys() - stored.keys()),
            updated=sum(stored[each] != wanted[each] for each in wanted.keys() & stored.keys()),
            missing=len(stored.keys() - wanted.keys()),
            nameless=sorted(nameless),
        )

    def check(self, change: Change) -> None:
        """Raise an OperatorError, a question to a person, where an edition is older or odd."""
        with read(self._staff) as session:
            check_day(session, self._register, self._edition)
            key = find_key(session, self._vault) or os.urandom(KEY_BYTES)
            self._check_canaries(Known(session, key), cached_gazetteer(session.connection()))
        check_readable(self._register, self._edition, len(self._edition.said))
        if change.known >= FEW and change.missing + change.updated > SUSPICIOUS * change.known:
            raise TooManyCommunes(
                title=self._register.title,
                missing=grouped(change.missing),
                updated=grouped(change.updated),
                known=grouped(change.known),
            )

    def apply(self, validator: str | None = None) -> None:
        """Write it, whole or not at all; validator: of a file that was fetched."""
        with write(self._staff) as session:
            known = Known(session, index_key(session, self._vault))
            state(session, self._register.code, rows_of(self._edition.said, known))
            tie(session, known)
            communes = len(self._edition.said)
            note_applied(session, self._register, self._edition, communes, validator)

    def _check_canaries(self, known: Known, gazetteer: Gazetteer) -> None:
        for canary in self._register.canary:
            commune = gazetteer.by_insee(canary.commune)
            said = self._edition.said.get(commune.code, ()) if commune else ()
            names = [known.name_of(each) for each in said if each.category == canary.category]
            expected = town_of(canary.category, canary.name)
            if any(names) and not any(expected in town_of(canary.category, n) for n in names):
                raise CanaryWrong(
                    title=self._register.title,
                    commune=canary.commune,
                    expected=canary.name,
                )


def _by_commune(rows: Iterable[Row]) -> dict[str, set[tuple[str, bytes]]]:
    found: dict[str, set[tuple[str, bytes]]] = defaultdict(set)
    for commune, category, key in rows:
        found[commune].add((category, key))
    return found
