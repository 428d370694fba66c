"""A full backup of the measured actors beside pg_dump, and a restoration up to its first page.

By hand: `python -m bench.backups`.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

from sqlalchemy import text

from app.operations.backing_up import open_repository
from app.platform.cluster.directory import find_binaries
from app.platform.cluster.server import Cluster, open_cluster
from app.platform.database.engines import make_engine
from app.runtime.addresses import DATABASE
from app.settings import Settings
from bench.actors import TERRITORY
from bench.database import alone, filled
from bench.setting import DATA_DIR, ENVIRONMENT, settings
from bench.tools import BenchFailed, Measure, ratio_at_most

BACKED_UP = "full_backup_seconds"
BACKED_UP_AIM = 3.0
RESTORED = "restored_and_serving_seconds"
RESTORED_AIM = 2.0
MESURE23 = Path(sys.executable).with_name("mesure23")
OTHERS = (
    "SELECT datname FROM pg_database"
    " WHERE datname NOT IN ('postgres', 'template0', 'template1', :kept)"
)
# As long as the sealed records of lists, and as little compressed.
RECORDS = """
CREATE TABLE sealed_like_records AS
SELECT id, record
FROM actor CROSS JOIN LATERAL (
    SELECT decode(string_agg(md5(actor.id::text || part), ''), 'hex') AS record
    FROM generate_series(1, 128) part
) sealed
"""


def backups() -> Iterator[Measure]:
    """Measure on a copy of the cluster, which nobody may have started."""
    with TemporaryDirectory(prefix="mesure23-bench-") as directory:
        folder = Path(directory)
        # Its account goes through it.
        folder.chmod(0o711)
        given = {
            "data_dir": folder / "data",
            "backup_dir": folder / "backups",
            "backup_passphrase_file": folder / "passphrase",
        }
        own = settings().model_copy(update=given)
        own.data_dir.mkdir(mode=0o711)
        source, copy = DATA_DIR / "postgres", own.data_dir / "postgres"
        subprocess.run(["cp", "--archive", source, copy], check=True)
        _leave_one(own)
        # Its journal is archived from its start on.
        open_repository(own, make=True)
        with open_cluster(own.data_dir) as cluster:
            # Nothing was ever hidden here: a person answers for it, so that there is a register, as
            # there is beside each service that hid something.
            _mesure23(own, "accept", "--reason=bench")
            before = _seconds(lambda: _dump(cluster, folder / "dump"))
            backed_up = _seconds(lambda: _mesure23(own, "run"))
            after = _seconds(lambda: _dump(cluster, folder / "dump"))
        yield ratio_at_most(BACKED_UP, (backed_up, statistics.mean((before, after))), BACKED_UP_AIM)
        shutil.rmtree(own.data_dir / "postgres" / "data")
        restored = _seconds(lambda: _restore(own))
        yield ratio_at_most(RESTORED, (restored, backed_up), RESTORED_AIM)


def _leave_one(own: Settings) -> None:
    """Drop what pg_dump would not be asked for, since a backup is of all databases; give each actor
    of the other one as much as a sealed record is.
    """
    with open_cluster(own.data_dir) as cluster:
        maintenance = cluster.url(cluster.superuser, "postgres")
        engine = make_engine(maintenance)
        with engine.connect() as connection:
            names = connection.scalars(text(OTHERS), {"kept": DATABASE}).all()
        engine.dispose()
        for name in names:
            alone(maintenance, f"DROP DATABASE {name}")
        alone(cluster.url(cluster.superuser, DATABASE), RECORDS)


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _dump(cluster: Cluster, path: Path) -> None:
    # Compressed, as whoever stores it would have it and as ours is.
    command = [str(find_binaries(cluster.data) / "pg_dump"), "--format=custom", f"--file={path}"]
    command += [f"--host={cluster.sockets}", "--port=5432"]
    subprocess.run([*command, f"--username={cluster.superuser}", DATABASE], check=True)


def _environment(own: Settings) -> dict[str, str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("MESURE23_")}
    return {
        **(clean | ENVIRONMENT),
        "MESURE23_DATA_DIR": str(own.data_dir),
        "MESURE23_BACKUP_DIR": str(own.backup_dir),
        "MESURE23_BACKUP_PASSPHRASE_FILE": str(own.backup_passphrase_file),
        "PORT": "0",
        "PYTHONUNBUFFERED": "1",
    }


def _mesure23(own: Settings, *arguments: str) -> None:
    """Do what a person or a timer would by a command, its own start with it."""
    command = [str(MESURE23), "backup", *arguments]
    subprocess.run(command, env=_environment(own), stdout=sys.stderr, check=True)


def _restore(own: Settings) -> None:
    """Restore the database and serve a first page of it."""
    _mesure23(own, "restore")
    process = subprocess.Popen(
        [MESURE23, "serve", "--public"],
        env=_environment(own),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        lines = iter(process.stdout or ())
        found = next((at for line in lines if (at := re.search(r"http://[^\s\"/]+", line))), None)
        if not found:
            raise BenchFailed("ce qui a été restauré n’est pas servi.")
        with urlopen(f"{found[0]}/departements/{TERRITORY}") as answer:  # noqa: S310 - our own service
            answer.read()
    finally:
        process.terminate()
        process.wait(60)


def main() -> None:
    with filled():
        pass
    for measure in backups():
        sys.stdout.write(f"{measure}\n")


if __name__ == "__main__":
    main()
