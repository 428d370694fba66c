"""Run by the tests as a process of its own: uses a cluster until told to leave.

With --never-reaps it adopts the postmaster, as the first process of a container does, and never
asks for its death: the killed postmaster stays as a zombie.
"""

import ctypes
import os
import sys
from pathlib import Path

from app.platform.cluster.server import open_cluster

PR_SET_CHILD_SUBREAPER = 36


def main() -> None:
    if "--never-reaps" in sys.argv:
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    account = next((int(arg[6:]) for arg in sys.argv if arg.startswith("--uid=")), None)
    if account is not None:
        os.setgroups([])
        os.setgid(account)
        os.setuid(account)
    with open_cluster(Path(sys.argv[1]), fsync=False) as cluster:
        sys.stdout.write((cluster.data / "postmaster.pid").read_text().splitlines()[0] + "\n")
        sys.stdout.flush()
        sys.stdin.readline()


main()
