"""`mesure23 release`: once per version, and nothing stops while it works."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine, text

from app.commands.release import IN_USE
from app.main import create_app
from app.platform.database.engines import PublicDatabase, make_engine, role
from app.platform.database.logins import enable_logins
from app.platform.database.migrating import PAUSE, migrate
from app.platform.database.schema import newest_revision
from app.settings import ROOT, Settings
from tests.platform.database.conftest import Outside
from tests.releases import later
from tests.serving import serving

pytestmark = pytest.mark.slow


@pytest.fixture
def given(outside: Outside) -> dict[str, str]:
    """The settings of who releases: addresses of the logins, and no key."""
    for name in ("national", "territories"):
        (outside.home / name).symlink_to(ROOT / "var" / name)
    return {
        "owner_database_url": outside.url("postgres"),
        **{
            f"{prefix}database_url": outside.url(role(outside.database, login), f"secret-{login}")
            for prefix, login in (("", "staff"), ("public_", "public"), ("inbox_", "inbox"))
        },
    }


@pytest.fixture
def owner(outside: Outside) -> Iterator[Engine]:
    engine = make_engine(outside.url("postgres").replace("://", "+psycopg://"))
    yield engine
    engine.dispose()


def test_two_releases_at_once_leave_one_database_that_is_ready(
    outside: Outside, given: dict[str, str]
) -> None:
    done = []
    threads = [
        threading.Thread(target=lambda: done.append(outside.mesure23("release", **given)))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each.returncode for each in done] == [0, 0], [each.stderr for each in done]
    assert all("108 territoires" in each.stdout for each in done)
    assert outside.rows("SELECT version_num FROM alembic_version") == [(newest_revision(),)]
    roles = outside.rows(
        "SELECT rolname FROM pg_roles WHERE rolcanlogin AND rolname LIKE :names ORDER BY 1",
        names=f"{outside.database}%",
    )
    assert roles == [(role(outside.database, each),) for each in ("inbox", "public", "staff")]
    # It has no key, so that none was taken for the right one.
    assert outside.rows("SELECT name FROM sealed_secret") == []
    assert not list(outside.home.glob("**/*.keys"))


def test_more_processes_get_more_connections_and_nobody_loses_any(
    outside: Outside, given: dict[str, str]
) -> None:
    limits = "SELECT rolconnlimit FROM pg_roles WHERE rolname LIKE :names ORDER BY rolname"

    def released(**more: str) -> list[tuple[int, ...]]:
        done = outside.mesure23("release", **given, **more)
        assert done.returncode == 0, done.stderr
        found = outside.rows(limits, names=f"{outside.database}%")
        return [found[0], found[2]]

    assert released() == [(20,), (60,)]
    assert released(processes="10") == [(22,), (99,)]
    assert released() == [(22,), (99,)]


def test_logins_without_address_are_left_as_they_are(
    outside: Outside, given: dict[str, str]
) -> None:
    alone = {"owner_database_url": given["owner_database_url"]}
    done = outside.mesure23("release", **alone)
    assert done.returncode == 0, done.stderr
    assert "staff, public, inbox. « mesure23 db roles » les crée" in done.stderr


def test_a_long_reader_and_a_migration_behind_it_do_not_stop_the_pages(
    outside: Outside, owner: Engine, given: dict[str, str], tmp_path: Path
) -> None:
    url = owner.url.render_as_string(hide_password=False)
    migrate(url)
    enable_logins(url)
    public = make_engine(
        outside.url(role(outside.database, "public")).replace("://", "+psycopg://")
    )
    app = create_app(Settings(rate_limit=0), PublicDatabase(public))
    tree = tmp_path / "later"
    tree.mkdir()
    settings = {
        "MESURE23_OWNER_DATABASE_URL": given["owner_database_url"],
        "MESURE23_DATA_DIR": str(outside.home),
    }
    release = later(tree, settings, "op.execute('ALTER TABLE territory ADD COLUMN planted int')")
    with serving(app) as base, owner.connect() as reader:
        reader.execute(text("SELECT FROM territory LIMIT 0"))
        with release.started("db", "upgrade") as upgrading:
            assert upgrading.stderr is not None
            assert any(IN_USE in line for line in iter(upgrading.stderr.readline, ""))
            # As long as it would take to wait for the reader, which never ends.
            slowest, until = 0.0, time.monotonic() + 4 * PAUSE
            while time.monotonic() < until:
                # One is never cached, and reads territories.
                for path in ("/sante", "/api/lieux?q=lil"):
                    answer = httpx.get(f"{base}{path}", trust_env=False, timeout=60)
                    assert answer.status_code == 200
                    slowest = max(slowest, answer.elapsed.total_seconds())
            assert upgrading.poll() is None
            assert slowest < 2 * PAUSE
            reader.rollback()
            assert upgrading.wait(60) == 0
        assert httpx.get(f"{base}/sante", trust_env=False).status_code == 200
    public.dispose()
