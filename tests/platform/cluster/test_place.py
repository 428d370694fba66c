"""Where the cluster lies, who runs it, who may connect, and what its log keeps."""

import os
import pwd
import re
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, make_url, text

from app.platform.cluster import directory
from app.platform.cluster.errors import (
    CannotStart,
    CannotWrite,
    LostHome,
    OtherMajorVersion,
    PostgisMissing,
    SocketDirectoryTaken,
)
from app.platform.cluster.server import open_cluster
from tests.platform.cluster.conftest import Holder, needs_root, run, value

pytestmark = pytest.mark.slow


def test_lists_are_sorted_in_french(data_dir: Path) -> None:
    words = "SELECT array_agg(w ORDER BY w) FROM unnest(ARRAY['zoo', 'école', 'eau', 'Écrins']) w"
    with open_cluster(data_dir, fsync=False) as cluster:
        assert value(cluster, words) == ["eau", "école", "Écrins", "zoo"]
        assert value(cluster, "SHOW server_encoding") == "UTF8"
        run(cluster, "CREATE DATABASE inherits")
        engine = create_engine(cluster.url("postgres", "inherits"))
        with engine.connect() as connection:
            assert connection.scalar(text(words)) == ["eau", "école", "Écrins", "zoo"]
        engine.dispose()


def test_nothing_listens_but_a_private_socket(data_dir: Path) -> None:
    with open_cluster(data_dir, fsync=False) as cluster:
        assert value(cluster, "SHOW listen_addresses") == ""
        assert stat.S_IMODE(cluster.sockets.stat().st_mode) == 0o700
        assert len(os.fsencode(cluster.sockets / ".s.PGSQL.5432")) < 107
        address = make_url(cluster.url("someone", "base"))
    assert (address.username, address.database) == ("someone", "base")
    assert address.query["host"] == str(cluster.sockets)


def test_postgis_can_be_created(data_dir: Path) -> None:
    with open_cluster(data_dir, fsync=False) as cluster:
        run(cluster, "CREATE EXTENSION postgis")
        assert value(cluster, "SELECT ST_AsText(ST_Point(2, 48))") == "POINT(2 48)"


def test_any_role_may_log_in_from_our_account(data_dir: Path) -> None:
    with open_cluster(data_dir, fsync=False) as cluster:
        run(cluster, "CREATE ROLE reader LOGIN")
        engine = create_engine(cluster.url("reader", "postgres"))
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT current_user")) == "reader"
        engine.dispose()


@needs_root
def test_other_accounts_are_refused_even_if_they_reach_the_socket(data_dir: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    with open_cluster(data_dir, fsync=False) as cluster:
        cluster.sockets.chmod(0o711)
        (cluster.sockets / ".s.PGSQL.5432").chmod(0o777)
        address = f"host={cluster.sockets} port=5432 user=postgres dbname=postgres"
        refused = subprocess.run(
            ["psql", "-X", address, "-c", "SELECT 1"],
            user=nobody.pw_uid,
            group=nobody.pw_gid,
            extra_groups=[],
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
        cluster.sockets.chmod(0o700)
    assert refused.returncode != 0
    assert "Peer authentication failed" in refused.stderr


def test_log_keeps_no_value_of_a_failed_statement(data_dir: Path) -> None:
    with open_cluster(data_dir, fsync=False) as cluster:
        run(cluster, "CREATE TABLE t (n int PRIMARY KEY, place text)")
        for statement in (
            "SELECT 'rue-secrete'::int",
            "INSERT INTO t VALUES (1, 'rue-secrete'), (1, 'rue-secrete')",
            "DO $$ BEGIN RAISE EXCEPTION 'rue-secrete'; END $$",
            "DO $$ BEGIN RAISE WARNING 'rue-secrete'; END $$; SELECT 1/0",
        ):
            with pytest.raises(psycopg.Error):
                run(cluster, statement)
    log = cluster.log_path.read_text()
    assert "ready to accept connections" in log
    assert "rue-secrete" not in log


@needs_root
def test_root_never_runs_the_server(data_dir: Path) -> None:
    with open_cluster(data_dir, fsync=False) as cluster:
        owner = cluster.data.stat().st_uid
        pid = int((cluster.data / "postmaster.pid").read_text().splitlines()[0])
        assert Path(f"/proc/{pid}").stat().st_uid == owner != 0


@needs_root
def test_unreachable_directory_goes_elsewhere_and_says_so_once(
    data_dir: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    data_dir.chmod(0o700)
    with open_cluster(data_dir, fsync=False) as cluster:
        run(cluster, "CREATE TABLE kept ()")
        assert cluster.home.parent == directory.ELSEWHERE
    said = capfd.readouterr().err
    assert said.count("\n") == 1
    assert str(cluster.home) in said
    data_dir.chmod(0o711)  # reachable now: the database stays where it is
    with open_cluster(data_dir, fsync=False) as again:
        assert again.home == cluster.home
        assert value(again, "SELECT to_regclass('kept') IS NOT NULL") is True
    assert capfd.readouterr().err == ""


def test_lost_directory_is_said_and_not_replaced(data_dir: Path) -> None:
    (data_dir / "postgres").symlink_to(data_dir / "gone")
    with pytest.raises(LostHome, match="gone"), open_cluster(data_dir):
        pass
    (data_dir / "postgres").unlink()


@needs_root
def test_ordinary_user_runs_a_cluster_of_their_own() -> None:
    # Nobody cannot read the interpreter of root: the process changes account after its imports.
    nobody = pwd.getpwnam("nobody")
    path = Path(tempfile.mkdtemp(prefix="mesure23-test-"))
    os.chown(path, nobody.pw_uid, nobody.pw_gid)
    user = Holder(path, f"--uid={nobody.pw_uid}")
    pid = user.wait_until_open()
    assert Path(f"/proc/{pid}").stat().st_uid == nobody.pw_uid
    with open_cluster(path) as cluster:  # root attaches
        assert value(cluster, "SELECT current_user") == "postgres"
    user.leave()
    shutil.rmtree(path)


@pytest.mark.parametrize("trap", ["link", "mode", pytest.param("owner", marks=needs_root)])
def test_prepared_socket_directory_is_refused(data_dir: Path, trap: str) -> None:
    with open_cluster(data_dir, fsync=False) as cluster:
        pass
    if trap == "link":
        cluster.sockets.symlink_to(data_dir)
    else:
        cluster.sockets.mkdir(mode=0o755 if trap == "mode" else 0o700)
    try:
        with pytest.raises(SocketDirectoryTaken, match="Supprimez-le"), open_cluster(data_dir):
            pass
    finally:
        cluster.sockets.unlink() if trap == "link" else cluster.sockets.rmdir()


def test_data_of_another_version_is_refused(data_dir: Path) -> None:
    with open_cluster(data_dir, fsync=False) as cluster:
        pass
    version = (cluster.data / "PG_VERSION").read_text()
    (cluster.data / "PG_VERSION").write_text("16000\n")
    with pytest.raises(OtherMajorVersion, match="postgresql-16000-postgis-3"):
        open_cluster(data_dir).__enter__()
    (cluster.data / "PG_VERSION").write_text(version)


def test_missing_postgis_names_the_package(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "SHARED", tmp_path)
    with pytest.raises(PostgisMissing, match=r"postgresql-NN-postgis-3"):
        open_cluster(data_dir).__enter__()


def test_directory_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWrite, match="MESURE23_DATA_DIR"):
        open_cluster(tmp_path / "file" / "var").__enter__()


def test_server_that_does_not_start_names_its_log_and_quotes_none(data_dir: Path) -> None:
    with open_cluster(data_dir, fsync=False) as cluster:
        pass
    settings = cluster.data / "postgresql.auto.conf"
    settings.write_text("shared_buffers = 'beaucoup'\n")
    with pytest.raises(CannotStart) as failed, open_cluster(data_dir):
        pass
    path = re.search(r"journal dit pourquoi : (\S+)\.$", str(failed.value))
    assert path, failed.value
    assert "beaucoup" in Path(path[1]).read_text(errors="replace")
    assert "FATAL" not in str(failed.value)
    settings.write_text("")
