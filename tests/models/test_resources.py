"""What visitors read of resources: what is published for everybody; another version tells of it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, delete, insert, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.models import (
    IssuingBody,
    Resource,
    ResourceAct,
    ResourceCollection,
    ResourceCollectionEntry,
    ResourceDraft,
    ResourceEdition,
    ResourceHold,
    ResourceImport,
    ResourceLink,
    ResourceMark,
    ResourceOfSituation,
    ResourceProposal,
    ResourceRecord,
    ResourceRelation,
    ResourceSynonym,
    ResourceVersion,
    ResourceWithdrawn,
)
from app.models.privileges import PUBLIC_VIEWS
from app.platform.database.engines import Databases
from app.platform.web.versions import FRANCE, RESOURCES, STATEMENT
from tests.makers import add_resource

AT = datetime(2026, 1, 2, tzinfo=UTC)
HIDDEN = "sentinelle"
SEALED = (
    *(ResourceRecord, ResourceVersion, ResourceAct, ResourceMark, ResourceHold, ResourceDraft),
    *(ResourceImport, ResourceLink, ResourceProposal),
)
OPEN = tuple(sorted(view for view in PUBLIC_VIEWS if view.startswith("resource")))


def record_of(connection: Connection, status: str) -> UUID:
    """Insert a resource that is not published; its sealed parts hold the sentinel."""
    of = uuid4()
    row = {"id": of, "public_id": f"{HIDDEN}-{status}", "form": "fiche", "audience": "public"}
    row |= {"status": status, "latest": 1, "made_by": HIDDEN}
    connection.execute(insert(ResourceRecord).values(row))
    by = {"resource_id": of, "at": AT, "who": HIDDEN}
    content = {"id": uuid4(), "number": 1, "content": HIDDEN.encode()}
    connection.execute(insert(ResourceVersion).values(by | content))
    connection.execute(insert(ResourceAct).values(by | {"version": 1, "act": "asked"}))
    hold = {"resource_id": of, "version": 1, "since": AT, "by_text": HIDDEN.encode()}
    connection.execute(insert(ResourceHold).values(hold))
    return of


def everything_around(connection: Connection, public_id: str, other: str) -> None:
    """Name a resource wherever one may be named, each time with the sentinel."""
    edition = {"public_id": public_id, "number": 1, "audience": "public"}
    edition |= {"content": {"title": HIDDEN}, "published_at": AT, "ended_at": AT}
    connection.execute(insert(ResourceEdition).values(edition))
    for pair in ((public_id, other), (other, public_id)):
        relation = dict(zip(("from_id", "to_id"), pair, strict=True))
        connection.execute(insert(ResourceRelation).values(relation | {"relation": "remplace"}))
    entry = {"collection": "outre-mer", "place": 1, "public_id": public_id, "note": HIDDEN}
    connection.execute(insert(ResourceCollectionEntry).values(entry))
    beside = {"situation": 1, "place": 1, "public_id": public_id}
    connection.execute(insert(ResourceOfSituation).values(beside))


def read(databases: Databases) -> str:
    """All that the public login reads of resources."""
    with databases.public.connect() as connection:
        rows = (connection.execute(text(f"SELECT * FROM {view}")).all() for view in OPEN)
        return "\n".join(str(row) for found in rows for row in found)


def test_visitors_read_what_is_published_for_everybody_and_no_more(databases: Databases) -> None:
    with databases.staff.begin() as connection:
        shown = {"slug": "outre-mer", "title": "Outre-mer", "place": 1, "published": True}
        connection.execute(insert(ResourceCollection).values(shown))
        other = add_resource(connection, title="Pour tout le monde")
        for status in ("draft", "waiting", "held", "withdrawn", "erased"):
            record_of(connection, status)
        professional = add_resource(
            connection, public_id=f"{HIDDEN}-pro", title=HIDDEN, audience="professionnel"
        )
        everything_around(connection, professional, other)
    with databases.staff.connect() as connection:
        assert HIDDEN in str(connection.execute(text("SELECT * FROM resource_edition")).all())
    assert "Pour tout le monde" in read(databases)
    assert HIDDEN not in read(databases)


def test_a_former_edition_for_professionals_stays_theirs(databases: Databases) -> None:
    with databases.staff.begin() as connection:
        public_id = add_resource(connection, edition=3)
        for number, audience in ((1, "professionnel"), (2, "public")):
            edition = {"public_id": public_id, "number": number, "audience": audience}
            edition |= {"content": {"title": audience}, "published_at": AT, "ended_at": AT}
            connection.execute(insert(ResourceEdition).values(edition))
    assert "'title': 'public'" in read(databases)
    assert "professionnel" not in read(databases)


def test_a_collection_that_is_not_published_shows_nothing(databases: Databases) -> None:
    with databases.staff.begin() as connection:
        public_id = add_resource(connection)
        draft = {"slug": HIDDEN, "title": HIDDEN, "place": 1}
        connection.execute(insert(ResourceCollection).values(draft))
        entry = {"collection": HIDDEN, "place": 1, "public_id": public_id}
        connection.execute(insert(ResourceCollectionEntry).values(entry))
    assert HIDDEN not in read(databases)


@pytest.mark.parametrize("model", [*SEALED, Resource, ResourceEdition])
def test_visitors_are_refused_the_tables(worker_databases: Databases, model: Any) -> None:
    with worker_databases.public.connect() as connection, pytest.raises(DBAPIError, match="denied"):
        connection.execute(text(f"SELECT 1 FROM public.{model.__tablename__}"))


def test_what_leaves_the_open_table_takes_all_that_names_it(databases: Databases) -> None:
    with databases.staff.begin() as connection:
        shown = {"slug": "outre-mer", "title": "Outre-mer", "place": 1, "published": True}
        connection.execute(insert(ResourceCollection).values(shown))
        public_id, other = add_resource(connection), add_resource(connection, title="Reste")
        everything_around(connection, public_id, other)
    assert HIDDEN in read(databases)
    with databases.staff.begin() as connection:
        connection.execute(delete(Resource).where(Resource.public_id == public_id))
    assert HIDDEN not in read(databases)
    assert public_id not in read(databases)


def raised(databases: Databases, change: Callable[[Connection], Any]) -> set[str]:
    """Make a change in one transaction; return the subjects whose version it raised."""

    def versions() -> dict[str, UUID]:
        with databases.public.connect() as connection:
            return {row.subject: row.version for row in connection.execute(STATEMENT)}

    before = versions()
    with databases.staff.begin() as connection:
        change(connection)
    after = versions()
    return {subject for subject in after if before.get(subject) != after[subject]}


def test_what_visitors_may_read_raises_resources_and_france(databases: Databases) -> None:
    both = {FRANCE, RESOURCES}
    added: list[str] = []
    for title in ("Un", "Deux"):
        columns = {"title": title, "body_codes": ["has"]}
        made = lambda to, columns=columns: added.append(add_resource(to, **columns))  # noqa: E731
        assert raised(databases, made) == both
    one, other = added
    changed = update(Resource).where(Resource.public_id == one)
    rows = (
        (ResourceCollection, {"slug": "outre-mer", "title": "Outre-mer", "place": 1}),
        (ResourceWithdrawn, {"public_id": "x", "title": "X", "withdrawn_on": date(2026, 1, 2)}),
        (ResourceSynonym, {"word": "maraude", "group_id": 1}),
        (IssuingBody, {"code": "has", "name": "HAS"}),
    )
    for model, values in rows:
        assert raised(databases, lambda to: to.execute(insert(model).values(values))) == both  # noqa: B023
    assert raised(databases, lambda to: everything_around(to, one, other)) == both
    for change in ({"title": "Autre"}, {"audience": "professionnel"}, {"audience": "public"}):
        assert raised(databases, lambda to: to.execute(changed.values(change))) == both  # noqa: B023
    assert raised(databases, lambda to: to.execute(delete(ResourceOfSituation))) == both
    gone = delete(Resource).where(Resource.public_id == one)
    assert raised(databases, lambda to: to.execute(gone)) == both


def test_the_same_values_again_raise_nothing(databases: Databases) -> None:
    with databases.staff.begin() as connection:
        add_resource(connection)
    same = update(Resource).values(title=Resource.title)
    assert raised(databases, lambda to: to.execute(same)) == set()


def test_what_only_professionals_may_read_raises_nothing(databases: Databases) -> None:
    with databases.staff.begin() as connection:
        shown = {"slug": "outre-mer", "title": "Outre-mer", "place": 1, "published": True}
        connection.execute(insert(ResourceCollection).values(shown))
        other = add_resource(connection)
    added: list[str] = []
    hidden = {"audience": "professionnel", "body_codes": ["has"]}
    assert raised(databases, lambda to: added.append(add_resource(to, **hidden))) == set()
    (one,) = added
    assert raised(databases, lambda to: everything_around(to, one, other)) == set()
    body = {"code": "has", "name": "HAS"}
    assert raised(databases, lambda to: to.execute(insert(IssuingBody).values(body))) == set()
    renamed = update(IssuingBody).values(name="Haute autorité de santé")
    assert raised(databases, lambda to: to.execute(renamed)) == set()
    changed = update(Resource).where(Resource.public_id == one).values(title="Autre")
    assert raised(databases, lambda to: to.execute(changed)) == set()
    gone = delete(Resource).where(Resource.public_id == one)
    assert raised(databases, lambda to: to.execute(gone)) == set()


def test_what_the_desk_writes_sealed_raises_nothing(databases: Databases) -> None:
    assert raised(databases, lambda to: record_of(to, "draft")) == set()


@pytest.mark.parametrize(
    "columns",
    [
        {"proof": "eprouvee", "form": "pratique"},
        {"proof": "inspirante"},
        {"proof_by": "Un organisme", "form": "pratique"},
        {"reach": "territories"},
        {"territories": ["974"]},
        {"form": "livre"},
        {"audience": "tous"},
    ],
)
def test_what_says_nothing_sensible_is_refused(
    worker_databases: Databases, columns: dict[str, Any]
) -> None:
    with worker_databases.staff.connect() as connection, pytest.raises(IntegrityError):
        add_resource(connection, **columns)


@pytest.mark.parametrize(
    "words", [["maraude", "Maraude"], ["des mineurs", "Mineur"], ["de la"], ["x" * 101]]
)
def test_a_synonym_stands_in_one_group_and_says_something(
    worker_databases: Databases, words: list[str]
) -> None:
    rows = [{"word": word, "group_id": group} for group, word in enumerate(words)]
    with worker_databases.staff.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(insert(ResourceSynonym), rows)


def test_a_situation_has_three_resources_at_most(worker_databases: Databases) -> None:
    with worker_databases.staff.connect() as connection:
        rows = [
            {"situation": 1, "place": place, "public_id": add_resource(connection)}
            for place in (1, 2, 3, 4)
        ]
        connection.execute(insert(ResourceOfSituation), rows[:3])
        with pytest.raises(IntegrityError):
            connection.execute(insert(ResourceOfSituation), rows[3:])


def test_staff_change_no_version_of_a_resource(databases: Databases) -> None:
    with databases.staff.begin() as connection:
        record_of(connection, "draft")
    for statement in (update(ResourceVersion).values(who="x"), delete(ResourceVersion)):
        with databases.staff.connect() as connection, pytest.raises(DBAPIError, match="denied"):
            connection.execute(statement)
