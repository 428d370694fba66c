"""Public pages behind PgBouncer in transaction mode, as deploy/pgbouncer.ini sets it."""

import configparser
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest
from sqlalchemy import URL

from app.main import create_app
from app.platform.cluster.accounts import SystemAccount
from app.platform.cluster.server import Cluster
from app.platform.database.engines import PublicDatabase, make_engine
from app.platform.web.versions import PERIOD
from app.settings import ROOT
from tests.serving import offline_settings, serving
from tests.world import World

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("pgbouncer"), reason="bin/setup all installs PgBouncer"),
]
# Fewer than those who ask: each is given to one after the other.
SERVERS = 2
PAGES = (
    "/sante",
    "/departements/93",
    "/table?q=ecoute",
    "/",
    "/api/departements/93/actors.geojson",
)


@dataclass(frozen=True)
class Bouncer:
    """A running PgBouncer. port: of its Unix socket, in place."""

    place: Path
    port: int
    user: str
    database: str

    def url(self) -> str:
        where = {"host": str(self.place), "port": str(self.port)}
        url = URL.create("postgresql+psycopg", self.user, database=self.database, query=where)
        return url.render_as_string(hide_password=False)

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.place), port=self.port, user=self.user, dbname=self.database
        )


@pytest.fixture(scope="module")
def bouncer(cluster: Cluster, world: World) -> Iterator[Bouncer]:
    public = world.databases.public.url
    account = SystemAccount.of(cluster.data.stat().st_uid)
    place = Path(tempfile.mkdtemp(prefix="mesure23-bouncer-"))
    given = configparser.ConfigParser(comment_prefixes=(";",))
    given.read(ROOT / "deploy/pgbouncer.ini")
    given["databases"] = {
        str(public.database): f"host={cluster.sockets} port=5432 user={public.username}"
    }
    port = 6432
    given["pgbouncer"].update(
        {
            "listen_addr": "",
            "unix_socket_dir": str(place),
            "auth_type": "any",
            "default_pool_size": str(SERVERS),
            "logfile": str(place / "log"),
        }
    )
    del given["pgbouncer"]["auth_file"]
    with (place / "pgbouncer.ini").open("w") as file:
        given.write(file)
    os.chown(place, account.uid, account.gid)
    child = subprocess.Popen(
        [shutil.which("pgbouncer") or "", "-q", place / "pgbouncer.ini"],
        user=account.uid,
        group=account.gid,
        extra_groups=[],
    )
    try:
        made = Bouncer(place, port, str(public.username), str(public.database))
        for _ in range(100):
            if (place / f".s.PGSQL.{port}").exists():
                break
            time.sleep(0.05)
        yield made
    finally:
        child.send_signal(signal.SIGQUIT)  # TERM waits for clients
        child.wait(20)
        shutil.rmtree(place)


def test_pages_share_connections_and_leave_no_setting_on_them(
    bouncer: Bouncer, tmp_path: Path
) -> None:
    databases = PublicDatabase(make_engine(bouncer.url(), pool_size=8))
    settings = offline_settings(tmp_path).model_copy(update={"rate_limit": 0})
    with (
        serving(create_app(settings, databases)) as address,
        httpx.Client(base_url=address, timeout=60) as client,
        ThreadPoolExecutor(8) as crowd,
    ):
        until = time.monotonic() + 8 * PERIOD
        while time.monotonic() < until:
            asked = [crowd.submit(client.get, path) for path in PAGES * 4]
            assert {each.result().status_code for each in asked} == {200}
    databases.dispose()
    for settings_of_one in each_server(bouncer):
        assert settings_of_one == {}


def each_server(bouncer: Bouncer) -> list[dict[str, str]]:
    """Return what each connection to the server has set, that its login has not."""
    holding = [bouncer.connect() for _ in range(SERVERS)]
    found = []
    for connection in holding:
        # Its transaction holds the connection to the server, so that the next one gets another.
        rows = connection.execute(
            "SELECT name, setting FROM pg_settings WHERE source = 'session'"
        ).fetchall()
        found.append({name: value for name, value in rows if name != "application_name"})
    for connection in holding:
        connection.close()
    return found
