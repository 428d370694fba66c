"""A PostgreSQL of one's own, backed up and restored by pgBackRest with the file of deploy/."""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.operations.backups import backups
from app.platform.backup.repository import PROGRAM
from app.platform.cluster.accounts import SystemAccount, account_for_new_cluster
from app.platform.cluster.directory import find_binaries
from app.settings import ROOT

GIVEN = (ROOT / "deploy" / "pgbackrest.conf").read_text(encoding="utf-8")
SECRET = "12 rue Cachée"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path(PROGRAM).exists(), reason="pgBackRest is not installed"),
]


@dataclass(frozen=True)
class Plain:
    """A cluster that is none of ours, below a folder of its account."""

    place: Path
    account: SystemAccount

    @property
    def data(self) -> Path:
        return self.place / "main"

    @property
    def settings(self) -> Path:
        return self.place / "pgbackrest.conf"

    def run(self, *command: str | Path) -> str:
        done = self.account.run(*command, cwd=self.place)
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def tool(self, name: str, *arguments: str) -> str:
        return self.run(find_binaries(self.place) / name, *arguments)

    def start(self) -> None:
        options = f"-c unix_socket_directories={self.place} -c listen_addresses= -c fsync=off"
        self.tool("pg_ctl", "start", "-D", "main", "-w", "-s", "-l", "log", "-o", options)

    def stop(self) -> None:
        self.tool("pg_ctl", "stop", "-D", "main", "-w", "-s", "-m", "immediate")

    def sql(self, statement: str) -> str:
        where = ("-h", str(self.place), "-U", "postgres", "-d", "postgres")
        return self.tool("psql", "-qXAt", *where, "-c", statement).strip()

    def pgbackrest(self, *command: str) -> str:
        return self.run(PROGRAM, f"--config={self.settings}", "--stanza=mesure23", *command)


@pytest.fixture
def plain() -> Iterator[Plain]:
    """It runs as the head of the file says, with the file's settings but for where things lie."""
    account, place = account_for_new_cluster(), Path(tempfile.mkdtemp(prefix="mesure23-plain-"))
    made = Plain(place, account)
    (place / "backups" / "pgbackrest").mkdir(parents=True)
    text = GIVEN
    for theirs, ours in (
        ("/var/backups/mesure23/pgbackrest", f"{place}/backups/pgbackrest"),
        ("/var/lib/postgresql/17/main", f"{made.data}\npg1-socket-path={place}"),
        ("[global]\n", f"[global]\nlog-level-file=off\nlock-path={place}/locks\n"),
    ):
        assert len(re.findall(rf"^[^#\n]*{re.escape(theirs)}", text, re.MULTILINE)) == 1
        text = text.replace(theirs, ours)
    made.settings.write_text(text, encoding="utf-8")
    for each in (place, *place.rglob("*")):
        os.chown(each, account.uid, account.gid)
    made.tool("initdb", "-D", "main", "-U", "postgres", "--auth=trust", "--no-sync")
    # As it is said to whoever sets it up.
    said = re.findall(r"(archive_\w+) = ('[^']*'|\w+)", GIVEN)
    assert [name for name, _ in said] == ["archive_mode", "archive_timeout", "archive_command"]
    lines = "".join(f"{name} = {value}\n" for name, value in said)
    lines = lines.replace("pgbackrest ", f"pgbackrest --config={made.settings} ")
    with (made.data / "postgresql.conf").open("a") as file:
        file.write(lines)
    made.start()
    yield made
    made.stop()
    shutil.rmtree(place)


def test_the_file_backs_up_a_cluster_of_ones_own_which_comes_back_from_a_lost_disk(
    plain: Plain,
) -> None:
    plain.sql(f"CREATE TABLE place AS SELECT '{SECRET}' AS address")
    plain.pgbackrest("stanza-create")
    for form in ("full", "diff"):
        plain.pgbackrest(f"--type={form}", "backup")
    plain.sql("INSERT INTO place VALUES ('since')")
    plain.pgbackrest("check")
    [said] = json.loads(plain.pgbackrest("--output=json", "info"))
    assert said["cipher"] == "aes-256-cbc"
    # The service sees in its folder that there are backups, and how old they are.
    labels = {each["label"] for each in said["backup"]}
    assert {each.name for each in backups(plain.place / "backups")} == labels
    assert len(labels) == 2
    files = [each for each in (plain.place / "backups").rglob("*") if each.is_file()]
    assert not any(SECRET.encode() in each.read_bytes() for each in files)
    plain.stop()
    shutil.rmtree(plain.data)
    plain.pgbackrest("restore")
    plain.start()
    assert plain.sql("SELECT address FROM place").splitlines() == [SECRET, "since"]
