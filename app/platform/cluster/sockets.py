"""Where the Unix socket of the embedded cluster lies, and that nobody else put it there."""

import os
import stat
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from app.platform.cluster.accounts import SystemAccount
from app.platform.cluster.errors import SocketDirectoryTaken


def socket_directory(home: Path) -> Path:
    """Return where the Unix socket lies: always the same, and short, for 107 bytes at most."""
    digest = sha256(os.fsencode(home)).hexdigest()[:12]
    return Path(f"/tmp/mesure23-{digest}")  # noqa: S108 - its owner and mode are checked


def prepare_socket_directory(path: Path, account: SystemAccount) -> None:
    """Make the directory 0700, or accept it only if it is exactly that and the account's own."""
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        path.chmod(0o700)
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
    if not _is_ours(path, account):
        found = path.lstat()
        owner, mode = SystemAccount.of(found.st_uid).name, stat.S_IMODE(found.st_mode)
        raise SocketDirectoryTaken(path=path, owner=owner, mode=f"{mode:03o}")
    # Named after a process that is gone, or given to another: PostgreSQL would refuse to start.
    _remove_sockets(path)


def remove_socket_directory(path: Path, account: SystemAccount) -> None:
    """Remove the directory after a stop, unless it is not ours."""
    if os.path.lexists(path) and _is_ours(path, account):
        _remove_sockets(path)
        with suppress(OSError):  # something else lies there: not ours either
            path.rmdir()


def _is_ours(path: Path, account: SystemAccount) -> bool:
    found = path.lstat()  # never followed: /tmp is everybody's
    mode = stat.S_IMODE(found.st_mode)
    return stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid and mode == 0o700


def _remove_sockets(path: Path) -> None:
    for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
        (path / name).unlink(missing_ok=True)
