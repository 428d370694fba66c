"""What an identity provider signs: opened by its own keys, and compared with what was asked.

joserfc is imported where it is used: most processes never open such a token.
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.platform.oidc.errors import IdentityRefused

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

# By a key pair alone: what is signed by a secret that we share, we could have signed.
ALGORITHMS = ("RS256", "ES256")
# Seconds by which two clocks may differ, and after which a token is of another sign-in.
SKEW, LONGEST = 60, 600
LONGEST_SUBJECT = 255
_SIRET = re.compile(r"[0-9]{14}")


class KeyUnknown(Exception):
    """A token names a key that the set does not have."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What every token has to say: who signed it, for whom, and when it is."""

    issuer: str
    client: str
    now: datetime


def open_signed(text: str, keys: "KeySet") -> dict[str, Any]:
    """Return what a token says; raise IdentityRefused, or KeyUnknown."""
    from joserfc import jwt
    from joserfc.errors import InvalidKeyIdError, JoseError

    try:
        return dict(jwt.decode(text, keys, algorithms=ALGORITHMS).claims)
    except InvalidKeyIdError:
        raise KeyUnknown from None
    except (JoseError, ValueError, TypeError, KeyError, RecursionError):
        raise IdentityRefused("signature") from None


def check_id_token(claims: Mapping[str, Any], expected: Expected, nonce: str) -> str:
    """Return the subject of an ID token; raise IdentityRefused."""
    _check_common(claims, expected)
    moment = expected.now.timestamp()
    ends, made = _seconds(claims, "exp"), _seconds(claims, "iat")
    if ends is None or made is None or ends < moment - SKEW:
        raise IdentityRefused("expired")
    if not moment - LONGEST - SKEW <= made <= moment + SKEW:
        raise IdentityRefused("issued")
    said = str(claims.get("nonce", "")).encode("utf-8", "replace")
    if not hmac.compare_digest(said, nonce.encode()):
        raise IdentityRefused("nonce")
    return _subject(claims)


def check_userinfo(claims: Mapping[str, Any], expected: Expected, subject: str) -> str:
    """Return the SIRET that a signed userinfo says, or nothing; raise IdentityRefused."""
    _check_common(claims, expected)
    if "exp" in claims:
        ends = _seconds(claims, "exp")
        if ends is None or ends < expected.now.timestamp() - SKEW:
            raise IdentityRefused("expired")
    if _subject(claims) != subject:
        raise IdentityRefused("subject")
    siret = str(claims.get("siret", ""))
    # One of zeros is a default that stands for none.
    return siret if _SIRET.fullmatch(siret) and siret.strip("0") else ""


def _check_common(claims: Mapping[str, Any], expected: Expected) -> None:
    if claims.get("iss") != expected.issuer:
        raise IdentityRefused("issuer")
    if claims.get("aud") not in (expected.client, [expected.client]):
        raise IdentityRefused("audience")
    if claims.get("azp", expected.client) != expected.client:
        raise IdentityRefused("audience")


def _subject(claims: Mapping[str, Any]) -> str:
    subject = claims.get("sub")
    # As the standard has it: ASCII, so that no half of a character is stored either.
    if not isinstance(subject, str) or not subject.isascii():
        raise IdentityRefused("subject")
    if not 0 < len(subject) <= LONGEST_SUBJECT:
        raise IdentityRefused("subject")
    return subject


def _seconds(claims: Mapping[str, Any], name: str) -> float | None:
    found = claims.get(name)
    # True is a number for Python, and NaN is neither before nor after anything.
    if isinstance(found, bool) or not isinstance(found, int | float) or found != found:
        return None
    return found
