"""From a sealed version to what visitors read: the one way to the open tables.

Who publishes has it screened first, under the lock of whoever hides actors: no text comes out
between the two. What it names is noted with it, so that it goes as soon as that is hidden.
"""

from collections.abc import Iterable, Mapping, Set
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author, add
from app.cataloguing.bodies import authority
from app.cataloguing.links import forget_former
from app.cataloguing.opening import withdrawn_at
from app.cataloguing.placing import forget_places, put_where_it_stood
from app.cataloguing.screening import RELATION, Screened, look_first, screen
from app.cataloguing.versions import Stored, act, open_version, to_change
from app.errors import Mesure23Error
from app.models import (
    Resource,
    ResourceAct,
    ResourceEdition,
    ResourceHold,
    ResourceMark,
    ResourceRecord,
    ResourceRelation,
    ResourceWithdrawn,
)
from app.models.resource_record import TEXT_MARKS_VERSION
from app.platform.database.copying import copy_in
from app.platform.database.sessions import IMPORT_LOCK, among, hold
from app.records.marks import Mark, stored_mark
from app.records.unpublishing import Remark, note_hold, published_version, stand
from app.resources.content import Content, DocumentPart, SheetPart
from app.resources.forms import Form
from app.resources.stored import columns_of, content_of, public_content
from app.vault.digests import index_key
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.names import slug
from geo.zones import paris_day

# Of what has no term of its own.
REVIEW_MONTHS = 24


class NotYourDecision(Mesure23Error):
    """Un curateur décide de ce qui est publié."""

    status = 403
    title = "Décision réservée à d’autres"
    advice = "Demandez la publication : un curateur relit ce que vous avez écrit."


class AnotherNeeded(Mesure23Error):
    """Une fiche est publiée par un autre curateur que celui qui l’a écrite."""

    status = 409
    title = "Une seconde lecture est nécessaire"
    advice = "Demandez la publication : un autre curateur relit cette version et la publie."


class NothingToRead(Mesure23Error):
    """La dernière version est celle que les lecteurs ont : il n’y a rien à relire."""

    status = 409
    title = "Rien à relire"
    advice = "Modifiez-la d’abord, ou rétablissez une version de son historique."


def ask(session: Session, vault: Vault, author: Author, resource: UUID, now: datetime) -> None:
    """Ask that the latest version be published; whoever asks learns nothing of what it names.

    Raises ResourceUnknown, or NothingToRead where readers have that one.
    """
    record = to_change(session, resource)
    is_read = record.status == "published"
    if is_read and record.latest == published_version(session, resource):
        raise NothingToRead
    if record.status != "held":
        # What two people decide of goes on to wait for them, and who asks reads that it waits.
        record.status = "waiting"
    act(session, author, resource, record.latest, "asked", now)
    add(session, vault, author, Action.RESOURCE_ASKED, str(resource), {"version": record.latest})


def publish(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    resource: UUID,
    number: int,
    now: datetime,
) -> tuple[Remark, ...]:
    """Publish a version, or hold it and return why.

    Raises NotYourDecision, ResourceUnknown, or AnotherNeeded where a sheet is its reader's own.
    """
    if not viewer.publishes_resources:
        raise NotYourDecision
    look_before(session, vault, resource, number)
    hold(session, IMPORT_LOCK)
    record = to_change(session, resource)
    version = open_version(session, vault, record, number)
    if _is_read(session, resource) and published_version(session, resource) == number:
        # Whoever presses a button twice makes no second edition of the same words.
        return ()
    if version.content.form is Form.SHEET and version.who == author.who:
        raise AnotherNeeded
    if session.scalar(select(withdrawn_at()).where(ResourceRecord.id == resource)):
        # What is published of it is not its withdrawal taken back.
        forget_places(session, vault, resource)
    screened = screen(session, vault, version.content)
    if screened.remarks:
        note_hold(session, vault, resource, number, screened.remarks, screened.hidden, now)
        stand(record, number, "held")
        act(session, author, resource, number, "held", now)
        add(session, vault, author, Action.RESOURCE_HELD, str(resource), {"version": number})
        return screened.remarks
    put_out(session, vault, record, version, screened, now)
    act(session, author, resource, number, "published", now)
    add(session, vault, author, Action.RESOURCE_PUBLISHED, str(resource), {"version": number})
    return ()


def look_before(session: Session, vault: Vault, resource: UUID, number: int) -> None:
    """Look a version through before the import lock: a long text takes seconds, and all who write
    actors would wait. Raises ResourceUnknown.
    """
    if record := session.get(ResourceRecord, resource):
        look_first(session, [open_version(session, vault, record, number).content])


def _is_read(session: Session, resource: UUID) -> bool:
    return session.scalar(select(Resource.edition).where(Resource.id == resource)) is not None


def put_out(
    session: Session,
    vault: Vault,
    record: ResourceRecord,
    version: Stored,
    screened: Screened,
    now: datetime,
) -> None:
    """Show a version as the next edition, whatever it names; under the import lock.

    What of it is hidden was judged: it takes the text down again only as somebody else is hidden.
    """
    edition = (record.edition or 0) + 1
    if edition > 1:
        forget_former(session, vault, record.id, version.content)
        _end(session, record, now)
    _show(session, record, version.content, edition, now)
    mark(session, vault, record.id, edition, screened.named, screened.hidden)
    if edition == 1:
        # No former one has marks of a former release.
        record.marks_version = TEXT_MARKS_VERSION
    record.edition = edition
    stand(record, version.number, "published")
    record.audience = version.content.audience.value
    undecided = (ResourceHold.resource_id == record.id, ResourceHold.decided_at.is_(None))
    session.execute(update(ResourceHold).where(*undecided).values(decided_at=now))
    if edition > 1:
        put_where_it_stood(session, vault, record)
    session.flush()


def put_back(session: Session, vault: Vault, record: ResourceRecord, judged: Screened) -> None:
    """Show again what was taken from visitors, by the numbers that its editions had.

    judged: of the last edition. A former one that names somebody hidden stays where it is, as one
    that was taken for itself does.
    """
    editions = published(session, record.id)
    *former, (last, begun) = editions
    content = open_version(session, vault, record, last).content
    _show(session, record, content, len(editions), begun, record.review_on)
    taken = _taken(session, record.id)
    mark(session, vault, record.id, len(editions), judged.named, judged.hidden)
    for edition, (number, begun) in enumerate(former, 1):
        if any(at > begun for version, at in taken if version == number):
            continue
        content = open_version(session, vault, record, number).content
        screened = screen(session, vault, content)
        if not screened.remarks:
            _show_former(session, record, content, edition, begun, editions[edition][1])
            mark(session, vault, record.id, edition, screened.named)
    record.edition, record.marks_version = len(editions), TEXT_MARKS_VERSION
    put_where_it_stood(session, vault, record)
    stand(record, last, "published")
    session.flush()


def project(
    record: ResourceRecord,
    content: Content,
    edition: int,
    bodies: Mapping[str, str],
    at: datetime,
    today: date,
) -> dict[str, Any]:
    """Return the columns of the open table. bodies: code -> name of those that issue it."""
    named = tuple(bodies.values())
    columns = columns_of(content.model_copy(update={"bodies": named}))
    return columns | {
        "id": record.id,
        "public_id": record.public_id,
        "slug": slug(content.title) or "ressource",
        "edition": edition,
        "body_codes": list(bodies),
        "review_on": review_on(content, today),
        "published_at": at,
        "changed_on": paris_day(at),
    }


def review_on(content: Content, today: date) -> date:
    """Return when somebody is to read a resource again."""
    months = content.own.review_months if isinstance(content.own, SheetPart) else REVIEW_MONTHS
    year, month = divmod(today.month - 1 + months, 12)
    # No month is shorter.
    return date(today.year + year, month + 1, min(today.day, 28))


def _show(
    session: Session,
    record: ResourceRecord,
    content: Content,
    edition: int,
    at: datetime,
    term: date | None = None,
) -> None:
    """Write the open row. term: of review, where nobody has read it again for this."""
    bodies = authority(session, content.bodies)
    row = project(record, content, edition, bodies, at, paris_day())
    row["review_on"] = record.review_on = term or row["review_on"]
    there = exists().where(Resource.id == record.id)
    if edition == 1 or not session.scalar(select(there)):
        session.execute(insert(Resource).values(row))
    else:
        # Never deleted and put anew: its editions and places would go with it.
        row["link_dead_since"] = None
        session.execute(update(Resource).where(Resource.id == record.id).values(row))
    gone = delete(ResourceWithdrawn).where(ResourceWithdrawn.public_id == record.public_id)
    session.execute(gone)
    _relate(session, record.public_id, content)


def _end(session: Session, record: ResourceRecord, now: datetime) -> None:
    """Leave what visitors read until now as a former edition."""
    wanted = select(Resource.__table__).where(Resource.id == record.id)
    row = session.execute(wanted).mappings().one_or_none()
    if row is not None:
        content, edition = content_of(dict(row)), row["edition"]
        _show_former(session, record, content, edition, row["published_at"], now)


def _show_former(
    session: Session,
    record: ResourceRecord,
    content: Content,
    edition: int,
    at: datetime,
    ended: datetime,
) -> None:
    row = {"public_id": record.public_id, "number": edition, "audience": content.audience.value}
    row |= {"content": public_content(content), "published_at": at, "ended_at": ended}
    session.execute(insert(ResourceEdition).values(row))


def mark(
    session: Session,
    vault: Vault,
    resource: UUID,
    edition: int,
    named: Iterable[Mark],
    judged: Set[Mark] = frozenset(),
) -> None:
    """Write what an edition names; judged: those of somebody hidden with which it was let out."""
    key = index_key(session, vault)
    same = (ResourceMark.resource_id == resource, ResourceMark.edition == edition)
    session.execute(delete(ResourceMark).where(*same))
    of = {"resource_id": resource, "edition": edition}
    digests = ((*_digest(mark, key), mark in judged) for mark in named)
    rows = (of | {"category": k, "digest": d, "judged": was} for k, d, was in digests)
    copy_in(session, ResourceMark, rows)


def _digest(mark: Mark, key: bytes) -> tuple[str, bytes]:
    # The id of a resource is nobody's: whoever is tied to it is found without the keys.
    if mark[0].startswith(RELATION):
        return mark[0], bytes.fromhex(mark[1])
    return stored_mark(mark, key, home=False)


def _relate(session: Session, public_id: str, content: Content) -> None:
    """Tie it to those that it names, and those that name it to it, as far as they are public."""
    session.execute(delete(ResourceRelation).where(ResourceRelation.from_id == public_id))
    given = content.own.relations if isinstance(content.own, DocumentPart) else ()
    others = among(Resource.public_id, [each.resource_id for each in given])
    known = set(session.scalars(select(Resource.public_id).where(others))) if given else ()
    pairs = {(public_id, e.resource_id, e.relation) for e in given if e.resource_id in known}
    # Their own contents do not say it: of whom they name, some are public and some are not.
    naming = (
        select(Resource.public_id, ResourceMark.category)
        .join(ResourceMark, ResourceMark.resource_id == Resource.id)
        .where(ResourceMark.edition == Resource.edition)
        .where(ResourceMark.digest == bytes.fromhex(public_id))
    )
    for other, category in session.execute(naming):
        pairs.add((other, public_id, category.removeprefix(RELATION)))
    rows = [
        {"from_id": one, "to_id": other, "relation": relation}
        for one, other, relation in sorted(pairs)
        if one != other
    ]
    if rows:
        session.execute(insert(ResourceRelation).on_conflict_do_nothing(), rows)


def _taken(session: Session, resource: UUID) -> list[tuple[int, datetime]]:
    """Return which versions were taken from readers or refused to them, and when."""
    acts = ResourceAct.act.in_(("held", "refused", "withdrawn"))
    rows = select(ResourceAct.version, ResourceAct.at).where(ResourceAct.resource_id == resource)
    return [(version, at) for version, at in session.execute(rows.where(acts))]


def published(session: Session, resource: UUID) -> list[tuple[int, datetime]]:
    """Return the versions that were published, with the moments, in the order of editions."""
    published = (ResourceAct.resource_id == resource, ResourceAct.act == "published")
    order = (ResourceAct.at, ResourceAct.version)
    acts = select(ResourceAct.version, ResourceAct.at).where(*published).order_by(*order)
    return [(version, at) for version, at in session.execute(acts)]
