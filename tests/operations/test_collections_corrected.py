"""What a published collection says no more is not read again after a restoration."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.cataloguing import collections
from app.cataloguing.collections import Entry, Wanted
from app.cataloguing.withdrawing import withdraw
from app.models import Resource, ResourceCollection, Withdrawal
from app.platform.database.sessions import read, write
from app.resources.forms import Form
from app.runtime.staff import Runtime
from tests.databases import Copy
from tests.makers_resources import CURATEUR, READER, WRITER, make_resource, now, seen
from tests.operations.restoring import again, restored

SAID = "Sentinelle d’avant"
Change = Callable[[Wanted], Wanted]


@pytest.fixture
def arranged(noting: Runtime) -> str:
    """A published collection of two resources, one with a note; its slug."""
    with write(noting.staff) as session:
        given = (session, noting.vault, CURATEUR, WRITER)
        of = collections.create(*given, SAID)
        ids = [make_resource(session, noting.vault, form) for form in (Form.DOCUMENT, Form.SHEET)]
        entries = (Entry(ids[0], f"{SAID}, la note"), Entry(ids[1]))
        wanted = Wanted(SAID, f"{SAID}, le résumé", published=True, entries=entries)
        collections.change(*given, of, wanted)
    return of


def change(runtime: Runtime, of: str, to: Change) -> None:
    with write(runtime.staff) as session:
        wanted = to(collections.as_it_is(session, of))
        collections.change(session, runtime.vault, CURATEUR, WRITER, of, wanted)


def noted(runtime: Runtime) -> list[str]:
    """The places of those that were noted to say otherwise."""
    of = select(Withdrawal.subject).where(Withdrawal.what == "collection")
    with read(runtime.staff) as session:
        return [*session.scalars(of)]


@pytest.mark.parametrize(
    "to",
    [
        lambda each: replace(each, title="Autre"),
        lambda each: replace(each, summary=""),
        lambda each: replace(each, published=False),
        lambda each: replace(each, entries=(each.entries[0]._replace(note="Autre"),)),
        lambda each: replace(each, entries=each.entries[1:]),
    ],
    ids=["title", "summary", "published", "note", "entry"],
)
def test_that_it_says_otherwise_is_noted_by_its_number(
    noting: Runtime, arranged: str, to: Change
) -> None:
    assert noted(noting) == []
    change(noting, arranged, to)
    assert noted(noting) == ["1"]


def test_what_takes_no_word_from_its_readers_is_not_noted(noting: Runtime, arranged: str) -> None:
    change(noting, arranged, lambda each: replace(each, entries=each.entries[::-1]))
    with Session(noting.staff) as session:
        first = collections.as_it_is(session, arranged).entries[1]
        resource = session.scalars(select(Resource.id).where(Resource.public_id == first.public_id))
        of = resource.one()
    with write(noting.staff) as session:
        # It is noted of the resource.
        withdraw(session, noting.vault, CURATEUR, READER, of, now())
    change(noting, arranged, lambda each: replace(each, published=True))
    assert noted(noting) == []


@pytest.mark.slow
@pytest.mark.parametrize("removed", [False, True])
def test_a_restored_backup_shows_none_that_was_taken_back_or_corrected(
    noting: Runtime, copy_of: Copy, arranged: str, *, removed: bool
) -> None:
    copy = restored(noting, copy_of)
    if removed:
        with write(noting.staff) as session:
            collections.remove(session, noting.vault, CURATEUR, WRITER, arranged)
    else:
        change(noting, arranged, lambda each: replace(each, summary="Autre"))
    assert SAID in seen(copy)
    assert again(copy) == 1
    assert SAID not in seen(copy)
    # It waits as it was for whoever publishes it anew.
    with Session(copy.staff) as session:
        assert not collections.read(session, arranged)[0].published
    change(copy, arranged, lambda each: replace(each, published=True))
    assert SAID in seen(copy)


def test_one_that_nobody_read_is_not_noted(noting: Runtime, arranged: str) -> None:
    change(noting, arranged, lambda each: replace(each, published=False))
    change(noting, arranged, lambda each: replace(each, title="Autre", entries=()))
    with write(noting.staff) as session:
        session.execute(delete(ResourceCollection))
    assert noted(noting) == ["1"]
