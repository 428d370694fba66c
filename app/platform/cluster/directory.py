"""Where the embedded cluster lives, which account runs it, and with which binaries."""

import os
import pwd
import stat
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from app.platform.cluster.errors import (
    CannotWrite,
    ForeignCluster,
    LostHome,
    NoAccount,
    OtherMajorVersion,
    PostgisMissing,
    SocketDirectoryTaken,
)

# pg_ident.conf accepts "all" as the role only since 16.
MINIMUM_VERSION = 16
BINARIES = Path("/usr/lib/postgresql")
SHARED = Path("/usr/share/postgresql")
ELSEWHERE = Path("/var/lib/mesure23")
FALLBACK_ACCOUNT = "mesure23"


@dataclass(frozen=True)
class Account:
    """An account of the operating system."""

    uid: int
    gid: int
    name: str

    @classmethod
    def of(cls, uid: int) -> "Account":
        try:
            entry = pwd.getpwuid(uid)
        except KeyError:  # a container started with an arbitrary uid has no passwd entry
            return cls(uid, os.getgid(), str(uid))
        return cls(entry.pw_uid, entry.pw_gid, entry.pw_name)

    def run(
        self, *command: str | Path, cwd: Path = Path("/"), pass_fds: tuple[int, ...] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Run a command under this account with nothing of our environment (PGDATA, PGPORT…)."""
        switch: dict[str, Any] = {}
        if os.geteuid() == 0:
            switch = {"user": self.uid, "group": self.gid, "extra_groups": []}
        return subprocess.run(  # noqa: S603 - fixed programs of the distribution
            [str(part) for part in command],
            cwd=cwd,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            umask=0o077,
            pass_fds=pass_fds,
            start_new_session=True,  # a Ctrl-C at the terminal is ours to handle, in order
            **switch,
        )


def account_for_new_cluster() -> Account:
    """Oneself, or for root (whom initdb refuses) `postgres`, else `mesure23`, made when absent."""
    if os.geteuid() != 0:
        return Account.of(os.geteuid())
    for name in ("postgres", FALLBACK_ACCOUNT):
        try:
            return Account.of(pwd.getpwnam(name).pw_uid)
        except KeyError:
            continue
    useradd = ["/usr/sbin/useradd", "--system", "--no-create-home", FALLBACK_ACCOUNT]
    made = subprocess.run(useradd, capture_output=True, text=True, check=False)  # noqa: S603
    try:
        return Account.of(pwd.getpwnam(FALLBACK_ACCOUNT).pw_uid)
    except KeyError:
        raise NoAccount(name=FALLBACK_ACCOUNT, log=made.stderr.strip()) from None


def find_binaries(data: Path) -> Path:
    """The bin directory that fits existing data, else the newest that has PostGIS."""
    installed = {
        int(path.parent.name): path
        for path in BINARIES.glob("*/bin")
        if path.parent.name.isdigit()
        and int(path.parent.name) >= MINIMUM_VERSION
        and (path / "postgres").exists()
        and (SHARED / path.parent.name / "extension/postgis.control").exists()
    }
    if not installed:
        raise PostgisMissing(minimum=MINIMUM_VERSION)
    version_file = data / "PG_VERSION"
    if not version_file.exists():
        return installed[max(installed)]
    needed = int(version_file.read_text())
    if needed not in installed:
        found = ", ".join(map(str, sorted(installed)))
        raise OtherMajorVersion(data=data, needed=needed, installed=found)
    return installed[needed]


def find_home(data_dir: Path) -> Path:
    """The directory of the cluster, made when absent: locks, log, and `data` with the database.

    It is `data_dir/postgres`, or where that link leads: a directory below /var/lib/mesure23 when
    the account that runs the cluster cannot reach data_dir (a clone under /root).
    """
    link = data_dir.resolve() / "postgres"
    if link.is_symlink() and not link.exists():
        raise LostHome(link=link, target=link.readlink())
    if not link.exists():
        account = account_for_new_cluster()
        try:
            link.parent.mkdir(parents=True, exist_ok=True)
            if account.run("test", "-x", link.parent).returncode == 0:
                _make_directory(link)
            else:
                _settle_elsewhere(link, account)
        except OSError as error:  # not ours, or read-only as in an image
            user = Account.of(os.geteuid()).name
            raise CannotWrite(path=link, user=user, reason=error.strerror) from None
    return link.resolve(strict=True)


def _make_directory(path: Path) -> None:
    path.mkdir(exist_ok=True)
    path.chmod(0o711)  # whatever the umask: the cluster's account passes through


def _settle_elsewhere(link: Path, account: Account) -> None:
    ELSEWHERE.mkdir(parents=True, exist_ok=True)
    ELSEWHERE.chmod(0o711)
    # A new name each time: a clone made again at the same path must not find an old database.
    place = Path(tempfile.mkdtemp(prefix="", dir=ELSEWHERE))
    _make_directory(place)
    try:
        link.symlink_to(place)
    except FileExistsError:  # another process was first
        place.rmdir()
        return
    sys.stderr.write(
        f"L'utilisateur {account.name} ne peut pas atteindre {link.parent} :"
        f" la base de données est dans {place}.\n"
    )


def owner_of(data: Path) -> Account:
    """The account that must run the cluster with this data directory."""
    account = Account.of(data.stat().st_uid) if data.exists() else account_for_new_cluster()
    if os.geteuid() not in (0, account.uid):
        raise ForeignCluster(home=data.parent, owner=account.name)
    return account


def socket_directory(home: Path) -> Path:
    """Where the Unix socket lies: short (a socket path holds 107 bytes) and always the same."""
    digest = sha256(os.fsencode(home)).hexdigest()[:12]
    return Path(f"/tmp/mesure23-{digest}")  # noqa: S108 - its owner and mode are checked


def prepare_socket_directory(path: Path, account: Account) -> None:
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
        owner, mode = Account.of(found.st_uid).name, stat.S_IMODE(found.st_mode)
        raise SocketDirectoryTaken(path=path, owner=owner, mode=f"{mode:03o}")
    # Named after a process that is gone, or given to another: PostgreSQL would refuse to start.
    _remove_sockets(path)


def remove_socket_directory(path: Path, account: Account) -> None:
    """After a stop; what is not ours stays."""
    if os.path.lexists(path) and _is_ours(path, account):
        _remove_sockets(path)
        with suppress(OSError):  # something else lies there: not ours either
            path.rmdir()


def _is_ours(path: Path, account: Account) -> bool:
    found = path.lstat()  # never followed: /tmp is everybody's
    mode = stat.S_IMODE(found.st_mode)
    return stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid and mode == 0o700


def _remove_sockets(path: Path) -> None:
    for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
        (path / name).unlink(missing_ok=True)
