"""Who asks for an account of a professional: noted, asked by mail whether they did, decided."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Select, and_, any_, delete, exists, false, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.accounts import inviting, people, professionals
from app.accounts.errors import MailMalformed, RequestDecided, RequestLinkEnded
from app.accounts.people import TOKEN_BYTES, Person, token_digest
from app.inbox.message import AccessAsked
from app.models import AccessRequest, Account, Role, Territory
from app.platform.database.sessions import among
from app.vault.sealing import Vault

TABLE = AccessRequest.__tablename__
LINK_FOR = timedelta(hours=72)
# What nobody confirmed, and what nobody decided.
UNCONFIRMED_FOR, UNDECIDED_FOR = timedelta(days=7), timedelta(days=183)
GIVEN = ("name", "mail", "organisation", "siret", "function")


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, as they wrote it. since: when they said by a link that they do, or their message
    came.
    """

    id: UUID
    name: str
    mail: str
    organisation: str
    siret: str
    function: str
    territory: str
    since: datetime


def add(session: Session, vault: Vault, asked: AccessAsked, received_at: datetime) -> None:
    """Note who asks; nothing where one of this address waits already, or no territory is theirs."""
    try:
        mail = people.valid_mail(asked.mail)
    except MailMalformed:
        return
    if session.get(Territory, asked.territory) is None:
        return
    number = uuid4()
    content = asked.model_dump(include=set(GIVEN)) | {"mail": mail}
    row = insert(AccessRequest).values(
        id=number,
        login=people.login_of(session, vault, mail),
        content=vault.seal_json(TABLE, number, "content", content),
        territory_code=asked.territory,
        received_at=received_at,
    )
    session.execute(row.on_conflict_do_nothing(index_elements=["login"]))


def to_ask(session: Session) -> list[UUID]:
    """Return the requests whose mail was not sent yet."""
    unasked = select(AccessRequest.id).where(AccessRequest.asked_at.is_(None))
    return list(session.scalars(unasked.order_by(AccessRequest.received_at)))


def ask(session: Session, vault: Vault, number: UUID) -> tuple[Asker, str] | None:
    """Return whom to write to, and the token of their link; None where it was sent meanwhile."""
    row = session.get(AccessRequest, number, with_for_update=True)
    if row is None or row.asked_at is not None:
        return None
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row.token = token_digest(token)
    return _asker(vault, row), token


def note_sent(session: Session, number: UUID, now: datetime) -> None:
    """Note that the mail of a request is on its way."""
    row = session.get(AccessRequest, number, with_for_update=True)
    if row is not None:
        row.asked_at = now


def find(session: Session, vault: Vault, token: str, now: datetime) -> Asker:
    """Return who asks by the link of a mail; raise RequestLinkEnded, whatever the reason."""
    return _asker(vault, _by_link(session, token, now))


def confirm(session: Session, token: str, now: datetime) -> None:
    """Say that one asked, by the link of a mail, once; raise RequestLinkEnded."""
    row = _by_link(session, token, now, lock=True)
    row.confirmed_at, row.token = now, None


def disown(session: Session, token: str, now: datetime) -> None:
    """Say that one did not ask: nothing of it stays; raise RequestLinkEnded."""
    session.delete(_by_link(session, token, now, lock=True))


def _by_link(session: Session, token: str, now: datetime, *, lock: bool = False) -> AccessRequest:
    statement = select(AccessRequest).where(
        AccessRequest.token == token_digest(token),
        or_(AccessRequest.asked_at.is_(None), AccessRequest.asked_at > now - LINK_FOR),
    )
    row = session.scalar(statement.with_for_update() if lock else statement)
    if row is None:
        raise RequestLinkEnded
    return row


def waiting(session: Session, vault: Vault, role: Role, territories: Iterable[str]) -> list[Asker]:
    """Return who confirmed that they ask, and waits for somebody of this role, the oldest first."""
    rows = select(AccessRequest).where(_decided_by(role, territories))
    found = session.scalars(rows.order_by(AccessRequest.confirmed_at, AccessRequest.id))
    return [_asker(vault, row) for row in found]


def counting(role: Role, territories: Iterable[str]) -> Select[int]:
    """Return the question how many wait for somebody of this role."""
    return select(func.count()).select_from(AccessRequest).where(_decided_by(role, territories))


def approve(
    session: Session,
    vault: Vault,
    number: UUID,
    role: Role,
    territories: Iterable[str],
    *,
    by: str,
    reason: str,
    now: datetime,
) -> tuple[Person, str]:
    """Make the account of who asks; return whose it is, and the token of their invitation.

    Raises RequestDecided, PracticeMissing or MailTaken.
    """
    row = _theirs(session, number, role, territories)
    asker = _asker(vault, row)
    account = professionals.create(
        session,
        vault,
        mail=asker.mail,
        name=asker.name,
        organisation=asker.organisation,
        function=asker.function,
        siret=asker.siret,
        territories=[asker.territory],
        by=by,
        reason=reason,
        now=now,
    )
    session.delete(row)
    return people.read_person(vault, account), inviting.invite(session, account, by, now)


def refuse(
    session: Session, vault: Vault, number: UUID, role: Role, territories: Iterable[str]
) -> Asker:
    """Leave nothing of a request, and return whose it was; raise RequestDecided."""
    row = _theirs(session, number, role, territories)
    session.delete(row)
    return _asker(vault, row)


def forget_old(session: Session, now: datetime) -> None:
    """Delete what nobody confirmed or decided in time."""
    unconfirmed = and_(
        AccessRequest.confirmed_at.is_(None), AccessRequest.received_at < now - UNCONFIRMED_FOR
    )
    undecided = AccessRequest.confirmed_at < now - UNDECIDED_FOR
    session.execute(delete(AccessRequest).where(or_(unconfirmed, undecided)))


def _theirs(
    session: Session, number: UUID, role: Role, territories: Iterable[str]
) -> AccessRequest:
    here = and_(AccessRequest.id == number, _decided_by(role, territories))
    row = session.scalar(select(AccessRequest).where(here).with_for_update())
    if row is None:
        raise RequestDecided
    return row


def _decided_by(role: Role, territories: Iterable[str]) -> ColumnElement[bool]:
    """Return which requests somebody decides: a référent those of their territories, a curateur
    those of territories without one.
    """
    confirmed = AccessRequest.confirmed_at.is_not(None)
    if role is Role.REFERENT_DEPARTEMENT:
        return and_(confirmed, among(AccessRequest.territory_code, sorted(territories)))
    if role is not Role.CURATEUR:
        return false()
    referent = exists().where(
        Account.role == Role.REFERENT_DEPARTEMENT.value,
        Account.disabled_at.is_(None),
        AccessRequest.territory_code == any_(Account.territories),
    )
    return and_(confirmed, ~referent)


def _asker(vault: Vault, row: AccessRequest) -> Asker:
    said = vault.open_json(TABLE, row.id, "content", row.content)
    given = {name: said[name] for name in GIVEN}
    since = row.confirmed_at or row.received_at
    return Asker(id=row.id, territory=row.territory_code, since=since, **given)
