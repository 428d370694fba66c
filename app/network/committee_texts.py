"""What is written in the place of a CDLP: what it decided.

Who convenes writes, all who sit there read. A text that names a child is stored nowhere, nor is one
that names a hidden place; who is hidden since takes a text from its readers as it is read.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author, add
from app.cataloguing.screening import hidden_of
from app.models import CommitteeDecision
from app.network.committee_errors import (
    DecisionDayWrong,
    TextWrong,
    TooManyDecisions,
)
from app.network.committees import check_convenes
from app.network.screening import check_text
from app.resources.texts import lines
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.zones import paris_day

DECISION, COLUMN = CommitteeDecision.__tablename__, "content"
TEXT_MAX, MOST_DECISIONS = 2_000, 1_000
# So few that all are looked through again at each reading.
PAGE_SIZE = 10
# As what was confirmed at its meetings.
FORGOTTEN_AFTER = timedelta(days=5 * 365)
Decided = CommitteeDecision


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided at the meeting of a day; "" where it names somebody hidden by now."""

    id: UUID
    day: date
    text: str


def count_pages(session: Session, viewer: Viewer, code: str) -> int:
    """Return how many pages of decisions somebody may read, at least one."""
    asked = select(func.count()).select_from(Decided).where(*_readable(viewer, code))
    return max(1, -(-session.scalars(asked).one() // PAGE_SIZE))


def read_decisions(
    session: Session, vault: Vault, viewer: Viewer, code: str, page: int = 1
) -> list[Decision]:
    """Return a page of what was decided, the latest first, for who reads in the place."""
    asked = select(Decided).where(*_readable(viewer, code))
    ordered = asked.order_by(Decided.day.desc(), Decided.made_at.desc(), Decided.id)
    latest = ordered.offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE)
    found = {row.id: (row.day, _text(vault, row)) for row in session.scalars(latest)}
    hidden = hidden_of(session, vault, {number: text for number, (_, text) in found.items()})
    return [
        Decision(number, day, "" if number in hidden else text)
        for number, (day, text) in found.items()
    ]


def decide(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    code: str,
    day: date | None,
    text: str,
    now: datetime,
) -> None:
    """Write down what was decided.

    Raises CommitteeUnknown, DecisionDayWrong, TextWrong, ChildNamed, PlaceNamed or
    TooManyDecisions.
    """
    check_convenes(session, viewer, code)
    text, today = lines(text), paris_day(now)
    if not 0 < len(text) <= TEXT_MAX:
        raise TextWrong
    check_text(session, vault, text)
    if day is None or not today - FORGOTTEN_AFTER < day <= today:
        raise DecisionDayWrong
    there = select(func.count()).select_from(Decided)
    if session.scalars(there.where(Decided.territory_code == code)).one() >= MOST_DECISIONS:
        raise TooManyDecisions
    row = Decided(id=uuid4(), territory_code=code, day=day, made_at=now)
    row.content = vault.seal_json(DECISION, row.id, COLUMN, {"text": text})
    row.made_by = author.who
    session.add(row)
    session.flush()
    add(session, vault, author, Action.CLOSED_WRITTEN, str(row.id))


def erase(
    session: Session, vault: Vault, viewer: Viewer, author: Author, code: str, decision: UUID
) -> None:
    """Erase a decision; raise CommitteeUnknown."""
    check_convenes(session, viewer, code)
    gone = delete(Decided).where(Decided.territory_code == code, Decided.id == decision)
    for each in session.scalars(gone.returning(Decided.id)).all():
        add(session, vault, author, Action.CLOSED_ERASED, str(each))


def forget_old(session: Session, now: datetime) -> None:
    """Delete decisions of long ago; what was said of meetings goes with them."""
    before = paris_day(now - FORGOTTEN_AFTER)
    session.execute(delete(Decided).where(Decided.day < before))


def _readable(viewer: Viewer, code: str) -> tuple[ColumnElement[bool], ...]:
    return Decided.territory_code == code, viewer.reads_in_committee(Decided.territory_code)


def _text(vault: Vault, row: Decided) -> str:
    """Return what was decided; "" of what was erased at somebody's request."""
    said: str | None = vault.open_json(DECISION, row.id, COLUMN, row.content)["text"]
    return said or ""
