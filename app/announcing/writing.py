"""An event is written, proposed, published, cancelled and withdrawn: each is one of these acts.

A référent proposes what takes place in their own territory; a curateur publishes. `project()` is
the only way to the open rows, of what was screened.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import case, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.accounts.people import BY_SERVICE
from app.announcing.content import Content, as_json, from_json
from app.announcing.errors import (
    ChangeWithheld,
    EventChanged,
    EventMissing,
    EventOver,
    NotYourEvent,
    NotYourTerritory,
    ReasonMissing,
    TextWithheld,
)
from app.audit.actions import Action
from app.audit.journal import Author, add
from app.cataloguing.screening import Screened, screen_tied
from app.models import Actor, AgendaEvent, AgendaMark, AgendaRecord
from app.platform.database.sessions import IMPORT_LOCK, among, hold
from app.records.marks import stored_mark
from app.records.unannouncing import take_down
from app.registrations.registering import tell_again
from app.vault.digests import index_key
from app.vault.sealing import NotOpened, Vault
from app.visibility import Viewer

TABLE, COLUMN = AgendaRecord.__tablename__, "content"
# Of a record that was changed by another hand, or whose key is not there.
NOT_READ = (NotOpened, LookupError, TypeError, ValueError)
BY_ITSELF = Author(BY_SERVICE)
FORGOTTEN_AFTER = timedelta(days=2 * 365)


def find(
    session: Session, viewer: Viewer, who: str, public_id: str, *, lock: bool = False
) -> AgendaRecord:
    """Return an event that somebody may read at the desk; raise EventMissing.

    A curateur reads all of them, anybody else what they wrote: what a colleague writes may name
    whom only a curateur may read of.
    """
    if lock:
        # Before its row, as whoever hides an actor does.
        hold(session, IMPORT_LOCK)
    asked = select(AgendaRecord).where(AgendaRecord.public_id == public_id)
    record = session.scalar(asked.with_for_update() if lock else asked)
    allowed = record is not None and viewer.writes_resources
    if record is None or not (allowed and (viewer.publishes_resources or record.made_by == who)):
        raise EventMissing
    return record


def content_of(vault: Vault, record: AgendaRecord) -> Content:
    """Return what is said of an event."""
    return from_json(vault.open_json(TABLE, record.id, COLUMN, record.content))


def create(
    session: Session, vault: Vault, viewer: Viewer, author: Author, content: Content, now: datetime
) -> AgendaRecord:
    """Add a draft; raise NotYourTerritory."""
    hold(session, IMPORT_LOCK)
    record = AgendaRecord(id=uuid4(), made_by=author.who, made_at=now, status="draft")
    _write(vault, viewer, author, record, content, now)
    session.add(record)
    session.flush()
    _mark(session, vault, record, content)
    _note(session, vault, author, Action.EVENT_WRITTEN, record)
    return record


def change(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    record: AgendaRecord,
    content: Content,
    seen: str,
    now: datetime,
) -> None:
    """Write an event anew; readers have it at once where it is published.

    record: locked. seen: of what its form was based on. Raises EventChanged, NotYourEvent,
    NotYourTerritory or TextWithheld.
    """
    if seen != version_of(record):
        raise EventChanged
    if record.status in ("published", "cancelled") and not viewer.publishes_resources:
        raise NotYourEvent
    former = content_of(vault, record)
    content = replace(content, reason=former.reason)
    if content.meeting != former.meeting:
        tell_again(session, record.id, "linked", "reminded")
    _write(vault, viewer, author, record, content, now)
    _mark(session, vault, record, content)
    if record.status in ("published", "cancelled"):
        project(session, vault, record, content, now)
    _note(session, vault, author, Action.EVENT_WRITTEN, record)


def version_of(record: AgendaRecord) -> str:
    """Return by what a form says later what it was based on: it is sealed anew each time."""
    return sha256(record.content).hexdigest()[:32]


def propose(session: Session, vault: Vault, author: Author, record: AgendaRecord) -> None:
    """Have an event wait for a curateur; record: locked."""
    if record.status == "draft":
        record.status = "proposed"
        _note(session, vault, author, Action.EVENT_PROPOSED, record)


def publish(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    record: AgendaRecord,
    now: datetime,
) -> None:
    """Give an event to its readers; record: locked.

    Raises NotYourEvent, EventOver or TextWithheld.
    """
    if not viewer.publishes_resources:
        raise NotYourEvent
    if record.status in ("published", "cancelled"):
        return
    if record.ends_at <= now:
        raise EventOver
    content = content_of(vault, record)
    project(session, vault, record, content, now)
    # What readers knew as cancelled comes back so, whatever took it from them.
    record.status = "cancelled" if record.cancelled_at else "published"
    record.masked = False
    _note(session, vault, author, Action.EVENT_PUBLISHED, record)


def cancel(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    record: AgendaRecord,
    reason: str,
    now: datetime,
) -> None:
    """Say that a published event does not take place, and why; record: locked.

    Raises NotYourEvent, EventOver, ReasonMissing or TextWithheld.
    """
    if not viewer.publishes_resources or record.status != "published":
        raise NotYourEvent
    if record.ends_at <= now:
        raise EventOver
    if not reason:
        raise ReasonMissing
    content = replace(content_of(vault, record), reason=reason)
    record.status, record.cancelled_at = "cancelled", now
    record.changed_at, record.changed_by = now, author.who
    record.content = vault.seal_json(TABLE, record.id, COLUMN, as_json(content))
    _mark(session, vault, record, content)
    project(session, vault, record, content, now)
    _note(session, vault, author, Action.EVENT_CANCELLED, record)


def withdraw(
    session: Session, vault: Vault, viewer: Viewer, author: Author, record: AgendaRecord
) -> None:
    """Take an event from its readers, or hand a proposal back; record: locked."""
    if not viewer.publishes_resources:
        raise NotYourEvent
    # Before it is taken down, which has its status another one.
    if record.status == "cancelled":
        record.cancelled_at = None
        tell_again(session, record.id, "cancelled")
    take_down(session, [record.id])
    record.status = "draft"
    _note(session, vault, author, Action.EVENT_WITHDRAWN, record)


def project(
    session: Session, vault: Vault, record: AgendaRecord, content: Content, now: datetime
) -> None:
    """Write what readers have of an event, once it is screened; raise TextWithheld.

    Of an organiser of whom something is hidden it says neither who they are nor where they meet.
    """
    actor = _named(session, content)
    says_where = actor is not None or content.actor is None
    screened = _screen(session, vault, content)
    if screened.remarks:
        is_shown = record.status in ("published", "cancelled")
        raise (ChangeWithheld if is_shown else TextWithheld)(screened.remarks)
    record.sequence += 1
    said: dict[str, Any] = {
        "public_id": record.public_id,
        "form": content.form,
        "audience": content.audience,
        "title": content.title,
        "text": content.text,
        "begins_at": content.begins_at,
        "ends_at": content.ends_at,
        "zone": content.zone,
        "territory_code": content.territory,
        "themes": list(content.themes),
        "actor_id": actor,
        "place": (content.place or None) if says_where else None,
        "commune_code": (content.commune or None) if says_where and content.place else None,
        "online": bool(content.url),
        "registers": content.registers,
        "capacity": content.capacity,
        "sequence": record.sequence,
        "cancelled_at": record.cancelled_at,
        "reason": (content.reason or None) if record.cancelled_at else None,
        "replay_id": content.replay or None,
        "changed_at": now,
    }
    # Readers had it first when they first had it, however often it changes; of when the network
    # had it the public learns nothing.
    first = case((AgendaEvent.audience == content.audience, AgendaEvent.published_at), else_=now)
    row = insert(AgendaEvent).values(id=record.id, published_at=now, **said)
    changes = said | {"published_at": first}
    session.execute(row.on_conflict_do_update(index_elements=["id"], set_=changes))


def read_again(session: Session, vault: Vault) -> int:
    """Take from readers what gives somebody away, past or to come; return how many events that is.

    Whatever did not take them down as somebody was hidden: a former release, or one that finds less
    in a text than this one.
    """
    hold(session, IMPORT_LOCK)
    of_row = AgendaEvent.id == AgendaRecord.id
    shown = session.execute(select(AgendaRecord, AgendaEvent.actor_id).join(AgendaEvent, of_row))
    found = [each for each, actor in shown.all() if _is_to_leave(session, vault, each, actor)]
    for each in found:
        _note(session, vault, BY_ITSELF, Action.EVENT_TAKEN, each)
    return len(take_down(session, [each.id for each in found]))


def note_taken(session: Session, vault: Vault, records: Iterable[UUID]) -> None:
    """Note which events were taken from readers as somebody whom they name was hidden."""
    for each in session.scalars(select(AgendaRecord).where(among(AgendaRecord.id, records))):
        _note(session, vault, BY_ITSELF, Action.EVENT_TAKEN, each)


def _is_to_leave(session: Session, vault: Vault, record: AgendaRecord, actor: str | None) -> bool:
    """Say whether an event may be shown no more; actor: whom its open row names."""
    try:
        content = content_of(vault, record)
    except NOT_READ:
        # What nobody can look through is not shown, and keeps no other one from it.
        return True
    marked = _mark(session, vault, record, content)
    return marked or (actor is not None and _named(session, content) is None)


def forget_old(session: Session, now: datetime) -> None:
    """Delete events of long ago."""
    over = AgendaRecord.ends_at < now - FORGOTTEN_AFTER
    session.execute(delete(AgendaRecord).where(over))


def _write(
    vault: Vault,
    viewer: Viewer,
    author: Author,
    record: AgendaRecord,
    content: Content,
    now: datetime,
) -> None:
    if not viewer.publishes_resources and content.territory not in viewer.territories:
        raise NotYourTerritory
    record.territory_code = content.territory
    record.begins_at, record.ends_at = content.begins_at, content.ends_at
    record.content = vault.seal_json(TABLE, record.id, COLUMN, as_json(content))
    record.changed_at, record.changed_by = now, author.who


def _named(session: Session, content: Content) -> str | None:
    """Return the public id of who organises an event, unless something of them is hidden."""
    open_ones = (Actor.id == content.actor, Actor.status == "published", ~Actor.protected)
    return session.scalar(select(Actor.public_id).where(*open_ones))


def _screen(session: Session, vault: Vault, content: Content) -> Screened:
    actor = _named(session, content)
    texts = content.shown
    if content.actor and actor is None:
        # Readers are not shown where.
        texts.pop("place", None)
    if actor:
        # Its name beside a place may say of it what the event does not.
        texts["organiser"] = session.scalars(
            select(Actor.name).where(Actor.public_id == actor)
        ).one()
    return screen_tied(session, vault, texts, [actor] if actor else ())


def _mark(session: Session, vault: Vault, record: AgendaRecord, content: Content) -> bool:
    """Store by which digests an event is found, as somebody whom it names becomes hidden.

    Returns whether it may not be published.
    """
    screened, key = _screen(session, vault, content), index_key(session, vault)
    record.masked = bool(screened.hidden)
    session.execute(delete(AgendaMark).where(AgendaMark.record_id == record.id))
    digests = {stored_mark(mark, key, home=False)[1] for mark in screened.named}
    rows = [{"record_id": record.id, "digest": each} for each in digests]
    if rows:
        session.execute(insert(AgendaMark), rows)
    return bool(screened.remarks)


def _note(
    session: Session, vault: Vault, author: Author, action: Action, record: AgendaRecord
) -> None:
    add(session, vault, author, action, str(record.id), {"territoire": record.territory_code})


def read_masked(session: Session, vault: Vault, author: Author, record: UUID) -> None:
    """Note that somebody reads an event that names who is hidden; before it is shown."""
    add(session, vault, author, Action.EVENT_READ, str(record))
