"""Where the embedded cluster lives, and with which binaries it runs."""

import os
import sys
import tempfile
from pathlib import Path

from app.errors import why_refused
from app.platform.cluster.accounts import SystemAccount, account_for_new_cluster
from app.platform.cluster.errors import (
    CannotWrite,
    ForeignCluster,
    LostHome,
    OtherMajorVersion,
    PostgisMissing,
)

# pg_ident.conf accepts "all" as the role only since 16.
MINIMUM_VERSION = 16
BINARIES = Path("/usr/lib/postgresql")
SHARED = Path("/usr/share/postgresql")
ELSEWHERE = Path("/var/lib/mesure23")


def find_binaries(data: Path) -> Path:
    """Return the bin directory that fits existing data, else the newest that has PostGIS."""
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
    """Return the directory of the cluster, made when absent: locks, log, and `data`.

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
            user = SystemAccount.of(os.geteuid()).name
            raise CannotWrite(path=link, user=user, reason=why_refused(error)) from None
    return link.resolve(strict=True)


def _make_directory(path: Path) -> None:
    path.mkdir(exist_ok=True)
    path.chmod(0o711)  # whatever the umask: the cluster's account passes through


def _settle_elsewhere(link: Path, account: SystemAccount) -> None:
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


def owner_of(data: Path) -> SystemAccount:
    """Return the account that must run the cluster with this data directory."""
    account = SystemAccount.of(data.stat().st_uid) if data.exists() else account_for_new_cluster()
    if os.geteuid() not in (0, account.uid):
        raise ForeignCluster(home=data.parent, owner=account.name)
    return account
