"""Takes a resource from its readers: one that is withdrawn leaves title and day, one that is erased
leaves nothing, as if it had never been.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author, add
from app.cataloguing.opening import withdrawn_at
from app.cataloguing.placing import forget_places
from app.cataloguing.publishing import NotYourDecision, mark, put_back
from app.cataloguing.screening import screen
from app.cataloguing.versions import act, open_version, to_change
from app.errors import Mesure23Error, ResourceUnknown
from app.models import (
    Resource,
    ResourceDraft,
    ResourceHold,
    ResourceMark,
    ResourceRecord,
    ResourceWithdrawn,
)
from app.platform.database.sessions import IMPORT_LOCK, hold
from app.records.naming import hidden_among, named_in
from app.records.unpublishing import (
    TITLE_ALONE,
    Remark,
    forget_bodies,
    note_hold,
    published_version,
    seal_places,
    stand,
)
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.zones import paris_day

# For so long whoever withdrew a resource may take that back.
TAKEN_BACK_WITHIN = timedelta(hours=1)


class TooLateToTakeBack(Mesure23Error):
    """Ce retrait date de plus d’une heure : il ne s’annule plus d’un clic."""

    status = 409
    title = "Trop tard pour annuler"
    advice = "Publiez de nouveau la ressource depuis son historique."


def withdraw(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    resource: UUID,
    now: datetime,
    why: str = "",
    *,
    titled: bool = True,
) -> None:
    """Leave of a resource its title and the day; of one for professionals, nothing.

    titled: whether its title is left: it is the one that readers had last. Where it stands is
    sealed until that is taken back no more.

    Raises NotYourDecision or ResourceUnknown; the latter also where nobody reads it.
    """
    record = _to_decide(session, viewer, resource)
    shown = select(Resource.title, Resource.audience).where(Resource.id == resource)
    row = session.execute(shown).one_or_none()
    if row is None:
        raise ResourceUnknown
    version = published_version(session, resource)
    seal_places(session, vault, record, version, now)
    _take(session, resource)
    if titled and row.audience == "public":
        left = {"public_id": record.public_id, "title": row.title, "withdrawn_on": paris_day(now)}
        session.execute(insert(ResourceWithdrawn).values(left))
        named = named_in((row.title,))
        judged = hidden_among(session, vault, named)
        mark(session, vault, resource, TITLE_ALONE, named, judged)
    _close_holds(session, resource, now)
    record.status = "withdrawn"
    act(session, author, resource, version, "withdrawn", now)
    add(session, vault, author, Action.RESOURCE_WITHDRAWN, str(resource), {"why": why})


def take_back(
    session: Session, vault: Vault, viewer: Viewer, author: Author, resource: UUID, now: datetime
) -> tuple[Remark, ...]:
    """Show again what was withdrawn within the hour, or hold it and return why.

    Raises as withdraw() does, or TooLateToTakeBack.
    """
    record = _to_decide(session, viewer, resource)
    withdrawn = select(withdrawn_at()).where(ResourceRecord.id == resource)
    at = session.scalars(withdrawn).one()
    if at is None:
        raise ResourceUnknown
    if at < now - TAKEN_BACK_WITHIN:
        raise TooLateToTakeBack
    version = published_version(session, resource)
    screened = screen(session, vault, open_version(session, vault, record, version).content)
    _take(session, resource)
    if screened.remarks:
        note_hold(session, vault, resource, version, screened.remarks, screened.hidden, now)
        stand(record, version, "held")
        act(session, author, resource, version, "held", now)
        done_to_it = Action.RESOURCE_HELD
    else:
        put_back(session, vault, record, screened)
        done_to_it = Action.RESOURCE_PUBLISHED
    act(session, author, resource, version, "restored", now)
    add(session, vault, author, done_to_it, str(resource), {"version": version})
    return screened.remarks


def forget_withdrawn(session: Session, vault: Vault, now: datetime) -> None:
    """Forget where texts stood whose withdrawal is taken back no more."""
    of = ResourceHold.resource_id == ResourceRecord.id
    ended = withdrawn_at() < now - TAKEN_BACK_WITHIN
    found = select(ResourceRecord.id).join(ResourceHold, of).where(ended).distinct()
    for resource in session.scalars(found).all():
        forget_places(session, vault, resource)


def erase(
    session: Session, vault: Vault, viewer: Viewer, author: Author, resource: UUID, now: datetime
) -> None:
    """Leave nothing that anybody could read, at any address; raise as withdraw() does."""
    record = _to_decide(session, viewer, resource)
    _take(session, resource)
    forget_places(session, vault, resource)
    forget_bodies(session, curated=True)
    session.execute(delete(ResourceDraft).where(ResourceDraft.resource_id == resource))
    _close_holds(session, resource, now)
    record.status = "erased"
    act(session, author, resource, record.latest, "erased", now)
    add(session, vault, author, Action.RESOURCE_ERASED, str(resource))


def _close_holds(session: Session, resource: UUID, now: datetime) -> None:
    """Ask nobody any more whether a text of it comes out."""
    undecided = (ResourceHold.resource_id == resource, ResourceHold.decided_at.is_(None))
    session.execute(update(ResourceHold).where(*undecided).values(decided_at=now))


def _to_decide(session: Session, viewer: Viewer, resource: UUID) -> ResourceRecord:
    if not viewer.publishes_resources:
        raise NotYourDecision
    # Whoever hides actors takes texts down as well, in the same order of locks.
    hold(session, IMPORT_LOCK)
    return to_change(session, resource)


def _take(session: Session, resource: UUID) -> None:
    """Take all of a resource from visitors."""
    record = session.get_one(ResourceRecord, resource)
    record.owed_since = datetime.now(UTC)
    session.execute(delete(Resource).where(Resource.id == resource))
    forget_bodies(session)
    gone = ResourceWithdrawn.public_id == record.public_id
    session.execute(delete(ResourceWithdrawn).where(gone))
    session.execute(delete(ResourceMark).where(ResourceMark.resource_id == resource))
