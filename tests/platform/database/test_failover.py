"""A server and its copy as commands use them, until a person puts the copy in its place."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from app.desk.application import create_desk
from app.platform.cluster.server import Cluster
from app.platform.database.engines import make_engine, role
from app.platform.database.lag import Heart, copies_without
from app.platform.database.logins import create_database, enable_logins
from app.platform.database.migrating import migrate
from app.runtime.staff import Runtime, open_runtime
from app.settings import ROOT
from app.vault.sealing import new_key
from geo.zones import paris_day
from tests.copied import copy_territories
from tests.desk.bureau import ORIGIN, Bureau, Clock
from tests.meanwhile import until
from tests.platform.database.copies import SLOT, Copy, copy_of, primary, replays, superuser
from tests.releases import Release
from tests.serving import offline_settings, serving
from tests.short_lists import APART, ASE, CRIP, csv, run

pytestmark = pytest.mark.slow
NAME = "mesure23"
MOST, SOON = 2.0, 60.0
WHY = ("--reason", "essai")
# More than a checkpoint that takes its time has written before the test ends.
DIRTY = "CREATE TABLE dirty AS SELECT repeat('x', 500) AS x FROM generate_series(1, 40000)"


@dataclass(frozen=True)
class Pair:
    """A server and its copy; given: settings of commands whatever server they use."""

    cluster: Cluster
    copy: Copy
    runtime: Runtime
    given: dict[str, str]

    @property
    def owner(self) -> str:
        return self.cluster.url(self.cluster.superuser, NAME)

    def commands(self, written: Cluster | Copy, read: Cluster | Copy) -> Release:
        """Return commands that write to a server, and whose public pages read one."""
        addresses = {
            "MESURE23_OWNER_DATABASE_URL": written.url("postgres", NAME),
            "MESURE23_DATABASE_URL": written.url(role(NAME, "staff"), NAME),
            "MESURE23_PUBLIC_DATABASE_URL": read.url(role(NAME, "public"), NAME),
        }
        plain = {name: url.replace("+psycopg", "") for name, url in addresses.items()}
        return Release(ROOT, self.given | plain)

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        replays(self.copy, on=False)
        try:
            yield
        finally:
            replays(self.copy, on=True)


@pytest.fixture(scope="module")
def pair(module_runtime: Runtime, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    with paired(module_runtime, tmp_path_factory.mktemp("pair")) as made:
        yield made


@contextmanager
def paired(module_runtime: Runtime, home: Path) -> Iterator[Pair]:
    key = new_key()
    given = {
        "MESURE23_DATA_DIR": str(home),
        "MESURE23_KEYS": key,
        "MESURE23_LAG_MOST": str(MOST),
        "MESURE23_RATE_LIMIT": "0",
        "MESURE23_DRAIN": "0",
        "MESURE23_TILES": "none",
    }
    with primary() as cluster:
        create_database(cluster.url(cluster.superuser, "postgres"), NAME)
        owner = cluster.url(cluster.superuser, NAME)
        migrate(owner)
        enable_logins(owner)
        copy_territories(module_runtime.owner_url, owner)
        with superuser(owner) as admin:
            admin.exec_driver_sql(f"GRANT pg_read_all_stats TO {role(NAME, 'staff')}")
        addresses = {
            "database_url": SecretStr(cluster.url(role(NAME, "staff"), NAME)),
            "public_database_url": SecretStr(cluster.url(role(NAME, "public"), NAME)),
            "keys": SecretStr(key),
        }
        with open_runtime(offline_settings(home).model_copy(update=addresses)) as runtime:
            run(runtime, csv(CRIP, ASE, APART))
            with copy_of(cluster) as copy, Heart(runtime.staff):
                assert copies_without(owner, SOON) == []
                yield Pair(cluster, copy, runtime, given)


def public_ids(server: Cluster | Copy) -> dict[str, str]:
    """Return the ids of those who are public, by name."""
    engine = make_engine(server.url(role(NAME, "public"), NAME))
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT name, public_id FROM open.actor")).all()
    engine.dispose()
    return {row.name: row.public_id for row in rows}


def registered(commands: Release) -> str:
    """Register a map that a site shows, and return its id."""
    made = commands.run(
        *("embed", "create", "--origin", "https://www.exemple.fr", "--name", "Exemple"),
        *("--territory", "93"),
    )
    found = re.search(r"Carte enregistrée : (\S+)", made.stdout)
    assert found, made.stderr
    return found[1]


def test_who_serves_both_from_a_copy_shows_nothing_that_is_too_old(pair: Pair) -> None:
    ase = public_ids(pair.cluster)["ASE d'exemple"]
    sheet = f"/acteurs/{ase}/ase-d-exemple"
    with (
        pair.commands(pair.cluster, pair.copy).serving("--no-worker") as base,
        httpx.Client(base_url=base, timeout=60, follow_redirects=True) as visitor,
    ):
        assert visitor.get(sheet).status_code == 200
        with pair.standing_still():
            until(lambda: visitor.get("/readyz").status_code == 503)
            assert [visitor.get(path).status_code for path in (sheet, "/table?q=ase")] == [503, 503]
            assert visitor.get("/connexion").status_code == 200
        until(lambda: visitor.get(sheet).status_code == 200)


def test_each_command_that_hides_or_shows_names_a_copy_that_stands_still(pair: Pair) -> None:
    commands = pair.commands(pair.cluster, pair.cluster)
    libre, embed = public_ids(pair.cluster)["Association libre"], registered(commands)

    def named(*arguments: str) -> str:
        done = commands.run(*arguments, *WHY)
        assert (done.returncode, SLOT in done.stderr) == (1, True), (arguments, done)
        return done.stdout

    with pair.standing_still():
        # Whoever is hidden has another address.
        now = re.search(r"fiche (\w+)", named("protect", libre))
        assert now
        named("unprotect", now[1], "--consent-date", f"{paris_day():%d/%m/%Y}")
        named("embed", "revoke", embed)
    assert copies_without(pair.owner, SOON) == []


def test_the_desk_names_it_as_well_until_it_goes_on(pair: Pair) -> None:
    embed = registered(pair.commands(pair.cluster, pair.cluster))
    crip = public_ids(pair.cluster)["CRIP d'exemple"]
    given = {"desk_url": ORIGIN, "rate_limit": 0, "trusted_proxies": ("127.0.0.1/32",)}
    folder = pair.runtime.settings.data_dir / "backups"
    folder.mkdir()
    (folder / "novembre.dump").touch()
    settings = pair.runtime.settings.model_copy(update={**given, "backup_dir": folder})
    app = create_desk(settings, pair.runtime.databases, pair.runtime.vault)
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        of_desk = (pair.runtime.databases, pair.runtime.vault, Clock(), settings)
        browser = Bureau(app, client, *of_desk).signed_in()
        with pair.standing_still():
            for path, said in (
                (f"/gestion/acteurs/{crip}/proteger", {"pourquoi": "essai"}),
                (f"/gestion/cartes/{embed}/retirer", {"raison": "essai"}),
            ):
                then = browser.post(path, data=said).headers["location"]
                page = browser.get(then).text
                assert f"la copie « {SLOT} » de la base" in page
                assert ("1 sauvegarde garde encore" in page) == ("acteurs" in path)
        assert copies_without(pair.owner, SOON) == []
        # That page may write as well, which the copy has to replay first.
        until(lambda: "Pas encore partout" not in browser.get(then).text)


def test_a_person_puts_a_copy_in_place_of_the_server_and_nothing_hidden_is_shown(
    pair: Pair,
) -> None:
    with superuser(pair.owner) as admin:
        admin.exec_driver_sql(DIRTY)
    assert copies_without(pair.owner, SOON) == []
    # The link is cut, and somebody is hidden before the server is lost.
    pair.copy.stop()
    pair.copy.start(alone=True)
    hidden = public_ids(pair.cluster)["ASE d'exemple"]
    assert pair.commands(pair.cluster, pair.cluster).run("protect", hidden, *WHY).returncode == 1
    assert public_ids(pair.copy)["ASE d'exemple"] == hidden
    pair.copy.promote()
    with superuser(pair.copy.url("postgres", NAME)) as admin:
        of_checkpoint = "SELECT timeline_id FROM pg_control_checkpoint()"
        assert admin.exec_driver_sql(of_checkpoint).scalar() == 1
        commands = pair.commands(pair.copy, pair.copy)
        refused = commands.run("serve", "--public", "--port=0")
        assert (refused.returncode, "sauvegarde restaurée" in refused.stderr) == (1, True)
        replayed = commands.run("backup", "replay")
        assert replayed.returncode == 0, replayed.stderr
        assert "Caché ou retiré de nouveau après une restauration : 1" in replayed.stderr
        assert hidden not in public_ids(pair.copy).values()
        for _ in range(2):
            with commands.serving() as base:
                assert httpx.get(f"{base}/readyz", timeout=60).status_code == 200
            admin.exec_driver_sql("CHECKPOINT")
            assert admin.exec_driver_sql(of_checkpoint).scalar() == 2


def whichever_is_written_to(pair: Pair) -> Release:
    """Return commands by an address that leads to the copy once that is promoted, as a provider's
    does.
    """

    def address(login: str) -> str:
        hosts = f"{pair.copy.sockets},{pair.cluster.sockets}"
        where = urlencode({"host": hosts, "port": "5432,5432", "target_session_attrs": "primary"})
        return f"postgresql://{login}@/{NAME}?{where}"

    addresses = {
        "MESURE23_OWNER_DATABASE_URL": address("postgres"),
        "MESURE23_DATABASE_URL": address(role(NAME, "staff")),
        "MESURE23_PUBLIC_DATABASE_URL": address(role(NAME, "public")),
    }
    return Release(ROOT, pair.given | addresses)


@pytest.mark.long
def test_the_worker_shows_again_what_a_provider_put_in_place_of_the_server(
    module_runtime: Runtime, tmp_path: Path
) -> None:
    with paired(module_runtime, tmp_path) as pair:
        commands = whichever_is_written_to(pair)
        hidden = public_ids(pair.cluster)["ASE d'exemple"]
        sheet = f"/acteurs/{hidden}/ase-d-exemple"
        with (
            commands.serving("--desk"),
            commands.serving() as base,
            httpx.Client(base_url=base, timeout=60, follow_redirects=True) as visitor,
        ):
            assert visitor.get(sheet).status_code == 200
            pair.copy.stop()
            pair.copy.start(alone=True)
            assert commands.run("protect", hidden, *WHY).returncode == 1
            pair.copy.promote()
            assert public_ids(pair.copy)["ASE d'exemple"] == hidden
            with superuser(pair.owner) as admin:
                # Whoever used the former server asks the address again.
                admin.exec_driver_sql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
                )
            until(lambda: hidden not in public_ids(pair.copy).values())
            until(lambda: visitor.get("/readyz").status_code == 200)
            asked = [visitor.get(path).status_code for path in (sheet, "/table?q=crip")]
            assert asked == [404, 200]
