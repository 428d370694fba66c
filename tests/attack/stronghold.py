"""A service whose every file can be searched: its commands, its dump, its database on disk."""

import hashlib
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from app.platform.cluster.directory import find_binaries
from app.platform.cluster.server import Cluster
from app.runtime.staff import Runtime
from tests import forking
from tests.attack.places import InventedPlace
from tests.attack.sentinels import Sentinels, words_in

# Commands that name places, on stdout alone, to whoever holds the keys.
TO_OPERATORS = ("unprotect", "hidden", "missing", "conflicts", "proposals")


@dataclass(frozen=True)
class Stronghold:
    """An embedded database with its files, and the keys elsewhere. said: what commands printed."""

    home: Path
    keys: Path
    cluster: Cluster
    runtime: Runtime
    places: list[InventedPlace]
    # What must lie nowhere in clear, before and after the second list.
    sentinels: Sentinels
    said: list[str]
    # Digest of a file -> what was found in it.
    searched: dict[bytes, set[str]] = field(default_factory=dict)

    def mesure23(
        self, *arguments: str | Path, keys: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as people do; keys: other ones than those of the database."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("MESURE23_")}
        given = {
            "MESURE23_DATA_DIR": str(self.home),
            "MESURE23_KEYS_FILE": str(keys or self.keys),
            "MESURE23_GEOCODER_URL": "http://127.0.0.1:9",
        }
        done = forking.run(arguments, environment | given, timeout=300)
        # An import tells its operator on stderr what is odd on which line, and nobody else; who
        # holds the keys reads on stdout which place is published, or hidden.
        named = keys is None and arguments[0] in TO_OPERATORS
        said = "" if named else done.stdout
        self.said.append(said + ("" if "import" in arguments else done.stderr))
        return done

    def files(self) -> dict[str, set[str]]:
        """Return what is found in which file, once everything that is in memory is written."""
        self.as_superuser("CHECKPOINT")
        found = {}
        for path, digest, data in self._each():
            if digest not in self.searched:
                self.searched[digest] = self.sentinels.in_bytes(data)
            if hits := self.searched[digest]:
                found[str(path)] = hits
        return found

    def words(self) -> dict[str, set[str]]:
        """Return the words of places in each file, once all that is in memory is written."""
        self.as_superuser("CHECKPOINT")
        return {str(path): found for path, _, data in self._each() if (found := words_in(data))}

    def know(self) -> None:
        """Take every file as it is for one without a secret: nobody has given it any yet."""
        self.as_superuser("CHECKPOINT")
        self.searched.update((digest, set()) for _, digest, _ in self._each())

    def _each(self) -> Iterator[tuple[Path, bytes, bytes]]:
        """Yield each file, its digest and what it holds."""
        for path in sorted({*self.cluster.home.rglob("*"), *self.home.rglob("*")}):
            if path.is_file() and not path.is_symlink():
                data = path.read_bytes()
                yield path, hashlib.sha256(data).digest(), data

    def dump(self) -> bytes:
        """Return all that pg_dump writes."""
        url = make_url(self.runtime.owner_url).set(drivername="postgresql")
        pg_dump = str(find_binaries(self.cluster.data) / "pg_dump")
        asked = [pg_dump, "--dbname", url.render_as_string(hide_password=False)]
        done = subprocess.run(asked, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def as_superuser(self, *statements: str) -> None:
        """Run statements outside of any transaction, as the administrator."""
        url = make_url(self.runtime.owner_url).set(drivername="postgresql")
        address = url.render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())
