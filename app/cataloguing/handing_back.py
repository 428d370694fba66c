"""Gives a text that waits back to whoever wrote it, unpublished."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author, add
from app.cataloguing.publishing import NotYourDecision
from app.cataloguing.versions import act, to_change
from app.errors import Mesure23Error
from app.vault.sealing import Vault
from app.visibility import Viewer


class NothingWaits(Mesure23Error):
    """Cette ressource n’attend plus de lecture : quelqu’un en a décidé, ou l’a réécrite."""

    status = 409
    title = "Déjà décidé"
    advice = "Rouvrez-la pour voir où elle en est."


def hand_back(
    session: Session, vault: Vault, viewer: Viewer, author: Author, resource: UUID, now: datetime
) -> None:
    """Leave a text to its writer; the history says what it says of one that was held.

    Raises NotYourDecision, ResourceUnknown or NothingWaits.
    """
    if not viewer.publishes_resources:
        raise NotYourDecision
    record = to_change(session, resource)
    if record.status != "waiting":
        raise NothingWaits
    record.status = "draft"
    act(session, author, resource, record.latest, "refused", now)
    detail = {"version": record.latest}
    add(session, vault, author, Action.RESOURCE_RETURNED, str(resource), detail)
