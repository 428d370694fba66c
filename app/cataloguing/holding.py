"""Texts that wait since they may give somebody away: two curateurs let one out, any refuses it.

One that a restored backup has in its former words waits beside them: one curateur who reads it is
enough.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author, add
from app.cataloguing.publishing import NotYourDecision, look_before, put_back, put_out
from app.cataloguing.screening import Screened, screen
from app.cataloguing.secrecy import is_masked
from app.cataloguing.versions import Stored, act, open_version, stored_of, to_change
from app.errors import Mesure23Error, ResourceUnknown
from app.models import Resource, ResourceAct, ResourceHold, ResourceRecord, ResourceVersion
from app.platform.database.sessions import IMPORT_LOCK, hold
from app.records.unpublishing import Remark, note_hold, published_version, read_hold
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


class NotReadYet(Mesure23Error):
    """Ce texte nomme un lieu ou un contact caché, et vous ne l’avez pas lu."""

    status = 409
    title = "À lire d’abord"
    advice = "Lisez-le sur sa page, puis donnez votre accord dans la liste des textes retenus."


class Agreement(StrEnum):
    """What came of an agreement. AGAIN: the text names more than its page said; it waits anew."""

    AGREED = "agreed"
    OUT = "out"
    AGAIN = "again"


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
    version = and_(
        ResourceVersion.resource_id == ResourceHold.resource_id,
        ResourceVersion.number == ResourceHold.version,
    )
    rows = (
        select(ResourceHold, ResourceRecord, ResourceVersion)
        .join(ResourceRecord, ResourceRecord.id == ResourceHold.resource_id)
        .join(ResourceVersion, version)
        .where(ResourceHold.decided_at.is_(None))
        .order_by(ResourceHold.since, ResourceHold.id)
    )
    agreed = _agreements(session)
    found = []
    for row, record, saved in session.execute(rows):
        remarks, _ = read_hold(vault, row)
        by = next(iter(agreed.get(row.id, ())), None)
        found.append(Held(row.id, row.since, stored_of(vault, record, saved), remarks, by))
    return found


def release(
    session: Session, vault: Vault, viewer: Viewer, author: Author, hold_id: UUID, now: datetime
) -> Agreement:
    """Agree that a text comes out: it does once two curateurs read the same of it, or one where
    nothing but a restoration holds it.

    Raises NotYourDecision, ResourceUnknown, HoldDecided, AnotherCurateur, or NotReadYet, with the
    resource and its version, where it is masked for whoever agrees.
    """
    if waits := session.get(ResourceHold, hold_id):
        look_before(session, vault, waits.resource_id, waits.version)
    row, record = _decide(session, viewer, hold_id)
    version = open_version(session, vault, record, row.version)
    if is_masked(session, vault, author.who, version, now):
        raise NotReadYet(resource=record.public_id, version=str(row.version))
    screened = screen(session, vault, version.content)
    if _says_more(vault, row, screened):
        found = (screened.remarks, screened.hidden)
        note_hold(session, vault, record.id, row.version, *found, now)
        detail = {"version": row.version}
        add(session, vault, author, Action.RESOURCE_HELD, str(record.id), detail)
        return Agreement.AGAIN
    agreed = _agreements(session, row.id).get(row.id, set())
    if author.who in agreed:
        raise AnotherCurateur
    act(session, author, record.id, row.version, "released", now)
    comes_out = bool(agreed) or one_is_enough(read_hold(vault, row)[0])
    if comes_out:
        if _was_public(session, record, row.version):
            put_back(session, vault, record, screened)
        else:
            put_out(session, vault, record, version, screened, now)
            act(session, author, record.id, row.version, "published", now)
        row.decided_at = now
    detail = {"version": row.version}
    add(session, vault, author, Action.RESOURCE_RELEASED, str(record.id), detail)
    return Agreement.OUT if comes_out else Agreement.AGREED


def one_is_enough(remarks: Iterable[Remark]) -> bool:
    """Return whether one curateur lets a text out that waits for these reasons."""
    return {each.why for each in remarks} == {"restored"}


def _says_more(vault: Vault, row: ResourceHold, screened: Screened) -> bool:
    """Return whether a text names more than its page said, since somebody was hidden meanwhile."""
    remarks, judged = read_hold(vault, row)
    others = {each for each in screened.remarks if each.why != "hidden"}
    return not (screened.hidden <= judged and others <= set(remarks))


def refuse(
    session: Session, vault: Vault, viewer: Viewer, author: Author, hold_id: UUID, now: datetime
) -> None:
    """Leave a text to whoever writes it anew; whoever has not read it may.

    Raises NotYourDecision, ResourceUnknown or HoldDecided.
    """
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


def _agreements(session: Session, hold_id: UUID | None = None) -> dict[UUID, set[str]]:
    """Return hold -> who agreed to let its text out since it waits; hold_id: of that one alone."""
    agreed = and_(
        ResourceAct.resource_id == ResourceHold.resource_id,
        ResourceAct.version == ResourceHold.version,
        ResourceAct.act == "released",
        ResourceAct.at >= ResourceHold.since,
    )
    rows = select(ResourceHold.id, ResourceAct.who).join(ResourceAct, agreed)
    of = ResourceHold.decided_at.is_(None) if hold_id is None else ResourceHold.id == hold_id
    found: dict[UUID, set[str]] = defaultdict(set)
    for held, who in session.execute(rows.where(of)):
        found[held].add(who)
    return found


def _was_public(session: Session, record: ResourceRecord, version: int) -> bool:
    """Return whether visitors read this version until it was taken from them."""
    if record.edition is None or published_version(session, record.id) != version:
        return False
    return not session.scalar(select(exists().where(Resource.id == record.id)))
