"""What somebody asked to erase is in no resource any more, published, former, sealed or begun."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from sqlalchemy import Connection, insert, select

from app.models import (
    Resource,
    ResourceCollection,
    ResourceCollectionEntry,
    ResourceEdition,
    ResourceRecord,
    ResourceVersion,
    ResourceWithdrawn,
)
from app.operations.erased_resources import cleaned
from app.operations.erasure_requests import look
from app.platform.database.sessions import read
from app.resources.content import Content
from app.resources.stored import columns_of
from app.runtime.staff import Runtime
from tests.makers import add_resource
from tests.operations.erasing import MAIL, PHONE, erase, holds_phone, quiet, value_marks
from tests.resource_contents import document, practice, sheet
from tests.short_lists import CRIP, csv, run

pytestmark = pytest.mark.slow
SAID = f"Appelez Madame X au {PHONE}."
NOW = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
def runtime(runtime: Runtime) -> Runtime:
    """A service that has read a list: before, there is no key to know anything again by."""
    run(runtime, csv(CRIP))
    return runtime


def publish(connection: Connection, runtime: Runtime, content: Content) -> str:
    """Put a resource, its sealed version and a former edition of the same words."""
    public_id = add_resource(connection, **columns_of(content) | {"edition": 2})
    of = connection.scalar(select(Resource.id).where(Resource.public_id == public_id))
    dumped = content.model_dump(mode="json")
    row = uuid4()
    version = {"id": row, "resource_id": of, "number": 1, "at": NOW, "who": "essai"}
    sealed = runtime.vault.seal_json("resource_version", row, "content", dumped)
    connection.execute(insert(ResourceVersion).values(version | {"content": sealed}))
    edition = {"public_id": public_id, "number": 1, "audience": "public", "content": dumped}
    edition |= {"published_at": NOW, "ended_at": NOW}
    connection.execute(insert(ResourceEdition).values(edition))
    return public_id


def test_a_phone_is_erased_from_resources_in_every_state(runtime: Runtime) -> None:
    with runtime.staff.begin() as connection:
        said = publish(connection, runtime, sheet(more=SAID, now=[SAID]))
        stays = publish(connection, runtime, document())
        gone = {"public_id": "a" * 16, "title": SAID, "withdrawn_on": date(2026, 1, 2)}
        connection.execute(insert(ResourceWithdrawn).values(gone))
        shown = {"slug": "fugue", "title": "Fugue", "summary": SAID, "place": 1}
        connection.execute(insert(ResourceCollection).values(shown))
        entry = {"collection": "fugue", "place": 1, "public_id": stays, "note": SAID}
        connection.execute(insert(ResourceCollectionEntry).values(entry))
    assert holds_phone(runtime)
    marks = value_marks(runtime, PHONE)
    planned = look(runtime.staff, runtime.vault, marks, quiet)
    assert holds_phone(runtime)
    swept = erase(runtime, marks)
    assert swept is not None
    expected = {"resource": 1, "resource_edition": 1, "resource_withdrawn": 1}
    expected |= {"resource_collection": 1, "resource_collection_entry": 1, "resource_version": 1}
    assert dict(+swept.counts) == dict(+planned.counts) == expected
    assert not holds_phone(runtime)
    with read(runtime.staff) as session:
        assert session.scalars(select(Resource.public_id)).all() == [stays]
        status = dict(
            session.execute(select(ResourceRecord.public_id, ResourceRecord.status)).all()
        )
        assert status == {said: "waiting", stays: "published"}
        for row in session.scalars(select(ResourceVersion)):
            opened = runtime.vault.open_json("resource_version", row.id, "content", row.content)
            # What is left is read as before.
            assert Content.model_validate(opened).title


def test_a_collection_goes_whose_title_and_address_say_who_is_erased(runtime: Runtime) -> None:
    titles = {"lectures-de-jeanne-exemplaire": "Lectures de Jeanne Exemplaire", "autre": "Autre"}
    with runtime.staff.begin() as connection:
        for place, (slug, title) in enumerate(titles.items()):
            shown = {"slug": slug, "title": title, "place": place}
            connection.execute(insert(ResourceCollection).values(shown))
    marks = value_marks(runtime, "Jeanne Exemplaire")
    planned = look(runtime.staff, runtime.vault, marks, quiet)
    swept = erase(runtime, marks)
    assert swept is not None
    assert dict(+swept.counts) == dict(+planned.counts) == {"resource_collection": 1}
    with read(runtime.staff) as session:
        assert session.scalars(select(ResourceCollection.slug)).all() == ["autre"]


def test_a_mailbox_leaves_a_content_that_can_be_read(runtime: Runtime) -> None:
    mail = "contact@exemple.fr"
    content = practice(done=f"Écrire à {mail}", mailbox=mail, persons=["Madame X"])
    with runtime.staff.begin() as connection:
        publish(connection, runtime, content)
    assert erase(runtime, value_marks(runtime, mail)) is not None
    with read(runtime.staff) as session:
        row = session.scalars(select(ResourceVersion)).one()
        opened = runtime.vault.open_json("resource_version", row.id, "content", row.content)
    left = Content.model_validate(opened)
    assert mail not in str(left)
    assert (left.title, left.persons) == (content.title, ("Madame X",))


def test_other_values_leave_resources_as_they_are(runtime: Runtime) -> None:
    with runtime.staff.begin() as connection:
        publish(connection, runtime, sheet(more=SAID))
    swept = erase(runtime, value_marks(runtime, MAIL))
    assert swept is not None
    assert +swept.counts == {}
    assert holds_phone(runtime)


class _Every:
    """Whatever stands between two stars was erased."""

    def text(self, text: str) -> str:
        return text.replace("*X*", "[effacé]")


def test_names_of_a_list_leave_it_and_links_lead_nowhere() -> None:
    value = {
        "persons": ["*X*", "Y"],
        "url": "https://x/*X*",
        "title": "De *X*",
        "steps": [{"a": 1}],
    }
    left = cleaned(value, _Every())  # type: ignore[arg-type]
    assert left == {"persons": ["Y"], "url": None, "title": "De [effacé]", "steps": [{"a": 1}]}
