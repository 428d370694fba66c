"""A sign-in by an identity provider on its way, sealed in a cookie of the browser that began it."""

import base64
import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.accounts.errors import SignInLeft
from app.models import Challenge
from app.platform.oidc.provider import Asked, Identity
from app.vault.digests import digest, index_key
from app.vault.sealing import NotOpened, Vault

LASTS = timedelta(minutes=10)
# Characters of a token for the logout: a browser keeps no cookie of more than some 4,000 bytes.
LONGEST_TOKEN = 1_200
# leave: gone to the provider. code: back, for a second factor of ours, of the account or new.
Step = Literal["leave", "code"]


@dataclass(frozen=True, slots=True)
class Flow:
    """What was begun. way: where to go on; token: of an invitation, or nothing; two_factors: what
    was asked of the provider; identity: who came back, once the step is "code".
    """

    began_at: datetime
    way: str = ""
    token: str = ""
    two_factors: bool = True
    step: Step = "leave"
    asked: Asked = field(default_factory=Asked)
    identity: Identity | None = None
    id: UUID = field(default_factory=uuid4)

    def is_of(self, state: str) -> bool:
        """Say whether a browser came back from this one."""
        same = hmac.compare_digest(self.asked.state.encode(), state.encode("utf-8", "replace"))
        return self.step == "leave" and same


def seal(vault: Vault, flow: Flow) -> str:
    """Return what the cookie holds, that nobody but us reads or changes."""
    found, asked = flow.identity, flow.asked
    # Without one the session there goes on, and somebody is let in all the same.
    token = found.token if found and len(found.token) <= LONGEST_TOKEN else ""
    said = {
        "began_at": flow.began_at.timestamp(),
        "way": flow.way,
        "token": flow.token,
        "two_factors": flow.two_factors,
        "step": flow.step,
        "asked": [asked.state, asked.nonce, asked.verifier],
        "identity": found and [found.issuer, found.subject, found.siret, token],
    }
    sealed = vault.seal_json("flow", flow.id, "cookie", said)
    return f"{flow.id.hex}.{base64.urlsafe_b64encode(sealed).decode().rstrip('=')}"


def read(vault: Vault, given: str, now: datetime) -> Flow | None:
    """Return what a cookie holds; None where it is none of ours, or over."""
    number, _, text = given.partition(".")
    try:
        flow_id = UUID(hex=number)
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        said = vault.open_json("flow", flow_id, "cookie", sealed)
    except (ValueError, IndexError, NotOpened):
        return None
    began_at = datetime.fromtimestamp(said["began_at"], UTC)
    if not began_at <= now < began_at + LASTS:
        return None
    identity = None
    if said["identity"]:
        issuer, subject, siret, token = said["identity"]
        # Who came by two factors needs no step of ours.
        identity = Identity(issuer, subject, siret, False, token)
    more = {each: said[each] for each in ("way", "token", "two_factors", "step")}
    return Flow(began_at, asked=Asked(*said["asked"]), identity=identity, id=flow_id, **more)


def use(session: Session, vault: Vault, flow: Flow) -> None:
    """Use a sign-in up; raise SignInLeft where it was: a cookie that was copied works once too."""
    # By a number that nobody knows: whoever answers a challenge takes it, and so would the mark.
    number = digest(index_key(session, vault), "flow", flow.id.hex)[:16]
    # The night, and who asks for a passkey, take such rows by their moment.
    row = insert(Challenge).values(
        id=UUID(bytes=number), challenge=b"", purpose="provider", made_at=flow.began_at + LASTS
    )
    if session.execute(row.on_conflict_do_nothing().returning(Challenge.id)).first() is None:
        raise SignInLeft
