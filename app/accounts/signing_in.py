"""From what somebody gives at the door to a session: judged, noted in the journal, then opened."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.accounts import (
    attempts,
    codes,
    ending,
    identities,
    inviting,
    passkeys,
    passwords,
    people,
    sessions,
)
from app.accounts.attempts import Attempt
from app.accounts.errors import (
    CodeWrong,
    IdentityUnknown,
    PasskeyRefused,
    PasswordWrong,
    SignInBusy,
    SignInMustWait,
    SignInRefused,
)
from app.accounts.passkeys import Party
from app.audit.actions import Action
from app.audit.journal import Author, add, note
from app.errors import Mesure23Error
from app.models import Account, Invitation, Role
from app.models.account import Factor
from app.platform.database.sessions import read, write
from app.vault.sealing import Vault

# What is said where an account changed after its factor was judged.
REFUSALS: Mapping[Factor, type[Mesure23Error]] = {
    "passkey": PasskeyRefused,
    "password": SignInRefused,
    "proconnect": IdentityUnknown,
}


@dataclass(frozen=True, slots=True)
class Door:
    """Where somebody comes in. network: as app.platform.web.clients.counted writes it."""

    engine: Engine
    vault: Vault
    network: str
    device: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that was just opened: its token, whose role it has, and codes to print where a
    password was chosen.
    """

    account_id: UUID
    token: str
    role: Role
    codes: tuple[str, ...] = ()


def by_password(door: Door, mail: str, password: str, code: str) -> Opened:
    """Open a session; raise SignInRefused, SignInMustWait or SignInBusy."""
    with write(door.engine) as session:
        network = attempts.network_of(session, door.vault, door.network)
        login = people.login_of(session, door.vault, mail)
        attempt = attempts.admit(session, login, network, door.now)
    try:
        account_id = _judge(door, login, password, code)
    except SignInBusy:
        with write(door.engine) as session:
            attempts.take_back(session, attempt)
        raise
    if account_id is None:
        if attempt.is_notable:
            _note_attempts(door, login, attempt.wrong)
        raise SignInRefused
    with write(door.engine) as session:
        attempts.forget(session, attempt)
    return open_for(door, account_id, "password")


def _judge(door: Door, login: bytes, password: str, code: str) -> UUID | None:
    """Return the account whose password and code these are, and use the code up."""
    with read(door.engine) as session:
        account = session.scalar(select(Account).where(Account.login == login))
        known = secret = None
        usable = account is not None and people.is_usable(account, door.now)
        if account is not None and usable and account.password and account.totp:
            place = ("account", account.id)
            known = door.vault.open(*place, "password", account.password).decode()
            secret = door.vault.open(*place, "totp", account.totp)
    right = passwords.is_right(known, password)
    if account is None or secret is None or not right:
        return None
    return account.id if _is_code(door, account, secret, code) else None


def _is_code(door: Door, account: Account, secret: bytes, code: str) -> bool:
    """Use a code up that came with a right password; False as well where it had to wait.

    That it had to wait is not said: it would tell a stranger that the password is right.
    """
    try:
        with write(door.engine) as session:
            attempt = attempts.admit_factor(session, door.vault, account.id, door.now)
    except SignInMustWait:
        return False
    with write(door.engine) as session:
        used = use_code(session, door.vault, account, secret, code, door.now)
        if used:
            attempts.forget(session, attempt)
    if not used:
        note_wrong_codes(door, account.id, attempt)
    return used


def note_wrong_codes(door: Door, account_id: UUID, attempt: Attempt) -> None:
    """Note in the journal that codes of an account are tried, whatever came before them."""
    if attempt.is_notable:
        detail = {"codes": attempt.wrong}
        note(door.engine, door.vault, Author(""), Action.REFUSED, str(account_id), detail)


def use_code(
    session: Session, vault: Vault, account: Account, secret: bytes, code: str, now: datetime
) -> bool:
    """Use up a code of the application, or one on paper; False where it is neither."""
    step = codes.step_of(secret, code, now, account.totp_step)
    if step is not None:
        return codes.use_step(session, account, step)
    return codes.use(session, vault, account.id, code, now)


def _note_attempts(door: Door, login: bytes, wrong: int) -> None:
    with read(door.engine) as session:
        found = session.scalar(select(Account.id).where(Account.login == login))
    nobody = Author("")
    detail = {"essais": wrong}
    note(door.engine, door.vault, nobody, Action.REFUSED, str(found or ""), detail)


def by_passkey(door: Door, party: Party, answer: Mapping[str, Any]) -> Opened:
    """Open a session; raise PasskeyRefused."""
    account_id = _answered(door, party, answer, "sign_in", None)
    return open_for(door, account_id, "passkey")


def _answered(
    door: Door, party: Party, answer: Mapping[str, Any], purpose: Any, subject: UUID | None
) -> UUID:
    credential = answer.get("credential")
    if not isinstance(credential, Mapping):
        raise PasskeyRefused
    with write(door.engine) as session:
        challenge = passkeys.take(session, answer.get("challenge_id"), purpose, subject, door.now)
    with write(door.engine) as session:
        return passkeys.answered(session, party, credential, challenge, door.now)


def open_for(door: Door, account_id: UUID, factor: Factor, printed: Iterable[str] = ()) -> Opened:
    """Open a session for who showed a factor; raise what says no where the account changed."""
    with write(door.engine) as session:
        account = people.get(session, account_id)
        # It may have changed since it was judged.
        if not people.is_usable(account, door.now) or not _has(session, account, factor):
            raise REFUSALS[factor]
        token = sessions.open_session(
            session,
            door.vault,
            account,
            factor,
            device=door.device,
            network=attempts.network_of(session, door.vault, door.network),
            now=door.now,
        )
        add(session, door.vault, own_author(account), Action.SIGNED_IN, detail={"par": factor})
        return Opened(account.id, token, Role(account.role), tuple(printed))


def _has(session: Session, account: Account, factor: Factor) -> bool:
    if factor == "password":
        return account.password is not None
    if factor == "proconnect":
        return identities.has_any(session, account.id)
    return passkeys.has_any(session, account.id)


def enrol_by_password(door: Door, token: str, sealed: str, password: str, code: str) -> Opened:
    """Choose a password and an application by an invitation; raise what is wrong with them.

    sealed: as its page had it. All that the account could be signed in with before is gone.
    """
    with read(door.engine) as session:
        invited = inviting.read_invitation(session, door.vault, token, door.now)
    person = invited.person
    passwords.check(password, mail=person.mail, name=person.name)
    shown = inviting.read_secret(door.vault, invited.invitation_id, sealed)
    if shown is None:
        raise CodeWrong
    secret = shown.encode()
    step = codes.step_of(secret, code, door.now, 0)
    if step is None:
        raise CodeWrong
    chosen = passwords.hash_of(password)
    with write(door.engine) as session:
        account = begin_again(session, door, token)
        seal = door.vault.seal
        account.password = seal("account", account.id, "password", chosen.encode())
        account.totp = seal("account", account.id, "totp", secret)
        account.totp_step = step
        printed = codes.renew(session, door.vault, account.id)
        add(session, door.vault, own_author(account), Action.ENROLLED, detail={"par": "password"})
    return open_for(door, person.id, "password", printed)


def ask_to_enrol(door: Door, party: Party, token: str) -> dict[str, Any]:
    """Return what a browser asks a new key for, by an invitation; raise InvitationEnded."""
    with write(door.engine) as session:
        invitation = inviting.find_invitation(session, token, door.now)
        account = session.get_one(Account, invitation.account_id)
        person = people.read_person(door.vault, account)
        return passkeys.ask_new(session, party, account, person.name, person.mail, door.now)


def enrol_by_passkey(door: Door, party: Party, token: str, answer: Mapping[str, Any]) -> Opened:
    """Choose a passkey by an invitation; raise InvitationEnded or PasskeyRefused."""
    with write(door.engine) as session:
        invitation: Invitation = inviting.find_invitation(session, token, door.now)
        account = session.get_one(Account, invitation.account_id)
        account_id = account.id
        challenge = passkeys.take(
            session, answer.get("challenge_id"), "enrol", account_id, door.now
        )
    credential = answer.get("credential")
    if not isinstance(credential, Mapping):
        raise PasskeyRefused
    with write(door.engine) as session:
        account = begin_again(session, door, token)
        name = device_name(door.device)
        passkeys.add(session, door.vault, party, account.id, credential, challenge, name)
        add(session, door.vault, own_author(account), Action.ENROLLED, detail={"par": "passkey"})
    return open_for(door, account_id, "passkey")


def device_name(device: str) -> str:
    """Return how a new key is called: by what it was made on."""
    return f"Clé de {sessions.device_of(device)}"


def own_author(account: Account) -> Author:
    """Return how the journal names who does something to their own account."""
    return Author(str(account.id), account.role)


def begin_again(session: Session, door: Door, token: str) -> Account:
    """Use an invitation up and take from its account all that it was signed in with."""
    invitation = inviting.find_invitation(session, token, door.now)
    # The account first, as whoever invites does; the link may be used up by now.
    account = people.get(session, invitation.account_id)
    invitation = inviting.find_invitation(session, token, door.now, lock=True)
    invitation.used_at = door.now
    ending.end_sessions(session, account.id, door.now)
    passkeys.remove_all(session, account.id)
    identities.remove(session, account.id)
    codes.remove_all(session, account.id)
    account.password = account.totp = account.disabled_at = None
    account.confirmed_at = account.used_at = door.now
    session.flush()
    return account


def change_password(door: Door, signed: sessions.SignedIn, current: str, chosen: str) -> None:
    """Put another password in the place of the current one, and end all other sessions.

    Raises PasswordWrong, PasswordWeak, SignInMustWait or SignInBusy.
    """
    passwords.check(chosen, mail=signed.mail, name=signed.name)
    with write(door.engine) as session:
        attempt = attempts.admit_change(session, door.vault, signed.account_id, door.now)
        sealed = people.get(session, signed.account_id).password
    place = ("account", signed.account_id, "password")
    known = door.vault.open(*place, sealed).decode() if sealed else None
    if not passwords.is_right(known, current):
        raise PasswordWrong
    text = passwords.hash_of(chosen)
    with write(door.engine) as session:
        account = people.get(session, signed.account_id)
        if account.password != sealed:
            raise PasswordWrong
        account.password = door.vault.seal(*place, text.encode())
        attempts.forget(session, attempt)
        ending.end_sessions(session, account.id, door.now, but=signed.session_id)
        add(session, door.vault, own_author(account), Action.FACTOR_CHANGED)


def prove_by_code(door: Door, signed: sessions.SignedIn, code: str) -> str:
    """Note that somebody who is signed in showed the second factor again; raise CodeWrong.

    Returns the token that their session has from now on.
    """
    with write(door.engine) as session:
        attempt = attempts.admit_factor(session, door.vault, signed.account_id, door.now)
    with write(door.engine) as session:
        show_code(session, door, signed.account_id, attempt, code)
        return _proved(session, door, signed)


def show_code(session: Session, door: Door, account_id: UUID, attempt: Attempt, code: str) -> None:
    """Use up a code of an account whose try was admitted; raise CodeWrong."""
    account = people.get(session, account_id)
    if account.totp is None:
        raise CodeWrong
    secret = door.vault.open("account", account.id, "totp", account.totp)
    if not use_code(session, door.vault, account, secret, code, door.now):
        raise CodeWrong
    attempts.forget(session, attempt)


def prove_by_passkey(
    door: Door, party: Party, signed: sessions.SignedIn, answer: Mapping[str, Any]
) -> str:
    """Note that somebody who is signed in showed a passkey again; raise PasskeyRefused.

    Returns the token that their session has from now on.
    """
    if _answered(door, party, answer, "confirm", signed.account_id) != signed.account_id:
        raise PasskeyRefused
    with write(door.engine) as session:
        return _proved(session, door, signed)


def _proved(session: Session, door: Door, signed: sessions.SignedIn) -> str:
    token = sessions.prove(session, signed, door.now)
    author = Author(str(signed.account_id), signed.role.value)
    add(session, door.vault, author, Action.PROVED)
    return token
