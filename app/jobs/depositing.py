"""Reads lists that were deposited at the desk, says what they would change, and applies them.

Whatever is killed is begun anew: until the last transaction of a job nothing says that it is done.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.accounts.offices import territories_of_referent
from app.audit.actions import Action
from app.audit.journal import Author, add
from app.errors import Mesure23Error
from app.gazetteer.load import cached_gazetteer
from app.jobs.recalling import lines_of_corrected, recall
from app.jobs.retrying import is_loss
from app.lists import asked, cached_reading, corrections, deposits, lasting, rest
from app.lists.applying import write_planned
from app.lists.chosen import choices_of
from app.lists.deposit_page import counts_of, page_of, problem_rows
from app.lists.deposits import OWN, Deposited
from app.lists.forgetting import may_hold
from app.lists.importing import uncollected
from app.lists.own_part import Own, plan_own
from app.lists.own_seen import is_as_read
from app.lists.planning import Plan, plan, plan_decided
from app.lists.reading import Reading, digested, read_upload
from app.lists.rekeying import rekeyed
from app.lists.resembling import resembles
from app.lists.returned import as_update
from app.lists.review_answers import note_found, with_answers
from app.lists.review_decided import decided_of
from app.lists.review_rows import write_rows
from app.lists.uploads import Received, Upload, as_of, empty_files, refuse
from app.models import Role
from app.models.deposit import State
from app.models.job import Job
from app.platform.database.full_disk import is_disk_full
from app.platform.database.sessions import IMPORT_LOCK, hold, read, write
from app.platform.queue.deferring import defer
from app.records.erased import read_erased
from app.records.writing import Writer
from app.runtime.staff import Runtime
from app.vault.digests import index_key
from app.vault.sealing import Vault
from app.visibility import OPERATOR, Viewer
from geo.gazetteer import Gazetteer
from importers.errors import NoCategory, NoUsableLine, UnreadableList
from importers.received import ReceivedLine
from importers.row import ReadResult

# Seconds between two notes of how far a list is read.
EACH = 1.0


class Stopped(Mesure23Error):
    """Quelqu’un a arrêté cette liste."""


class NotStored(UnreadableList):
    """Ce fichier n’est plus conservé : une personne a demandé un effacement, ou sa durée est passée. Déposez la liste de nouveau, sans ce qui est à effacer."""  # noqa: E501


@dataclass(frozen=True, slots=True)
class _Read:
    """A list that was read, ready to be planned. result: of the bytes of upload; stamp: what of."""

    reading: Reading
    upload: Upload
    result: ReadResult
    stamp: str
    gazetteer: Gazetteer
    key: bytes

    def writer(self, session: Session, runtime: Runtime, *, twice: bool = False) -> Writer:
        return Writer(session, runtime.vault, self.key, self.gazetteer, twice=twice)


@dataclass
class Progress:
    """Notes how far a list is read, now and then; raises Stopped where somebody stopped it."""

    staff: Engine
    deposit: UUID
    state: State
    _noted: float = field(default=0.0, init=False)

    def __call__(self, done: int, lines: int) -> None:
        now = time.monotonic()
        if done < lines and now - self._noted < EACH:
            return
        self._noted = now
        with write(self.staff) as session:
            if not deposits.note_progress(session, self.deposit, self.state, done, lines):
                raise Stopped


@uncollected()
def check(runtime: Runtime, deposit_id: UUID) -> None:
    """Read and plan a list, and write nothing of it to any actor."""
    found = _find(runtime, deposit_id)
    if found is None or found.state not in ("checking", "cancelled"):
        return
    if found.state == "cancelled":
        _forget_what_was_erased(runtime, deposit_id)
        return
    with _watched(runtime, found):
        recall(runtime, found)
        done = _read(runtime, found)
        with read(runtime.staff) as session:
            writer = done.writer(session, runtime)
            planned = plan(session, writer, done.reading)
            page = page_of(session, writer, planned, found.territory)
        with write(runtime.staff) as session:
            if _stamp(session, runtime, found, done.upload) != done.stamp:
                # Something was erased or corrected while it was read, and stands in what was read.
                defer(session, Job.CHECK, found.id)
                return
            _make_ready(session, runtime, found, done, planned, page)


@uncollected()
def apply(runtime: Runtime, deposit_id: UUID) -> None:
    """Apply a list as its reader was shown it; where it would do something else, show that."""
    found = _find(runtime, deposit_id)
    if found is None or found.state != "applying":
        return
    with _watched(runtime, found):
        done = _read(runtime, found)
        lines = lines_of_corrected(runtime, found)
        with write(runtime.staff) as session:
            _apply(session, runtime, found, done, lines)


def _apply(
    session: Session, runtime: Runtime, found: Deposited, done: _Read, lines: list[ReceivedLine]
) -> None:
    hold(session, IMPORT_LOCK, who=done.reading.upload.who, what=found.id)
    writer = done.writer(session, runtime, twice=True)
    whole = plan(session, writer, done.reading)
    # Who had another office as they asked has none of its territories now.
    own = territories_of_referent(session, UUID(found.who)) if found.page.get(OWN) else None
    if own is not None and done.reading.upload.territory not in own:
        page = {**found.page, OWN: False, "not_yours": True}
        content = deposits.sealed_page(runtime.vault, found.id, page)
        _move(session, found, "ready", content=content)
        return
    if not is_as_read(session, done.key, found, whole, own):
        page = page_of(session, writer, whole, found.territory) | {"changed": True}
        _make_ready(session, runtime, found, done, whole, page)
        return
    planned = _as_decided(session, runtime.vault, writer, found, done, whole, own)
    counts = counts_of(planned)
    page = page_of(session, writer, planned, found.territory, is_written=True)
    write_planned(session, runtime.vault, writer, planned)
    page |= asked.settle(session, found.id)
    if own is not None:
        handed = rest.hand_over(session, runtime.vault, found, done.upload, planned, whole, own)
        counts, page = counts | {rest.HANDED: sum(handed["handed"].values())}, page | handed
    asked.forget_others(session, found.id)
    # What the list hid was public until now, and what it added has no point yet.
    defer(session, Job.PURGE)
    defer(session, Job.GEOCODE)
    content = deposits.sealed_page(runtime.vault, found.id, page)
    learned = lasting.learn(session, runtime.vault, done.key, found, lines, whole, planned)
    values = {"counts": counts, "content": content, "corrected": learned, "reading": None}
    if not _move(session, found, "applied", **values):
        raise Stopped
    author = Author(found.who, (Role.CURATEUR if own is None else Role.REFERENT_DEPARTEMENT).value)
    add(session, runtime.vault, author, Action.LIST_APPLIED, str(found.id), said(counts))
    if left := page.get("rest"):
        # Nobody sent it: the journal says of which list it is.
        detail = {"de la liste": str(found.id), "lignes": counts[rest.HANDED]}
        add(session, runtime.vault, author, Action.LIST_LEFT, left, detail)


def _as_decided(
    session: Session,
    vault: Vault,
    writer: Writer,
    found: Deposited,
    done: _Read,
    whole: Plan,
    own: frozenset[str] | None,
) -> Plan:
    """Return what is written of a list; own: the territories of a référent who applies it."""
    sheets = done.reading.result.sheets
    viewer = OPERATOR if own is None else Viewer.staff(Role.REFERENT_DEPARTEMENT, own)
    decided = decided_of(session, viewer, found.id, sheets)
    if own is not None:
        part = Own(own, found.territory)
        return plan_own(session, writer, done.reading, whole, decided, part)
    decided = with_answers(session, vault, found.id, sheets, decided)
    if decided.left or decided.answers or decided.chosen or whole.gone:
        return plan_decided(session, writer, done.reading, whole, decided)
    return whole


def said(counts: dict[str, int]) -> dict[str, int]:
    """Return how the journal says what a list changed."""
    words = {"created": "nouveaux", "updated": "modifiés", "missing": "absents"}
    found = {word: counts[name] for name, word in words.items()}
    return found | ({"à un curateur": left} if (left := counts.get(rest.HANDED)) else {})


def _find(runtime: Runtime, deposit_id: UUID) -> Deposited | None:
    with read(runtime.staff) as session:
        return deposits.find_for_job(session, runtime.vault, deposit_id)


def _read(runtime: Runtime, found: Deposited) -> _Read:
    """Return what the bytes of a deposit say; raise UnreadableList or Stopped.

    They are read once, unless something changed of what the reading is made of.
    """
    with read(runtime.staff) as session:
        data = deposits.bytes_of(session, runtime.vault, found.id)
        corrected = corrections.of(session, runtime.vault, found.id)
        gazetteer = cached_gazetteer(session.connection())
        choices = choices_of(session, runtime.vault, found.source_id)
        if data is None:
            raise NotStored
        upload = Upload(
            *(found.filename, data, found.who, found.territory),
            source=found.source,
            whole=found.whole,
            corrected=corrections.given(corrected),
            recalled=corrections.recalled_lines(corrected),
            by_others=corrections.lines_of_others(corrected, found.sender),
        )
        stamp = _stamp(session, runtime, found, upload)
        cached = cached_reading.find(session, runtime.vault, found.id, stamp)
    progress = Progress(runtime.staff, found.id, found.state)
    read_as = partial(read_upload, upload, runtime.settings, gazetteer, found.territory)
    if cached is not None:
        progress(found.lines, found.lines)
    result = cached or read_as(progress, choices.chosen)
    with write(runtime.staff) as session:
        key = index_key(session, runtime.vault)
        updated, received = upload, Received(found.source_id, found.id)
        if result.returned:
            # Whatever its sender called it.
            updated = as_update(session, gazetteer, upload, result.returned)
            received = as_of(session, runtime.vault, received, updated)
    reading = digested(updated, received, result, key)
    with read(runtime.staff) as session:
        reading = rekeyed(session, key, reading, choices.former, partial(read_as, None))
    return _Read(reading, upload, result, stamp, gazetteer, key)


def _stamp(session: Session, runtime: Runtime, found: Deposited, upload: Upload) -> str:
    """Return what a list is read from at this moment; upload: its bytes and their name."""
    corrected = corrections.given(corrections.of(session, runtime.vault, found.id))
    chosen = choices_of(session, runtime.vault, found.source_id).chosen
    now = replace(upload, corrected=corrected)
    return cached_reading.stamp(session, runtime.settings, now, chosen)


def _make_ready(
    session: Session,
    runtime: Runtime,
    found: Deposited,
    done: _Read,
    planned: Plan,
    page: dict[str, Any],
) -> None:
    read_from = (done.reading.source, found.territory, done.reading.result)
    page = page | {"looks": resembles(session, runtime.vault, *read_from)}
    values = {
        "counts": counts_of(planned),
        "content": deposits.sealed_page(runtime.vault, found.id, page),
        "reading": None,
    }
    if not planned.reading.forgotten and len(done.result.rows) <= cached_reading.MOST:
        values["reading"] = cached_reading.sealed(runtime.vault, found.id, done.stamp, done.result)
    # Unless it was stopped meanwhile.
    if _move(session, found, "ready", **values):
        write_rows(session, runtime.vault, done.key, found.id, planned, found.territory)
        note_found(session, runtime.vault, found.id)


def _move(session: Session, found: Deposited, state: State, **values: Any) -> bool:
    """Let a list stand otherwise; not one that was stopped meanwhile, nor one that was stopped and
    is applied anew, maybe by somebody who may write less of it.
    """
    as_asked = [deposits.is_since(found.since)] if found.state == "applying" else []
    return deposits.move(session, found.id, [found.state], state, *as_asked, **values)


@contextmanager
def _watched(runtime: Runtime, found: Deposited) -> Iterator[None]:
    """Let a job end where its list is stopped or cannot be read; note what else stops it."""
    try:
        yield
    except Stopped:
        _forget_what_was_erased(runtime, found.id)
    except UnreadableList as error:
        with write(runtime.staff) as session:
            _refuse(session, runtime, found, error)
    except Exception as error:
        note(runtime, found.id, error)
        raise


def note(runtime: Runtime, deposit_id: UUID, error: Exception) -> None:
    """Note what stopped the job of a list, for its page; of a lost database nothing can be."""
    if not is_loss(error) or is_disk_full(error):
        with write(runtime.staff) as session:
            deposits.note_error(session, deposit_id, error)


def _refuse(session: Session, runtime: Runtime, found: Deposited, error: UnreadableList) -> None:
    problems = error.result.problems if isinstance(error, NoUsableLine) else ()
    page = {"refused": _sentence(error), "problems": problem_rows(problems, found.territory)}
    content = deposits.sealed_page(runtime.vault, found.id, page)
    if deposits.move(session, found.id, [found.state], "refused", content=content, reading=None):
        refuse(session, found.id)
        deposits.forget_lines(session, [found.id])
        deposits.note_error(session, found.id, error)


def _sentence(error: UnreadableList) -> str:
    """Return what is wrong with a file, without a line of it: its first one may be no header."""
    if isinstance(error, NoUsableLine):
        # They stand below, with their values masked.
        return str(error).partition(" Première raison")[0]
    if isinstance(error, NoCategory):
        # What a command would do else is no help here.
        return str(error).partition(", ou donnez")[0] + "."
    return str(error).partition(" Titres lus")[0]


def _forget_what_was_erased(runtime: Runtime, deposit_id: UUID) -> None:
    """Take away the bytes of a list that somebody stopped, where they hold what was erased."""
    # A refused one is shown its columns: without its bytes it would tell what was erased.
    found = _find(runtime, deposit_id)
    if found is None or found.state != "cancelled":
        return
    with write(runtime.staff) as session:
        erased = read_erased(session, index_key(session, runtime.vault))
        data = deposits.bytes_of(session, runtime.vault, deposit_id)
        if data is not None and may_hold(data, erased):
            empty_files(session, [deposit_id])
