"""Passkeys: what a browser is asked, once, and whether its answer is that of a known key.

webauthn is imported where it is used: it takes 7 MB, and of the processes that import this one most
never ask for a key.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts import identities
from app.accounts.errors import LastFactor, PasskeyRefused
from app.accounts.sessions import ANSWERED_WITHIN
from app.models import Account, Challenge, Passkey
from app.models.account import Purpose
from app.vault.lenient import leniently
from app.vault.sealing import Vault

LONGEST_NAME = 60
SITE = "Mesure 23"


@dataclass(frozen=True, slots=True)
class Party:
    """Whom keys are made for: the host of the desk, and its whole origin."""

    host: str
    origin: str


def ask(
    session: Session, party: Party, purpose: Purpose, subject: UUID | None, now: datetime
) -> dict[str, Any]:
    """Return what a browser asks a key to sign in by; subject: the only account that may answer."""
    from webauthn import generate_authentication_options
    from webauthn.helpers import options_to_json
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor, UserVerificationRequirement

    keys = _of(session, subject) if subject else []
    options = generate_authentication_options(
        rp_id=party.host,
        allow_credentials=[PublicKeyCredentialDescriptor(id=each.credential) for each in keys],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    row = Challenge(challenge=options.challenge, purpose=purpose, subject=subject, made_at=now)
    return _offered(session, row, options_to_json(options))


def ask_new(
    session: Session, party: Party, account: Account, name: str, mail: str, now: datetime
) -> dict[str, Any]:
    """Return what a browser asks a new key for an account."""
    from webauthn import generate_registration_options
    from webauthn.helpers import options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    known = [PublicKeyCredentialDescriptor(id=each.credential) for each in _of(session, account.id)]
    options = generate_registration_options(
        rp_id=party.host,
        rp_name=SITE,
        user_id=account.id.bytes,
        user_name=mail,
        user_display_name=name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=known,
    )
    row = Challenge(challenge=options.challenge, purpose="enrol", subject=account.id, made_at=now)
    return _offered(session, row, options_to_json(options))


def _offered(session: Session, row: Challenge, options: str) -> dict[str, Any]:
    # Those that nobody answered; anybody may ask for one.
    session.execute(delete(Challenge).where(Challenge.made_at < row.made_at - ANSWERED_WITHIN))
    session.add(row)
    session.flush()
    return {"challenge_id": str(row.id), "options": json.loads(options)}


def take(
    session: Session, given: object, purpose: Purpose, subject: UUID | None, now: datetime
) -> bytes:
    """Use up a challenge and return it; b"" where it is none that this may answer.

    In a transaction of its own: an answer that is wrong uses it up as well.
    """
    try:
        challenge_id = UUID(str(given))
    except ValueError:
        return b""
    found = session.execute(
        delete(Challenge)
        .where(Challenge.id == challenge_id)
        .returning(Challenge.challenge, Challenge.purpose, Challenge.subject, Challenge.made_at)
    ).first()
    if found is None or found.purpose != purpose or found.subject != subject:
        return b""
    if found.made_at < now - ANSWERED_WITHIN:
        return b""
    return bytes(found.challenge)


def answered(
    session: Session, party: Party, credential: Mapping[str, Any], challenge: bytes, now: datetime
) -> UUID:
    """Return the account whose key answered; raise PasskeyRefused."""
    from webauthn import verify_authentication_response
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.exceptions import WebAuthnException

    key = _find(session, credential)
    if key is None or not challenge:
        raise PasskeyRefused
    handle = (credential.get("response") or {}).get("userHandle")
    try:
        if handle and base64url_to_bytes(handle) != key.account_id.bytes:
            raise PasskeyRefused
        found = verify_authentication_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        raise PasskeyRefused from None
    key.sign_count, key.used_at = found.new_sign_count, now
    return key.account_id


def add(
    session: Session,
    vault: Vault,
    party: Party,
    account_id: UUID,
    credential: Mapping[str, Any],
    challenge: bytes,
    name: str,
) -> Passkey:
    """Add a key to an account; raise PasskeyRefused."""
    from webauthn import verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    if not challenge:
        raise PasskeyRefused
    try:
        found = verify_registration_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        raise PasskeyRefused from None
    if session.scalar(select(Passkey.id).where(Passkey.credential == found.credential_id)):
        raise PasskeyRefused
    key = Passkey(
        id=uuid4(),
        account_id=account_id,
        credential=found.credential_id,
        public_key=found.credential_public_key,
        sign_count=found.sign_count,
    )
    shown = " ".join(name.split())[:LONGEST_NAME] or "Clé d’accès"
    key.name = vault.seal("passkey", key.id, "name", shown.encode("utf-8", "replace"))
    session.add(key)
    session.flush()
    return key


def remove(session: Session, account: Account, key_id: UUID) -> None:
    """Take a key from an account; raise LastFactor, or PasskeyRefused where it has no such one."""
    keys = _of(session, account.id)
    key = next((each for each in keys if each.id == key_id), None)
    if key is None:
        raise PasskeyRefused
    if len(keys) == 1 and account.password is None and not identities.has_any(session, account.id):
        raise LastFactor
    session.delete(key)


def remove_all(session: Session, account_id: UUID) -> None:
    """Take every key from an account."""
    session.execute(delete(Passkey).where(Passkey.account_id == account_id))


def listed(session: Session, vault: Vault, account_id: UUID) -> list[tuple[Passkey, str]]:
    """Return the keys of an account, the oldest first, each with its name, if that opens."""
    vault = leniently(session, vault)
    keys = sorted(_of(session, account_id), key=lambda each: each.made_at)
    return [(each, vault.open("passkey", each.id, "name", each.name).decode()) for each in keys]


def has_any(session: Session, account_id: UUID) -> bool:
    """Say whether an account has a key."""
    return bool(_of(session, account_id))


def _of(session: Session, account_id: UUID) -> list[Passkey]:
    return list(session.scalars(select(Passkey).where(Passkey.account_id == account_id)))


def _find(session: Session, credential: Mapping[str, Any]) -> Passkey | None:
    from webauthn.helpers import base64url_to_bytes

    try:
        raw = base64url_to_bytes(str(credential["rawId"]))
    except (KeyError, ValueError):
        return None
    return session.scalar(select(Passkey).where(Passkey.credential == raw).with_for_update())
