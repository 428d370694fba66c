"""The closed place of a CDLP: who is invited by the référent of the State, accepts, sits, leaves.

Who reads is asked by each statement, not only at the gate. An invitation is of a mail address: who
signs in with the account of this address accepts it, once; nothing says whether there is one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.people import login_of, valid_mail
from app.audit.actions import Action
from app.audit.journal import Author, add
from app.models import Account, CommitteeMember, Territory
from app.network.committee_errors import (
    AlreadySeated,
    CommitteeUnknown,
    FunctionWrong,
    TooManySeats,
)
from app.network.screening import check_text, shown_now
from app.platform.database.sessions import hold
from app.resources.texts import line
from app.vault.lenient import LABEL, leniently
from app.vault.sealing import Vault
from app.visibility import Viewer
from app.visible.asking import Asker
from app.visible.committees import invited, is_excluded, still_sits

TABLE, COLUMN = CommitteeMember.__tablename__, "content"
INVITED_FOR = timedelta(days=14)
# Who is invited again has another mail no sooner.
AGAIN = timedelta(days=1)
FUNCTION_MAX, MOST_SEATS = 120, 200
# Of those who invite at once one goes after the other.
SEATS_LOCK = 230044
Row = CommitteeMember


@dataclass(frozen=True, slots=True)
class Room:
    """The place of a territory, by its code and name. convenes: whether its reader does."""

    code: str
    name: str
    convenes: bool


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who sits there. function: "" where it names somebody hidden by now; mail: for who
    convenes alone.
    """

    id: UUID
    name: str
    function: str
    mail: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who was invited, as who convenes reads it: the same whoever has an account."""

    id: UUID
    mail: str
    function: str
    ends_at: datetime


def read_room(session: Session, viewer: Viewer, code: str) -> Room:
    """Return a place that somebody reads in; raise the same CommitteeUnknown for any other."""
    asked = select(Territory.name, viewer.convenes_committee(Territory.code)).where(
        Territory.code == code, viewer.reads_in_committee(Territory.code)
    )
    found = session.execute(asked).one_or_none()
    if found is None:
        raise CommitteeUnknown
    return Room(code, found[0], found[1])


def check_convenes(session: Session, viewer: Viewer, code: str) -> None:
    """Raise CommitteeUnknown unless somebody convenes a CDLP."""
    own = (Territory.code == code, viewer.convenes_committee(Territory.code))
    if session.scalar(select(Territory.code).where(*own)) is None:
        raise CommitteeUnknown


def read_rooms(session: Session, viewer: Viewer) -> list[tuple[str, str]]:
    """Return the places that somebody reads in, by code and name."""
    own = select(Territory.code, Territory.name).where(viewer.reads_in_committee(Territory.code))
    return [(code, name) for code, name in session.execute(own.order_by(Territory.code))]


def read_invitations(session: Session, asker: Asker) -> list[tuple[str, str, datetime]]:
    """Return where somebody is invited, and until when."""
    asked = (
        select(Territory.code, Territory.name, Row.ends_at)
        .join(Row, Row.territory_code == Territory.code)
        .where(invited(asker))
    )
    return [(row[0], row[1], row[2]) for row in session.execute(asked.order_by(Territory.code))]


def read_seats(
    session: Session, vault: Vault, viewer: Viewer, code: str, now: datetime
) -> list[Seat]:
    """Return who sits in a place, by name, of whom an account lets in now; what of one does not
    open says so in its place.
    """
    vault = leniently(session, vault)
    own = viewer.asker.account if viewer.asker else None
    convenes = viewer.convenes_committee(Row.territory_code)
    asked = (
        select(Row, Account, convenes)
        .join(Account, still_sits(now))
        .where(
            Row.territory_code == code,
            viewer.reads_in_committee(Row.territory_code),
        )
    )
    rows = session.execute(asked).all()
    said = _said(session, vault, [row for row, *_ in rows])
    found = []
    for row, account, reads_mail in rows:
        mail, function = said[row.id]
        name = vault.open_json("account", account.id, "person", account.person)["name"]
        mail = mail if reads_mail and mail != LABEL else ""
        found.append(Seat(row.id, name, function, mail, account.id == own))
    return sorted(found, key=lambda each: (each.name.casefold(), each.id))


def read_invited(
    session: Session, vault: Vault, viewer: Viewer, code: str, now: datetime
) -> list[Invited]:
    """Return who is invited and did not answer, as above; nobody to who does not convene."""
    vault = leniently(session, vault)
    asked = select(Row).where(
        Row.territory_code == code,
        Row.joined_at.is_(None),
        Row.ends_at > now,
        viewer.convenes_committee(Row.territory_code),
    )
    rows = session.scalars(asked.order_by(Row.invited_at, Row.id)).all()
    said = _said(session, vault, rows)
    return [Invited(row.id, *said[row.id], row.ends_at) for row in rows]


def invite(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    code: str,
    mail: str,
    function: str,
    now: datetime,
) -> None:
    """Invite a mail address for two weeks, anew where it is invited already.

    Raises CommitteeUnknown, MailMalformed, FunctionWrong, ChildNamed, PlaceNamed, AlreadySeated
    or TooManySeats.
    """
    check_convenes(session, viewer, code)
    mail, function = valid_mail(mail), line(function)
    if not 0 < len(function) <= FUNCTION_MAX:
        raise FunctionWrong
    check_text(session, vault, function)
    hold(session, SEATS_LOCK)
    session.execute(
        delete(Row).where(
            Row.territory_code == code,
            Row.joined_at.is_(None),
            Row.ends_at <= now,
        )
    )
    mailbox = login_of(session, vault, mail)
    same = (Row.territory_code == code, Row.mailbox == mailbox)
    row = session.scalar(select(Row).where(*same).with_for_update())
    if row is not None and row.joined_at is not None:
        raise AlreadySeated
    if row is None:
        seats = select(func.count()).select_from(Row)
        if session.scalars(seats.where(Row.territory_code == code)).one() >= MOST_SEATS:
            raise TooManySeats
        row = Row(id=uuid4(), territory_code=code, mailbox=mailbox)
        session.add(row)
    elif row.mailed_at is not None and row.mailed_at <= now - AGAIN:
        row.mailed_at = None
    said = {"mail": mail, "function": function}
    row.content = vault.seal_json(TABLE, row.id, COLUMN, said)
    row.invited_at, row.invited_by, row.ends_at = now, author.who, now + INVITED_FOR
    session.flush()
    add(session, vault, author, Action.CLOSED_INVITED, str(row.id))


def join(session: Session, vault: Vault, author: Author, asker: Asker, code: str) -> None:
    """Accept an invitation, once; raise CommitteeUnknown."""
    # Whoever excludes them meanwhile finds the seat, or is found.
    session.execute(select(Account.id).where(Account.id == asker.account).with_for_update())
    asked = select(Row).where(Row.territory_code == code, invited(asker))
    row = session.scalar(asked.with_for_update())
    if row is None:
        raise CommitteeUnknown
    row.account_id, row.joined_at = asker.account, asker.at
    session.flush()
    add(session, vault, author, Action.CLOSED_ENTERED, str(row.id))


def leave(session: Session, vault: Vault, author: Author, asker: Asker, code: str) -> None:
    """Leave nothing of somebody's seat, or of the invitation that they refuse."""
    own = or_(Row.account_id == asker.account, invited(asker))
    gone = delete(Row).where(Row.territory_code == code, own)
    for each in session.scalars(gone.returning(Row.id)).all():
        add(session, vault, author, Action.CLOSED_LEFT, str(each))


def take_out(
    session: Session, vault: Vault, viewer: Viewer, author: Author, code: str, seat: UUID
) -> None:
    """Take somebody out, or an invitation back; raise CommitteeUnknown."""
    check_convenes(session, viewer, code)
    gone = delete(Row).where(Row.territory_code == code, Row.id == seat)
    for each in session.scalars(gone.returning(Row.id)).all():
        add(session, vault, author, Action.CLOSED_TAKEN_OUT, str(each))


def held(session: Session, vault: Vault, account: UUID, now: datetime) -> list[dict[str, str]]:
    """Return what is held on somebody's seats, and on what invites the address of their account: of
    an invitation that they can answer no more neither where it is, nor as what.
    """
    login = select(Account.login).where(Account.id == account).scalar_subquery()
    waits = and_(Row.joined_at.is_(None), Row.mailbox == login)
    over = and_(Row.joined_at.is_(None), or_(Row.ends_at <= now, is_excluded()))
    asked = select(Row, over).where(or_(Row.account_id == account, waits))
    rows = session.execute(asked.order_by(Row.territory_code)).all()
    said = _said(session, vault, [row for row, _ in rows])
    return [
        {
            "mail": said[row.id][0],
            "function": "" if is_over else said[row.id][1],
            "territoire": "" if is_over else row.territory_code,
            "invite_le": row.invited_at.isoformat(),
            "accepte_le": row.joined_at.isoformat() if row.joined_at else "",
        }
        for row, is_over in rows
    ]


def _said(session: Session, vault: Vault, rows: Iterable[Row]) -> dict[UUID, tuple[str, str]]:
    """Return the mail and the function of seats, by their ids; "" of what was erased, and of a
    function that names somebody hidden by now.
    """
    opened = {row.id: vault.open_json(TABLE, row.id, COLUMN, row.content) for row in rows}
    functions = {each: said["function"] or "" for each, said in opened.items()}
    shown = shown_now(session, vault, functions)
    return {each: (said["mail"] or "", shown[each]) for each, said in opened.items()}


def forget_old(session: Session, now: datetime) -> None:
    """Delete the invitations that nobody accepted in time."""
    over = (Row.joined_at.is_(None), Row.ends_at <= now)
    session.execute(delete(Row).where(*over))
