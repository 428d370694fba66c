"""A resource that visitors read no more is not read again after a restoration, however it went."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.cataloguing.handing_back import hand_back
from app.cataloguing.publishing import ask
from app.cataloguing.versions import read as read_version
from app.cataloguing.versions import save
from app.cataloguing.withdrawing import withdraw
from app.models import Resource, Withdrawal
from app.platform.database.sessions import read, write
from app.resources.forms import Form
from app.runtime.staff import Runtime
from tests.databases import Copy
from tests.makers_resources import CURATEUR, READER, WRITER, made, now
from tests.makers_resources import again as publish_again
from tests.operations.restoring import again, restored
from tests.resource_contents import document

pytestmark = pytest.mark.slow

TITLE = "Sentinelle des ressources"
Act = Callable[[Runtime, UUID], object]


def save_newer(runtime: Runtime, resource: UUID) -> None:
    with write(runtime.staff) as session:
        latest = read_version(session, runtime.vault, CURATEUR, resource).number
        content = document(title=TITLE, summary="Plus récent")
        save(session, runtime.vault, WRITER, resource, content, now(), based_on=latest)


def waiting(runtime: Runtime, resource: UUID) -> None:
    save_newer(runtime, resource)
    with write(runtime.staff) as session:
        ask(session, runtime.vault, WRITER, resource, now())


def handed_back(runtime: Runtime, resource: UUID) -> None:
    waiting(runtime, resource)
    with write(runtime.staff) as session:
        hand_back(session, runtime.vault, CURATEUR, READER, resource, now())


def held(runtime: Runtime, resource: UUID) -> None:
    with write(runtime.staff) as session:
        session.execute(
            text("UPDATE resource_record SET status = 'held' WHERE id = :id"), {"id": resource}
        )


def taken(runtime: Runtime, resource: UUID) -> None:
    with write(runtime.staff) as session:
        withdraw(session, runtime.vault, CURATEUR, READER, resource, now())


def deleted(runtime: Runtime, resource: UUID) -> None:
    with write(runtime.staff) as session:
        session.execute(text("DELETE FROM resource WHERE id = :id"), {"id": resource})


def narrowed(runtime: Runtime, resource: UUID) -> None:
    assert not publish_again(runtime, resource, title=TITLE, audience="professionnel")


@pytest.mark.parametrize("end", [taken, deleted, narrowed], ids=lambda each: each.__name__)
@pytest.mark.parametrize("before", [None, waiting, handed_back, held])
def test_whatever_its_next_version_waited_for(
    noting: Runtime, copy_of: Copy, before: Act | None, end: Act
) -> None:
    resource = made(noting, Form.DOCUMENT, title=TITLE)
    if before is not None:
        before(noting, resource)
    copy = restored(noting, copy_of)
    end(noting, resource)
    assert TITLE in shown(copy)
    assert again(copy) == 1
    assert TITLE not in shown(copy)
    # Nobody but a person widens it again.
    assert (TITLE in titles(copy)) == (end is narrowed)


def test_asking_for_a_newer_version_takes_nothing_from_its_readers(noting: Runtime) -> None:
    waiting(noting, made(noting, Form.DOCUMENT, title=TITLE))
    with read(noting.staff) as session:
        assert not session.scalars(select(Withdrawal.id)).all()


def shown(runtime: Runtime) -> str:
    """What visitors read of resources, but for the title that a withdrawn one leaves."""
    with runtime.databases.public.connect() as connection:
        rows = connection.execute(text("SELECT r::text FROM open.resource r")).scalars()
        return "\n".join(rows)


def titles(runtime: Runtime) -> list[str]:
    """Those that professionals read."""
    with Session(runtime.staff) as session:
        return [*session.scalars(select(Resource.title))]
