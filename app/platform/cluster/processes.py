"""Which processes are the cluster's own: its postmaster, and what a killed postmaster left."""

import signal
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from app.platform.cluster.accounts import SystemAccount
from app.platform.cluster.errors import CannotStop

ENDINGS = (signal.SIGQUIT, 2.0), (signal.SIGKILL, 5.0)
# Fast shutdown writes a checkpoint; immediate does not, and costs a recovery at the next start.
STOPS = (signal.SIGINT, 60.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)


def postmaster(data: Path, account: SystemAccount) -> psutil.Process | None:
    """Return the living postmaster of this data directory.

    postmaster.pid alone proves nothing: after a kill or a restart of the machine its number may be
    a zombie's or belong to somebody else.
    """
    try:
        pid = int((data / "postmaster.pid").read_text().partition("\n")[0])
        process = psutil.Process(pid)
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        return None
    return process if _belongs(process, data, account) else None


def processes(data: Path, account: SystemAccount) -> list[psutil.Process]:
    """Return the living processes of a cluster with this data directory, even a deleted one."""
    return [each for each in psutil.process_iter() if _belongs(each, data, account)]


def end_orphans(data: Path, account: SystemAccount) -> None:
    """End backends whose postmaster is dead.

    They hold the shared memory, and one that is busy does not notice. Nothing committed is lost:
    the next start recovers from the WAL.
    """
    _end(lambda: processes(data, account), ENDINGS, data)


def stop(process: psutil.Process, data: Path, account: SystemAccount) -> None:
    """Stop a postmaster: its clients are disconnected, a checkpoint is written."""

    def living() -> list[psutil.Process]:
        return [process] if _belongs(process, data, account) else []

    _end(living, STOPS, data)
    end_orphans(data, account)


def _end(
    living: Callable[[], list[psutil.Process]],
    signals: tuple[tuple[signal.Signals, float], ...],
    data: Path,
) -> None:
    for number, patience in signals:
        for process in living():
            try:
                process.send_signal(number)
            except psutil.NoSuchProcess:
                continue
        deadline = time.monotonic() + patience
        while living():
            if time.monotonic() > deadline:
                break
            time.sleep(0.01)
        else:
            return
    raise CannotStop(data=data, pids=", ".join(str(each.pid) for each in living()))


def _belongs(process: psutil.Process, data: Path, account: SystemAccount) -> bool:
    # Each process of PostgreSQL works in its data directory; so may an administrator's shell,
    # hence the name as well.
    try:
        if process.name() != "postgres" or process.uids().real != account.uid:
            return False
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        directory = _working_directory(process, account)
    except (psutil.NoSuchProcess, ProcessLookupError, FileNotFoundError):
        return False
    return directory.removesuffix(" (deleted)") == str(data)


def _working_directory(process: psutil.Process, account: SystemAccount) -> str:
    path = Path(f"/proc/{process.pid}/cwd")
    try:
        return str(path.readlink())
    except PermissionError:
        # Root in a container without CAP_SYS_PTRACE may not look; the account itself may.
        return account.run("readlink", "--no-newline", path).stdout
