"""A resource whose words were corrected is not read as it was before after a restoration."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.cataloguing.holding import waiting
from app.cataloguing.terms import reviewed
from app.cataloguing.withdrawing import take_back, withdraw
from app.models import ResourceEdition, Withdrawal
from app.platform.database.sessions import read, write
from app.records.remarks import remark_in_words
from app.resources.forms import Form
from app.runtime.staff import Runtime
from tests.databases import Copy
from tests.makers_resources import CURATEUR, READER, made, now, release_by, seen, status
from tests.makers_resources import again as publish_again
from tests.operations.restoring import again, replayed, restored

OLD, NEW = "Sentinelle d’avant", "Sentinelle corrigée"


def hows(runtime: Runtime, resource: UUID) -> list[str]:
    """How a resource was noted as taken from its readers."""
    noted = (Withdrawal.what == "resource", Withdrawal.subject == str(resource))
    with read(runtime.staff) as session:
        return [*session.scalars(select(Withdrawal.how).where(*noted))]


def taken(runtime: Runtime, resource: UUID) -> None:
    with write(runtime.staff) as session:
        withdraw(session, runtime.vault, CURATEUR, READER, resource, now())


def why_it_waits(runtime: Runtime) -> str:
    with read(runtime.staff) as session:
        (held,) = waiting(session, runtime.vault, CURATEUR)
    return " ".join(remark_in_words(each, "") for each in held.remarks)


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        (Form.DOCUMENT, {"title": NEW}),
        (Form.DOCUMENT, {"subtitle": ""}),
        (Form.DOCUMENT, {"summary": "Corrigé"}),
        (Form.DOCUMENT, {"url": "https://exemple.fr/corrige"}),
        (Form.DOCUMENT, {"persons": ["Une autre"]}),
        (Form.SHEET, {"when": "Corrigé"}),
        (Form.PRACTICE, {"mailbox": "autre@exemple.fr"}),
        (Form.PRACTICE, {"actor_ids": []}),
        (Form.PRACTICE, {"territories": ["93"]}),
    ],
)
def test_that_it_says_otherwise_is_noted(
    noting: Runtime, form: Form, fields: dict[str, Any]
) -> None:
    resource = made(noting, form)
    assert hows(noting, resource) == []
    assert not publish_again(noting, resource, form, **fields)
    assert hows(noting, resource) == ["2"]


def test_what_changes_none_of_its_words_is_not(noting: Runtime) -> None:
    resource = made(noting)
    assert not publish_again(noting, resource, themes=["reperage"])
    with write(noting.staff) as session:
        reviewed(session, noting.vault, CURATEUR, READER, resource, now())
    assert hows(noting, resource) == []


@pytest.mark.slow
def test_a_restored_backup_shows_no_words_that_were_corrected_since(
    noting: Runtime, copy_of: Copy
) -> None:
    resource = made(noting, title=OLD)
    copy = restored(noting, copy_of)
    assert not publish_again(noting, resource, title=NEW)
    assert OLD in seen(copy)
    assert again(copy) == 1
    # Neither its title stays, as of one that is withdrawn.
    assert OLD not in seen(copy)
    assert status(copy, resource) == "held"
    assert "corrigé après la sauvegarde" in why_it_waits(copy)
    # One person who reads it says whether it is right: it names nobody.
    assert release_by(copy, READER)
    assert OLD in seen(copy)


@pytest.mark.slow
def test_whoever_corrects_it_again_publishes_it(noting: Runtime, copy_of: Copy) -> None:
    resource = made(noting, title=OLD)
    assert not publish_again(noting, resource, title="Deuxième édition")
    copy = restored(noting, copy_of)
    assert not publish_again(noting, resource, title=NEW)
    assert again(copy) == 1
    assert not publish_again(copy, resource, title=NEW)
    assert NEW in seen(copy)
    with Session(copy.staff) as session:
        assert session.scalars(select(ResourceEdition.number)).all() == []
    assert replayed(copy).again == 0


@pytest.mark.slow
def test_one_that_is_withdrawn_as_well_leaves_no_former_title(
    noting: Runtime, copy_of: Copy
) -> None:
    first, second = made(noting, title=OLD), made(noting, title=f"{OLD}, la seconde")
    copy = restored(noting, copy_of)
    assert not publish_again(noting, first, title=NEW)
    taken(noting, first)
    # Withdrawn first, and published by other words.
    taken(noting, second)
    assert not publish_again(noting, second, title=NEW)
    assert again(copy) == 2
    assert OLD not in seen(copy)
    assert [status(copy, each) for each in (first, second)] == ["withdrawn"] * 2


@pytest.mark.slow
def test_one_that_was_withdrawn_and_is_back_as_it_was_keeps_its_title(
    noting: Runtime, copy_of: Copy
) -> None:
    resource = made(noting, title=OLD)
    copy = restored(noting, copy_of)
    taken(noting, resource)
    with write(noting.staff) as session:
        assert not take_back(session, noting.vault, CURATEUR, READER, resource, now())
    assert again(copy) == 1
    with copy.databases.public.connect() as connection:
        titles = connection.execute(text("SELECT title FROM open.resource_withdrawn")).scalars()
        assert [*titles] == [OLD]


@pytest.mark.slow
def test_what_only_professionals_read_waits_as_well(noting: Runtime, copy_of: Copy) -> None:
    resource = made(noting, title=OLD)
    copy = restored(noting, copy_of)
    assert not publish_again(noting, resource, title=NEW, audience="professionnel")
    assert again(copy) == 1
    assert status(copy, resource) == "held"
