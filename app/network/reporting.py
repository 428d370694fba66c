"""A member reports a text that they were sent: whoever wrote it sends them nothing more, and the
matter is before the desk, which reads the text only where it was attached.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.accounts import people
from app.audit.actions import Action
from app.audit.journal import Author, add
from app.cataloguing.screening import withheld_of
from app.models import MemberMessage, MemberReport
from app.network.errors import MessageUnknown, ReportUnknown, ReportWrong
from app.network.members import check_member, hold_member
from app.network.messages import SENT, block, hold_accounts, readable
from app.network.screening import shown_now
from app.resources.texts import lines
from app.vault.lenient import leniently
from app.vault.sealing import Vault
from app.visible.asking import Asker

TABLE, COLUMN = MemberReport.__tablename__, "content"
WHY_MAX = 1_000
FORGOTTEN_AFTER = timedelta(days=182)
# Reports that a page of the desk shows.
MOST = 50
Row = MemberReport


@dataclass(frozen=True, slots=True)
class Report:
    """What waits for the desk. text: "" where it was not attached; masked: something of it names
    somebody hidden by now, and is not shown.
    """

    id: UUID
    reported: str
    reported_id: UUID
    by: str
    at: datetime
    why: str
    text: str
    masked: bool


def report(
    session: Session,
    vault: Vault,
    author: Author,
    asker: Asker,
    message: UUID,
    why: str,
    *,
    attaches: bool,
) -> None:
    """Report who wrote a message, once, and block them.

    Raises NotMember, MessageUnknown, MemberUnknown or ReportWrong.
    """
    # Whoever was excluded, or left, reads of no message, and says nothing of who wrote one.
    check_member(session, asker.account, asker.at)
    row = session.get(MemberMessage, message)
    if row is None or row.recipient_id != asker.account or row.state not in SENT:
        raise MessageUnknown
    hold_accounts(session, asker.account, row.sender_id)
    hold_member(session, asker.account, asker.at)
    why = lines(why)
    if not 0 < len(why) <= WHY_MAX:
        raise ReportWrong
    block(session, asker.account, row.sender_id, asker.at)
    text = readable(session, vault, (row,))[row.id] if attaches else ""
    said = vault.seal_json(TABLE, row.id, COLUMN, {"why": why, "text": text})
    values: dict[str, Any] = {
        "id": row.id,
        "sender_id": row.sender_id,
        "recipient_id": row.recipient_id,
    }
    values |= {"content": said, "made_at": asker.at}
    added = insert(Row).values(values).on_conflict_do_nothing().returning(Row.id)
    if session.scalar(added) is not None:
        add(session, vault, author, Action.MEMBER_REPORTED, str(row.id))


def counting() -> Select[int]:
    """Return what counts the reports that wait."""
    return select(func.count()).select_from(Row).where(Row.decided_at.is_(None))


def read_waiting(session: Session, vault: Vault) -> list[Report]:
    """Return the reports that wait, the oldest first; what does not open says so in its place.

    Raises KeyMissing where nothing does.
    """
    vault = leniently(session, vault)
    asked = select(Row).where(Row.decided_at.is_(None)).order_by(Row.made_at, Row.id).limit(MOST)
    rows = session.scalars(asked).all()
    said = {row.id: vault.open_json(TABLE, row.id, COLUMN, row.content) for row in rows}
    parts = ("why", "text")
    texts = {(number, name): each[name] or "" for number, each in said.items() for name in parts}
    hidden = withheld_of(session, vault, texts)
    shown = {key: "" if key in hidden else text for key, text in texts.items()}
    names = {
        each: people.read(session, vault, each).name
        for each in {*(row.sender_id for row in rows), *(row.recipient_id for row in rows)}
    }
    return [
        Report(
            row.id,
            names[row.sender_id],
            row.sender_id,
            names[row.recipient_id],
            row.made_at,
            shown[row.id, "why"],
            shown[row.id, "text"],
            any(number == row.id for number, _ in hidden),
        )
        for row in rows
    ]


def decide(session: Session, vault: Vault, author: Author, report: UUID, now: datetime) -> None:
    """Note that somebody of the desk dealt with a report; raise ReportUnknown."""
    row = session.get(Row, report, with_for_update=True)
    if row is None or row.decided_at is not None:
        raise ReportUnknown
    row.decided_at, row.decided_by = now, author.who
    session.flush()
    add(session, vault, author, Action.MEMBER_REPORT_DECIDED, str(row.id))


def forget_old(session: Session, now: datetime) -> None:
    """Delete reports of which somebody decided half a year ago."""
    session.execute(delete(Row).where(Row.decided_at <= now - FORGOTTEN_AFTER))


def held(session: Session, vault: Vault, account: UUID) -> list[dict[str, str]]:
    """Return what somebody wrote as they reported others; of the text of one of these nothing where
    it names somebody hidden by now.
    """
    own = select(Row).where(Row.recipient_id == account).order_by(Row.made_at)
    rows = session.scalars(own).all()
    said = {row.id: vault.open_json(TABLE, row.id, COLUMN, row.content) for row in rows}
    shown = shown_now(session, vault, {each: said[each]["text"] or "" for each in said})
    return [
        {"le": row.made_at.isoformat()} | said[row.id] | {"text": shown[row.id]} for row in rows
    ]
