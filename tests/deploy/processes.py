"""Processes of public pages, as a service runs two beside one another."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from app.platform.database.engines import Databases
from tests.meanwhile import until
from tests.serving import free_port

MESURE23 = Path(sys.executable).with_name("mesure23")


def public_process(
    databases: Databases, folder: Path, metrics: str = ""
) -> tuple[subprocess.Popen[str], int]:
    """Start `mesure23 serve --public` on a free port; metrics: where it shows what it counts."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("MESURE23_", "PORT"))}
    url = databases.public.url.set(drivername="postgresql")
    own = {
        "PORT": "0",
        "MESURE23_ENV": "production",
        "MESURE23_DATA_DIR": str(folder),
        "MESURE23_PUBLIC_DATABASE_URL": url.render_as_string(hide_password=False),
        "MESURE23_TRUSTED_PROXIES": "127.0.0.1",
        "MESURE23_ACCESS_LOG": "true",
        "MESURE23_RATE_LIMIT": "0",
        "MESURE23_DRAIN": "0",
        "MESURE23_TILES": "none",
        "MESURE23_METRICS": metrics,
    }
    log = folder / f"service{free_port()}.log"
    with log.open("w") as file:
        child = subprocess.Popen(
            [MESURE23, "serve", "--public"], env=inherited | own, stdout=file, text=True
        )
    until(lambda: "http://" in log.read_text())
    return child, int(re.findall(r"http://[^:]+:(\d+)", log.read_text())[0])


@dataclass
class Behind:
    """Two processes over one database, for all tests; they write to one folder."""

    databases: Databases
    folder: Path
    started: list[tuple[subprocess.Popen[str], int]] = field(default_factory=list)

    def start(self) -> None:
        """Have two of them, in place of those that a test killed."""
        lives = [each for each in self.started if each[0].poll() is None]
        more = range(2 - len(lives))
        self.started = [*lives, *(public_process(self.databases, self.folder) for _ in more)]

    def kill(self, most: int = 2) -> None:
        for child, _ in self.started[:most]:
            child.kill()
            child.wait()
