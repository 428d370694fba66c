"""Published texts that a former release marked are marked anew, and held where they name a home."""

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.cataloguing import withdrawing
from app.cataloguing.remarking import count_outdated, mark_some
from app.models import ResourceMark, ResourceRecord
from app.models.resource_record import TEXT_MARKS_VERSION
from app.platform.database.sessions import read, write
from app.resources.forms import Form
from app.runtime.staff import Runtime
from tests.makers_resources import (
    CURATEUR,
    NAMES_HOME,
    READER,
    WRITER,
    again,
    draft_resource,
    held_one,
    made,
    now,
    publish_version,
    release_by,
    seen,
    status,
)
from tests.short_lists import SHELTER, csv, run


def as_formerly(runtime: Runtime) -> None:
    """Leave texts as a release wrote them that found nothing in them."""
    with Session(runtime.staff) as session, session.begin():
        session.execute(delete(ResourceMark))
        session.execute(update(ResourceRecord).values(marks_version=0))


def mark_anew(runtime: Runtime) -> None:
    left = 1
    while left:
        with write(runtime.staff) as session:
            left = mark_some(session, runtime.vault, "os:essai")
    with read(runtime.staff) as session:
        assert count_outdated(session) == 0


def test_a_new_text_has_the_marks_of_today(runtime: Runtime) -> None:
    made(runtime)
    with Session(runtime.staff) as session:
        versions = set(session.scalars(select(ResourceRecord.marks_version)))
        assert versions == {TEXT_MARKS_VERSION}
        assert count_outdated(session) == 0


@pytest.mark.slow
def test_what_a_former_release_did_not_find_is_held_once_it_is_marked_anew(
    runtime: Runtime,
) -> None:
    resource = made(runtime, title="Sentinelle", summary=NAMES_HOME)
    other = made(runtime, title="Autre titre")
    as_formerly(runtime)
    run(runtime, csv(SHELTER))
    assert "Sentinelle" in seen(runtime)
    mark_anew(runtime)
    assert "Sentinelle" not in seen(runtime)
    assert (status(runtime, resource), status(runtime, other)) == ("held", "published")


@pytest.mark.slow
def test_what_is_marked_anew_goes_as_what_it_names_is_hidden_later(runtime: Runtime) -> None:
    resource = made(runtime, title="Sentinelle", summary=NAMES_HOME)
    again(runtime, resource, title="Second titre")
    withdrawn = made(runtime, title="Au 10 rue Cachée")
    with write(runtime.staff) as session:
        withdrawing.withdraw(session, runtime.vault, CURATEUR, READER, withdrawn, now())
    as_formerly(runtime)
    mark_anew(runtime)
    assert "Sentinelle" in seen(runtime)
    run(runtime, csv(SHELTER))
    found = seen(runtime)
    assert "Second titre" in found
    assert "Sentinelle" not in found
    assert "Cachée" not in found


@pytest.mark.slow
def test_what_two_curateurs_let_out_stays_as_it_is_marked_anew(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    held_one(runtime, title="Sentinelle", summary=NAMES_HOME)
    assert not release_by(runtime, WRITER)
    assert release_by(runtime, READER)
    as_formerly(runtime)
    mark_anew(runtime)
    assert "Sentinelle" in seen(runtime)


@pytest.mark.slow
def test_a_title_that_two_curateurs_let_out_stays_withdrawn_as_it_is_marked_anew(
    runtime: Runtime,
) -> None:
    run(runtime, csv(SHELTER))
    resource = held_one(runtime, title="Au 10 rue Cachée")
    assert not release_by(runtime, WRITER)
    assert release_by(runtime, READER)
    with write(runtime.staff) as session:
        withdrawing.withdraw(session, runtime.vault, CURATEUR, READER, resource, now())
    as_formerly(runtime)
    mark_anew(runtime)
    assert "Au 10 rue Cachée" in seen(runtime)
    assert status(runtime, resource) == "withdrawn"
    run(runtime, csv(SHELTER.replace("Foyer fictif", "FOYER Fictif")))
    assert "Au 10 rue Cachée" in seen(runtime)


def test_what_is_published_or_put_back_since_is_not_marked_anew(runtime: Runtime) -> None:
    resource = made(runtime)
    by = (runtime.vault, CURATEUR, READER, resource)
    with write(runtime.staff) as session:
        draft = draft_resource(session, runtime.vault, Form.DOCUMENT)
        withdrawing.withdraw(session, *by, now())
    as_formerly(runtime)
    with write(runtime.staff) as session:
        assert not publish_version(session, runtime.vault, draft.id, draft.number)
        withdrawing.take_back(session, *by, now())
    with read(runtime.staff) as session:
        assert count_outdated(session) == 0
