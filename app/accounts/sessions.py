"""Browsers in which somebody is signed in: held by the database, which knows a digest of each."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.accounts.people import TOKEN_BYTES, is_confirmed, read_person, token_digest
from app.models import Account, Role, StaffSession
from app.models.account import LONGEST, Factor
from app.vault.lenient import leniently
from app.vault.sealing import Vault
from app.visible.asking import goes_on

# A session that goes on is written down no more often.
SEEN_EACH = timedelta(minutes=1)
# How long a factor that was just shown stands for a grave deed.
FRESH = timedelta(minutes=5)
LISTED_FOR = timedelta(days=30)
# How long a passkey has for its answer.
ANSWERED_WITHIN = timedelta(minutes=5)

BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"))
SYSTEMS = (
    *(("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad")),
    *(("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux")),
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who asks for a page of the desk."""

    session_id: UUID
    account_id: UUID
    role: Role
    territories: tuple[str, ...]
    name: str
    mail: str
    opened_at: datetime
    seen_at: datetime
    proved_at: datetime

    def has_just_proved(self, now: datetime) -> bool:
        """Say whether a factor was shown a moment ago."""
        return now - self.proved_at < FRESH

    @property
    def ends_at(self) -> datetime:
        """Return when the session ends whatever is done."""
        return self.opened_at + LONGEST


def open_session(
    session: Session,
    vault: Vault,
    account: Account,
    factor: Factor,
    *,
    device: str,
    network: bytes,
    now: datetime,
) -> str:
    """Return the token of a new session, which stands in the browser's cookie alone."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = StaffSession(
        id=uuid4(),
        token=token_digest(token),
        account_id=account.id,
        role=account.role,
        factor=factor,
        network=network,
        opened_at=now,
        seen_at=now,
        proved_at=now,
    )
    row.device = vault.seal("staff_session", row.id, "device", device_of(device).encode())
    account.used_at = now
    session.add(row)
    session.execute(delete(StaffSession).where(StaffSession.opened_at < now - LISTED_FOR))
    session.flush()
    return token


def device_of(user_agent: str) -> str:
    """Return what a browser says it is in two words: "Firefox, Windows"."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), None)
    if browser is None:
        browser = "Safari" if "Safari" in user_agent else "Navigateur"
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "système inconnu")
    return f"{browser}, {system}"


def find(session: Session, vault: Vault, token: str, now: datetime) -> SignedIn | None:
    """Return who is signed in by a cookie; None where the session ended, or its role changed."""
    found = session.execute(
        select(StaffSession, Account)
        .join(Account, Account.id == StaffSession.account_id)
        .where(
            StaffSession.token == token_digest(token),
            goes_on(now),
            StaffSession.role == Account.role,
            Account.disabled_at.is_(None),
        )
    ).first()
    if found is None or not is_confirmed(found[1], now):
        return None
    row, account = found
    person = read_person(vault, account)
    return SignedIn(
        session_id=row.id,
        account_id=account.id,
        role=person.role,
        territories=person.territories,
        name=person.name,
        mail=person.mail,
        opened_at=row.opened_at,
        seen_at=row.seen_at,
        proved_at=row.proved_at,
    )


def see(session: Session, signed: SignedIn, now: datetime) -> None:
    """Note that a session is used."""
    # The account first, as whoever asks for a contact takes both.
    session.execute(update(Account).where(Account.id == signed.account_id).values(used_at=now))
    _change(session, signed, seen_at=now)


def prove(session: Session, signed: SignedIn, now: datetime) -> str:
    """Note that a factor was shown again; return another token, so that a copied one is out."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    _change(session, signed, seen_at=now, proved_at=now, token=token_digest(token))
    return token


def _change(session: Session, signed: SignedIn, **values: object) -> None:
    mine = StaffSession.id == signed.session_id
    session.execute(update(StaffSession).where(mine).values(**values))


def end(session: Session, account_id: UUID, session_id: UUID, now: datetime) -> bool:
    """End a session of an account; False where it has no such one that is open."""
    done = session.execute(
        update(StaffSession)
        .where(
            StaffSession.id == session_id,
            StaffSession.account_id == account_id,
            StaffSession.ended_at.is_(None),
        )
        .values(ended_at=now)
        .returning(StaffSession.id)
    )
    return done.first() is not None


@dataclass(frozen=True, slots=True)
class Listed:
    """A session as its owner sees it."""

    id: UUID
    device: str
    opened_at: datetime
    seen_at: datetime


def open_ones(session: Session, vault: Vault, account_id: UUID, now: datetime) -> list[Listed]:
    """Return the sessions of an account that are open, the last one used first; of a device that
    does not open, that it does not.
    """
    vault = leniently(session, vault)
    rows = session.scalars(
        select(StaffSession)
        .where(StaffSession.account_id == account_id, goes_on(now))
        .order_by(StaffSession.seen_at.desc())
    )
    return [
        Listed(
            row.id,
            vault.open("staff_session", row.id, "device", row.device).decode(),
            row.opened_at,
            row.seen_at,
        )
        for row in rows
    ]
