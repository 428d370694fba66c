"""A disk of a few megabytes, what fills it, and a database that lies on it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Connection

from app.platform.cluster.directory import owner_of
from app.platform.cluster.server import Cluster
from app.platform.database.engines import Databases, database_name
from tests.databases import cloned


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """Mount a disk; skip the test where that is not allowed."""
    folder = Path(tempfile.mkdtemp(prefix="mesure23-disk-"))
    try:
        size = f"size={megabytes}m,mode=0711"
        mount = ["mount", "-t", "tmpfs", "-o", size, "mesure23", str(folder)]
        done = subprocess.run(mount, capture_output=True, check=False)
        if os.geteuid() != 0 or done.returncode != 0:
            pytest.skip("only root may mount a small disk, and not in every container")
        try:
            yield folder
        finally:
            # PostgreSQL may hold a file of a database that is gone a little longer.
            subprocess.run(["umount", "--lazy", folder], check=True)
    finally:
        folder.rmdir()


@contextmanager
def filled(disk: Path, but: int = 0) -> Iterator[None]:
    """Leave no room on a disk but so many bytes."""
    path = disk / "filler"
    with path.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(disk).free - but)
    try:
        yield
    finally:
        path.unlink()


@contextmanager
def database_on(
    disk: Path, cluster: Cluster, admin: Connection, template: str
) -> Iterator[Databases]:
    """Yield a clone of a template whose tables lie on a disk; the server's log lies elsewhere."""
    folder, name = disk / "tables", f"disk_{uuid4().hex[:12]}"
    account = owner_of(cluster.data)
    folder.mkdir(mode=0o700)
    os.chown(folder, account.uid, account.gid)
    admin.exec_driver_sql(f"CREATE TABLESPACE {name} LOCATION '{folder}'")
    try:
        with cloned(cluster, admin, template) as databases:
            clone = database_name(databases.staff)
            admin.exec_driver_sql(f"ALTER DATABASE {clone} SET TABLESPACE {name}")
            yield databases
    finally:
        admin.exec_driver_sql(f"DROP TABLESPACE {name}")
