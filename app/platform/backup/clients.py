"""pg_dump, pg_restore and psql, and what goes from one to the other without lying on a disk."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import IO, cast

from sqlalchemy import URL, Engine, text

from app.platform.backup.errors import DumpFailed, ProgramsMissing
from app.platform.cluster.directory import BINARIES
from app.platform.database.preparation import POSTGIS_RELATIONS

_MAJOR = text("SELECT current_setting('server_version_num')::int / 10000")
# What a database has before anything is restored into it, and only a superuser may make or change.
_BEFORE = (
    *(" EXTENSION ", " COMMENT - EXTENSION ", " SCHEMA - public ", " - SCHEMA public "),
    " ACL pg_catalog ",
    *(f" {name} " for name in POSTGIS_RELATIONS),
)
_SAID = 2_000
_SECRET = {"password", "sslpassword"}
_OURS = ("MESURE23_", "DATABASE_URL")


class Clients:
    """The programs of PostgreSQL that fit a server, of the same version or of the next one."""

    def __init__(self, engine: Engine) -> None:
        with engine.connect() as connection:
            major = connection.scalar(_MAJOR) or 0
        found = {
            int(path.parent.name): path
            for path in BINARIES.glob("*/bin")
            if path.parent.name.isdigit()
            and int(path.parent.name) >= major
            and (path / "pg_dump").exists()
        }
        if not found:
            raise ProgramsMissing(major=str(major))
        self._folder = found[min(found)]
        self._address, secret = _parted(engine.url)
        # No password is an argument, which everybody on the machine can read, and no key is theirs.
        own = {k: v for k, v in os.environ.items() if not k.startswith(_OURS)}
        self._environment = {**own, "LC_ALL": "C.UTF-8"} | (
            {"PGPASSWORD": secret} if secret else {}
        )

    @contextmanager
    def dump(self, snapshot: str) -> Iterator[IO[bytes]]:
        """Yield the dump of a snapshot; raise DumpFailed."""
        command = ("pg_dump", "--format=custom", "--compress=zstd:1", f"--snapshot={snapshot}")
        with tempfile.TemporaryFile() as said:
            process = self._start(*command, self._address, stdout=subprocess.PIPE, stderr=said)
            try:
                yield cast("IO[bytes]", process.stdout)
            except BaseException:
                process.kill()
                raise
            finally:
                cast("IO[bytes]", process.stdout).close()
                process.wait()
            if process.returncode:
                raise DumpFailed(log=_said(said))

    def contents(self, dump: Iterable[bytes]) -> str:
        """Return the list of what is restored of a dump; raise DumpFailed."""
        with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as listed:
            process = self._start(
                *("pg_restore", "--list"), stdin=subprocess.PIPE, stdout=listed, stderr=said
            )
            try:
                # It stands at the beginning, after which nothing more is read.
                _feed(process, dump)
            except BaseException:
                process.kill()
                raise
            finally:
                process.wait()
            if process.returncode:
                raise DumpFailed(log=_said(said))
            listed.seek(0)
            lines = listed.read().decode().splitlines()
        return "\n".join(each for each in lines if not any(part in each for part in _BEFORE))

    def restore(self, dump: Iterable[bytes], contents: str, last: str, *, plain: bool) -> None:
        """Restore into an empty database, whole or not at all; raise DumpFailed.

        last: a statement after all others. plain: without owners and rights, whose logins may not
        be there.
        """
        with (
            tempfile.NamedTemporaryFile("w", suffix=".list") as listed,
            tempfile.TemporaryFile() as said,
        ):
            listed.write(contents + "\n")
            listed.flush()
            without = ("--no-owner", "--no-privileges") if plain else ()
            reading = self._start(
                *("pg_restore", "--file=-", f"--use-list={listed.name}", *without),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
            )
            writing = self._start(
                *("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"),
                # Without what it quotes of a row.
                *("--set=VERBOSITY=terse", f"--dbname={self._address}"),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=said,
            )
            try:
                is_whole = _carry(dump, reading, writing, last)
            finally:
                for each in (reading, writing):
                    each.kill()
                    each.wait()
            if not is_whole:
                raise DumpFailed(log=_said(said))

    def _start(
        self,
        program: str,
        *arguments: str,
        stdout: int | IO[bytes],
        stderr: IO[bytes],
        stdin: int = subprocess.DEVNULL,
    ) -> "subprocess.Popen[bytes]":
        command = [str(self._folder / program), *arguments]
        return subprocess.Popen(  # noqa: S603 - programs of the distribution
            command, env=self._environment, stdin=stdin, stdout=stdout, stderr=stderr
        )


def _parted(url: URL) -> tuple[str, str]:
    """Return an address without its password, and that."""
    query = {name: value for name, value in url.query.items() if name not in _SECRET}
    plain = URL.create("postgresql", url.username, None, url.host, url.port, url.database, query)
    secret = url.password or url.query.get("password") or ""
    return plain.render_as_string(hide_password=False), str(secret)


def _carry(
    dump: Iterable[bytes],
    reading: "subprocess.Popen[bytes]",
    writing: "subprocess.Popen[bytes]",
    last: str,
) -> bool:
    """Give a dump to one program and what it makes of it to another; return whether all went well.

    Nothing is committed before all of it has come: a server that loses us takes it all back.
    """
    script, target = cast("IO[bytes]", reading.stdout), cast("IO[bytes]", writing.stdin)
    with ThreadPoolExecutor(1) as feeder:
        fed = feeder.submit(_feed, reading, dump)
        with script, suppress(BrokenPipeError), target:
            target.write(b"BEGIN;\n")
            shutil.copyfileobj(script, target)
            if reading.wait() == 0 and fed.exception() is None:
                target.write(f"{last};\nCOMMIT;\n".encode())
        if writing.wait():
            # So that who feeds it ends as well.
            reading.kill()
        fed.result()
    return reading.wait() == 0 and writing.returncode == 0


def _feed(process: "subprocess.Popen[bytes]", dump: Iterable[bytes]) -> None:
    with suppress(BrokenPipeError), cast("IO[bytes]", process.stdin) as target:
        for piece in dump:
            target.write(piece)


def _said(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace").strip()[-_SAID:]
