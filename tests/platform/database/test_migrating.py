"""Migrations, one after the other: what was done stays, whoever reads or is killed."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from app.main import create_app
from app.platform.cluster.server import Cluster
from app.platform.database.engines import Databases, PublicDatabase, make_engine
from app.platform.database.migrating import migrate
from app.platform.database.schema import newest_revision
from app.runtime.staff import open_runtime
from app.settings import ROOT, Settings
from app.vault.sealing import new_key
from tests.meanwhile import until
from tests.releases import later, numbers
from tests.serving import offline_settings, serving

pytestmark = pytest.mark.slow
SOON = 60.0
REVISION = "SELECT version_num FROM alembic_version"
TABLE = "op.execute('CREATE TABLE planted (id int)')"
COLUMN = "op.execute('ALTER TABLE territory ADD COLUMN planted int')"
INDEX = "create_index_alongside('ix_planted', 'territory', ['name'])"
WAITS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event = 'virtualxid'
"""
VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('ix_planted')"


@pytest.fixture
def owner(cluster: Cluster, databases: Databases) -> Iterator[Engine]:
    engine = make_engine(cluster.url(cluster.superuser, databases.staff.url.database or ""))
    yield engine
    engine.dispose()


@pytest.fixture
def settings(owner: Engine, tmp_path: Path) -> dict[str, str]:
    """Those of who releases."""
    home = tmp_path / "home"
    home.mkdir()
    for name in ("national", "territories"):
        (home / name).symlink_to(ROOT / "var" / name)
    url = owner.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return {"MESURE23_OWNER_DATABASE_URL": url, "MESURE23_DATA_DIR": str(home)}


def one(owner: Engine, sql: str) -> object:
    with owner.connect() as connection:
        return connection.scalar(text(sql))


def test_a_release_that_is_killed_between_two_migrations_goes_on(
    owner: Engine, settings: dict[str, str], tmp_path: Path
) -> None:
    release = later(tmp_path, settings, TABLE, COLUMN)
    first, second = numbers(2)
    with owner.connect() as reader, release.started("db", "upgrade") as killed:
        reader.execute(text("SELECT count(*) FROM territory"))
        # What waits for its lock holds nothing of what was before it.
        until(lambda: one(owner, REVISION) == first)
        assert one(owner, "SELECT count(*) FROM planted") == 0
        killed.kill()
    done = release.run("db", "upgrade")
    assert done.returncode == 0, done.stderr
    assert one(owner, REVISION) == second
    assert one(owner, "SELECT count(planted) FROM territory") == 0


def test_an_index_is_made_while_others_read_and_write(
    owner: Engine, settings: dict[str, str], tmp_path: Path
) -> None:
    release = later(tmp_path, settings, INDEX)
    # What one that was refused, or killed, leaves: it serves nobody, and each write pays for it.
    alone = owner.execution_options(isolation_level="AUTOCOMMIT")
    with alone.connect() as refused, pytest.raises(IntegrityError):
        refused.execute(text("CREATE UNIQUE INDEX CONCURRENTLY ix_planted ON territory ((1))"))
    assert one(owner, VALID) is False
    with owner.connect() as reader, release.started("db", "upgrade") as making:
        reader.execute(text("SELECT count(*) FROM territory"))
        until(lambda: making.poll() is not None or one(owner, WAITS) == 1)
        assert making.poll() is None, making.communicate()[1]
        with owner.begin() as writer:
            writer.execute(text("SET LOCAL lock_timeout = '1s'"))
            writer.execute(text("UPDATE territory SET name = name"))
        assert making.poll() is None
        reader.rollback()
        _, err = making.communicate(timeout=SOON)
    assert making.returncode == 0, err
    assert one(owner, VALID) is True
    assert one(owner, REVISION) == numbers(1)[0]


def test_where_the_former_release_does_not_go_on_it_is_stopped_first_and_not_ready(
    owner: Engine, databases: Databases, settings: dict[str, str], tmp_path: Path
) -> None:
    release = later(tmp_path, settings, TABLE, goes_on=False)
    app = create_app(Settings(rate_limit=0), PublicDatabase(databases.public))

    def answers(path: str) -> int:
        return httpx.get(base + path, trust_env=False, timeout=30).status_code

    with serving(app) as base:
        assert answers("/readyz") == 200
        for command in (["release"], ["db", "upgrade"], ["serve", "--prepare", "--port=0"]):
            refused = release.run(*command)
            assert refused.returncode == 1
            assert "--stopped" in refused.stderr
            assert numbers(1)[0] in refused.stderr
            assert one(owner, REVISION) == newest_revision()
        assert answers("/readyz") == 200
        done = release.run("db", "upgrade", "--stopped")
        assert done.returncode == 0, done.stderr
        # It was forgotten: it says so by itself.
        until(lambda: answers("/readyz") == 503)
        assert answers("/sante") == 503
        assert answers("/livez") == 200
        again = release.run("db", "upgrade")
        assert again.returncode == 0, again.stderr
        back = release.run("db", "upgrade", "--", "-1")
        assert back.returncode == 0, back.stderr
        until(lambda: answers("/readyz") == 200)


def test_what_is_taken_away_waits_for_the_release_before_the_former_one_to_be_stopped(
    owner: Engine, databases: Databases, settings: dict[str, str], tmp_path: Path
) -> None:
    # The first one's release gave it up, and is skipped.
    release = later(tmp_path, settings, COLUMN, TABLE, since=1)
    first, second = numbers(2)
    refused = release.run("release")
    assert (refused.returncode, "--stopped" in refused.stderr) == (1, True), refused.stderr
    assert (second in refused.stderr, first in refused.stderr) == (True, False)
    assert one(owner, REVISION) == newest_revision()
    # Where it was released, and whatever uses it has ended, it goes on.
    brought = release.run("db", "upgrade", "--stopped", first)
    assert brought.returncode == 0, brought.stderr
    done = release.run("db", "upgrade")
    assert done.returncode == 0, done.stderr
    assert one(owner, REVISION) == second
    # What runs here is of before the first, and says so if it is started again.
    app = create_app(Settings(rate_limit=0), PublicDatabase(databases.public))
    with serving(app) as base:
        assert httpx.get(f"{base}/readyz", trust_env=False, timeout=30).status_code == 503


def test_an_embedded_database_is_not_migrated_under_the_former_release_that_does_not_go_on(
    tmp_path: Path,
) -> None:
    # Reached by the account of the cluster, unlike pytest's own directories when root.
    home = Path(tempfile.mkdtemp(prefix="mesure23-under-"))
    home.chmod(0o711)
    key = new_key()
    ours = offline_settings(home).model_copy(update={"keys": SecretStr(key)})
    given = {"MESURE23_DATA_DIR": str(home), "MESURE23_KEYS": key}
    release = later(tmp_path, given, TABLE, goes_on=False)
    with open_runtime(ours) as runtime:
        refused = release.run("keys", "status")
        assert (refused.returncode, numbers(1)[0] in refused.stderr) == (1, True), refused.stderr
        assert "version précédente" in refused.stderr
        assert one(runtime.staff, REVISION) == newest_revision()
    done = release.run("keys", "status")
    assert done.returncode == 0, done.stderr
    shutil.rmtree(home)


def test_the_former_release_prepares_a_database_of_a_later_one_for_nothing(owner: Engine) -> None:
    ahead = numbers(7)[-1]
    with owner.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :new"), {"new": ahead})
    migrate(owner.url.render_as_string(hide_password=False))
    assert one(owner, REVISION) == ahead
