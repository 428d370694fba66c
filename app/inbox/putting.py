"""The public half of the inbox: a message is sealed and added, and nobody reads it from here."""

import hmac
import os
from dataclasses import dataclass

import structlog
from nacl.public import PublicKey, SealedBox
from pydantic import BaseModel
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.errors import Mesure23Error
from app.inbox.message import EventAsked
from app.models import InboxKey

# No key of it lies anywhere: nobody, not even who has database and keys, finds the network of a
# message. Another process counts by another key, so that N processes allow N times as much.
_NETWORK_KEY = os.urandom(32)
_PUT = text("INSERT INTO public.inbox_message (network, box) VALUES (:network, :box)")
_PUT_REGISTRATION = text(
    "INSERT INTO public.inbox_message (network, box, registers) VALUES (:network, :box, :registers)"
)
_FULL = "53400"

log = structlog.get_logger(__name__)


class NotPut(Mesure23Error):
    """Le service ne peut rien enregistrer en ce moment : votre message n’est pas envoyé."""

    status = 503
    title = "Message non enregistré"
    advice = "Ce que vous avez écrit reste sur cette page. Envoyez-le de nouveau dans une minute."


class InboxFull(NotPut):
    """Merci de votre aide. Le formulaire ne prend qu’un nombre limité de messages par heure, et
    d’autres y écrivent peut-être aussi : le vôtre n’est pas encore enregistré.
    """

    status = 503
    title = "Message non enregistré"
    advice = "Ce que vous avez écrit reste sur cette page : envoyez-le de nouveau dans une heure."


@dataclass(frozen=True, slots=True)
class Lock:
    """What public pages need to write. public: seals; stamp: signs the time of a form."""

    public: bytes
    stamp: bytes


def read_lock(session: Session) -> Lock | None:
    """Return what seals messages, None where no desk has made it yet."""
    newest = select(InboxKey.public, InboxKey.stamp).order_by(InboxKey.made_at.desc()).limit(1)
    found = session.execute(newest).first()
    return Lock(found.public, found.stamp) if found else None


def put(session: Session, lock: Lock, network: str, message: BaseModel) -> None:
    """Add a message, by a session of the inbox; raise InboxFull or NotPut.

    network: that of its sender, as a log may show it.
    """
    box = SealedBox(PublicKey(lock.public)).encrypt(message.model_dump_json().encode())
    given = {"network": _digest(network), "box": bytes(box)}
    statement = _PUT
    if isinstance(message, EventAsked):
        # Whole offices ask from one network: counted apart, and by whom for what.
        given["registers"] = _digest(f"{message.event} {message.mail.casefold()}")
        statement = _PUT_REGISTRATION
    try:
        session.execute(statement, given)
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None)
        if state == _FULL:
            raise InboxFull from None
        log.error("inbox refused a message", sqlstate=state)
        raise NotPut from None


def _digest(said: str) -> bytes:
    return hmac.digest(_NETWORK_KEY, said.encode(), "sha256")[:16]
