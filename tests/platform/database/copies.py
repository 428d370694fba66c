"""A server that is written to, and a copy of it that replays what is."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from sqlalchemy import URL, Connection, text

from app.platform.cluster.accounts import SystemAccount
from app.platform.cluster.directory import find_binaries
from app.platform.cluster.server import Cluster, open_cluster
from app.platform.database.engines import make_engine
from app.settings import ROOT

SLOT = "copie"
# The settings of a copy, as whoever makes one is given them.
STANDBY = ROOT / "deploy" / "standby.conf"


@dataclass(frozen=True)
class Copy:
    """The copy; sockets: where it listens. account: whose its processes are."""

    data: Path
    sockets: Path
    account: SystemAccount
    binaries: Path

    def url(self, user: str, database: str) -> str:
        where = {"host": str(self.sockets), "port": "5432"}
        url = URL.create("postgresql+psycopg", user, database=database, query=where)
        return url.render_as_string(hide_password=False)

    def control(self, *arguments: str) -> None:
        done = self.account.run(
            *(self.binaries / "pg_ctl", "--pgdata=.", "--wait", "--silent"),
            *arguments,
            cwd=self.data,
        )
        assert done.returncode == 0, done.stdout

    def start(self, *, alone: bool = False) -> None:
        """Start it; alone: it gets nothing more of what the other server writes."""
        options = f"-c unix_socket_directories={self.sockets} -c fsync=off -c cluster_name=copie"
        if alone:
            options += " -c primary_conninfo=''"
        self.control("start", "--log=../copy.log", "-o", options)

    def stop(self) -> None:
        self.control("stop", "--mode=immediate")

    def kill(self) -> None:
        """Kill -9 of the server and of all that it started."""
        server = psutil.Process(int((self.data / "postmaster.pid").read_text().split()[0]))
        processes = [server, *server.children(recursive=True)]
        for each in processes:
            with suppress(psutil.NoSuchProcess):
                each.kill()
        psutil.wait_procs(processes, 30)

    def promote(self) -> None:
        self.control("promote")


@contextmanager
def superuser(url: str) -> Iterator[Connection]:
    """Yield a connection that commits each statement."""
    engine = make_engine(url, pool_size=1)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection
    engine.dispose()


@contextmanager
def primary() -> Iterator[Cluster]:
    """A cluster of its own that copies may be taken from."""
    # Short, since a socket lies in it.
    place = Path(tempfile.mkdtemp(prefix="mesure23-primary-"))
    try:
        with open_cluster(place, fsync=False) as cluster:
            with (cluster.data / "pg_hba.conf").open("a") as rules:
                rules.write("local replication all peer map=mesure23\n")
            with superuser(cluster.url(cluster.superuser, "postgres")) as admin:
                admin.exec_driver_sql("SELECT pg_reload_conf()")
            yield cluster
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def copy_of(cluster: Cluster) -> Iterator[Copy]:
    """A running copy of a cluster, by streaming and a slot; stopped at the end."""
    account = SystemAccount.of(cluster.data.stat().st_uid)
    place = Path(tempfile.mkdtemp(prefix="mesure23-copy-"))
    os.chown(place, account.uid, account.gid)
    binaries = find_binaries(cluster.data)
    made = account.run(
        *(binaries / "pg_basebackup", "--pgdata=data", f"--host={cluster.sockets}"),
        *("--username=postgres", "--write-recovery-conf", "--checkpoint=fast", "--no-sync"),
        *("--create-slot", f"--slot={SLOT}"),
        cwd=place,
    )
    assert made.returncode == 0, made.stdout
    with (place / "data" / "postgresql.conf").open("a") as settings:
        settings.write(STANDBY.read_text(encoding="utf-8"))
    copy = Copy(place / "data", place, account, binaries)
    copy.start()
    try:
        yield copy
    finally:
        copy.stop()
        shutil.rmtree(place)


def replays(copy: Copy, *, on: bool) -> None:
    """Let a copy go on, or stand still."""
    act = "resume" if on else "pause"
    with superuser(copy.url("postgres", "postgres")) as admin:
        admin.execute(text(f"SELECT pg_wal_replay_{act}()"))
