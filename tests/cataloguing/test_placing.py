"""A text that comes back stands where it stood: in collections, and beside situations."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cataloguing import collections, situations, withdrawing
from app.cataloguing.collections import Entry, Wanted
from app.cataloguing.holding import waiting
from app.jobs.receiving import receive_and_forget
from app.models import ResourceCollectionEntry, ResourceHold, ResourceRecord
from app.platform.database.sessions import write
from app.records.acts import protect
from app.records.marks import Mark
from app.records.unpublishing import COLUMN, TABLE, read_hold
from app.runtime.staff import Runtime
from tests.makers import decide
from tests.makers_resources import (
    CURATEUR,
    NAMES_HOME,
    READER,
    WRITER,
    again,
    made,
    now,
    public_id_of,
    publish_version,
    release_by,
    status,
)
from tests.short_lists import APART, SHELTER, csv, ids, run

# Of the search.
SITUATION = 1


def named(runtime: Runtime, resource: UUID) -> str:
    with Session(runtime.staff) as session:
        return public_id_of(session, resource)


def collected(runtime: Runtime, *entries: Entry) -> str:
    """Return a collection of these."""
    with write(runtime.staff) as session:
        given = (session, runtime.vault, CURATEUR, WRITER)
        of = collections.create(*given, "Collection d’essai")
        collections.change(*given, of, Wanted("Collection d’essai", "", True, entries))
        return of


def put_beside(runtime: Runtime, *public_ids: str) -> None:
    with write(runtime.staff) as session:
        situations.put(session, runtime.vault, CURATEUR, WRITER, SITUATION, public_ids)


def of(runtime: Runtime, collection: str) -> list[tuple[str, str]]:
    """Return what a collection holds, with its notes."""
    with Session(runtime.staff) as session:
        return [(each.public_id, each.note) for each in collections.read(session, collection)[1]]


def beside(runtime: Runtime) -> list[str]:
    with Session(runtime.staff) as session:
        return [each.public_id for each in situations.every(session)[SITUATION]]


def three(runtime: Runtime) -> tuple[list[UUID], list[str]]:
    """Publish three texts, the second of which names a home that no list has yet."""
    found = [made(runtime), made(runtime, summary=NAMES_HOME), made(runtime)]
    return found, [named(runtime, each) for each in found]


def let_out(runtime: Runtime) -> None:
    release_by(runtime, WRITER)
    assert release_by(runtime, READER)


@pytest.mark.slow
def test_what_two_let_out_again_stands_where_it_stood(runtime: Runtime) -> None:
    (_, held, _), (first, second, third) = three(runtime)
    collection = collected(runtime, Entry(first), Entry(second, "Sa note"), Entry(third))
    put_beside(runtime, first, second, third)
    run(runtime, csv(SHELTER))
    assert status(runtime, held) == "held"
    assert of(runtime, collection) == [(first, ""), (third, "")]
    let_out(runtime)
    assert of(runtime, collection) == [(first, ""), (second, "Sa note"), (third, "")]
    assert beside(runtime) == [first, second, third]


@pytest.mark.slow
def test_nothing_of_its_places_stands_in_clear_while_it_is_held(runtime: Runtime) -> None:
    _, (_, second, _) = three(runtime)
    collected(runtime, Entry(second, "Sa note"))
    run(runtime, csv(SHELTER))
    with Session(runtime.staff) as session:
        assert session.scalars(select(ResourceCollectionEntry.note)).all() == []
        (sealed,) = session.scalars(select(ResourceHold.by_text))
        assert b"Sa note" not in sealed


@pytest.mark.slow
def test_a_note_that_names_who_is_hidden_since_stays_away(runtime: Runtime) -> None:
    _, (first, second, _) = three(runtime)
    note = "Voir le 99 rue Autre"
    collection = collected(runtime, Entry(first, "Autre note"), Entry(second, note))
    run(runtime, csv(SHELTER, APART))
    decide(runtime, protect, ids(runtime)["Association libre"], who="essai", why="essai")
    let_out(runtime)
    assert of(runtime, collection) == [(first, "Autre note"), (second, "")]


@pytest.mark.slow
def test_what_stands_there_since_stays_behind_it(runtime: Runtime) -> None:
    _, (first, second, third) = three(runtime)
    collection = collected(runtime, Entry(first), Entry(second), Entry(third))
    put_beside(runtime, first, second)
    run(runtime, csv(SHELTER))
    with write(runtime.staff) as session:
        entries = (Entry(third), Entry(first))
        given = (session, runtime.vault, CURATEUR, WRITER, collection)
        collections.change(*given, Wanted("Collection d’essai", "", True, entries))
    put_beside(runtime, third, first)
    let_out(runtime)
    assert of(runtime, collection) == [(third, ""), (second, ""), (first, "")]
    assert beside(runtime) == [third, second, first]


@pytest.mark.slow
def test_three_that_were_chosen_since_stay_beside_a_situation(runtime: Runtime) -> None:
    _, (first, second, third) = three(runtime)
    put_beside(runtime, second)
    run(runtime, csv(SHELTER))
    fourth = named(runtime, made(runtime))
    put_beside(runtime, first, third, fourth)
    let_out(runtime)
    assert beside(runtime) == [first, third, fourth]


@pytest.mark.slow
def test_a_version_that_names_nobody_stands_where_the_held_one_stood(runtime: Runtime) -> None:
    (_, held, _), (first, second, third) = three(runtime)
    collection = collected(runtime, Entry(first), Entry(second, "Sa note"), Entry(third))
    run(runtime, csv(SHELTER))
    assert not again(runtime, held, title="Corrigé")
    assert of(runtime, collection) == [(first, ""), (second, "Sa note"), (third, "")]


def withdraw(runtime: Runtime, resource: UUID) -> None:
    with write(runtime.staff) as session:
        withdrawing.withdraw(session, runtime.vault, CURATEUR, READER, resource, now())


def take_back(runtime: Runtime, resource: UUID) -> None:
    with write(runtime.staff) as session:
        withdrawing.take_back(session, runtime.vault, CURATEUR, READER, resource, now())


def says_where(runtime: Runtime) -> bool:
    """Say whether anything sealed says where a text stood."""
    with Session(runtime.staff) as session:
        rows = session.scalars(select(ResourceHold)).all()
        said = [runtime.vault.open_json(TABLE, row.id, COLUMN, row.by_text) for row in rows]
        return any("places" in each for each in said)


def placed(runtime: Runtime) -> tuple[list[UUID], list[str], str]:
    """Publish three texts that stand in a collection and beside a situation."""
    found, (first, second, third) = three(runtime)
    collection = collected(runtime, Entry(first), Entry(second, "Sa note"), Entry(third))
    put_beside(runtime, first, second, third)
    return found, [first, second, third], collection


@pytest.mark.slow
def test_a_withdrawal_that_is_taken_back_puts_a_text_where_it_stood(runtime: Runtime) -> None:
    (_, resource, _), (first, second, third), collection = placed(runtime)
    withdraw(runtime, resource)
    assert of(runtime, collection) == [(first, ""), (third, "")]
    take_back(runtime, resource)
    assert of(runtime, collection) == [(first, ""), (second, "Sa note"), (third, "")]
    assert beside(runtime) == [first, second, third]
    assert not says_where(runtime)


def test_a_withdrawal_asks_nobody_to_decide(runtime: Runtime) -> None:
    (_, resource, _), _, _ = placed(runtime)
    withdraw(runtime, resource)
    with Session(runtime.staff) as session:
        assert waiting(session, runtime.vault, CURATEUR) == []
        (sealed,) = session.scalars(select(ResourceHold.by_text))
        assert b"Sa note" not in sealed


@pytest.mark.slow
def test_a_text_that_two_let_out_is_put_back_with_what_they_judged(runtime: Runtime) -> None:
    (_, resource, _), (_, second, _), collection = placed(runtime)
    run(runtime, csv(SHELTER))
    let_out(runtime)
    before = judged(runtime, resource)
    assert before
    withdraw(runtime, resource)
    take_back(runtime, resource)
    assert judged(runtime, resource) == before
    # It names somebody hidden, so that two decide of it again.
    let_out(runtime)
    assert (second, "Sa note") in of(runtime, collection)


def judged(runtime: Runtime, resource: UUID) -> frozenset[Mark]:
    """Return the marks with which two let a text out."""
    with Session(runtime.staff) as session:
        (row,) = session.scalars(select(ResourceHold).where(ResourceHold.resource_id == resource))
        return read_hold(runtime.vault, row)[1]


@pytest.mark.slow
def test_who_is_hidden_meanwhile_has_it_held_and_then_put_where_it_stood(runtime: Runtime) -> None:
    (_, resource, _), (_, second, _), collection = placed(runtime)
    withdraw(runtime, resource)
    run(runtime, csv(SHELTER))
    take_back(runtime, resource)
    assert status(runtime, resource) == "held"
    with write(runtime.staff) as session:
        later = now() + timedelta(hours=2)
        withdrawing.forget_withdrawn(session, runtime.vault, later)
    let_out(runtime)
    assert (second, "Sa note") in of(runtime, collection)


@pytest.mark.parametrize("way", ["hour", "erased", "published"])
def test_where_it_stood_is_forgotten_once_a_withdrawal_stands(runtime: Runtime, way: str) -> None:
    (_, resource, _), _, _ = placed(runtime)
    withdraw(runtime, resource)
    with write(runtime.staff) as session:
        withdrawing.forget_withdrawn(session, runtime.vault, now())
    assert says_where(runtime)
    if way == "hour":
        receive_and_forget(runtime, now() + timedelta(minutes=61))
    elif way == "erased":
        with write(runtime.staff) as session:
            withdrawing.erase(session, runtime.vault, CURATEUR, READER, resource, now())
    else:
        again(runtime, resource, title="Corrigé")
    assert not says_where(runtime)


def test_what_was_withdrawn_for_good_has_its_places_no_more(runtime: Runtime) -> None:
    (_, resource, _), (first, second, _) = three(runtime)
    collection = collected(runtime, Entry(first), Entry(second))
    withdraw(runtime, resource)
    with write(runtime.staff) as session:
        latest = session.get_one(ResourceRecord, resource).latest
        assert not publish_version(session, runtime.vault, resource, latest)
    assert of(runtime, collection) == [(first, "")]


@pytest.mark.slow
def test_it_comes_back_where_its_collection_is_there_no_more(runtime: Runtime) -> None:
    (_, held, _), (_, second, _) = three(runtime)
    collection = collected(runtime, Entry(second))
    run(runtime, csv(SHELTER))
    with write(runtime.staff) as session:
        collections.remove(session, runtime.vault, CURATEUR, WRITER, collection)
    let_out(runtime)
    assert status(runtime, held) == "published"
