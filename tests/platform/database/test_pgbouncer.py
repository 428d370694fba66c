"""Public pages behind PgBouncer in transaction mode, as deploy/pgbouncer.ini sets it."""

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from app.main import create_app
from app.platform.cluster.server import Cluster
from app.platform.database.engines import PublicDatabase, make_engine
from app.platform.web.versions import PERIOD
from bench.deployed import PGBOUNCER, Bouncer, pgbouncer
from tests.meanwhile import until
from tests.serving import offline_settings, serving
from tests.world import World

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path(PGBOUNCER).exists(), reason="bin/setup all installs PgBouncer"),
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


@pytest.fixture(scope="module")
def bouncer(cluster: Cluster, world: World) -> Iterator[Bouncer]:
    with pgbouncer(cluster, world.databases.public.url, SERVERS) as made:
        yield made


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
        end = time.monotonic() + 8 * PERIOD
        while time.monotonic() < end:
            asked = [crowd.submit(client.get, path) for path in PAGES * 4]
            assert {each.result().status_code for each in asked} == {200}
    databases.dispose()
    for settings_of_one in each_server(bouncer):
        assert settings_of_one == {}


def test_pages_are_refused_while_it_is_dead_and_answered_once_it_runs_again(
    cluster: Cluster, world: World, tmp_path: Path
) -> None:
    settings = offline_settings(tmp_path).model_copy(update={"rate_limit": 0})
    with pgbouncer(cluster, world.databases.public.url) as bouncer:
        databases = PublicDatabase(make_engine(bouncer.url(), pool_size=8))
        with (
            serving(create_app(settings, databases)) as address,
            httpx.Client(base_url=address, timeout=60) as client,
        ):
            assert client.get("/table?q=ecoute").status_code == 200
            bouncer.end(signal.SIGKILL)
            refused = client.get("/table?q=ecoute")
            assert refused.status_code == 503
            assert "119" in refused.text
            assert client.get("/livez").status_code == 200
            bouncer.start()
            until(lambda: client.get("/table?q=ecoute").status_code == 200)
        databases.dispose()


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
