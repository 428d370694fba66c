"""A process says that it is not ready while its database is of a former release, or it ends."""

import time
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, text

from app.desk.application import create_desk
from app.main import create_app
from app.platform.cluster.server import Cluster
from app.platform.database.engines import Databases, PublicDatabase, make_engine
from app.platform.database.schema import newest_revision
from app.settings import Settings
from app.vault.sealing import Vault
from app.vault.verifying import StillRight, verify
from tests.serving import serving

JSON = {"Accept": "application/json"}
# A process reads it three times a second; the machine may be busy.
SOON = 5.0


@pytest.fixture
def owner(cluster: Cluster, databases: Databases) -> Iterator[Engine]:
    engine = make_engine(cluster.url(cluster.superuser, databases.staff.url.database or ""))
    yield engine
    engine.dispose()


@pytest.fixture
def app(databases: Databases) -> FastAPI:
    return create_app(Settings(rate_limit=0), PublicDatabase(databases.public))


def at(owner: Engine, revision: str) -> None:
    with owner.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :new"), {"new": revision})


def said(base: str, path: str) -> tuple[int, str]:
    """Return the status and what it says in one line."""
    answer = httpx.get(base + path, headers=JSON, trust_env=False, timeout=30)
    return answer.status_code, answer.json().get("title", "")


def soon_says(base: str, expected: tuple[int, str]) -> None:
    """Wait until /readyz says something else, as it does within a second."""
    end = time.monotonic() + SOON
    while (now := said(base, "/readyz")) != expected:
        assert time.monotonic() < end, now


@pytest.mark.slow
def test_tables_of_a_former_release_are_not_ready_until_they_are_brought_up_nor_once_taken_back(
    app: FastAPI, owner: Engine
) -> None:
    at(owner, "0100")
    too_old = (503, "Mise à jour en cours")
    with serving(app) as base:
        for path in ("/readyz", "/sante", "/readyz"):
            assert said(base, path) == too_old
        assert said(base, "/livez") == (200, "")
        at(owner, newest_revision())
        soon_says(base, (200, ""))
        assert said(base, "/sante") == (200, "")
        # As `mesure23 db upgrade -- -1` does under a process that was ready.
        at(owner, f"{int(newest_revision()) - 1:04}")
        soon_says(base, too_old)
        assert said(base, "/sante") == too_old


def test_tables_from_before_anybody_said_which_are_not_ready(app: FastAPI, owner: Engine) -> None:
    with owner.begin() as connection:
        connection.execute(text("DROP VIEW open.schema_revision"))
    with serving(app) as base:
        assert [said(base, path) for path in ("/readyz", "/sante")] == [
            (503, "Mise à jour en cours")
        ] * 2


def test_the_former_release_goes_on_with_the_tables_of_the_next(
    app: FastAPI, owner: Engine
) -> None:
    at(owner, f"{int(newest_revision()) + 7:04}")
    with serving(app) as base:
        assert [said(base, path) for path in ("/readyz", "/sante")] == [(200, "")] * 2


def test_a_process_that_ends_says_so(app: FastAPI) -> None:
    with serving(app) as base:
        assert said(base, "/readyz")[0] == 200
        app.state.site.draining.set()
        assert said(base, "/readyz") == (503, "Arrêt en cours")


def test_no_revision_is_told_to_anybody(app: FastAPI, owner: Engine) -> None:
    at(owner, "0100")
    with serving(app) as base:
        for path in ("/readyz", "/sante"):
            text_of = httpx.get(base + path, trust_env=False, timeout=30).text
            assert "0100" not in text_of
            assert newest_revision() not in text_of


@pytest.mark.slow
def test_a_page_that_waits_for_a_table_is_answered_soon(app: FastAPI, owner: Engine) -> None:
    with serving(app) as base, owner.begin() as connection:
        assert httpx.get(f"{base}/sante", trust_env=False).status_code == 200
        connection.execute(text("LOCK TABLE actor IN ACCESS EXCLUSIVE MODE"))
        answer = httpx.get(f"{base}/departements/93", trust_env=False, timeout=60)
        assert answer.status_code == 503
        assert "119" in answer.text
        # A statement has ten seconds, and this one would have waited for all of them.
        assert answer.elapsed.total_seconds() < 8


@pytest.mark.slow
def test_keys_that_open_the_database_no_more_are_not_ready(
    owner: Engine, databases: Databases, vault: Vault
) -> None:
    verify(databases.staff, vault)
    desk = create_desk(Settings(rate_limit=0), databases, vault)
    # Asked again at once.
    desk.state.site.opens[:] = [StillRight(databases.staff, vault, each=0)]
    change = text("UPDATE sealed_secret SET value = set_byte(value, 40, get_byte(value, 40) # 1)")
    with serving(desk) as base:
        assert said(base, "/readyz") == (200, "")
        for expected in ((503, "Clés incorrectes"), (200, "")):
            with owner.begin() as connection:
                connection.execute(change)
            assert said(base, "/readyz") == expected
        assert said(base, "/livez") == (200, "")


def test_a_desk_whose_pages_have_every_connection_is_ready(
    databases: Databases, vault: Vault
) -> None:
    verify(databases.staff, vault)
    address = databases.staff.url.render_as_string(hide_password=False)
    staff = make_engine(address, pool_size=1)
    desk = create_desk(Settings(rate_limit=0), Databases(staff, databases.public), vault)
    with staff.connect(), serving(desk) as base:
        assert said(base, "/readyz") == (200, "")
    staff.dispose()
