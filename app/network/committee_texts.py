"""What is written in the place of a CDLP: what its next meeting speaks of, and what it decided.

Who convenes writes, all who sit there read. A text that names a child goes no further than here.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author, add
from app.models import CdlpMeeting, CommitteeAgenda, CommitteeDecision
from app.network.children import names_a_child
from app.network.committee_errors import (
    ChildNamed,
    CommitteeUnknown,
    DecisionDayWrong,
    TextWrong,
    TooManyDecisions,
)
from app.network.committees import check_convenes
from app.resources.texts import lines
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.zones import paris_day

AGENDA, DECISION, COLUMN = "committee_agenda", "committee_decision", "content"
TEXT_MAX, MOST_DECISIONS = 5_000, 1_000
# As what was confirmed at its meetings.
FORGOTTEN_AFTER = timedelta(days=5 * 365)
Decided = CommitteeDecision


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting that comes, and what it is to speak of; "" where nobody has said so."""

    day: date
    text: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided at the meeting of a day."""

    id: UUID
    day: date
    text: str


def read_coming(
    session: Session, vault: Vault, viewer: Viewer, code: str, now: datetime
) -> list[Meeting]:
    """Return the meetings that come, the next first, for who reads in the place."""
    asked = (
        select(CdlpMeeting.id, CdlpMeeting.day, CommitteeAgenda.content)
        .outerjoin(CommitteeAgenda, CommitteeAgenda.meeting_id == CdlpMeeting.id)
        .where(
            CdlpMeeting.territory_code == code,
            CdlpMeeting.day >= paris_day(now),
            viewer.reads_in_committee(CdlpMeeting.territory_code),
        )
    )
    return [
        Meeting(day, vault.open_json(AGENDA, number, COLUMN, sealed)["text"] if sealed else "")
        for number, day, sealed in session.execute(asked.order_by(CdlpMeeting.day))
    ]


def write_agenda(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    code: str,
    day: date | None,
    text: str,
    now: datetime,
) -> None:
    """Say what a meeting that comes is to speak of; an empty text takes back what was said.

    Raises CommitteeUnknown, TextWrong or ChildNamed.
    """
    check_convenes(session, viewer, code)
    text = _checked(text, may_be_empty=True)
    asked = select(CdlpMeeting.id).where(
        CdlpMeeting.territory_code == code,
        CdlpMeeting.day == day,
        CdlpMeeting.day >= paris_day(now),
    )
    meeting = session.scalar(asked.with_for_update())
    if meeting is None:
        raise CommitteeUnknown
    said = {
        "content": vault.seal_json(AGENDA, meeting, COLUMN, {"text": text}),
        "changed_at": now,
        "changed_by": author.who,
    }
    row = insert(CommitteeAgenda).values(meeting_id=meeting, **said)
    if text:
        session.execute(row.on_conflict_do_update(index_elements=["meeting_id"], set_=said))
    else:
        session.execute(delete(CommitteeAgenda).where(CommitteeAgenda.meeting_id == meeting))
    add(session, vault, author, Action.CLOSED_WRITTEN, str(meeting))


def read_decisions(session: Session, vault: Vault, viewer: Viewer, code: str) -> list[Decision]:
    """Return what was decided, the latest first, for who reads in the place."""
    asked = select(Decided).where(
        Decided.territory_code == code,
        viewer.reads_in_committee(Decided.territory_code),
    )
    latest = asked.order_by(Decided.day.desc(), Decided.made_at.desc(), Decided.id)
    return [
        Decision(row.id, row.day, vault.open_json(DECISION, row.id, COLUMN, row.content)["text"])
        for row in session.scalars(latest)
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

    Raises CommitteeUnknown, DecisionDayWrong, TextWrong, ChildNamed or TooManyDecisions.
    """
    check_convenes(session, viewer, code)
    text, today = _checked(text), paris_day(now)
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
    """Delete decisions of long ago; what meetings were to speak of goes with them."""
    before = paris_day(now - FORGOTTEN_AFTER)
    session.execute(delete(Decided).where(Decided.day < before))


def _checked(text: str, *, may_be_empty: bool = False) -> str:
    said = lines(text)
    if len(said) > TEXT_MAX or not (said or may_be_empty):
        raise TextWrong
    if names_a_child(said):
        raise ChildNamed
    return said
