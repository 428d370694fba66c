"""Resources that are published as the desk publishes them, for tests of what visitors read."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.audit.journal import Author
from app.cataloguing.holding import Agreement, release, waiting
from app.cataloguing.publishing import publish
from app.cataloguing.versions import Saved, read, save
from app.models import ResourceRecord, Role
from app.models.privileges import PUBLIC_VIEWS
from app.platform.database.sessions import write
from app.records.opening import note_resource
from app.resources.content import Content
from app.resources.forms import Form
from app.runtime.staff import Runtime
from app.vault.sealing import Vault
from app.visibility import Viewer
from tests.resource_contents import document, practice, sheet, study, training

WRITER, READER = Author("essai", Role.CURATEUR), Author("autre essai", Role.CURATEUR)
CURATEUR = Viewer.staff(Role.CURATEUR)
NAMES_HOME = "Le foyer est au 10, r. Cachée."
VIEWS = (*(each for each in PUBLIC_VIEWS if each.startswith("resource")), "issuing_body")
OF_FORM: dict[Form, Callable[..., Content]] = {
    Form.DOCUMENT: document,
    Form.SHEET: sheet,
    Form.PRACTICE: practice,
    Form.TRAINING: training,
    Form.STUDY: study,
}


def draft_resource(session: Session, vault: Vault, form: Form, **fields: Any) -> Saved:
    """Save an invented resource that nobody published; fields: of its content or own part."""
    content = OF_FORM[form](**fields)
    return save(session, vault, WRITER, None, content, datetime.now(UTC))


def make_resource(session: Session, vault: Vault, form: Form, **fields: Any) -> str:
    """Publish an invented resource, and return its public id; it names nobody hidden."""
    saved = draft_resource(session, vault, form, **fields)
    assert not publish_version(session, vault, saved.id, saved.number)
    return public_id_of(session, saved.id)


def publish_version(session: Session, vault: Vault, resource: UUID, number: int) -> bool:
    """Publish a version by another curateur than its writer; return whether it is held."""
    now = datetime.now(UTC)
    return bool(publish(session, vault, CURATEUR, READER, resource, number, now))


def public_id_of(session: Session, resource: UUID) -> str:
    """Return the id of a resource in addresses."""
    return session.get_one(ResourceRecord, resource).public_id


def now() -> datetime:
    return datetime.now(UTC)


def seen(runtime: Runtime) -> str:
    """All that a visitor may read of resources, by any view."""
    with runtime.databases.public.connect() as connection:
        views = [text(f"SELECT v::text FROM {view} v") for view in VIEWS]
        return "\n".join(row for view in views for row in connection.execute(view).scalars())


def made(runtime: Runtime, form: Form = Form.DOCUMENT, **fields: Any) -> UUID:
    with write(runtime.staff) as session:
        public_id = make_resource(session, runtime.vault, form, **fields)
        wanted = ResourceRecord.public_id == public_id
        return session.scalars(select(ResourceRecord.id).where(wanted)).one()


def held_one(runtime: Runtime, **fields: Any) -> UUID:
    with write(runtime.staff) as session:
        saved = draft_resource(session, runtime.vault, Form.DOCUMENT, **fields)
        assert publish_version(session, runtime.vault, saved.id, saved.number)
        return saved.id


def again(runtime: Runtime, resource: UUID, form: Form = Form.DOCUMENT, **fields: Any) -> bool:
    """Publish another version of a resource; return whether it is held."""
    with write(runtime.staff) as session:
        latest = read(session, runtime.vault, CURATEUR, resource).number
        content, based_on = OF_FORM[form](**fields), latest
        saved = save(session, runtime.vault, WRITER, resource, content, now(), based_on=based_on)
        return publish_version(session, runtime.vault, resource, saved.number)


def release_by(runtime: Runtime, author: Author) -> bool:
    """Open the one text that waits, and agree that it comes out; return whether it does."""
    with Session(runtime.staff) as session:
        (each,) = waiting(session, runtime.vault, CURATEUR)
    note_resource(runtime.staff, runtime.vault, author, each.version.id)
    with write(runtime.staff) as session:
        found = release(session, runtime.vault, CURATEUR, author, each.id, now())
        return found is Agreement.OUT


def status(runtime: Runtime, resource: UUID) -> str:
    with Session(runtime.staff) as session:
        return session.get_one(ResourceRecord, resource).status
