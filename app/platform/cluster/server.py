"""The embedded default: a private PostgreSQL with PostGIS that the service starts itself.

It listens on a Unix socket only. Any number of processes use it at once: the first one starts it,
the last one stops it, and one that is killed is simply no longer counted. Everything lies in
`data_dir/postgres`; a killed server is recovered by the next start, or at once by `watch`.
"""

import fcntl
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import structlog
from sqlalchemy import URL

from app.platform.cluster import config, directory, processes, sockets
from app.platform.cluster.accounts import SystemAccount
from app.platform.cluster.errors import (
    CannotStart,
    ForeignCluster,
    LostWithBackups,
    RestorationUnfinished,
    StillInUse,
)
from app.platform.logs import of_error

START_TIMEOUT = 120.0
WATCH_INTERVAL = 0.5
LOG_MAX_BYTES = 5_000_000

log = structlog.get_logger(__name__)


@contextmanager
def open_cluster(
    data_dir: Path, *, fsync: bool = True, restoring: bool = False
) -> Iterator["Cluster"]:
    """Run a cluster in `data_dir` for as long as the block lasts; raise ClusterError.

    `fsync=False` is for tests: quicker, and nothing survives a crash of the machine. restoring: by
    who restores it, the only one who may while that is not done.
    """
    cluster = Cluster(data_dir, fsync=fsync)
    with cluster._used(restoring=restoring):
        yield cluster


def remove_cluster(data_dir: Path) -> None:
    """Remove a cluster that is of no use any more, and what runs of it; it need not start."""
    if not data_dir.exists():
        return
    # Elsewhere, where its account cannot reach data_dir.
    home = (data_dir / "postgres").resolve()
    data = home / "data"
    if data.exists():
        account = directory.owner_of(data)
        if (server := processes.postmaster(data, account)) is not None:
            processes.stop(server, data, account)
        else:
            processes.end_orphans(data, account)
        sockets.remove_socket_directory(sockets.socket_directory(home), account)
    if home.exists():
        shutil.rmtree(home)
    shutil.rmtree(data_dir)


class Cluster:
    """A cluster in use by this process; made by `open_cluster`."""

    superuser = "postgres"

    def __init__(self, data_dir: Path, *, fsync: bool = True) -> None:
        self.home = directory.find_home(data_dir)
        self.data = self.home / "data"
        self.sockets = sockets.socket_directory(self.home)
        # There while a backup is being restored: nothing is in place, or not all of it.
        self.restoring = self.home / "restoring"
        # In what is in place, and says towards which moment: a former database has none.
        self.unfinished = self.data / "restoring"
        self.log_path = self.home / "postgres.log"
        self._fsync = fsync
        self._leaving = threading.Event()
        self._watcher: threading.Thread | None = None

    def url(self, user: str, database: str) -> str:
        """Return the address of a database for SQLAlchemy, over the Unix socket, as any role."""
        where = {"host": str(self.sockets), "port": "5432"}
        address = URL.create("postgresql+psycopg", user, database=database, query=where)
        return address.render_as_string(hide_password=False)

    @contextmanager
    def unused(self) -> Iterator[bool]:
        """Keep everybody from starting the server meanwhile; yield whether nobody uses it."""
        users = self._open("users.lock")
        try:
            with self._lock("start.lock"):
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    yield False
                    return
                yield True
        finally:
            os.close(users)

    def watch(self) -> None:
        """Start the server again whenever it dies, until the cluster is left."""
        if self._watcher is None:
            self._watcher = threading.Thread(target=self._watch, name="cluster", daemon=True)
            self._watcher.start()

    def _watch(self) -> None:
        while not self._leaving.wait(WATCH_INTERVAL):
            try:
                if not self.is_running:
                    log.warning("database stopped, is started again")
                    with self._lock("start.lock"):
                        self._ensure_running()
            except Exception as error:
                log.error("database not started again, another try follows", **of_error(error))
                self._leaving.wait(5)

    @property
    def is_half_restored(self) -> bool:
        """Whether what is in place, or is about to be, is not all of a backup."""
        return self.unfinished.exists() or (self.restoring.exists() and not self.data.exists())

    @property
    def is_running(self) -> bool:
        """Whether the server has its process."""
        return processes.postmaster(self.data, self._account()) is not None

    @contextmanager
    def _used(self, *, restoring: bool) -> Iterator[None]:
        # Who starts and who stops is decided under start.lock; each user holds users.lock shared.
        # The kernel releases both when a process dies, however it dies.
        users = self._open("users.lock")
        try:
            with self._lock("start.lock"):
                # Under the lock: whoever restores has it from before its first sign.
                if self.is_half_restored and not restoring:
                    raise RestorationUnfinished(data=self.data)
                fcntl.flock(users, fcntl.LOCK_SH)
                self._ensure_running()
            yield
        finally:
            self._leaving.set()
            if self._watcher is not None:
                self._watcher.join()
            try:
                self._leave(users)
            finally:
                os.close(users)

    def _leave(self, users: int) -> None:
        with self._lock("start.lock"):
            fcntl.flock(users, fcntl.LOCK_UN)
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return  # others still use it, and the last of them stops it
            account = self._account()
            server = processes.postmaster(self.data, account)
            if server is not None:
                processes.stop(server, self.data, account)
            else:
                processes.end_orphans(self.data, account)
            sockets.remove_socket_directory(self.sockets, account)

    def _account(self) -> SystemAccount:
        return directory.owner_of(self.data)

    def _ensure_running(self) -> None:
        """Return once the server answers; start.lock is held."""
        deadline = time.monotonic() + START_TIMEOUT
        while True:
            account = self._account()
            if processes.postmaster(self.data, account) is not None:
                if self._answers():
                    return
            else:
                processes.end_orphans(self.data, account)
                if self._start(account):
                    return
            if time.monotonic() > deadline:
                living = processes.processes(self.data, account)
                pids = ", ".join(str(each.pid) for each in living) or "?"
                raise StillInUse(data=self.data, socket=self.sockets, pids=pids)
            time.sleep(0.05)

    def _start(self, account: SystemAccount) -> bool:
        """Start the server; return False when a process that we do not see still holds the data."""
        binaries = directory.find_binaries(self.data)
        # Every process of the server inherits this lock, so it is free only when all are gone:
        # also those of a start that was killed half-way, or of another container.
        alive = self._open("alive.lock")
        try:
            try:
                fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            if not self.data.exists():
                # Lost, not new: an empty one would be ready, and show nobody.
                if (backups := config.backups_of(self.data)) is not None:
                    raise LostWithBackups(
                        data=self.data, backups=backups, settings=config.archiving(self.data)
                    )
                config.initialise(binaries, self.data, account, fsync=self._fsync)
            config.configure(self.data, self.sockets, account, fsync=self._fsync)
            sockets.prepare_socket_directory(self.sockets, account)
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            self._prepare_log(account)
            # Relative paths: pg_ctl hands them to a shell, and a directory may be named $HOME.
            started = account.run(
                *(binaries / "pg_ctl", "start", "--pgdata=.", "--log=../postgres.log"),
                *("--wait", f"--timeout={START_TIMEOUT:.0f}", "--silent"),
                cwd=self.data,
                pass_fds=(alive,),
            )
        finally:
            os.close(alive)
        if started.returncode != 0:
            raise CannotStart(data=self.data, path=self.log_path)
        return True

    def _prepare_log(self, account: SystemAccount) -> None:
        if self.log_path.exists() and self.log_path.stat().st_size > LOG_MAX_BYTES:
            self.log_path.replace(self.log_path.with_suffix(".log.1"))
        handle = os.open(self.log_path, os.O_CREAT | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
        os.fchown(handle, account.uid, account.gid)
        os.close(handle)

    def _answers(self) -> bool:
        try:
            psycopg.connect(
                host=str(self.sockets),
                port=5432,
                user=self.superuser,
                dbname="postgres",
                connect_timeout=5,
            ).close()
        except psycopg.OperationalError:
            return False
        return True

    def _open(self, name: str) -> int:
        try:
            return os.open(self.home / name, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
        except PermissionError:
            owner = SystemAccount.of(self.home.stat().st_uid).name
            raise ForeignCluster(home=self.home, owner=owner) from None

    @contextmanager
    def _lock(self, name: str) -> Iterator[None]:
        handle = self._open(name)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)
