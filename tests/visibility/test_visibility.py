"""What each profile reads, tried with the staff login; and what the public login is refused."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Update, insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.lists.conflicts import conflicts
from app.lists.missing import missing
from app.models import Account, Actor, ResourceEdition, Role, StaffSession
from app.models.account import CONFIRMED_FOR, IDLE, LONGEST
from app.platform.database.sessions import read
from app.records.acts import protect
from app.records.hidden import hidden, withheld_contacts
from app.records.proposals import waiting
from app.runtime.staff import Runtime
from app.visibility import OPERATOR, PUBLIC, Viewer, published
from app.visible.asking import Asker
from tests.makers import add_resource, decide
from tests.revealed import asker_of
from tests.short_lists import ASE, CRIP, HEADER, SHELTER, csv, run

LILLE = "Foyer de Lille;MECS;3 rue Autre;59000;Lille;01 99 00 00 20;"


@pytest.fixture(scope="module")
def world(module_runtime: Runtime) -> Runtime:
    """It is only read."""
    return populated(module_runtime)


def populated(runtime: Runtime) -> Runtime:
    """An open service, two shelters in two territories, a draft, and a secret place."""
    run(runtime, csv(CRIP, SHELTER, LILLE), territory=None)
    run(runtime, csv(ASE), source="brouillons", draft=True)
    run(
        runtime,
        csv(ASE.replace("ASE d'exemple", "Service du soir").replace("00 02", "00 03")),
        source="c",
    )
    with Session(runtime.staff) as session:
        public_id = session.scalars(
            select(Actor.public_id).where(Actor.name == "Service du soir")
        ).one()
    decide(runtime, protect, public_id, who="essai", why="menaces", secret=True)
    return runtime


def listed(world: Runtime, viewer: Viewer) -> int:
    with world.staff.connect() as connection:
        return len(connection.execute(select(viewer.actors())).all())


def opened(world: Runtime, viewer: Viewer) -> set[str]:
    """True names of the records that a viewer may have opened."""
    with world.staff.connect() as connection:
        return {
            world.vault.open_json("actor_protected", actor_id, "record", record)["name"]
            for actor_id, record in connection.execute(viewer.sealed())
        }


def ids(world: Runtime, **columns: object) -> list[UUID]:
    with Session(world.staff) as session:
        return list(session.scalars(select(Actor.id).filter_by(**columns)))


def test_the_public_reads_what_is_published_and_no_sealed_record(world: Runtime) -> None:
    assert listed(world, PUBLIC) == 3
    assert opened(world, PUBLIC) == set()
    assert str(published()) == str(PUBLIC.actors())


def test_a_professional_reads_the_same_and_what_was_revealed(world: Runtime) -> None:
    (lille,) = ids(world, territory_code="59")
    viewer = Viewer.professional(asker_of(world, [lille]))
    assert listed(world, viewer) == 3
    assert opened(world, viewer) == {"Foyer de Lille"}
    assert opened(world, Viewer.professional()) == set()


@pytest.mark.parametrize(
    "changed",
    [
        update(Account).values(confirmed_at=Account.confirmed_at - 2 * CONFIRMED_FOR),
        update(StaffSession).values(seen_at=StaffSession.seen_at - IDLE),
        update(StaffSession).values(opened_at=StaffSession.opened_at - LONGEST),
        update(StaffSession).values(role=Role.CURATEUR.value),
        update(StaffSession).values(ended_at=StaffSession.seen_at),
        update(Account).values(disabled_at=Account.confirmed_at),
    ],
)
def test_who_was_let_in_reads_nothing_once_they_are_not_any_more(
    world: Runtime, changed: Update
) -> None:
    (lille,) = ids(world, territory_code="59")
    asker = asker_of(world, [lille])
    viewer = Viewer.professional(asker)
    of = Account.id if changed.entity_description["entity"] is Account else StaffSession.account_id
    with Session(world.staff) as session:
        add_resource(session.connection(), title="réservé", audience="professionnel")
        statements = viewer.sealed(), viewer.read_in_part(), select(viewer.resources().c.title)
        assert all(session.execute(each).all() for each in statements)
        session.execute(changed.where(of == asker.account))
        # As a page that is being made reads it, whoever let its reader in before.
        assert [session.execute(each).all() for each in statements] == [[], [], []]


def test_what_became_secret_is_no_longer_revealed(world: Runtime) -> None:
    hidden = ids(world, status="secret") + ids(world, status="draft")
    viewer = Viewer.professional(asker_of(world, hidden))
    assert opened(world, viewer) == set()


@pytest.mark.parametrize(
    ("viewer", "actors", "records"),
    [
        (Viewer.staff(Role.REFERENT_ETAT, ["93"]), 3, 0),
        (Viewer.staff(Role.REFERENT_ETAT, ["59"]), 3, 0),
        (Viewer.staff(Role.REFERENT_DEPARTEMENT, ["93"]), 5, 4),
        (Viewer.staff(Role.REFERENT_DEPARTEMENT, ["59"]), 3, 1),
        (Viewer.staff(Role.REFERENT_DEPARTEMENT, []), 3, 0),
        (Viewer.staff(Role.CURATEUR), 5, 5),
        (Viewer.staff(Role.ADMINISTRATEUR), 3, 0),
    ],
)
def test_staff_read_by_role_and_territory(
    world: Runtime, viewer: Viewer, actors: int, records: int
) -> None:
    assert listed(world, viewer) == actors
    assert len(opened(world, viewer)) == records


def test_the_public_login_is_refused_what_others_may_read(world: Runtime) -> None:
    professional = Viewer.professional(asker_of(world, ids(world)))
    for viewer in (Viewer.staff(Role.CURATEUR), professional, PUBLIC):
        with (
            world.databases.public.connect() as connection,
            pytest.raises(DBAPIError, match=r"permission denied|column actor\.id does not exist"),
        ):
            connection.execute(viewer.sealed())


def test_what_a_viewer_may_read_cannot_be_changed_afterwards() -> None:
    with pytest.raises(AttributeError):
        PUBLIC.role = Role.CURATEUR  # type: ignore[misc]


LISTED: tuple[tuple[Viewer, set[str]], ...] = (
    (PUBLIC, set()),
    (Viewer.staff(Role.ADMINISTRATEUR), set()),
    (Viewer.staff(Role.REFERENT_ETAT, ["59"]), set()),
    (Viewer.staff(Role.REFERENT_DEPARTEMENT, ["59"]), {"Foyer de Lille"}),
    (OPERATOR, {"Foyer de Lille", "Foyer fictif", "ASE d'exemple", "Service du soir"}),
)


@pytest.mark.slow
def test_what_commands_list_is_what_their_viewer_may_read(runtime: Runtime) -> None:
    populated(runtime)
    asked = f"{LILLE};12/03/2026", f"{SHELTER};12/03/2026"
    data = "\r\n".join((f"{HEADER};Accord de publication", *asked))
    run(runtime, data.encode("cp1252"), territory=None)
    run(runtime, csv(CRIP), source="c")
    vault = runtime.vault
    for viewer, found in LISTED:
        with read(runtime.staff) as session:
            assert {each.record.name for each in hidden(session, vault, viewer)} == found, viewer
            homes = found & {"Foyer de Lille", "Foyer fictif"}
            asking = {each.record.name for each in waiting(session, vault, viewer)}
            assert asking == homes, viewer
            gone = {each.name for each in missing(session, vault, viewer)}
            assert ("Service du soir" in gone) == ("Service du soir" in found), viewer
            assert list(withheld_contacts(session, vault, viewer)) == [], viewer
            assert {each.name for each in conflicts(session, vault, viewer)} <= found, viewer


# Of no account of ours, as of one that is over.
UNKNOWN = Viewer.professional(Asker(uuid4(), uuid4(), datetime(2026, 1, 2, tzinfo=UTC)))
STAFF_WHO_WRITE = (Role.CURATEUR, Role.REFERENT_DEPARTEMENT, Role.REFERENT_ETAT)


def test_what_is_for_professionals_is_read_by_who_writes_and_who_is_approved(
    runtime: Runtime,
) -> None:
    databases, approved = runtime.databases, Viewer.professional(asker_of(runtime, []))
    at = datetime(2026, 1, 2, tzinfo=UTC)
    with databases.staff.begin() as connection:
        for audience in ("public", "professionnel"):
            of = add_resource(connection, title=audience, audience=audience, edition=3)
            rows = [
                {"public_id": of, "number": number, "audience": each, "content": {}}
                | {"published_at": at, "ended_at": at}
                for number, each in ((1, "public"), (2, "professionnel"))
            ]
            connection.execute(insert(ResourceEdition), rows)
    all_of_it = (["professionnel", "public"], 4)
    for_everybody = (["public"], 1)
    expected = dict.fromkeys(map(Viewer.staff, STAFF_WHO_WRITE), all_of_it)
    expected |= {approved: all_of_it, OPERATOR: all_of_it}
    expected |= {Viewer.staff(Role.ADMINISTRATEUR): for_everybody, PUBLIC: for_everybody}
    expected |= {Viewer.professional(): for_everybody, UNKNOWN: for_everybody}
    found = {}
    with databases.staff.connect() as connection:
        for viewer in expected:
            titles = sorted(connection.scalars(select(viewer.resources().c.title)))
            editions = connection.execute(select(viewer.editions())).all()
            found[viewer] = (titles, len(editions))
    assert found == expected
    with databases.public.connect() as connection:
        assert connection.scalars(select(PUBLIC.resources().c.title)).all() == ["public"]
        assert len(connection.execute(select(PUBLIC.editions())).all()) == 1


def test_a_curateur_alone_publishes_resources() -> None:
    assert {role for role in Role if Viewer.staff(role).writes_resources} == set(STAFF_WHO_WRITE)
    assert {role for role in Role if Viewer.staff(role).publishes_resources} == {Role.CURATEUR}
    assert not PUBLIC.writes_resources
    assert not UNKNOWN.writes_resources
