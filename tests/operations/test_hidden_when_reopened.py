"""Who was hidden while nobody read it is hidden in a restored copy too, once it is reopened."""

from collections.abc import Callable
from typing import Literal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text

from app.models import Actor
from app.platform.database.sessions import read, write
from app.records import acts
from app.records.history import History
from app.records.record import Origin, Status
from app.runtime.staff import Runtime
from geo.zones import paris_day
from tests.databases import Copy
from tests.makers import decide
from tests.operations.restoring import again, restored

pytestmark = pytest.mark.slow

ADDRESS, PHONE = "2 rue de l'Exemple", "+33199000002"


def actor_id(runtime: Runtime) -> UUID:
    with read(runtime.staff) as session:
        return session.scalars(select(Actor.id).where(Actor.name == "ASE d'exemple")).one()


def public_id(runtime: Runtime, actor: UUID) -> str:
    with read(runtime.staff) as session:
        return session.get_one(Actor, actor).public_id


def turn(runtime: Runtime, actor: UUID, status: Status, *, rank: int = acts.RANK_OF_STAFF) -> None:
    """Archive or reopen, by a person or, with rank 0, by a list that has it no more."""
    source: UUID | Literal["staff"] = "staff" if rank else uuid4()
    with write(runtime.staff) as session:
        writer, edit = acts.find(session, runtime.vault, session.get_one(Actor, actor).public_id)
        edit.change("status", status, Origin(source=source, day=paris_day(), rank=rank))
        edit.act = "archive"
        writer.settle({actor: edit}, History(session, runtime.vault, "os:essai", "edit"))


def hide(runtime: Runtime, actor: UUID, *, secret: bool = False) -> None:
    given = public_id(runtime, actor)
    decide(runtime, acts.protect, given, who="os:essai", why="essai", secret=secret)


def hide_phone(runtime: Runtime, actor: UUID) -> None:
    given = public_id(runtime, actor)
    decide(runtime, acts.hide_contact, given, PHONE, who="os:essai", why="essai")


def status_of(runtime: Runtime, actor: UUID) -> str:
    with read(runtime.staff) as session:
        return session.get_one(Actor, actor).status


def rows(runtime: Runtime) -> str:
    """All that a visitor may read of actors."""
    with runtime.databases.public.connect() as connection:
        return "\n".join(connection.execute(text("SELECT a::text FROM open.actor a")).scalars())


@pytest.mark.parametrize("first", [hide, hide_phone], ids=["address", "phone"])
def test_who_was_hidden_and_archived(
    noting: Runtime, copy_of: Copy, first: Callable[[Runtime, UUID], None]
) -> None:
    actor = actor_id(noting)
    copy = restored(noting, copy_of)
    assert ADDRESS in rows(copy)
    assert PHONE in rows(copy)
    first(noting, actor)
    turn(noting, actor, "archived")
    assert again(copy)
    turn(copy, actor, "published")
    hidden = ADDRESS if first is hide else PHONE
    assert hidden not in rows(copy)


def test_who_was_hidden_after_a_list_had_archived_it(noting: Runtime, copy_of: Copy) -> None:
    actor = actor_id(noting)
    turn(noting, actor, "archived", rank=0)
    copy = restored(noting, copy_of)
    hide(noting, actor)
    assert again(copy) == 1
    turn(copy, actor, "published")
    assert ADDRESS not in rows(copy)


def test_who_became_a_secret_after_a_list_had_archived_it(noting: Runtime, copy_of: Copy) -> None:
    actor = actor_id(noting)
    turn(noting, actor, "archived", rank=0)
    copy = restored(noting, copy_of)
    hide(noting, actor, secret=True)
    assert status_of(noting, actor) == "secret"
    assert again(copy)
    assert status_of(copy, actor) == "secret"


def test_who_was_archived_alone_shows_its_address_as_a_person_reopens_it(
    noting: Runtime, copy_of: Copy
) -> None:
    actor = actor_id(noting)
    copy = restored(noting, copy_of)
    turn(noting, actor, "archived")
    assert again(copy) == 1
    assert ADDRESS not in rows(copy)
    turn(copy, actor, "published")
    assert ADDRESS in rows(copy)
