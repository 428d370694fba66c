"""What an address asked for that anybody may ask for, with an account or without one."""

from typing import Any

from sqlalchemy.orm import Session

from app.accounts import requests
from app.registrations import registering
from app.subscriptions import subscribing
from app.vault.lenient import UNREAD
from app.vault.sealing import Vault
from app.visibility import Viewer


def asked_by(session: Session, vault: Vault, viewer: Viewer, mail: str) -> dict[str, Any]:
    """Return what an address is sent, in words that people read, as a viewer may read of it."""
    if mail == UNREAD:
        # Both are found by it alone.
        unknown = [{"adresse_electronique": UNREAD}]
        return {"lettre": unknown, "inscriptions": unknown}
    return {
        "lettre": subscribing.held(session, vault, mail),
        "inscriptions": registering.held(session, vault, viewer, mail),
    }


def forget(session: Session, vault: Vault, mail: str) -> int:
    """Leave nothing of it, nor of requests for an access; return how many things that was."""
    asked = (requests.forget, subscribing.forget, registering.forget)
    return sum(each(session, vault, mail) for each in asked)
