"""Backups of a server that is not ours, as its owner types them: dumped, tried, restored."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import psutil
import pytest
from pydantic import SecretStr
from sqlalchemy import Connection, text

from app.errors import DatabaseNotPrepared
from app.operations import dumping
from app.operations.backups import backups, rehearsed_at
from app.operations.keys_of_backups import backups_needing
from app.operations.metrics import OfBackups
from app.operations.passphrase import passphrase_path
from app.operations.safeguards import late_backups
from app.operations.withdrawn_again import accept, replay
from app.platform.backup.clients import Clients
from app.platform.backup.errors import (
    DatabaseInUse,
    DatabaseNotEmpty,
    DumpDamaged,
    NotWritten,
    PassphraseMissing,
    PassphraseWrong,
)
from app.platform.cluster.server import Cluster
from app.platform.database.engines import make_engine, role
from app.platform.database.lag import LOOK, TooFarBehind, read_nothing_old
from app.platform.database.migrating import migrate, prepare
from app.platform.database.origin import RestoredNotReplayed, refuse_restored
from app.platform.database.sessions import write
from app.records import acts
from app.runtime.staff import Runtime, open_runtime
from app.settings import Settings
from app.vault.sealing import KeyMissing, Vault, new_key, parse_keys
from tests.begun_registers import begin_registers
from tests.copied import copy_territories
from tests.platform.database.conftest import Outside, outside_server
from tests.serving import offline_settings
from tests.short_lists import ASE, CRIP, csv, run
from tests.small_disk import small_disk

pytestmark = pytest.mark.slow
MOST = 10.0
EXTENSIONS = "CREATE EXTENSION postgis; CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent;"


@dataclass(frozen=True)
class Server:
    """A server outside with two public actors, whose owner is no superuser."""

    outside: Outside
    folder: Path
    key: str

    def address(self, user: str) -> str:
        return self.outside.url(user).replace("://", "+psycopg://")

    @property
    def settings(self) -> Settings:
        base = self.outside.database
        given = {
            "owner_database_url": SecretStr(self.outside.url(self.outside.login)),
            "database_url": SecretStr(self.outside.url(role(base, "staff"))),
            "public_database_url": SecretStr(self.outside.url(role(base, "public"))),
            "backup_dir": self.folder,
            "backup_passphrase_file": self.outside.home / "passphrase",
            "keys": SecretStr(self.key),
        }
        return offline_settings(self.outside.home).model_copy(update=given)

    def prepared(self, work: Callable[[], None]) -> None:
        """Do what asks for an administrator first, who runs what it prints."""
        with pytest.raises(DatabaseNotPrepared) as asked:
            work()
        self.outside.as_superuser(str(asked.value).partition("\n\n")[2])
        work()

    def made_anew(self) -> None:
        """Lose the database, and make an empty one of the same name, as its administrator does."""
        name = self.outside.database
        self.outside.admin.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
        self.outside.admin.exec_driver_sql(f'CREATE DATABASE "{name}" OWNER "{self.outside.login}"')
        self.outside.as_superuser(EXTENSIONS)


@pytest.fixture(scope="module")
def server(
    cluster: Cluster,
    admin: Connection,
    module_runtime: Runtime,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("outside")
    with outside_server(cluster, admin, home) as outside:
        made = Server(outside, home / "backups", new_key())
        made.made_anew()
        outside.as_superuser(f'ALTER ROLE "{outside.login}" CREATEROLE;')
        address = made.address(outside.login)
        made.prepared(lambda: migrate(address))
        for each in ("staff", "public"):
            outside.as_superuser(f'ALTER ROLE "{role(outside.database, each)}" LOGIN;')
        copy_territories(module_runtime.owner_url, made.address("postgres"))
        with open_runtime(made.settings) as runtime:
            run(runtime, csv(CRIP, ASE))
            begin_registers(runtime)
        yield made


def public(runtime: Runtime) -> dict[str, str]:
    with runtime.databases.public.connect() as connection:
        shown = "SELECT name, public_id FROM actor WHERE status = 'published'"
        return {row.name: row.public_id for row in connection.execute(text(shown))}


def prepare_empty(address: str) -> None:
    engine = make_engine(address)
    try:
        prepare(engine)
    finally:
        engine.dispose()


def vault_of(key: str) -> Vault:
    return parse_keys(key)


def test_a_disk_that_is_full_leaves_the_backups_of_before(server: Server) -> None:
    with small_disk(3) as disk:
        settings = server.settings.model_copy(update={"backup_dir": disk})
        (disk / "filling").write_bytes(b"x" * 3_000_000)
        with pytest.raises(NotWritten):
            dumping.back_up(settings)
        assert list((disk / "dumps").glob("*.dump*")) == []
        (disk / "filling").unlink()
        dumping.back_up(settings)
        assert [each.is_full for each in dumping.stored(settings)] == [True]


def test_a_server_that_was_lost_comes_back_and_what_was_hidden_since_stays_hidden(
    server: Server,
) -> None:
    settings, place, vault = server.settings, server.folder, vault_of(server.key)
    passphrase = passphrase_path(settings)
    done = dumping.back_up(settings)
    (path,) = (place / "dumps").glob("*.dump")
    whole = path.read_bytes()
    assert b"Bobigny" not in whole
    assert [each.name for each in backups(place)] == [done.label]
    assert [each.what for each in late_backups(settings)] == [
        "aucune sauvegarde essayée depuis 40 jours"
    ]
    age, _ = [each.samples[0].value for each in OfBackups(place).collect()]
    assert time.time() - age < 600
    assert done.manifest
    assert done.manifest.keys == (vault.primary,)
    assert backups_needing(settings, vault.primary) == [done.label]
    assert backups_needing(settings, "autre") == []

    # What does not fit is said.
    right = passphrase.read_text()
    passphrase.write_text("une autre\n")
    for ask in (dumping.back_up, dumping.stored, dumping.check, dumping.restore):
        with pytest.raises(PassphraseWrong):
            ask(settings)
    passphrase.write_text(right)
    with pytest.raises(KeyMissing, match=vault.primary):
        dumping.rehearse(settings, vault_of(new_key()))
    with open_runtime(settings) as runtime, write(runtime.staff) as session:
        hidden = public(runtime)["ASE d'exemple"]
        acts.protect(session, runtime.vault, hidden, who="os:essai", why="essai")
    # What is written meanwhile is not in it.
    tried = dumping.rehearse(settings, vault)
    assert (tried.differences, tried.found.rows > 100) == ([], True)
    assert rehearsed_at(place)
    assert not (settings.data_dir / "rehearsal").exists()
    with pytest.raises(DatabaseNotEmpty):
        dumping.restore(settings)

    server.made_anew()
    server.prepared(lambda: prepare_empty(server.address(server.outside.login)))
    for damaged in (whole[:-1], whole[: len(whole) // 2], whole[:-9] + b"xx" + whole[-7:]):
        path.write_bytes(damaged)
        with pytest.raises(DumpDamaged):
            dumping.check(settings)
        with pytest.raises(DumpDamaged):
            dumping.restore(settings)
    path.write_bytes(whole)
    dumping.restore(settings)
    with open_runtime(settings, upgrade=True) as runtime:
        assert len(public(runtime)) == 2
        with pytest.raises(RestoredNotReplayed):
            refuse_restored(runtime.databases.public)
        with write(runtime.staff) as session:
            replayed = replay(session, runtime.vault, settings, "os:essai")
        assert (replayed.again, replayed.why_not) == (1, "")
        assert "ASE d'exemple" not in public(runtime)
        refuse_restored(runtime.databases.public)
        assert run(runtime, csv(CRIP)).unchanged == 1


def test_what_a_program_is_given_tells_others_no_password_and_itself_no_key(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MESURE23_KEYS", new_key())
    plain = server.address(server.outside.login)
    for given in (
        server.outside.url(server.outside.login, "SECRT").replace("://", "+psycopg://"),
        f"{plain}&password=SECRT",
    ):
        engine = make_engine(given)
        with engine.connect() as connection:
            snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
            with Clients(engine).dump(snapshot) as dump:
                children = psutil.Process().children()
                (child,) = [each for each in children if each.name() == "pg_dump"]
                assert not any("SECRT" in each for each in child.cmdline())
                environment = child.environ()
                dump.read()
        engine.dispose()
        assert environment["PGPASSWORD"] == "SECRT"
        assert "MESURE23_KEYS" not in environment


def test_a_file_that_is_damaged_or_no_dump_hides_no_other_one(
    server: Server, tmp_path: Path
) -> None:
    settings = server.settings.model_copy(update={"backup_dir": tmp_path})
    first = dumping.back_up(settings)
    time.sleep(1.1)  # named by the second
    second = dumping.back_up(settings)
    damaged = tmp_path / "dumps" / f"{first.label}.dump"
    damaged.write_bytes(b"x" + damaged.read_bytes()[1:])
    (tmp_path / "dumps" / "mesure23.dump").touch()
    assert [each.label for each in dumping.stored(settings)] == [second.label]
    with pytest.raises(DumpDamaged, match=first.label):
        dumping.check(settings)
    assert {each.name for each in backups(tmp_path)} == {first.label, second.label}


def test_an_empty_passphrase_opens_and_seals_nothing(server: Server, tmp_path: Path) -> None:
    empty = tmp_path / "passphrase"
    empty.touch()
    given = {"backup_dir": tmp_path, "backup_passphrase_file": empty}
    with pytest.raises(PassphraseMissing):
        dumping.back_up(server.settings.model_copy(update=given))


@pytest.mark.parametrize("made_by", ["this release", "a release whose view knows no restoration"])
def test_nothing_is_restored_under_those_who_would_show_it(
    server: Server, tmp_path: Path, made_by: str
) -> None:
    settings = server.settings.model_copy(update={"backup_dir": tmp_path})
    if made_by != "this release":
        former = import_module("migrations.versions.0104_lag_of_restored")
        server.outside.as_superuser(former.BEHIND.format(restored=""))
    dumping.back_up(settings)
    server.made_anew()
    visitor = make_engine(server.address(role(server.outside.database, "public")))
    with visitor.connect(), pytest.raises(DatabaseInUse):
        dumping.restore(settings)
    visitor.dispose()
    server.prepared(lambda: prepare_empty(server.address(server.outside.login)))
    dumping.restore(settings)
    # Of a process that comes meanwhile, after it was looked who is there.
    running = make_engine(server.address(role(server.outside.database, "public")))
    read_nothing_old(running, MOST)
    with pytest.raises(TooFarBehind):
        running.connect()
    with open_runtime(settings, upgrade=True) as runtime, write(runtime.staff) as session:
        accept(session, runtime.vault, settings, "os:essai", "essai")
    time.sleep(LOOK)
    with running.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM open.actor"))
    running.dispose()


def test_nobody_answers_for_a_dump_that_says_which_keys_it_needs(
    server: Server, tmp_path: Path
) -> None:
    key = vault_of(server.key).primary
    # Of its own: other tests leave theirs where all back up.
    own = server.settings.model_copy(update={"backup_dir": tmp_path})
    done = dumping.back_up(own)
    # Wherever the database is now.
    for url in (own.database_url, None):
        settings = own.model_copy(update={"database_url": url})
        assert backups_needing(settings, key, vouched=True) == [done.label]
