"""pgBackRest over the embedded cluster: its settings, what it keeps, and what it is asked to do."""

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from app.platform.backup.errors import (
    BackupFailed,
    DatedAhead,
    PassphraseWrong,
    PgbackrestMissing,
    PlaceRefused,
    RepositoryGone,
)
from app.platform.backup.locking import only_one
from app.platform.backup.stored import Stored
from app.platform.cluster import config
from app.platform.cluster.accounts import SystemAccount, account_for_new_cluster
from app.platform.cluster.config import STANZA
from app.platform.cluster.server import Cluster

PROGRAM = "/usr/bin/pgbackrest"
FOLDER = "pgbackrest"
# A full backup ends once another one is that old: with one a week, none lives longer than 30 days.
FULL_DAYS = 21
# Bytes of the journal that wait where the repository is full: two hours of a quiet service, or a
# large import, and far less than what is left of the disk of a database that is looked after.
MOST_WAITING = 2 * 1024**3
# Seconds after which no command is still writing its settings.
LEFT = 3600
# Names under which settings are written before they take their place; nothing else is ours to end.
_UNFINISHED = re.compile(rf"pgbackrest\.[0-9a-f]{{32}}|{config.UNFINISHED}")
# What pgBackRest says of a clock that is behind the one of its last backup.
_AHEAD = re.compile(r"is not later than latest backup label '([^']+)'")
# What it says where its passphrase is not the repository's.
_NOT_OPENED = ("CryptoError", "[029]", "[095]", "cipher", "unable to load info file")
SETTINGS = """\
# Written by mesure23 at each backup; the passphrase is kept apart as well, or nothing opens.
[global]
repo1-path={repository}
repo1-cipher-type=aes-256-cbc
repo1-cipher-pass={passphrase}
repo1-retention-full-type=time
repo1-retention-full={days}
repo1-bundle=y
# Beyond it what waits is given up, loudly: a full repository must not stop the database as well.
archive-push-queue-max={waiting}
compress-type=zst
start-fast=y
process-max=1
log-level-console=warn
log-level-file=off
lock-path={lock}

[{stanza}]
pg1-path={data}
pg1-socket-path={sockets}
pg1-port=5432
pg1-user=postgres
"""


class Repository:
    """What pgBackRest keeps of a cluster, in a folder; nothing is started to make one."""

    def __init__(
        self, cluster: Cluster, place: Path, passphrase: str, passphrase_file: Path
    ) -> None:
        self.cluster, self.place = cluster, place
        self._passphrase, self._file = passphrase, passphrase_file
        self.folder = place / FOLDER
        self._locks = cluster.home / "backup.locks"
        self._held: tuple[int, ...] = ()
        data = cluster.data
        self.account = (
            SystemAccount.of(data.stat().st_uid) if data.exists() else account_for_new_cluster()
        )

    def configure(self) -> None:
        """Write the settings, by which the cluster archives from its next start on.

        Raises PgbackrestMissing, PlaceRefused, RepositoryGone, PassphraseWrong or BackupFailed.
        """
        if not Path(PROGRAM).exists():
            raise PgbackrestMissing
        known = config.backups_of(self.cluster.data)
        if known == self.folder.resolve() and not self.folder.exists():
            settings = config.archiving(self.cluster.data)
            raise RepositoryGone(place=str(self.place), settings=str(settings))
        for folder in (self.folder, self._locks):
            if not folder.exists():
                _make(folder, self.account)
        if self.account.run("test", "-w", self.folder).returncode:
            raise PlaceRefused(user=self.account.name, path=str(self.folder))
        text = SETTINGS.format(
            repository=self.folder.resolve(),
            passphrase=self._passphrase,
            days=FULL_DAYS,
            lock=self._locks,
            waiting=MOST_WAITING,
            stanza=STANZA,
            data=self.cluster.data,
            sockets=self.cluster.sockets,
        )
        settings = config.archiving(self.cluster.data)
        # Of its own name: another command may be at the same.
        fresh = settings.with_suffix(f".{uuid4().hex}")
        config.replace_file(fresh, text, self.account)
        try:
            # The running database archives by the former ones: a wrong passphrase would end that.
            if (self.folder / "backup" / STANZA).exists():
                self._info(fresh)
            fresh.replace(settings)
        finally:
            fresh.unlink(missing_ok=True)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let no other command work on backups meanwhile; raise AlreadyBackingUp."""
        with only_one(self.cluster.home / "backup.lock") as handle:
            # A command that is killed leaves pgBackRest writing: the next one waits for its end.
            self._held = (handle,)
            self._tidy()
            try:
                yield
            finally:
                self._held = ()

    def _tidy(self) -> None:
        """Remove settings that killed commands left unfinished: they hold the passphrase."""
        for each in config.archiving(self.cluster.data).parent.iterdir():
            # One that needs no lock may be at its own, and be done meanwhile.
            with suppress(FileNotFoundError):
                is_ours = _UNFINISHED.fullmatch(each.name) and each.is_file()
                if is_ours and time.time() - each.stat().st_mtime > LEFT:
                    each.unlink()

    def stored(self) -> list[Stored]:
        """Return the whole backups, the oldest first; raise PassphraseWrong or BackupFailed."""
        if not (self.folder / "backup" / STANZA).exists():
            return []
        found = []
        for stanza in self._info(config.archiving(self.cluster.data)):
            for each in stanza.get("backup", ()):
                # What annotates is told for one backup alone.
                (one,) = json.loads(
                    self.ask("info", "--output=json", "--repo=1", f"--set={each['label']}")
                )
                found += [_stored(backup) for backup in one["backup"]]
        return sorted(found, key=lambda each: each.label)

    def _info(self, settings: Path) -> list[dict[str, Any]]:
        """Return what is stored, as settings open it; raise PassphraseWrong or BackupFailed."""
        done = self._run("info", "--output=json", "--repo=1", settings=settings)
        if done.returncode:
            raise self._failed(done.stderr or done.stdout)
        # Its messages have ends of lines in them.
        said: list[dict[str, Any]] = json.loads(done.stdout, strict=False)
        for repo in (each for stanza in said for each in stanza.get("repo", ())):
            if repo["status"]["code"] == 99:
                raise self._failed(repo["status"]["message"])
        return said

    def ask(self, command: str, *options: str, data: Path | None = None) -> str:
        """Have pgBackRest do something and return what it says; data: of another cluster.

        Raises PassphraseWrong, DatedAhead or BackupFailed.
        """
        done = self._run(command, *options, data=data)
        if done.returncode:
            raise self._failed(done.stderr or done.stdout)
        return done.stdout

    def _run(
        self,
        command: str,
        *options: str,
        data: Path | None = None,
        settings: Path | None = None,
    ) -> subprocess.CompletedProcess[str]:
        moved = [f"--pg1-path={data}"] if data else []
        settings = settings or config.archiving(self.cluster.data)
        return self.account.run(
            *(PROGRAM, f"--config={settings}", f"--stanza={STANZA}"),
            *(*moved, *options, command),
            pass_fds=self._held,
        )

    def _failed(self, log: str) -> BackupFailed | PassphraseWrong | DatedAhead:
        if ahead := _AHEAD.search(log):
            settings = str(config.archiving(self.cluster.data))
            return DatedAhead(label=ahead[1], folder=str(self.folder), settings=settings)
        if any(sign in log for sign in _NOT_OPENED):
            return PassphraseWrong(path=str(self._file), place=str(self.place))
        return BackupFailed(place=str(self.place), log=log.strip()[-2_000:])

    def restore(self, data: Path, *options: str) -> None:
        """Restore into a folder of data, made anew; raise PassphraseWrong or BackupFailed."""
        if data.exists():
            shutil.rmtree(data)
        _make(data, self.account)
        self.ask("restore", *options, data=data)


def _make(folder: Path, account: SystemAccount) -> None:
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(folder, account.uid, account.gid)


def _stored(said: dict[str, Any]) -> Stored:
    ended = datetime.fromtimestamp(said["timestamp"]["stop"], UTC)
    return Stored(said["label"], said["type"] == "full", ended, said.get("annotation", {}))
