"""A version changes with what the public may read of a territory, and with nothing else."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, delete, insert, select, text, update

from app.models import Actor, Commune, TerritoryVersion
from app.models.privileges import PUBLIC_VIEWS
from app.platform.cluster.server import Cluster
from app.platform.database.engines import Databases, make_engine
from tests.makers import add_actor

pytestmark = pytest.mark.slow

SAINT_DENIS, GRAND_LYON, PLACE = "93066", "200046977", "SRID=4326;POINT(2.44 48.91)"
# Another value of each column that a visitor may read, for an actor of Seine-Saint-Denis.
OTHER: dict[str, Any] = {
    "public_id": "f" * 16,
    "slug": "autre",
    "status": "archived",
    "protected": True,
    "category": "ase",
    "name": "Autre",
    "acronym": "A",
    "description": "Autre",
    "functions": ["ecoute"],
    "audiences": ["mineurs"],
    "languages": ["ar"],
    "age_min": 3,
    "age_max": 4,
    "phones": ["+33143939393"],
    "email": "a@exemple.invalid",
    "website": "https://exemple.invalid",
    "opening_hours": "24/7",
    "hours_text": "sur rendez-vous",
    "access": "partly",
    "access_text": "rez-de-chaussée",
    "referral_public": "par téléphone",
    "referrers_public": "tous",
    "duty_phones": ["+33199000001"],
    "duty_hours": "Mo-Su 18:00-08:00",
    "address": "1 rue Autre",
    "commune_code": SAINT_DENIS,
    "point": PLACE,
    "precision": "street",
    "territory_code": "59",
    "covers_national": True,
    "covers_territories": ["75"],
    "covers_epcis": [GRAND_LYON],
    "covers_communes": [SAINT_DENIS],
    "verified_on": "2026-01-01",
    "register": "finess",
    "covers_said_on": "2026-01-01",
    "communes_said": [SAINT_DENIS],
}
# A point and its precision come and go together.
TOGETHER = {"point": {"precision": "street"}, "precision": {"point": PLACE}}
GENERATED = {"words", "folded", "facet_key"}


def versions(databases: Databases) -> dict[str, UUID]:
    """Territory -> version, as the public login reads them."""
    with databases.public.connect() as connection:
        statement = text("SELECT territory_code, version FROM territory_version")
        return {row.territory_code: row.version for row in connection.execute(statement)}


def raised(databases: Databases, change: Callable[[Connection], Any]) -> set[str]:
    """Make a change in one transaction; return the territories whose version it raised."""
    before = versions(databases)
    with databases.staff.begin() as connection:
        change(connection)
    after = versions(databases)
    return {code for code in before.keys() | after if before.get(code) != after.get(code)}


def actor_of(databases: Databases, **columns: Any) -> UUID:
    with databases.staff.begin() as connection:
        return add_actor(connection, **columns)


def setting(actor_id: UUID, **columns: Any) -> Callable[[Connection], Any]:
    return lambda connection: connection.execute(
        update(Actor).where(Actor.id == actor_id).values(columns)
    )


@pytest.mark.parametrize(
    ("columns", "concerned"),
    [
        ({}, {"93"}),
        ({"covers_territories": ["75", "59"]}, {"93", "75", "59"}),
        ({"territory_code": "75", "covers_communes": [SAINT_DENIS]}, {"75", "93"}),
        ({"territory_code": "59", "covers_epcis": [GRAND_LYON]}, {"59", "69M"}),
    ],
)
def test_a_new_actor_raises_its_seat_and_what_it_covers(
    databases: Databases, columns: dict[str, Any], concerned: set[str]
) -> None:
    assert raised(databases, lambda to: add_actor(to, **columns)) == concerned | {""}


def test_a_national_actor_raises_every_territory(databases: Databases) -> None:
    everywhere = set(versions(databases))
    assert len(everywhere) > 100
    assert raised(databases, lambda to: add_actor(to, covers_national=True)) == everywhere


def test_an_actor_that_moves_raises_where_it_was_and_where_it_is(databases: Databases) -> None:
    actor = actor_of(databases, covers_communes=[SAINT_DENIS], territory_code="75")
    moves = setting(actor, territory_code="59", covers_communes=[], covers_territories=["974"])
    assert raised(databases, moves) == {"", "75", "93", "59", "974"}


def test_every_public_column_raises(databases: Databases) -> None:
    assert set(OTHER) == set(PUBLIC_VIEWS["actor"]) - GENERATED
    silent = set()
    for column, value in OTHER.items():
        changed = {column: value} | TOGETHER.get(column, {})
        if not raised(databases, setting(actor_of(databases), **changed)) >= {"", "93"}:
            silent.add(column)
    assert silent == set()


def test_no_other_column_raises(databases: Databases) -> None:
    hidden = set(Actor.__table__.columns.keys()) - set(PUBLIC_VIEWS["actor"])
    assert hidden == {"id", "created_at", "updated_at"}
    actor = actor_of(databases)
    change = {"created_at": text("now()"), "updated_at": text("now()")}
    assert raised(databases, setting(actor, **change)) == set()


def test_the_same_values_again_raise_nothing(databases: Databases) -> None:
    actor = actor_of(databases, **TOGETHER["precision"], precision="street")
    again = setting(actor, name="Association d'exemple", point=PLACE)
    assert raised(databases, again) == set()


@pytest.mark.parametrize("status", ["draft", "archived", "secret"])
def test_what_is_hidden_raises_nothing(databases: Databases, status: str) -> None:
    assert raised(databases, lambda to: add_actor(to, status=status)) == set()
    actor = actor_of(databases, status=status)
    assert raised(databases, setting(actor, name="Autre", covers_national=True)) == set()
    assert raised(databases, setting(actor, status="published")) > {"", "93", "59"}


def test_several_actors_of_one_statement_raise_each_theirs(databases: Databases) -> None:
    for code in ("93", "59", "75"):
        actor_of(databases, territory_code=code)
    some = update(Actor).where(Actor.territory_code != "75").values(name="Autre")
    assert raised(databases, lambda to: to.execute(some)) == {"", "93", "59"}


def test_an_import_that_is_undone_raises_nothing(databases: Databases) -> None:
    def undone(connection: Connection) -> None:
        with connection.begin_nested() as savepoint:
            add_actor(connection, territory_code="59")
            savepoint.rollback()
        add_actor(connection)

    assert raised(databases, undone) == {"", "93"}


def test_a_change_after_one_that_is_undone_raises(databases: Databases) -> None:
    def half(connection: Connection) -> None:
        add_actor(connection, status="draft")
        with connection.begin_nested() as savepoint:
            add_actor(connection)
            savepoint.rollback()
        add_actor(connection)
        add_actor(connection, territory_code="59")

    assert raised(databases, half) == {"", "93", "59"}


def test_deleting_and_emptying_raise(databases: Databases, cluster: Cluster) -> None:
    actor = actor_of(databases)
    everywhere = set(versions(databases))
    engine = make_engine(cluster.url(cluster.superuser, databases.staff.url.database or ""))
    owner = Databases(engine, databases.public)

    def emptied(connection: Connection) -> None:
        # History refers to actors and refuses to go with them.
        connection.execute(text("ALTER TABLE revision DISABLE TRIGGER revision_is_never_emptied"))
        connection.execute(text("TRUNCATE actor CASCADE"))

    gone = delete(Actor).where(Actor.id == actor)
    assert raised(owner, lambda to: to.execute(gone)) == {"", "93"}
    assert raised(owner, emptied) == everywhere
    engine.dispose()


def test_reference_data_raise_every_version_and_follow_the_territories(
    databases: Databases,
) -> None:
    everywhere = set(versions(databases))
    renamed = update(Commune).where(Commune.code == SAINT_DENIS).values(name="Saint-Denis")
    assert raised(databases, lambda to: to.execute(renamed)) == everywhere
    with databases.staff.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO territory (code, name, slug, kind, region_code, region_name)"
                " VALUES ('000', 'Nulle part', 'nulle-part', 'departement', '00', 'Nulle part')"
            )
        )
    assert set(versions(databases)) == everywhere | {"000"}
    with databases.staff.begin() as connection:
        connection.execute(text("DELETE FROM territory WHERE code = '000'"))
    assert set(versions(databases)) == everywhere


def test_nobody_writes_versions(databases: Databases) -> None:
    for engine in (databases.staff, databases.public):
        for statement in (
            update(TerritoryVersion).values(territory_code="93"),
            insert(TerritoryVersion).values(territory_code="x"),
            select(TerritoryVersion).with_for_update(),
        ):
            with (
                engine.connect() as connection,
                pytest.raises(Exception, match=r"denied|read-only"),
            ):
                connection.execute(statement)
