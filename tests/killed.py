"""Commands of backups in a process of their own, which a test kills half-way."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from app.settings import ROOT, Settings


def started(settings: Settings, *command: str, **more: str) -> subprocess.Popen[bytes]:
    """Start a command of backups, as a timer does."""
    assert settings.keys
    assert settings.backup_dir
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(settings.data_dir),
        "MESURE23_DATA_DIR": str(settings.data_dir),
        "MESURE23_BACKUP_DIR": str(settings.backup_dir),
        "MESURE23_BACKUP_PASSPHRASE_FILE": str(settings.backup_passphrase_file),
        "MESURE23_KEYS": settings.keys.get_secret_value(),
    }
    program = [sys.executable, "-c", "from app.start import main; main()", "backup", *command]
    return subprocess.Popen(program, env=environment | more, cwd=ROOT)


def wait_for_pgbackrest(home: Path) -> None:
    """Return once what a killed command had asked of it has ended by itself."""
    while any(str(home / "pgbackrest.conf") in " ".join(each) for each in commands()):
        time.sleep(0.1)


def commands() -> Iterator[list[str]]:
    """Yield what runs on this machine."""
    for each in psutil.process_iter(["cmdline"]):
        yield each.info["cmdline"] or []


def wait_for(path: Path, process: subprocess.Popen[bytes]) -> None:
    while not path.exists():
        assert process.poll() is None
        time.sleep(0.02)
