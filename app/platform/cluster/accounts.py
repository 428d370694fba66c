"""Which account of the operating system runs the embedded cluster."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.platform.cluster.errors import NoAccount

FALLBACK_ACCOUNT = "mesure23"


@dataclass(frozen=True)
class SystemAccount:
    """An account of the operating system."""

    uid: int
    gid: int
    name: str

    @classmethod
    def of(cls, uid: int) -> "SystemAccount":
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


def account_for_new_cluster() -> SystemAccount:
    """Return oneself, or for root, whom initdb refuses, `postgres` or else `mesure23`.

    The latter is made when it is absent.
    """
    if os.geteuid() != 0:
        return SystemAccount.of(os.geteuid())
    for name in ("postgres", FALLBACK_ACCOUNT):
        try:
            return SystemAccount.of(pwd.getpwnam(name).pw_uid)
        except KeyError:
            continue
    useradd = ["/usr/sbin/useradd", "--system", "--no-create-home", FALLBACK_ACCOUNT]
    made = subprocess.run(useradd, capture_output=True, text=True, check=False)  # noqa: S603
    try:
        return SystemAccount.of(pwd.getpwnam(FALLBACK_ACCOUNT).pw_uid)
    except KeyError:
        raise NoAccount(name=FALLBACK_ACCOUNT, log=made.stderr.strip()) from None
