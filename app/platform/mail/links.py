"""Links of mails that anybody may check and nobody but their maker makes: signed by Ed25519.

A link says of what it is and until when, and nothing else; no table has to be read to know it.
"""

import base64
from binascii import Error as NotBase64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

# What is signed begins with it, so that no other signature of the same key is a link.
_PURPOSE = b"mesure23 link of a mail\n"
_ID_BYTES, _TIME_BYTES, _SIGNATURE_BYTES = 16, 5, 64
_LENGTH = 1 + _ID_BYTES + _TIME_BYTES + _SIGNATURE_BYTES
# Of one as it is written.
LONGEST = 120


class Aim(IntEnum):
    """What a link is for. Numbers stand in mails that were sent: none is ever another one's."""

    CONFIRM = 1
    LEAVE = 2
    LEAVE_ALERT = 3
    REFUSE_INVITATIONS = 4


@dataclass(frozen=True, slots=True)
class Link:
    """A link. subject: the id of what it is for; ends: None of one that never does."""

    aim: Aim
    subject: UUID
    ends: datetime | None = None

    def is_over(self, now: datetime) -> bool:
        """Say whether it was for less long."""
        return self.ends is not None and self.ends <= now


def public_half(private: bytes) -> bytes:
    """Return by what links are checked that 32 bytes sign."""
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def signed(private: bytes, link: Link) -> str:
    """Return a link as it stands in an address; its end is a whole second."""
    seconds = int(link.ends.timestamp()) if link.ends else 0
    said = bytes([link.aim]) + link.subject.bytes + seconds.to_bytes(_TIME_BYTES)
    signature = Ed25519PrivateKey.from_private_bytes(private).sign(_PURPOSE + said)
    return base64.urlsafe_b64encode(said + signature).decode().rstrip("=")


def checked(publics: Iterable[bytes], token: str) -> Link | None:
    """Return the link that a token is, None of what none of some keys signed."""
    try:
        padded = token.encode("ascii") + b"=" * (-len(token) % 4)
        raw = base64.b64decode(padded, altchars=b"-_", validate=True)
    except (NotBase64, UnicodeError):
        return None
    if len(raw) != _LENGTH:
        return None
    said, signature = raw[:-_SIGNATURE_BYTES], raw[-_SIGNATURE_BYTES:]
    if not any(_is_signed(each, said, signature) for each in publics):
        return None
    seconds = int.from_bytes(said[1 + _ID_BYTES :])
    ends = datetime.fromtimestamp(seconds, UTC) if seconds else None
    try:
        return Link(Aim(said[0]), UUID(bytes=said[1 : 1 + _ID_BYTES]), ends)
    except ValueError:
        # Of a later release.
        return None


def headers_to_leave(name: str, public: str, leave: str) -> dict[str, str]:
    """Return by what a mailbox offers to leave: one press, where nobody can listen to it."""
    headers = {"List-Id": f"<{name}.{urlsplit(public).hostname or 'localhost'}>"}
    if public.startswith("https:"):
        headers["List-Unsubscribe"] = f"<{leave}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _is_signed(public: bytes, said: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, _PURPOSE + said)
    except (InvalidSignature, ValueError):
        return False
    return True
