"""What is written in the place of a CDLP: what its next meeting speaks of, and what it decided.

Who convenes writes, all who sit there read. A text that names a child is stored nowhere, nor is one
that names a hidden place; who is hidden since takes a text from its readers as it is read.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author, add
from app.cataloguing.screening import screen_texts
from app.models import CdlpMeeting, CommitteeAgenda, CommitteeDecision, Territory
from app.network.children import names_a_child
from app.network.committee_errors import (
    ChildNamed,
    CommitteeUnknown,
    DecisionDayWrong,
    PlaceNamed,
    TextWrong,
    TooManyDecisions,
)
from app.network.committees import check_convenes
from app.resources.texts import lines
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.zones import paris_day

AGENDA, DECISION, COLUMN = "committee_agenda", "committee_decision", "content"
TEXT_MAX, MOST_DECISIONS = 2_000, 1_000
# So few that all are looked through again at each reading.
PAGE_SIZE, MOST_COMING = 10, 4
# As what was confirmed at its meetings.
FORGOTTEN_AFTER = timedelta(days=5 * 365)
Decided = CommitteeDecision
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting that comes, and what it is to speak of; "" where nobody has said so.

    masked: it was said, and names somebody who is hidden by now.
    """

    day: date
    text: str
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided at the meeting of a day; "" where it names somebody hidden by now."""

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
    found = {
        day: vault.open_json(AGENDA, number, COLUMN, sealed)["text"] if sealed else ""
        for number, day, sealed in session.execute(
            asked.order_by(CdlpMeeting.day).limit(MOST_COMING)
        )
    }
    shown = _shown(session, vault, found)
    return [Meeting(day, shown[day], bool(text) and not shown[day]) for day, text in found.items()]


def read_meetings(session: Session, viewer: Viewer, now: datetime) -> list[tuple[str, str, date]]:
    """Return code and name of each territory in whose place somebody reads, and when its CDLP
    meets, the next first.
    """
    asked = (
        select(Territory.code, Territory.name, CdlpMeeting.day)
        .join(Territory, Territory.code == CdlpMeeting.territory_code)
        .where(
            CdlpMeeting.day >= paris_day(now),
            viewer.reads_in_committee(CdlpMeeting.territory_code),
        )
    )
    rows = session.execute(asked.order_by(CdlpMeeting.day, Territory.code))
    return [(code, name, day) for code, name, day in rows]


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

    Raises CommitteeUnknown, TextWrong, ChildNamed or PlaceNamed.
    """
    check_convenes(session, viewer, code)
    text = _checked(session, vault, text, may_be_empty=True)
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
    found = {
        row.id: (row.day, vault.open_json(DECISION, row.id, COLUMN, row.content)["text"])
        for row in session.scalars(latest)
    }
    shown = _shown(session, vault, {number: text for number, (_, text) in found.items()})
    return [Decision(number, day, shown[number]) for number, (day, _) in found.items()]


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
    text, today = _checked(session, vault, text), paris_day(now)
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


def _readable(viewer: Viewer, code: str) -> tuple[ColumnElement[bool], ...]:
    return Decided.territory_code == code, viewer.reads_in_committee(Decided.territory_code)


def _shown(session: Session, vault: Vault, texts: Mapping[Key, str]) -> dict[Key, str]:
    """Return texts as they may be read now: "" for what names somebody hidden."""
    fields = {str(key): text for key, text in texts.items() if text}
    hidden = {each.field for each in screen_texts(session, vault, fields)} if fields else set()
    return {key: "" if str(key) in hidden else text for key, text in texts.items()}


def _checked(session: Session, vault: Vault, text: str, *, may_be_empty: bool = False) -> str:
    said = lines(text)
    if len(said) > TEXT_MAX or not (said or may_be_empty):
        raise TextWrong
    if names_a_child(said):
        raise ChildNamed
    if said and screen_texts(session, vault, {"text": said}):
        raise PlaceNamed
    return said
