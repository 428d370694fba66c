"""One resource: what its page is given, of the edition in force, a former one, or what is left."""

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError
from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.errors import ResourceUnknown
from app.models import ResourceEdition, ResourceRelation, ResourceWithdrawn, Role
from app.platform.database.engines import Databases
from app.resources import queries
from app.resources.content import Content
from app.resources.page import read_edition, read_resource, read_withdrawn
from app.resources.resource import Related
from app.visibility import PUBLIC, Viewer
from tests.resource_contents import document, practice, sheet, study, training
from tests.resources.conftest import Published

CURATEUR = Viewer.staff(Role.CURATEUR)
EARLIER, LATER = datetime(2025, 1, 2, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)


def former(databases: Databases, public_id: str, number: int, content: Content) -> None:
    row = {"public_id": public_id, "number": number, "audience": content.audience.value}
    row |= {"content": content.model_dump(mode="json"), "published_at": EARLIER, "ended_at": LATER}
    with databases.staff.begin() as connection:
        connection.execute(insert(ResourceEdition).values(row))


def _refused(_: str) -> tuple[None, str]:
    return None, "Refusé."


@pytest.mark.parametrize("make", [document, sheet, practice, training, study])
def test_what_was_written_is_what_is_read(
    databases: Databases, publish: Published, make: type
) -> None:
    content = make(reach="territories", territories=["974", "93"])
    public_id = publish(content, review_on=date(2027, 1, 2))
    with Session(databases.public) as session:
        found = read_resource(session, PUBLIC, public_id)
    assert found.content == content
    assert found.places == ("La Réunion", "Seine-Saint-Denis")
    assert (found.edition, found.review_on) == (1, date(2027, 1, 2))


@pytest.mark.parametrize("asked", ["0" * 16, "", "x", "f" * 17, "%00", "'", "0123456789abcdef" * 2])
def test_an_id_of_nothing_is_unknown_in_the_same_words(
    worker_databases: Databases, asked: str
) -> None:
    with Session(worker_databases.public) as session:
        with pytest.raises(ResourceUnknown):
            read_resource(session, PUBLIC, asked)
        with pytest.raises(ResourceUnknown):
            read_edition(session, PUBLIC, asked, 1)
        assert read_withdrawn(session, asked) is None


def test_what_is_for_professionals_exists_for_nobody_else(
    databases: Databases, publish: Published
) -> None:
    hidden = publish(document(audience="professionnel"))
    for engine in (databases.public, databases.staff):
        with Session(engine) as session, pytest.raises(ResourceUnknown):
            read_resource(session, PUBLIC, hidden)
    with Session(databases.staff) as session:
        assert read_resource(session, CURATEUR, hidden).public_id == hidden


def test_a_former_edition_is_read_by_its_number(databases: Databases, publish: Published) -> None:
    public_id = publish(sheet(title="Aujourd’hui"), edition=3)
    former(databases, public_id, 2, sheet(title="Hier"))
    former(databases, public_id, 1, sheet(title="Pour professionnels", audience="professionnel"))
    with Session(databases.public) as session:
        current = read_edition(session, PUBLIC, public_id, 3)
        past = read_edition(session, PUBLIC, public_id, 2)
        assert (current.content.title, current.ended_at) == ("Aujourd’hui", None)
        assert (past.content.title, past.ended_at, past.edition) == ("Hier", LATER, 2)
        for number in (0, 1, 4):
            with pytest.raises(ResourceUnknown):
                read_edition(session, PUBLIC, public_id, number)
    with Session(databases.staff) as session:
        assert read_edition(session, CURATEUR, public_id, 1).content.title == "Pour professionnels"


def test_what_was_written_stays_readable_as_rules_of_writing_change(
    databases: Databases, publish: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = {publish(each, edition=2): each for each in (sheet(), practice(), document())}
    for public_id, content in contents.items():
        former(databases, public_id, 1, content)
    for name, other in (("NATIONAL_NUMBERS", {}), ("read_emails", list), ("read_url", _refused)):
        monkeypatch.setattr(f"app.resources.content.{name}", other)
    for write in (sheet, practice, document):
        with pytest.raises(ValidationError):
            write()
    with Session(databases.public) as session:
        for public_id, content in contents.items():
            assert read_resource(session, PUBLIC, public_id).content == content
            assert read_edition(session, PUBLIC, public_id, 1).content == content


def test_relations_are_read_from_both_ends_and_of_what_both_may_read(
    databases: Databases, publish: Published
) -> None:
    old, new = publish(document(title="Ancien")), publish(document(title="Nouveau"))
    hidden = publish(document(title="Caché", audience="professionnel"))
    with databases.staff.begin() as connection:
        for source, target in ((new, old), (hidden, old)):
            row = {"from_id": source, "to_id": target, "relation": "remplace"}
            connection.execute(insert(ResourceRelation).values(row))
    with Session(databases.public) as session:
        of_old = read_resource(session, PUBLIC, old).related
        of_new = read_resource(session, PUBLIC, new).related
    assert of_old == (Related("Remplacé par", new, "document", "Nouveau"),)
    assert of_new == (Related("Remplace", old, "document", "Ancien"),)
    with Session(databases.staff) as session:
        assert len(read_resource(session, CURATEUR, old).related) == 2
        assert read_resource(session, PUBLIC, old).related == of_old


def test_a_relation_that_its_list_has_lost_is_called_by_its_code(
    databases: Databases, publish: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = publish(document(title="Ancien")), publish(document(title="Nouveau"))
    with databases.staff.begin() as connection:
        row = {"from_id": new, "to_id": old, "relation": "remplace"}
        connection.execute(insert(ResourceRelation).values(row))
    monkeypatch.setattr(queries, "terms", lambda _name: {})
    with Session(databases.public) as session:
        found = read_resource(session, PUBLIC, old).related
    assert found == (Related("remplace", new, "document", "Nouveau"),)


def test_of_what_was_withdrawn_title_and_day_are_left(databases: Databases) -> None:
    row = {"public_id": "a" * 16, "title": "Retiré", "withdrawn_on": date(2026, 1, 2)}
    with databases.staff.begin() as connection:
        connection.execute(insert(ResourceWithdrawn).values(row))
    with Session(databases.public) as session:
        left = read_withdrawn(session, "a" * 16)
        assert left is not None
        assert (left.title, left.withdrawn_on) == ("Retiré", date(2026, 1, 2))
        with pytest.raises(ResourceUnknown):
            read_resource(session, PUBLIC, "a" * 16)
