"""Who asks for an account of a professional: noted, asked by mail whether they did, decided."""

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import Select, and_, delete, false, func, or_, select, update
from sqlalchemy.orm import Session

from app.accounts import inviting, people, professionals, request_caps
from app.accounts.deciders import Decider
from app.accounts.errors import AccountUnknown, MailMalformed, RequestDecided, RequestLinkEnded
from app.accounts.people import TOKEN_BYTES, Person, token_digest
from app.accounts.professionals import Practice
from app.inbox.message import AccessAsked
from app.models import AccessRequest, Role, Territory, Withdrawal
from app.platform.database.sessions import among
from app.platform.mail.waiting import is_due_again
from app.vault.lenient import Unread, leniently
from app.vault.sealing import Vault

TABLE = AccessRequest.__tablename__
LINK_FOR = timedelta(hours=72)
# What nobody confirmed, and what nobody decided.
UNCONFIRMED_FOR, UNDECIDED_FOR = timedelta(days=7), timedelta(days=183)
# Looked at in one round of the worker.
AT_ONCE = 200
# As what the register of withdrawals knows one.
WITHDRAWN = "access"
# Of a mail: what its server made of it.
Became = Literal["sent", "later", "never"]
GIVEN = ("name", "mail", "organisation", "siret", "function")


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, as they wrote it. since: when they said by a link that they do, or their message
    came. unread: what they wrote does not open.
    """

    id: UUID
    name: str
    mail: str
    organisation: str
    siret: str
    function: str
    territory: str
    since: datetime
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Approved:
    """Whose access was approved. token: of their invitation, "" where they had an account."""

    person: Person
    token: str


def add(session: Session, vault: Vault, asked: AccessAsked, received_at: datetime) -> None:
    """Note who asks, beside others of the same mailbox, of which each may be a stranger's until a
    link is followed; nothing where no territory is theirs.
    """
    try:
        mail = people.valid_mail(asked.mail)
    except MailMalformed:
        return
    if session.get(Territory, asked.territory) is None:
        return
    number = uuid4()
    content = asked.model_dump(include=set(GIVEN)) | {"mail": mail}
    row = AccessRequest(
        id=number,
        login=number.bytes,
        mailbox=request_caps.counted_by(session, vault, mail).mailbox,
        content=vault.seal_json(TABLE, number, "content", content),
        territory_code=asked.territory,
        received_at=received_at,
    )
    session.add(row)


def to_ask(session: Session, now: datetime, but: Collection[UUID] = ()) -> list[UUID]:
    """Return the requests whose mail was not sent yet, the newest first: its sender waits for it,
    and whom a flood keeps back comes after, and what was tried before, or was over a cap.

    but: those that were looked at already.
    """
    row = AccessRequest
    unasked = (row.asked_at.is_(None), row.confirmed_at.is_(None), ~among(row.id, but))
    due = select(row.id).where(*unasked, is_due_again(row.tried_at, row.received_at, now))
    newest = due.order_by(row.tried_at.nulls_first(), row.received_at.desc())
    return list(session.scalars(newest.limit(AT_ONCE)))


def ask(session: Session, vault: Vault, number: UUID, now: datetime) -> tuple[Asker, str] | None:
    """Return whom to write to, and the token of their link; None where it was sent meanwhile, or
    so many were that it has to wait, behind all that was not looked at yet. Raises NotOpened.
    """
    row = session.get(AccessRequest, number, with_for_update=True)
    if row is None or row.asked_at is not None or row.confirmed_at is not None:
        return None
    asker = _asker(vault, row)
    if not request_caps.allows(session, request_caps.counted_by(session, vault, asker.mail), now):
        row.tried_at = now
        return None
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row.token = token_digest(token)
    return asker, token


def step_back(session: Session, number: UUID, now: datetime) -> None:
    """Try one that did not open less and less often, as one that no server took or over a cap."""
    own = update(AccessRequest).where(AccessRequest.id == number)
    session.execute(own.values(tried_at=now))


def note_tried(
    session: Session,
    vault: Vault,
    asker: Asker,
    became: Became,
    now: datetime,
) -> None:
    """Note what a server made of the mail of a request: one that it will never take is the end."""
    request_caps.count(session, request_caps.counted_by(session, vault, asker.mail), now)
    row = session.get(AccessRequest, asker.id, with_for_update=True)
    if row is None or row.confirmed_at is not None:
        return
    if became == "never":
        session.delete(row)
    elif became == "sent":
        row.asked_at = now
    else:
        row.tried_at = now


def find(session: Session, vault: Vault, token: str, now: datetime) -> Asker:
    """Return who asks by the link of a mail; raise RequestLinkEnded, whatever the reason."""
    return _asker(vault, _by_link(session, token, now))


def confirm(session: Session, token: str, now: datetime) -> None:
    """Say that one asked, by the link of a mail, once; raise RequestLinkEnded."""
    mailbox = _by_link(session, token, now).mailbox
    # One that a former release read has none yet, and is no other one's.
    of_mailbox = false() if mailbox is None else AccessRequest.mailbox == mailbox
    # All of a mailbox in one order: of two links that are followed at once one goes first.
    same = select(AccessRequest.id).where(of_mailbox).order_by(AccessRequest.id)
    session.execute(same.with_for_update())
    row = _by_link(session, token, now, lock=True)
    row.confirmed_at, row.token = now, None
    others = (of_mailbox, AccessRequest.id != row.id)
    gone = session.scalars(delete(AccessRequest).where(*others).returning(AccessRequest.id))
    _note_gone(session, gone.all())


def disown(session: Session, token: str, now: datetime) -> None:
    """Say that one did not ask: nothing of it stays; raise RequestLinkEnded."""
    row = _by_link(session, token, now, lock=True)
    session.delete(row)
    _note_gone(session, [row.id])


def _note_gone(session: Session, numbers: Iterable[UUID]) -> None:
    """Have the register say that requests are gone, so that no restored backup brings them back."""
    session.add_all(Withdrawal(what=WITHDRAWN, subject=str(each), how="") for each in numbers)


def _by_link(session: Session, token: str, now: datetime, *, lock: bool = False) -> AccessRequest:
    statement = select(AccessRequest).where(
        AccessRequest.token == token_digest(token),
        or_(AccessRequest.asked_at.is_(None), AccessRequest.asked_at > now - LINK_FOR),
    )
    row = session.scalar(statement.with_for_update() if lock else statement)
    if row is None:
        raise RequestLinkEnded
    return row


def waiting(session: Session, vault: Vault, decider: Decider) -> list[Asker]:
    """Return who confirmed that they ask, and waits for somebody, the oldest first; of what does
    not open, that it does not. Raises KeyMissing where nothing does.
    """
    vault = leniently(session, vault)
    rows = select(AccessRequest).where(decider.decides())
    found = session.scalars(rows.order_by(AccessRequest.confirmed_at, AccessRequest.id))
    return [_asker(vault, row) for row in found]


def counting(decider: Decider) -> Select[int]:
    """Return the question how many wait for somebody."""
    return select(func.count()).select_from(AccessRequest).where(decider.decides())


def approve(
    session: Session,
    vault: Vault,
    number: UUID,
    decider: Decider,
    *,
    by: str,
    practice: Practice,
) -> Approved:
    """Make the account of who asks, as whoever approves it says what they do, and why.

    Where their address has one, it has their territory too, if it is a professional's: whoever
    approves is told the same. Raises RequestDecided, PracticeMissing or NameMissing, before it
    looks for one; MailTaken where somebody made it meanwhile.
    """
    row = _theirs(session, number, decider)
    asker, practice = _asker(vault, row), practice.checked()
    people.valid_name(asker.name)
    session.delete(row)
    try:
        known = people.find_by_mail(session, vault, asker.mail)
    except AccountUnknown:
        account = professionals.create(
            session,
            vault,
            mail=asker.mail,
            name=asker.name,
            practice=practice,
            territories=[asker.territory],
            by=by,
            now=decider.now,
            number=row.id,
        )
        token = inviting.invite(session, account, by, decider.now)
        return Approved(people.read_person(vault, account), token)
    if known.role == Role.PROFESSIONNEL and known.disabled_at is None:
        known.territories = sorted({*known.territories, asker.territory})
    return Approved(people.read_person(vault, known), "")


def refuse(session: Session, vault: Vault, number: UUID, decider: Decider) -> Asker:
    """Leave nothing of a request, and return whose it was, if that opens; raise RequestDecided."""
    row = _theirs(session, number, decider)
    session.delete(row)
    _note_gone(session, [row.id])
    return _asker(leniently(session, vault), row)


def held(session: Session, vault: Vault, mail: str) -> list[Asker]:
    """Return all that is held of requests that name the mailbox of somebody, whoever wrote it."""
    return [_asker(vault, row) for row in session.scalars(_of_mailbox(session, vault, mail))]


def forget(session: Session, vault: Vault, mail: str) -> int:
    """Leave nothing of the requests that name the mailbox of somebody; return how many."""
    rows = session.scalars(_of_mailbox(session, vault, mail).with_for_update()).all()
    for row in rows:
        session.delete(row)
    _note_gone(session, [row.id for row in rows])
    return len(rows)


def _of_mailbox(session: Session, vault: Vault, mail: str) -> Select[AccessRequest]:
    mailbox = request_caps.counted_by(session, vault, mail).mailbox
    return select(AccessRequest).where(AccessRequest.mailbox == mailbox).order_by(AccessRequest.id)


def note_mailboxes(session: Session, vault: Vault) -> None:
    """Note whose mailbox asks, of requests that a former release read."""
    unnoted = select(AccessRequest).where(AccessRequest.mailbox.is_(None))
    for row in session.scalars(unnoted).all():
        row.mailbox = request_caps.counted_by(session, vault, _asker(vault, row).mail).mailbox


def forget_old(session: Session, now: datetime) -> None:
    """Delete what nobody confirmed or decided in time."""
    unconfirmed = and_(
        AccessRequest.confirmed_at.is_(None), AccessRequest.received_at < now - UNCONFIRMED_FOR
    )
    undecided = AccessRequest.confirmed_at < now - UNDECIDED_FOR
    session.execute(delete(AccessRequest).where(or_(unconfirmed, undecided)))
    request_caps.forget_counted(session, now)


def _theirs(session: Session, number: UUID, decider: Decider) -> AccessRequest:
    here = and_(AccessRequest.id == number, decider.decides())
    row = session.scalar(select(AccessRequest).where(here).with_for_update())
    if row is None:
        raise RequestDecided
    return row


def _asker(vault: Vault, row: AccessRequest) -> Asker:
    said = vault.open_json(TABLE, row.id, "content", row.content)
    given = {name: said[name] for name in GIVEN}
    since = row.confirmed_at or row.received_at
    unread = isinstance(said, Unread)
    return Asker(id=row.id, territory=row.territory_code, since=since, unread=unread, **given)
