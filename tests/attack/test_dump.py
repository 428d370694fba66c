"""What the files of a database say without the key, after every flow, and its login to any SQL.

Everything that a thief of a disk, a backup or a log would hold is searched as bytes.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.gazetteer.load import load, read_gazetteer
from app.lists.importing import import_list
from app.lists.uploads import Upload
from app.models import Actor, ActorProtected
from app.operations.doctor import examine
from app.platform.cluster.directory import find_home
from app.platform.cluster.server import open_cluster
from app.platform.database.migrating import migrate
from app.platform.database.preparation import CONNECTIONS
from app.runtime.staff import open_runtime
from app.settings import Settings
from app.vault.sealing import parse_keys
from geo.gazetteer import Gazetteer
from geo.zones import paris_day
from tests.attack.dataset import as_list, changed, generate
from tests.attack.intrusion import ATTEMPTS, SUFFERED, Intruder
from tests.attack.places import MARKER, InventedPlace
from tests.attack.sentinels import Sentinels
from tests.attack.stronghold import Stronghold
from tests.databases import TEST_DIR

pytestmark = pytest.mark.slow

SIZE = 300
# Places that were public for a while.
ONCE = 5


@pytest.fixture(scope="module")
def stronghold(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stronghold]:
    """A database in which every flow of the service has happened."""
    TEST_DIR.mkdir(parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix="attack-", dir=TEST_DIR))
    home.chmod(0o711)
    keys = tmp_path_factory.mktemp("keys") / "keys"
    settings = Settings(data_dir=home, keys_file=keys, geocoder_url="http://127.0.0.1:9")
    try:
        with open_cluster(home, fsync=False) as cluster, open_runtime(settings) as runtime:
            with runtime.staff.begin() as connection:
                load(connection, prepared)
            with Session(runtime.staff) as session:
                gazetteer = read_gazetteer(session.connection())
            places = [p for p in generate(gazetteer) if p.case in ("sealed", "neighbour")][:SIZE]
            moved = changed(places, gazetteer)
            once = once_public(gazetteer)
            known = [*places, *moved, *once]
            folder = tmp_path_factory.mktemp("lists")
            built = Stronghold(home, keys, cluster, runtime, known, Sentinels(known), [])
            built.know()
            flows(built, places, moved, folder)
            publish_and_hide(built, once, folder)
            list_the_hidden(built, folder / "no-keys")
            assert built.mesure23("keys", "rotate").returncode == 0
            built.as_superuser("ANALYZE", "SELECT pg_switch_wal()")
            yield built
    finally:
        # Where its account cannot reach the checkout, the database lies elsewhere.
        shutil.rmtree(find_home(home))
        shutil.rmtree(home, ignore_errors=True)


def flows(
    stronghold: Stronghold, places: list[InventedPlace], moved: list[InventedPlace], folder: Path
) -> None:
    """Import, import again, fail in every way, geocode, act."""
    path = folder / f"Foyer {MARKER}isource.csv"
    for chosen in (places, moved):
        path.write_bytes(as_list(chosen))
        done = stronghold.mesure23("import", path)
        assert done.returncode == 0, done.stderr
    runtime, staff = stronghold.runtime, stronghold.runtime.staff
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.lists.applying.write_lines", lambda *_: 1 / 0)
        upload = Upload(path.name, as_list(places), "essai")
        with pytest.raises(ZeroDivisionError):
            import_list(staff, runtime.vault, runtime.settings, upload)
    secret = {"secret": places[5].street, "lon": places[5].lon}
    for statement in (
        "SELECT CAST(:secret AS integer), :lon",
        "SELECT CAST(:secret AS geometry), :lon",
        "INSERT INTO actor (id, public_id, slug, status, protected, category, name, address,"
        " territory_code, description) VALUES (gen_random_uuid(), 'x', 'x', 'published', true,"
        " 'mecs', 'x', :secret, '93', :lon)",
        "SELECT count(*), CAST(:secret AS text), CAST(:lon AS text)"
        " FROM generate_series(1, 100000000)",
    ):
        with Session(staff) as session:
            session.execute(text("SELECT set_config('statement_timeout', '20', true)"))
            with pytest.raises(DBAPIError) as failed:
                session.execute(text(statement), secret)
        stronghold.said.append(f"{failed.value} {failed.value.orig}")
    with pytest.raises(psycopg.errors.UniqueViolation):
        stronghold.as_superuser(
            "CREATE TEMP TABLE street (name text UNIQUE)",
            *[f"INSERT INTO street VALUES ('{places[5].street}')"] * 2,
        )
    assert stronghold.mesure23("geocode").returncode == 0
    with staff.connect() as connection:
        ids = list(connection.scalars(text("SELECT public_id FROM actor ORDER BY public_id")))
    assert stronghold.mesure23("protect", ids[0], "--reason", places[9].word(0)).returncode == 0


def once_public(gazetteer: Gazetteer) -> list[InventedPlace]:
    """Return places that a list publishes, and last a shelter at the address of the one before."""
    found = [place for place in generate(gazetteer) if place.case in ("decided", "secret")][:ONCE]
    # Which hides its address, and nothing else of it.
    found[-1] = replace(found[-1], case="neighbour")
    beside = found[-1].number
    shelter = replace(found[-1], number=4_990, case="sealed", category="MECS", beside=beside)
    return [*found, shelter]


def publish_and_hide(stronghold: Stronghold, places: list[InventedPlace], folder: Path) -> None:
    """Publish places and hide them in every way: one by acts, again, secretly, or by lists."""
    first, second, again, reclassified, neighbour, shelter = places
    path = folder / f"Foyer {MARKER}isource publié.csv"
    path.write_bytes(as_list(places[:ONCE]))
    assert stronghold.mesure23("import", path).returncode == 0
    # Into statistics, and into segments of the journal that are used again.
    stronghold.as_superuser("ANALYZE", "SELECT pg_switch_wal()")
    in_clear(stronghold, places[:ONCE], written=places[:ONCE])
    act(stronghold, "protect", first)
    act(stronghold, "protect", second, "--secret")
    act(stronghold, "protect", again)
    act(stronghold, "unprotect", again, "--consent-date", f"{paris_day()}")
    stronghold.as_superuser("ANALYZE", "SELECT pg_switch_wal()")
    in_clear(stronghold, [again, reclassified, neighbour], written=[again])
    act(stronghold, "protect", again)
    path.write_bytes(as_list([first, second, again, replace(reclassified, category="MECS")]))
    assert stronghold.mesure23("import", path).returncode == 0
    other = path.with_name("voisin.csv")
    other.write_bytes(as_list([shelter]))
    imported = stronghold.mesure23("import", other)
    assert "Effacé des fichiers de la base" in imported.stderr


def list_the_hidden(stronghold: Stronghold, no_keys: Path) -> None:
    """List whom staff may read, with the keys and without them."""
    for command in (
        ("hidden",),
        ("hidden", "--contacts"),
        ("hidden", "--format", "csv"),
        ("missing", "--format", "json"),
        ("conflicts",),
        ("proposals",),
    ):
        with_keys = stronghold.mesure23(*command)
        assert with_keys.returncode == 0, with_keys.stderr
        if command[0] == "hidden" and command[-1] != "--contacts":
            assert stronghold.sentinels.in_text(with_keys.stdout.lower().encode())
        without = stronghold.mesure23(*command, keys=no_keys)
        assert (without.returncode, without.stdout) == (1, "")
    assert not no_keys.exists()


def in_clear(
    stronghold: Stronghold, places: list[InventedPlace], *, written: list[InventedPlace]
) -> None:
    """Check that what is to be erased lies in tables and in the journal, and nothing else does."""
    found = stronghold.words()
    for room, there in (("/base/", places), ("/pg_wal/", written)):
        hits = {hit for name, hits in found.items() if room in name for hit in hits}
        assert {place.word(1).lower() for place in there} <= hits, room
    others = [place for place in stronghold.places if place not in places]
    hidden = {place.word(part).lower() for place in others for part in range(7)}
    assert not hidden & {hit for hits in found.values() for hit in hits}


def act(stronghold: Stronghold, name: str, place: InventedPlace, *more: str) -> None:
    """Run `mesure23 protect` or `unprotect` on a place."""
    runtime = stronghold.runtime
    with Session(runtime.staff) as session:
        rows = session.execute(
            select(Actor.public_id, ActorProtected).join_from(
                ActorProtected, Actor, Actor.id == ActorProtected.actor_id
            )
        ).all()
    (public_id,) = (
        public_id
        for public_id, sealed in rows
        if runtime.vault.open_json("actor_protected", sealed.actor_id, "record", sealed.record)[
            "finess"
        ]
        == place.finess
    )
    done = stronghold.mesure23(name, public_id, "--reason", place.word(0), *more)
    assert done.returncode == 0, done.stderr
    if name == "protect":
        assert "Effacé des fichiers de la base" in done.stdout


def test_the_secrets_are_there_for_who_has_the_key(stronghold: Stronghold) -> None:
    vault = parse_keys(stronghold.keys.read_text())
    with Session(stronghold.runtime.staff) as session:
        sealed = session.query(ActorProtected).all()
        names = {
            vault.open_json("actor_protected", each.actor_id, "record", each.record)["name"]
            for each in sealed
        }
    assert len(sealed) == SIZE + ONCE + 1
    assert {f"Service {place.word(0)}" for place in stronghold.places[SIZE:]} == names


def test_nothing_that_commands_and_errors_say_is_secret(stronghold: Stronghold) -> None:
    # The name of the file that was given is said again to who gave it.
    findings = "\n".join(stronghold.said).lower().replace(f"foyer {MARKER.lower()}isource", "")
    assert stronghold.sentinels.in_text(findings.encode()) == set()


def test_a_dump_holds_nothing_in_clear(stronghold: Stronghold) -> None:
    dump = stronghold.dump()
    assert b"COPY public.actor_protected" in dump
    assert stronghold.sentinels.in_bytes(dump) == set()


def test_no_file_of_the_service_holds_a_secret(stronghold: Stronghold) -> None:
    names = [path.name for path in stronghold.cluster.home.rglob("*")]
    assert "postgres.log" in names
    assert "pg_wal" in names
    assert stronghold.files() == {}


def test_a_secret_in_the_log_in_a_table_or_in_the_journal_is_found(
    stronghold: Stronghold,
) -> None:
    place = stronghold.places[3]
    marked = [f"-- {text}" for text in (place.street, place.phone, place.siret)]
    log = stronghold.cluster.log_path
    size = log.stat().st_size
    try:
        for each in marked:
            stronghold.as_superuser(f"DO $$ BEGIN RAISE LOG '%', '{each}'; END $$")
            assert stronghold.sentinels.in_bytes(log.read_bytes())
            os.truncate(log, size)
        stronghold.as_superuser(
            "CREATE TABLE planted AS SELECT"
            f" ST_SetSRID(ST_Point({place.lon}, {place.lat}), 4326) AS point"
        )
        found = stronghold.files()
        assert any("/base/" in name for name in found), found
        assert any("/pg_wal/" in name for name in found), found
        assert stronghold.sentinels.in_bytes(stronghold.dump())
    finally:
        stronghold.as_superuser("DROP TABLE IF EXISTS planted")


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_whoever_runs_sql_as_the_public_login_is_refused(
    stronghold: Stronghold, attempt: str
) -> None:
    assert not Intruder(stronghold.runtime.databases.public.url).succeeds(ATTEMPTS[attempt])


def test_what_postgresql_refuses_to_nobody_is_reported_put_right_and_reveals_nothing(
    stronghold: Stronghold,
) -> None:
    intruder = Intruder(stronghold.runtime.databases.public.url)
    vault = parse_keys(stronghold.keys.read_text())

    def findings() -> set[str]:
        stronghold.runtime.databases.dispose()
        return {each.what for each in examine(stronghold.runtime.databases, vault)}

    assert findings() == set()
    assert [name for name, each in SUFFERED.items() if not intruder.succeeds(each)] == []
    assert {each for each in ATTEMPTS if intruder.succeeds(ATTEMPTS[each])} == set()
    assert findings() == {"réglage search_path (public)", "réglage work_mem (public)"}
    # The embedded database lets in by account, not by password; what differs from ours is put back
    # at each start, and the rest as doctor says.
    migrate(stronghold.runtime.owner_url)
    assert findings() == {"réglage work_mem (public)"}
    stronghold.as_superuser("ALTER ROLE mesure23_public IN DATABASE mesure23 RESET work_mem")
    assert findings() == set()


def test_a_flood_of_the_public_login_leaves_room_for_the_others(stronghold: Stronghold) -> None:
    stronghold.runtime.databases.dispose()
    intruder = Intruder(stronghold.runtime.databases.public.url)
    with ExitStack() as flood:
        for _ in range(CONNECTIONS["public"]):
            flood.enter_context(intruder.connect())
        with pytest.raises(psycopg.OperationalError, match="too many connections for role"):
            intruder.connect()
        assert stronghold.mesure23("db", "upgrade").returncode == 0
        with stronghold.runtime.staff.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM actor")) == SIZE + ONCE + 1


def test_the_public_login_enters_no_other_database(stronghold: Stronghold) -> None:
    assert list(Intruder(stronghold.runtime.databases.public.url).databases()) == []


def test_a_grant_too_many_is_found(stronghold: Stronghold) -> None:
    intruder = Intruder(stronghold.runtime.databases.public.url)
    for grant, back, found in (
        ("GRANT SELECT ON public.actor_protected TO mesure23_public",
         "REVOKE SELECT ON public.actor_protected FROM mesure23_public",
         {"read: table actor_protected", "read: inheritance", "read: copy"}),
        ("GRANT mesure23_staff TO mesure23_public",
         "REVOKE mesure23_staff FROM mesure23_public", {"become: staff"}),
        ("GRANT CONNECT ON DATABASE postgres TO PUBLIC",
         "REVOKE CONNECT ON DATABASE postgres FROM PUBLIC", {"connect: postgres"}),
    ):  # fmt: skip
        stronghold.as_superuser(grant)
        try:
            assert found <= intruder.successes()
        finally:
            stronghold.as_superuser(back)
