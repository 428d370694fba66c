"""A letter is written, read by a second person, sent, and withdrawn: each is one of these acts.

What its words name is looked through as they are saved, and again as it leaves; `project()` is the
only way to its open row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.accounts.people import BY_SERVICE, read_person
from app.audit.actions import Action
from app.audit.journal import Author, add
from app.cataloguing.screening import Screened, screen_tied
from app.composing.errors import (
    LetterChanged,
    LetterEmpty,
    LetterLeft,
    LetterMissing,
    LetterNotAsked,
    MonthTaken,
    OwnLetter,
    WordsWithheld,
)
from app.letters.letter import Block, Words, blocks_of
from app.letters.queries import read_blocks
from app.models import Account, Letter, LetterIssue, LetterMark, Role
from app.models.job import Job
from app.platform.database.sessions import IMPORT_LOCK, hold
from app.platform.queue.deferring import defer_once
from app.records.marks import stored_mark
from app.records.unlettering import take_down_issues
from app.vault.digests import index_key
from app.vault.sealing import NotOpened, Vault

TABLE, COLUMN = Letter.__tablename__, "content"
# Of a letter that was changed by another hand.
NOT_READ = (NotOpened, LookupError, TypeError, ValueError)
OPEN = ("draft", "waiting")
READERS = (Role.CURATEUR, Role.ADMINISTRATEUR)


def find(session: Session, month: str, *, lock: bool = False) -> Letter:
    """Return the letter of a month; raise LetterMissing."""
    if lock:
        # Before its row, as whoever hides an actor does.
        hold(session, IMPORT_LOCK)
    asked = select(Letter).where(Letter.month == month)
    letter = session.scalar(asked.with_for_update() if lock else asked)
    if letter is None:
        raise LetterMissing
    return letter


def content_of(vault: Vault, letter: Letter) -> tuple[Block, ...]:
    """Return what a letter says; of one whose words name who was hidden since, without them."""
    blocks = blocks_of(vault.open_json(TABLE, letter.id, COLUMN, letter.content)["blocks"])
    return tuple(each for each in blocks if not (letter.masked and isinstance(each, Words)))


@dataclass(frozen=True, slots=True)
class Trial:
    """A letter as somebody of the desk wants to see it in their mailbox."""

    mail: str
    month: str
    blocks: tuple[Block, ...]


def read_trial(session: Session, vault: Vault, letter: UUID, account: UUID) -> Trial | None:
    """Return what is sent to who tries a letter out, None where either is no more, or who asked
    reads letters of the desk no more.
    """
    row, who = session.get(Letter, letter), session.get(Account, account)
    if row is None or who is None or who.disabled_at is not None or who.role not in READERS:
        return None
    return Trial(read_person(vault, who).mail, row.month, content_of(vault, row))


def version_of(letter: Letter) -> str:
    """Return by what a form says later what it was based on: it is sealed anew each time."""
    return sha256(letter.content).hexdigest()[:32]


def create(session: Session, vault: Vault, author: Author, month: str, now: datetime) -> Letter:
    """Begin the letter of a month; raise MonthTaken."""
    hold(session, IMPORT_LOCK)
    if session.scalar(select(Letter.id).where(Letter.month == month)) is not None:
        raise MonthTaken
    letter = Letter(id=uuid4(), month=month, status="draft", writers=[], changed_at=now)
    letter.content = vault.seal_json(TABLE, letter.id, COLUMN, {"blocks": []})
    session.add(letter)
    session.flush()
    return letter


def change(
    session: Session,
    vault: Vault,
    author: Author,
    letter: Letter,
    blocks: Sequence[Block],
    seen: str,
    now: datetime,
) -> None:
    """Write a letter anew, which is a draft again; letter: locked.

    Raises LetterChanged, LetterLeft or WordsWithheld.
    """
    if letter.status not in OPEN:
        raise LetterLeft
    if seen != version_of(letter):
        raise LetterChanged
    screened = _screen(session, vault, blocks)
    if screened.remarks:
        raise WordsWithheld(screened.remarks)
    stored = {"blocks": [each.stored for each in blocks]}
    letter.content = vault.seal_json(TABLE, letter.id, COLUMN, stored)
    letter.status, letter.masked, letter.changed_at = "draft", False, now
    letter.writers = sorted({*letter.writers, author.who})
    _mark(session, vault, letter, screened)
    _note(session, vault, author, Action.LETTER_WRITTEN, letter)


def ask(session: Session, vault: Vault, author: Author, letter: Letter, seen: str) -> None:
    """Have a letter wait for a second person; letter: locked. Raises as send() does."""
    _check(session, vault, letter, seen)
    letter.status = "waiting"
    _note(session, vault, author, Action.LETTER_ASKED, letter)


def send(
    session: Session,
    vault: Vault,
    author: Author,
    letter: Letter,
    seen: str,
    now: datetime,
    *,
    alone: bool = False,
) -> None:
    """Approve a letter, which leaves as soon as the worker comes to it; letter: locked.

    alone: whether who wrote it may. Raises OwnLetter, LetterLeft, LetterChanged, LetterEmpty,
    WordsWithheld, or LetterNotAsked of a draft.
    """
    if author.who in letter.writers and not alone:
        raise OwnLetter
    blocks = _check(session, vault, letter, seen)
    if letter.status == "draft":
        raise LetterNotAsked
    letter.status, letter.approved_by = "going", author.who
    project(session, letter, blocks, now)
    _note(session, vault, author, Action.LETTER_APPROVED, letter)
    defer_once(session, Job.LETTER)


def project(session: Session, letter: Letter, blocks: Sequence[Block], now: datetime) -> None:
    """Write what readers have of a letter, once it is screened."""
    said = {"month": letter.month, "blocks": [each.stored for each in blocks], "published_at": now}
    session.execute(insert(LetterIssue).values(id=letter.id, **said))


def withdraw(session: Session, vault: Vault, author: Author, letter: Letter) -> None:
    """Take a letter from its readers, and send it to nobody more; letter: locked."""
    take_down_issues(session, [letter.id])
    session.refresh(letter)
    _note(session, vault, author, Action.LETTER_WITHDRAWN, letter)


def read_again(session: Session, vault: Vault) -> int:
    """Take from readers the letters whose words give somebody away; return how many.

    As of events: what a former release did not take down, or found less in.
    """
    hold(session, IMPORT_LOCK)
    shown = select(Letter).join(LetterIssue, LetterIssue.id == Letter.id)
    found = [each for each in session.scalars(shown).all() if _is_to_leave(session, vault, each)]
    for each in found:
        each.masked = True
        _note(session, vault, Author(BY_SERVICE), Action.LETTER_WITHDRAWN, each)
    session.flush()
    return take_down_issues(session, [each.id for each in found])


def _is_to_leave(session: Session, vault: Vault, letter: Letter) -> bool:
    try:
        screened = _screen(session, vault, content_of(vault, letter))
    except NOT_READ:
        return True
    _mark(session, vault, letter, screened)
    return bool(screened.remarks)


def _check(session: Session, vault: Vault, letter: Letter, seen: str) -> tuple[Block, ...]:
    """Return what a letter says, if it may leave."""
    if letter.status not in OPEN:
        raise LetterLeft
    if seen != version_of(letter):
        raise LetterChanged
    blocks = content_of(vault, letter)
    if not read_blocks(session, blocks):
        raise LetterEmpty
    screened = _screen(session, vault, blocks)
    _mark(session, vault, letter, screened)
    if screened.remarks:
        raise WordsWithheld(screened.remarks)
    return blocks


def _screen(session: Session, vault: Vault, blocks: Sequence[Block]) -> Screened:
    # Each by its place, as the form names it.
    words = {f"words {n}": each.text for n, each in enumerate(blocks, 1) if isinstance(each, Words)}
    return screen_tied(session, vault, words)


def _mark(session: Session, vault: Vault, letter: Letter, screened: Screened) -> None:
    """Store by which digests a letter is found, as somebody whom it names becomes hidden."""
    key = index_key(session, vault)
    session.execute(delete(LetterMark).where(LetterMark.letter_id == letter.id))
    digests = {stored_mark(mark, key, home=False)[1] for mark in screened.named}
    if digests:
        rows = [{"letter_id": letter.id, "digest": each} for each in digests]
        session.execute(insert(LetterMark), rows)


def _note(session: Session, vault: Vault, author: Author, action: Action, letter: Letter) -> None:
    add(session, vault, author, action, str(letter.id), {"mois": letter.month})
