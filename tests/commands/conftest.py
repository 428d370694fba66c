"""A service of its own on a cluster of its own, as `mesure23 serve` starts it, once per module."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app import cli
from app.commands import serve, worker
from app.platform.cluster.server import open_cluster
from app.platform.database import slow
from app.settings import ROOT
from app.vault.sealing import default_keys_file
from tests.databases import locked
from tests.forking import Forked


@dataclass
class Installation:
    """A data directory with its keys beside it, and the environment of commands that use it."""

    home: Path
    # Where the run keeps what a first start made, once there was one; None: start from nothing.
    started: Path | None = None
    children: list[Forked] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("MESURE23_", "PORT"))}
        # What a command starts by itself starts in half the time where it is compiled once.
        inherited.pop("PYTHONDONTWRITEBYTECODE", None)
        return inherited | self.settings

    @property
    def settings(self) -> dict[str, str]:
        return {
            "MESURE23_DATA_DIR": str(self.home / "var"),
            "MESURE23_TILES": "none",
            "MESURE23_GEOCODER_URL": "http://127.0.0.1:9",
            # Nobody is to be sent elsewhere before one ends.
            "MESURE23_DRAIN": "0",
            "XDG_CONFIG_HOME": str(self.home / "config"),
        }

    def start(self, *arguments: str | Path, **variables: str) -> Forked:
        child = Forked(arguments, self.environment | variables)
        self.children.append(child)
        return child

    def serve(self, *options: str, **variables: str) -> tuple[Forked, str]:
        """Start the service on a free port; return it and its address.

        A first start is made once in a run, and the others begin with what it left.
        """
        if self.started is not None and not (self.home / "var" / "postgres").exists():
            _start_once(self.started)
            _copy(self.started, self.home)
        child = self.start("serve", "--prepare", *options, PORT="0", **variables)
        return child, line_of(child).split()[3]


def line_of(child: Forked) -> str:
    """Return the next line that a command says; a busy machine makes some statement slow."""
    assert child.stdout is not None
    for line in iter(child.stdout.readline, ""):
        if "slow statement" not in line:
            return line
    pytest.fail(f"It ended: {child.communicate()[1]}")


def _start_once(started: Path) -> None:
    with locked("first_start.lock"):
        if not started.exists():
            with installed() as first:
                service, _ = first.serve()
                service.terminate()
                service.communicate(timeout=60)
                _copy(first.home, started)


def _copy(home: Path, into: Path) -> None:
    """Copy a database that nobody uses and the keys of its data, for the same accounts."""
    (into / "var").mkdir(parents=True, exist_ok=True)
    for name in ("var/postgres", "config"):
        subprocess.run(["cp", "-a", home / name, (into / name).parent], check=True)
    for keys in (into / "config" / "mesure23").glob("*.keys"):
        # Named after the data that they open, which a first start has sealed something of.
        keys.rename(keys.with_name(default_keys_file(into / "var").name))


@contextmanager
def installed(started: Path | None = None) -> Iterator[Installation]:
    """Yield an installation with the national sources and the territories of the checkout."""
    # Reached by the account of the cluster, unlike pytest's own directories when root.
    home = Path(tempfile.mkdtemp(prefix="mesure23-cli-"))
    home.chmod(0o711)
    data = home / "var"
    data.mkdir(mode=0o711)
    for name in ("national", "territories"):
        (data / name).symlink_to(ROOT / "var" / name)
    installation = Installation(home, started)
    yield installation
    for child in installation.children:
        if child.poll() is None:
            child.kill()
        child.communicate()
    if (data / "postgres").exists():
        with open_cluster(data, fsync=False):  # takes over what a test left running, and stops it
            pass
    shutil.rmtree(home)


@pytest.fixture(scope="module")
def installation(
    prepared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """An installation of its own for a module."""
    folder = tmp_path_factory.getbasetemp()
    # Workers have a folder each in that of the run.
    run = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    with installed(run / "first_start") as installation:
        yield installation


@dataclass(frozen=True)
class Done:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str


Command = Callable[..., Done]


@pytest.fixture
def command(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Command:
    """Run a command in this process, whose libraries are loaded already."""
    for name in [*os.environ]:
        if name.startswith("MESURE23_") or name == "PORT":
            monkeypatch.delenv(name)
    for name, value in installation.settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(cli, "unwind_on_signals", lambda: None)  # the handler is pytest's here
    # What a service changes for as long as its process lasts.
    for each in (serve, worker):
        monkeypatch.setattr(each, "of_service", lambda: None)
    monkeypatch.setattr(cli, "of_command", lambda: None)
    monkeypatch.setattr(slow, "watch", lambda: None)

    def run(*arguments: str | Path, **variables: str) -> Done:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["mesure23", *map(str, arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main(cli.load_named())
        out, err = capfd.readouterr()
        code = left.value.code
        assert isinstance(code, int)
        assert "Traceback" not in err
        return Done(code, out, err)

    return run
