"""From an edition of a register to actors: planned whole, then one transaction for each territory,
or for those that hold homes and services that share something both ways.

What a register says of a territory goes the way of a list: its words hide, and only a person shows.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.gazetteer.load import cached_gazetteer, place_communes
from app.lists.applying import apply
from app.lists.importing import uncollected
from app.lists.planning import Plan, plan
from app.lists.reading import digested
from app.lists.sources import find_source
from app.lists.summary import Summary
from app.lists.uploads import Received, Upload, receive
from app.platform.database.sessions import IMPORT_LOCK, hold, read, write
from app.records.writing import Writer
from app.registers.competences import state_directory
from app.registers.errors import CanaryWrong, TooManyUnreadable, TooMuchChanges, UpdateRunning
from app.registers.ordering import Borne, borne_by, written_together
from app.registers.state import (
    check_day,
    last_digests,
    missing_lines,
    note_applied,
    note_failed,
    present_lines,
    territories_of,
)
from app.settings import Settings
from app.vault.digests import KEY_BYTES, find_key, index_key
from app.vault.sealing import Vault
from geo.gazetteer import Gazetteer
from geo.text import forget
from importers.errors import NoUsableLine
from importers.mapping import shipped
from importers.reading import read_list
from importers.registers import directory
from importers.registers.catalogue import Register
from importers.registers.competence import Competences, town_of
from importers.registers.edition import UNREADABLE, Edition, as_csv
from importers.row import ReadResult
from importers.text import grouped

Progress = Callable[[int, int], None]

# More than this part of what was known is no usual month. Of fewer actors, one is a large part.
SUSPICIOUS, FEW = 0.2, 20
# So many entries that cannot be read are no slips: a field has another form since.
SLIPS = 0.01
# Of two editions that are applied at once, the older one could win here and there.
UPDATE_LOCK = 230026
UNFINISHED = (
    "l'écriture de l'édition du {day} a commencé, et n'est pas finie ; si aucune commande ne "
    "l'écrit maintenant, relancez-la : elle reprend où elle en était."
)
_NOTHING = ReadResult((), (), (), (), {}, mapping_guessed=False)


@dataclass(frozen=True, slots=True)
class Part:
    """What an edition would change in a territory; known: lines that the last one had there.

    missing: actors that this one names no more, and the last one did. updated: those of both of
    which it says something else than another day. summary is None where it says there what it said
    the last time, and changes nothing.
    """

    territory: str
    known: int
    lines: int
    missing: int
    updated: int
    summary: Summary | None


class Update:
    """An edition on its way into the database. who: as history names them."""

    def __init__(
        self,
        staff: Engine,
        vault: Vault,
        settings: Settings,
        register: Register,
        edition: Edition,
        who: str,
    ) -> None:
        self._staff, self._vault, self._settings = staff, vault, settings
        self._register, self._edition, self._who = register, edition, who
        with read(staff) as session:
            self._gazetteer = cached_gazetteer(session.connection())
            self._known = territories_of(session, register)
            self._digests = last_digests(session, register)
        self._borne: dict[str, Borne] = {}

    @uncollected()
    def plan(self, progress: Progress | None = None) -> list[Part]:
        """Return what it would change, territory by territory; nothing is written or locked."""
        territories = sorted(self._edition.lines.keys() | self._known.keys())
        parts = []
        for done, territory in enumerate(territories):
            if progress:
                progress(done, len(territories))
            parts.append(self._plan(territory))
        return parts

    def check(self, parts: list[Part]) -> None:
        """Raise an OperatorError, a question to a person, where an edition is older or odd."""
        with read(self._staff) as session:
            check_day(session, self._register, self._edition)
        lines = sum(map(len, self._edition.lines.values()))
        check_readable(self._register, self._edition, lines)
        check_canaries(self._register, self._edition, self._gazetteer)
        self._check_share(parts, "toute la France")
        for part in parts:
            self._check_share([part], f"territoire {part.territory}")

    @uncollected()
    def apply(
        self,
        parts: list[Part],
        progress: Progress | None = None,
        validator: str | None = None,
        *,
        accepted: bool = False,
    ) -> None:
        """Write what this planned, a territory at a time; validator: of a file that was fetched.

        The edition is in force once all are written; the same command goes on where it stopped.
        Since the plan the world may have changed: unless a person accepted whatever comes, each
        territory is checked again as it is written, and with it what all of France comes to.
        """
        now = {part.territory: part for part in parts}
        written = [part.territory for part in parts if part.summary is not None]
        done = len(parts) - len(written)
        if written:
            # Whatever kills this has no time to say so.
            said = UNFINISHED.format(day=f"{self._edition.day:%d/%m/%Y}")
            note_failure(self._staff, self._register, said)
        for some in written_together({each: self._borne[each] for each in written}):
            if progress:
                progress(done, len(parts))
            with write(self._staff) as session:
                for territory in some:
                    now[territory] = self._apply(session, now[territory])
                    if not accepted:
                        self._check_share([now[territory]], f"territoire {territory}")
                        self._check_share([*now.values()], "toute la France")
            done += len(some)
        with write(self._staff) as session:
            actors = sum(territories_of(session, self._register).values())
            if self._register.code == directory.CODE:
                key = index_key(session, self._vault)
                state_directory(session, key, self._edition, self._gazetteer)
            place_communes(session, self._edition.town_halls)
            note_applied(session, self._register, self._edition, actors, validator)

    def _check_share(self, parts: list[Part], where: str) -> None:
        known = sum(part.known for part in parts)
        missing, updated = (sum(getattr(p, n) for p in parts) for n in ("missing", "updated"))
        if known >= FEW and missing + updated > SUSPICIOUS * known:
            raise TooMuchChanges(
                title=self._register.title,
                missing=grouped(missing),
                updated=grouped(updated),
                known=grouped(known),
                where=where,
            )

    def _plan(self, territory: str) -> Part:
        upload = self._upload(territory)
        result = self._read(upload)
        self._borne[territory] = borne_by(result.rows)
        with read(self._staff) as session:
            key = find_key(session, self._vault) or os.urandom(KEY_BYTES)
            source = find_source(session, key, upload.source_name, territory, self._register)
            reading = digested(upload, Received(source or uuid4(), uuid4()), result, key)
            writer = Writer(session, self._vault, key, self._gazetteer)
            planned = plan(session, writer, reading)
            former = missing_lines(session, reading.source)
        # Read all the same: since the last time a list may have left a field open, and this
        # release may read another sign in the same words.
        summary, missing = planned.summary, _newly_missing(planned, former)
        same = self._digests.get(territory) == hashlib.sha256(upload.data).digest()
        stands = same and not (missing or summary.created or summary.updated)
        return Part(
            territory,
            self._known.get(territory, 0),
            len(self._edition.lines.get(territory, ())),
            len(missing),
            0 if stands else _changed(planned, former),
            None if stands else summary,
        )

    def _apply(self, session: Session, part: Part) -> Part:
        """Write a territory; return what that changed, of the actors that were known then."""
        upload = self._upload(part.territory)
        result = self._read(upload)
        hold(session, IMPORT_LOCK, who=upload.who)
        received = receive(session, self._vault, upload, part.territory)
        key = index_key(session, self._vault)
        reading = digested(upload, received, result, key)
        known, former = (
            present_lines(session, received.source),
            missing_lines(session, received.source),
        )
        writer = Writer(session, self._vault, key, self._gazetteer)
        done = apply(session, self._vault, writer, reading)
        missing, updated = len(_newly_missing(done, former)), _changed(done, former)
        return replace(part, known=known, missing=missing, updated=updated, summary=done.summary)

    def _upload(self, territory: str) -> Upload:
        return Upload(
            filename=f"{self._register.code}-{territory}-{self._edition.day:%Y-%m-%d}.csv",
            data=as_csv(self._edition, territory),
            who=self._who,
            territory=territory,
            mapping=self._register.mapping,
            source=self._register.title,
            register=self._register,
        )

    def _read(self, upload: Upload) -> ReadResult:
        # Each territory is a list of its own: what is remembered of all of France fills the memory.
        forget()
        if not self._edition.lines.get(upload.territory or ""):
            return _NOTHING
        try:
            return read_list(
                upload.data,
                upload.filename,
                mapping=upload.mapping,
                gazetteer=self._gazetteer,
                territory=upload.territory,
                max_bytes=self._settings.import_max_bytes,
                max_rows=self._settings.import_max_rows,
            )
        except NoUsableLine as error:
            return error.result


def _newly_missing(planned: Plan, former: set[bytes]) -> set[UUID]:
    """Return the actors that an edition names no more, and the last one did."""
    gone = planned.matching.missing
    return {actor for identity, actor in gone.items() if identity not in former}


def _changed(planned: Plan, former: set[bytes]) -> int:
    """Count the lines of the last edition that say something else now than another day.

    Whom a register names for the first time, or again, may change a record: it changes nothing of
    what was known of the register.
    """
    updated = {where for where, outcome in planned.outcomes.items() if outcome == "updated"}
    known = (line for line in planned.matching.lines if line.former and line.former not in former)
    return len({line.row.where for line in known} & (updated - planned.redated))


@contextmanager
def alone(staff: Engine) -> Iterator[None]:
    """Let no other update of registers plan or write meanwhile; raises UpdateRunning."""
    with write(staff) as session:
        if not session.scalar(select(func.pg_try_advisory_xact_lock(UPDATE_LOCK))):
            raise UpdateRunning
        yield


def note_failure(staff: Engine, register: Register, sentence: str) -> None:
    """Note why an edition is not in force; sentence: French, and of nobody."""
    with write(staff) as session:
        note_failed(session, register, sentence)


def check_readable(register: Register, edition: Edition | Competences, entries: int) -> None:
    """Raise TooManyUnreadable: whom an edition names illegibly it would lose; entries: legible."""
    unreadable = edition.left_out.get(UNREADABLE, 0)
    entries += unreadable
    if unreadable >= FEW and unreadable > SLIPS * entries:
        raise TooManyUnreadable(
            title=register.title, unreadable=grouped(unreadable), entries=grouped(entries)
        )


def check_canaries(register: Register, edition: Edition, gazetteer: Gazetteer) -> None:
    """Raise CanaryWrong where an edition puts another body in charge of a commune that is known."""
    if not register.canary:
        return
    titles = {field: title for title, field in shipped()[register.mapping].columns.items()}
    category, name, coverage = (
        edition.columns.index(titles[field]) for field in ("category", "name", "coverage")
    )

    def today(code: str) -> str:
        commune = gazetteer.by_insee(code)
        return commune.code if commune else code

    for canary in register.canary:
        found = [
            line[name]
            for lines in edition.lines.values()
            for line in lines
            if line[category] == canary.category
            # A court may name a town, or its arrondissements.
            and today(canary.commune) in map(today, line[coverage].split(";"))
        ]
        expected = town_of(canary.category, canary.name)
        if found and not any(expected in town_of(canary.category, each) for each in found):
            raise CanaryWrong(
                title=register.title,
                commune=canary.commune,
                expected=canary.name,
            )
