"""What somebody saves of a resource: versions that are only added, each sealed whole."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author, add
from app.errors import Mesure23Error, OperatorError, ResourceUnknown
from app.models import ResourceAct, ResourceRecord, ResourceVersion
from app.platform.database.sessions import among
from app.resources.content import Content, read_stored
from app.vault.sealing import Vault
from app.visibility import Viewer

TABLE, CONTENT, NOTE = ResourceVersion.__tablename__, "content", "note"
# What nobody writes any more.
_ENDED = ("erased",)
# What is said of a held text to nobody but whoever decides of it.
_UNSAID = frozenset({"held", "released"})


class ResourceOutdated(Mesure23Error):
    """Quelqu’un a changé cette ressource pendant que vous écriviez."""

    status = 409
    title = "Ressource changée entre-temps"
    advice = "Comparez les deux versions, puis enregistrez la vôtre."


class ContentUnreadable(OperatorError):
    """Une ressource scellée ne correspond pas à cette version du service : une version plus
    récente l’a sans doute écrite. Réinstallez cette version plus récente, puis recommencez.
    """


class Saved(NamedTuple):
    """A version that was saved."""

    id: UUID
    number: int


@dataclass(frozen=True, slots=True)
class Stored:
    """A version of a resource, opened, with what became of the resource."""

    id: UUID
    public_id: str
    status: str
    edition: int | None
    latest: int
    number: int
    content: Content
    who: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody did with a version: saved it, where act is "saved"."""

    number: int
    act: str
    who: str
    at: datetime
    note: str = ""


def save(
    session: Session,
    vault: Vault,
    author: Author,
    resource: UUID | None,
    content: Content,
    now: datetime,
    *,
    based_on: int = 0,
    note: str = "",
    new_id: UUID | None = None,
) -> Saved:
    """Save a version; resource: None for a new one.

    new_id: of a new one, so that who sends the same once more has one of it. Raises
    ResourceUnknown, or ResourceOutdated where the latest is another one than the writer saw.
    """
    if resource is None:
        record = _new(session, author, content, now, new_id or uuid4())
        if record.latest:
            if _says_same(session, vault, record, author, content):
                return Saved(record.id, record.latest)
            record = _new(session, author, content, now, uuid4())
    else:
        record = to_change(session, resource)
        if record.latest != based_on or record.form != content.form.value:
            raise ResourceOutdated
    record.latest += 1
    if record.edition is None:
        record.audience = content.audience.value
    if record.status in ("waiting", "held"):
        record.status = "draft"
    row = ResourceVersion(id=uuid4(), resource_id=record.id, number=record.latest, at=now)
    row.who = author.who
    row.content = vault.seal_json(TABLE, row.id, CONTENT, content.model_dump(mode="json"))
    row.note = vault.seal_json(TABLE, row.id, NOTE, note) if note else None
    session.flush()
    session.add(row)
    add(session, vault, author, Action.RESOURCE_WRITTEN, str(record.id), {"version": row.number})
    return Saved(record.id, row.number)


def _new(
    session: Session, author: Author, content: Content, now: datetime, new_id: UUID
) -> ResourceRecord:
    """Return a new record of an id, or the one that has it, once whoever writes that is done."""
    row = {"id": new_id, "status": "draft", "latest": 0, "made_at": now, "made_by": author.who}
    row |= {"form": content.form.value, "audience": content.audience.value}
    session.execute(insert(ResourceRecord).values(row).on_conflict_do_nothing())
    return session.get_one(ResourceRecord, new_id, with_for_update=True, populate_existing=True)


def _says_same(
    session: Session, vault: Vault, record: ResourceRecord, author: Author, content: Content
) -> bool:
    """Return whether somebody wrote this content first of all of a record, which is not erased."""
    if record.made_by != author.who or record.status in _ENDED:
        return False
    return open_version(session, vault, record, 1).content == content


def restore(
    session: Session, vault: Vault, author: Author, resource: UUID, number: int, now: datetime
) -> Saved:
    """Save a former version once more, as the latest."""
    record = to_change(session, resource)
    content = open_version(session, vault, record, number).content
    saved = save(session, vault, author, resource, content, now, based_on=record.latest)
    act(session, author, resource, number, "restored", now)
    return saved


def check_own(session: Session, author: Author, resource: UUID, number: int) -> None:
    """Raise ResourceUnknown where somebody else wrote a version."""
    own = (ResourceVersion.resource_id == resource, ResourceVersion.number == number)
    if session.scalar(select(ResourceVersion.who).where(*own)) != author.who:
        raise ResourceUnknown


def read(
    session: Session, vault: Vault, viewer: Viewer, resource: UUID, number: int | None = None
) -> Stored:
    """Return a version, the latest where no number is given; raise ResourceUnknown."""
    record = session.get(ResourceRecord, resource) if viewer.writes_resources else None
    if record is None or record.status in _ENDED:
        raise ResourceUnknown
    number = record.latest if number is None else number
    stored = open_version(session, vault, record, number)
    unsaid = stored.status == "held" and not viewer.publishes_resources
    return replace(stored, status="waiting") if unsaid else stored


def history(session: Session, vault: Vault, viewer: Viewer, stored: Stored) -> list[Step]:
    """Return all that was done with a resource that its viewer has read, the newest first.

    Whoever decides nothing of a text that is held learns no more than that it waits.
    """
    steps = [*_saved(session, vault, stored.id), *_done(session, stored.id)]
    if not viewer.publishes_resources:
        steps = [each for each in steps if each.act not in _UNSAID]
    # What is asked or published with the same button comes after it is saved.
    return sorted(steps, key=lambda each: (each.at, each.number, each.act != "saved"), reverse=True)


def to_change(session: Session, resource: UUID) -> ResourceRecord:
    """Return a resource, which nobody else writes until this transaction ends.

    Raises ResourceUnknown.
    """
    record = session.get(ResourceRecord, resource, with_for_update=True, populate_existing=True)
    if record is None or record.status in _ENDED:
        raise ResourceUnknown
    return record


def reserve(session: Session, resources: Iterable[UUID]) -> None:
    """Have nobody else write any of these until this transaction ends, as to_change() does of one.

    For who writes several, before the first: each adds to the journal, which whoever writes one of
    the others waits for.
    """
    rows = select(ResourceRecord.id).where(among(ResourceRecord.id, resources))
    session.execute(rows.order_by(ResourceRecord.id).with_for_update()).all()


def open_version(session: Session, vault: Vault, record: ResourceRecord, number: int) -> Stored:
    """Open a version; raise ResourceUnknown where there is none of this number."""
    wanted = (ResourceVersion.resource_id == record.id, ResourceVersion.number == number)
    row = session.scalar(select(ResourceVersion).where(*wanted))
    if row is None:
        raise ResourceUnknown
    return stored_of(vault, record, row)


def stored_of(vault: Vault, record: ResourceRecord, row: ResourceVersion) -> Stored:
    """Open a version of a resource."""
    return Stored(
        *(record.id, record.public_id, record.status, record.edition, record.latest),
        *(row.number, open_content(vault, row), row.who, row.at, _note(vault, row)),
    )


def open_content(vault: Vault, row: ResourceVersion) -> Content:
    """Return what a version says."""
    try:
        return read_stored(vault.open_json(TABLE, row.id, CONTENT, row.content))
    except ValidationError:
        # From None: what is in a draft may be secret.
        raise ContentUnreadable from None


def act(
    session: Session, author: Author, resource: UUID, number: int, what: str, now: datetime
) -> None:
    """Note what somebody did with a version."""
    row = {"resource_id": resource, "version": number, "at": now, "who": author.who, "act": what}
    session.add(ResourceAct(**row))
    session.flush()


def _saved(session: Session, vault: Vault, resource: UUID) -> Iterator[Step]:
    rows = select(ResourceVersion).where(ResourceVersion.resource_id == resource)
    for row in session.scalars(rows):
        yield Step(row.number, "saved", row.who, row.at, _note(vault, row))


def _done(session: Session, resource: UUID) -> Iterator[Step]:
    for row in session.scalars(select(ResourceAct).where(ResourceAct.resource_id == resource)):
        yield Step(row.version, row.act, row.who, row.at)


def _note(vault: Vault, row: ResourceVersion) -> str:
    return vault.open_json(TABLE, row.id, NOTE, row.note) if row.note else ""
