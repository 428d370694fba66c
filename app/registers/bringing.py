"""A file of a register brought into the database, by `registers update` or a demonstration."""

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from app.errors import OperatorError
from app.gazetteer.load import cached_gazetteer
from app.platform.database.sessions import read
from app.registers.competence_update import Change, CompetenceUpdate
from app.registers.errors import DayUnsaid
from app.registers.hosts import hosts
from app.registers.updating import Part, Progress, Update
from app.settings import Settings
from app.vault.sealing import Vault
from app.visibility import OPERATOR
from importers.registers.activities import Host
from importers.registers.catalogue import Register
from importers.registers.competence import Competences
from importers.registers.edition import Edition
from importers.registers.reading import read_competences, read_register


@dataclass(frozen=True, slots=True)
class Given:
    """A file of a register. validator: of its server. by_hand: of a person. day: as they say."""

    path: Path
    name: str
    validator: str | None = None
    day: date | None = None
    by_hand: bool = True


@dataclass(frozen=True, slots=True)
class How:
    """What to do with an edition. accept: also with one that is odd."""

    only_plan: bool = False
    accept: bool = False


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who hears of the work: what takes its time, what would change, why a person is asked."""

    working: Callable[[str], AbstractContextManager[Progress | None]] = lambda _: nullcontext()
    planned: Callable[[Edition, list[Part]], None] = lambda *_: None
    changed: Callable[[Competences, Change], None] = lambda *_: None
    asked: Callable[[OperatorError], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Bringer:
    """Brings files of registers into one database. who: as history names them."""

    staff: Engine
    vault: Vault
    settings: Settings
    who: str
    how: How = How()
    reporter: Reporter = Reporter()

    def read(self, register: Register, given: Given) -> Edition | Competences:
        """Return what a file says, whose name may tell its day; raises RegisterError or OSError."""
        with read(self.staff) as session:
            gazetteer = cached_gazetteer(session.connection())
        with given.path.open("rb") as file:
            of = (register.code, file, given.name, gazetteer)
            if register.mapping:
                return read_register(*of, self._hosts, given.day)
            return read_competences(*of, given.day)

    def bring(
        self, register: Register, edition: Edition | Competences, given: Given
    ) -> list[Part] | Change:
        """Plan what was read of a file, and apply it; return what that changes.

        Raises OperatorError where a person is asked first, unless they accepted whatever comes.
        """
        self._may_go_on(lambda: _check_day(given, edition))
        if isinstance(edition, Edition):
            return self._update(register, edition, given.validator)
        return self._state(register, edition, given.validator)

    def _update(self, register: Register, edition: Edition, validator: str | None) -> list[Part]:
        work = Update(self.staff, self.vault, self.settings, register, edition, self.who)
        with self.reporter.working("Plan") as progress:
            parts = work.plan(progress)
        self.reporter.planned(edition, parts)
        if self._may_go_on(lambda: work.check(parts)):
            with self.reporter.working("Mise à jour") as progress:
                work.apply(parts, progress, validator, accepted=self.how.accept)
        return parts

    def _state(self, register: Register, edition: Competences, validator: str | None) -> Change:
        """Apply an edition that says who is competent for communes."""
        work = CompetenceUpdate(self.staff, self.vault, register, edition)
        change = work.plan()
        self.reporter.changed(edition, change)
        if self._may_go_on(lambda: work.check(change)):
            work.apply(validator)
        return change

    def _hosts(self, numbers: Collection[str]) -> Mapping[str, Host]:
        with read(self.staff) as session:
            return hosts(session, self.vault, OPERATOR, numbers)

    def _may_go_on(self, check: Callable[[], None]) -> bool:
        """Return whether to apply; a plan says as well what an update would stop at."""
        try:
            if not self.how.accept:
                check()
        except OperatorError as error:
            if not self.how.only_plan:
                raise
            self.reporter.asked(error)
        return not self.how.only_plan


def _check_day(given: Given, edition: Edition | Competences) -> None:
    """Raise DayUnsaid of a file of nobody knows when; what a server gives is its newest one."""
    if edition.day_assumed and given.by_hand:
        raise DayUnsaid(filename=given.name)
