"""The public half of what somebody asks by the link of a mail: checked, sealed, and added.

Whoever has a link acts by it, whatever cookie or page they come with; nothing is read but the key.
"""

from collections.abc import Callable
from typing import Annotated, Literal
from uuid import UUID

import structlog
from nacl.public import PublicKey, SealedBox
from pydantic import BaseModel, ConfigDict, StringConstraints
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.inbox.putting import Lock, NotPut
from app.models import LinkKey
from app.platform.mail import links
from app.platform.mail.links import Link

# whole, link_only: mails hold the letter, or its address alone; weekly, monthly: of an alert.
Deed = Literal[
    "confirm",
    "leave",
    "leave_all",
    "each",
    "quarterly",
    "whole",
    "link_only",
    "weekly",
    "monthly",
]
LONGEST_SHOWN = 600
_PUT = text("INSERT INTO public.mail_act (subject, box) VALUES (:subject, :box)")

log = structlog.get_logger(__name__)


class Asked(BaseModel):
    """What was asked by a link. shown: of who confirms, the text that they agreed to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    token: Annotated[str, StringConstraints(max_length=links.LONGEST)]
    deed: Deed
    link_only: bool = False
    shown: Annotated[str, StringConstraints(max_length=LONGEST_SHOWN)] = ""


class Checker:
    """Knows links of our mails, by keys that are read where a link is unknown to those before."""

    def __init__(self) -> None:
        self._known: tuple[bytes, ...] = ()

    def is_known(self, token: str) -> bool:
        """Say whether a link is ours, by the keys that were read until now."""
        return links.checked(self._known, token) is not None

    def find(self, read: Callable[[], tuple[bytes, ...]], token: str) -> Link | None:
        """Return the link that a token is, None of what is none of ours."""
        found = links.checked(self._known, token)
        if found is None and len(token) <= links.LONGEST:
            self._known = read()
            found = links.checked(self._known, token)
        return found


def read_link_keys(session: Session) -> tuple[bytes, ...]:
    """Return the halves by which links are known."""
    return tuple(session.scalars(select(LinkKey.public).order_by(LinkKey.made_at)))


def put_act(session: Session, lock: Lock, subject: UUID, asked: Asked) -> None:
    """Add what was asked by a link of ours, by a session of the inbox; raise NotPut.

    The database adds nothing of what nobody subscribed to, and says nothing of that.
    """
    box = SealedBox(PublicKey(lock.public)).encrypt(asked.model_dump_json().encode())
    try:
        session.execute(_PUT, {"subject": subject, "box": bytes(box)})
    except DBAPIError as error:
        log.error("act by a link refused", sqlstate=getattr(error.orig, "sqlstate", None))
        raise NotPut from None
