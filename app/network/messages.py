"""A text of a member to another one: it waits, sealed, until the worker sends it.

Neither reads the address of the other, and nobody is told whether it left.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.cataloguing.screening import hidden_of
from app.models import Account, MemberBlock, MemberMessage, MemberReport, NetworkMember
from app.network import directory
from app.network.directory import Member
from app.network.errors import (
    MemberUnknown,
    MessageWrong,
    NotMember,
    OwnBlock,
    WrittenTooOften,
)
from app.network.screening import check_child
from app.resources.texts import lines
from app.vault.sealing import Vault
from app.visibility import Viewer
from app.visible.asking import Asker

TABLE, COLUMN = MemberMessage.__tablename__, "content"
TEXT_MAX = 2_000
MOST_A_DAY, DAY = 10, timedelta(days=1)
# A text that no server takes for so long is erased, as one that left is after a week.
WAITS_FOR, TEXT_FOR = timedelta(days=3), timedelta(days=7)
# Who it is from is known for as long as one may answer from the list of those received.
RECEIVED_FOR = timedelta(days=30)
SENT = ("left", "doubt")
Row = MemberMessage


@dataclass(frozen=True, slots=True)
class Received:
    """A text that a member was sent. sender: None where they are no member any more. text: ""
    once it is erased, or where it names somebody hidden by now.
    """

    id: UUID
    sender: Member | None
    at: datetime
    text: str
    is_reported: bool


def write_to(session: Session, vault: Vault, asker: Asker, recipient: UUID, text: str) -> None:
    """Keep a text until it leaves: the same whatever becomes of it.

    Raises NotMember, MemberUnknown, OwnBlock, MessageWrong, ChildNamed or WrittenTooOften.
    """
    viewer = Viewer.professional(asker)
    if directory.read_member(session, vault, viewer, {}, recipient).is_own:
        raise MemberUnknown
    if blocks(session, asker.account, recipient):
        raise OwnBlock
    text = lines(text)
    if not 0 < len(text) <= TEXT_MAX:
        raise MessageWrong
    check_child(session, text)
    hold_accounts(session, asker.account, recipient)
    # Of those who send at once one goes after the other.
    session.get(NetworkMember, asker.account, with_for_update=True)
    since = (Row.sender_id == asker.account, Row.made_at > asker.at - DAY)
    if session.scalars(select(func.count()).where(*since)).one() >= MOST_A_DAY:
        raise WrittenTooOften
    row = Row(id=uuid4(), sender_id=asker.account, recipient_id=recipient)
    row.content = vault.seal_json(TABLE, row.id, COLUMN, {"text": text})
    row.state, row.made_at, row.at = "waits", asker.at, asker.at
    session.add(row)
    session.flush()


def hold_accounts(session: Session, *accounts: UUID) -> None:
    """Have nobody delete some people until this ends; raise MemberUnknown where one is gone.

    Before any row of a member is held: whoever deletes them holds the account first.
    """
    asked = select(Account.id).where(Account.id.in_(accounts)).order_by(Account.id)
    held = session.scalars(asked.with_for_update(read=True, key_share=True)).all()
    if len(held) < len(set(accounts)):
        raise MemberUnknown


def blocks(session: Session, account: UUID, other: UUID) -> bool:
    """Say whether somebody wants no text of somebody else."""
    return session.get(MemberBlock, (account, other)) is not None


def block(session: Session, account: UUID, other: UUID, now: datetime) -> None:
    """Send somebody nothing more of somebody else, what waits included; raise MemberUnknown."""
    hold_accounts(session, account, other)
    # Held by who sends while they look whether it may leave.
    session.get(NetworkMember, account, with_for_update=True)
    row = {"account_id": account, "blocked_id": other, "made_at": now}
    session.execute(insert(MemberBlock).values(row).on_conflict_do_nothing())


def unblock(session: Session, account: UUID, other: UUID) -> None:
    """Let somebody write again."""
    both = (MemberBlock.account_id == account, MemberBlock.blocked_id == other)
    session.execute(delete(MemberBlock).where(*both))


def read_received(session: Session, vault: Vault, asker: Asker) -> list[Received]:
    """Return what a member was sent these days, the latest first; raise NotMember."""
    viewer, reported = Viewer.professional(asker), MemberReport.id == Row.id
    # Whoever is no member reads of none.
    directory.read_member(session, vault, viewer, {}, asker.account)
    asked = (
        select(Row, MemberReport.id)
        .outerjoin(MemberReport, reported)
        .where(Row.recipient_id == asker.account, Row.state.in_(SENT))
        .order_by(Row.at.desc(), Row.id)
    )
    rows = session.execute(asked).all()
    texts = readable(session, vault, (row for row, _ in rows))
    senders = _members(session, vault, viewer, {row.sender_id for row, _ in rows})
    return [
        Received(row.id, senders.get(row.sender_id), row.at, texts[row.id], report is not None)
        for row, report in rows
    ]


def readable(session: Session, vault: Vault, rows: Iterable[Row]) -> dict[UUID, str]:
    """Return the texts of messages, by their ids; "" of what is erased, or names somebody hidden
    by now.
    """
    texts = {row.id: text_of(vault, row) for row in rows}
    hidden = hidden_of(session, vault, texts)
    return {number: "" if number in hidden else text for number, text in texts.items()}


def text_of(vault: Vault, row: Row) -> str:
    """Return a text; "" once it is erased."""
    if row.content is None:
        return ""
    said: str | None = vault.open_json(TABLE, row.id, COLUMN, row.content)["text"]
    return said or ""


def end_waiting(session: Session, account: UUID, now: datetime) -> None:
    """Send nothing more of what somebody wrote, or of what is to be sent to them."""
    own = or_(Row.sender_id == account, Row.recipient_id == account)
    never = {"state": "never", "content": None, "at": now}
    session.execute(update(Row).where(own, Row.state == "waits").values(never))


def forget_old(session: Session, now: datetime) -> None:
    """Erase texts that waited too long, or left or were held back a while ago, then the rest."""
    never = {"state": "never", "content": None, "at": now}
    waits = (Row.state == "waits", Row.made_at <= now - WAITS_FOR)
    session.execute(update(Row).where(*waits).values(never))
    left = (Row.state != "waits", Row.at <= now - TEXT_FOR, Row.content.is_not(None))
    session.execute(update(Row).where(*left).values(content=None))
    session.execute(delete(Row).where(Row.made_at <= now - RECEIVED_FOR))


def held(session: Session, vault: Vault, account: UUID) -> dict[str, list[dict[str, str]]]:
    """Return what is held on somebody: what they wrote, and whom they block, by their numbers."""
    wrote = select(Row).where(Row.sender_id == account).order_by(Row.made_at)
    blocked = select(MemberBlock).where(MemberBlock.account_id == account)
    return {
        "messages_ecrits": [
            {
                "a": str(row.recipient_id),
                "le": row.made_at.isoformat(),
                "texte": text_of(vault, row),
            }
            for row in session.scalars(wrote)
        ],
        "bloques": [
            {"qui": str(row.blocked_id), "le": row.made_at.isoformat()}
            for row in session.scalars(blocked)
        ],
    }


def _members(
    session: Session, vault: Vault, viewer: Viewer, accounts: Iterable[UUID]
) -> dict[UUID, Member]:
    found = {}
    for each in accounts:
        try:
            found[each] = directory.read_member(session, vault, viewer, {}, each)
        except (MemberUnknown, NotMember):
            continue
    return found
