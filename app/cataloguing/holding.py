"""Texts that wait since they may give somebody away: two curateurs let one out, any refuses it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author, add
from app.cataloguing.publishing import NotYourDecision, put_back, put_out
from app.cataloguing.screening import screen
from app.cataloguing.versions import Stored, act, open_version, to_change
from app.errors import Mesure23Error, ResourceUnknown
from app.models import Resource, ResourceAct, ResourceHold, ResourceRecord
from app.platform.database.sessions import IMPORT_LOCK, hold
from app.records.unpublishing import COLUMN, TABLE, Remark, published_version
from app.vault.sealing import Vault
from app.visibility import Viewer


class HoldDecided(Mesure23Error):
    """Ce texte n’attend plus : quelqu’un en a décidé."""

    status = 409
    title = "Déjà décidé"
    advice = "Rouvrez la liste des textes retenus."


class AnotherCurateur(Mesure23Error):
    """Votre accord est déjà noté : un autre curateur doit donner le sien."""

    status = 409
    title = "Un second accord est nécessaire"
    advice = "Prévenez un autre curateur : ce texte l’attend dans la liste des textes retenus."


@dataclass(frozen=True, slots=True)
class Held:
    """A text that waits. released_by: the curateur who agreed to let it out."""

    id: UUID
    since: datetime
    version: Stored
    remarks: tuple[Remark, ...]
    released_by: str | None


def waiting(session: Session, vault: Vault, viewer: Viewer) -> list[Held]:
    """Return the texts that wait, the longest first; raise NotYourDecision."""
    if not viewer.publishes_resources:
        raise NotYourDecision
    rows = select(ResourceHold).where(ResourceHold.decided_at.is_(None))
    found = []
    for row in session.scalars(rows.order_by(ResourceHold.since, ResourceHold.id)):
        record = session.get_one(ResourceRecord, row.resource_id)
        by_text = vault.open_json(TABLE, row.id, COLUMN, row.by_text)
        remarks = tuple(Remark(**each) for each in by_text)
        version = open_version(session, vault, record, row.version)
        agreed = next(iter(_agreed(session, row)), None)
        found.append(Held(row.id, row.since, version, remarks, agreed))
    return found


def release(
    session: Session, vault: Vault, viewer: Viewer, author: Author, hold_id: UUID, now: datetime
) -> bool:
    """Agree that a text comes out; return whether it does, since another curateur had agreed.

    Raises NotYourDecision, ResourceUnknown, HoldDecided or AnotherCurateur.
    """
    row, record = _decide(session, viewer, hold_id)
    agreed = _agreed(session, row)
    if author.who in agreed:
        raise AnotherCurateur
    act(session, author, record.id, row.version, "released", now)
    if agreed:
        version = open_version(session, vault, record, row.version)
        screened = screen(session, vault, version.content)
        if _was_public(session, record, row.version):
            put_back(session, vault, record, screened)
        else:
            put_out(session, vault, record, version, screened, now)
            act(session, author, record.id, row.version, "published", now)
        row.decided_at = now
    detail = {"version": row.version}
    add(session, vault, author, Action.RESOURCE_RELEASED, str(record.id), detail)
    return bool(agreed)


def refuse(
    session: Session, vault: Vault, viewer: Viewer, author: Author, hold_id: UUID, now: datetime
) -> None:
    """Leave a text to whoever writes it anew; raise as release() does, but for AnotherCurateur."""
    row, record = _decide(session, viewer, hold_id)
    row.decided_at = now
    if record.status == "held":
        record.status = "draft"
    act(session, author, record.id, row.version, "refused", now)
    detail = {"version": row.version}
    add(session, vault, author, Action.RESOURCE_REFUSED, str(record.id), detail)


def _decide(session: Session, viewer: Viewer, hold_id: UUID) -> tuple[ResourceHold, ResourceRecord]:
    if not viewer.publishes_resources:
        raise NotYourDecision
    hold(session, IMPORT_LOCK)
    row = session.get(ResourceHold, hold_id)
    if row is None:
        raise ResourceUnknown
    record = to_change(session, row.resource_id)
    session.refresh(row)
    if row.decided_at is not None:
        raise HoldDecided
    return row, record


def _agreed(session: Session, row: ResourceHold) -> set[str]:
    """Return who agreed to let a text out, since it waits."""
    same = (ResourceAct.resource_id == row.resource_id, ResourceAct.version == row.version)
    since = (ResourceAct.act == "released", ResourceAct.at >= row.since)
    return set(session.scalars(select(ResourceAct.who).where(*same, *since)))


def _was_public(session: Session, record: ResourceRecord, version: int) -> bool:
    """Return whether visitors read this version until it was taken from them."""
    if record.edition is None or published_version(session, record.id) != version:
        return False
    return not session.scalar(select(exists().where(Resource.id == record.id)))
