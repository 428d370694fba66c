"""What tests of downloads share: a client of one server, in a time that only sleep moves."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.registers.download import Fetched, fetch
from importers.registers.catalogue import registers
from tests.registers.register_server import Answer, RegisterServer, says

FINESS = registers()["finess"]
BODY = bytes(range(256)) * 40
HALF = len(BODY) // 2
TAG = '"v1"'


class Time:
    """A clock that only sleep moves."""

    def __init__(self) -> None:
        self.present = datetime(2026, 10, 6, 10, 0, tzinfo=UTC)
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.present

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.present += timedelta(seconds=seconds)


class Client:
    """Fetches from one server into one folder."""

    def __init__(self, server: RegisterServer, folder: Path) -> None:
        self.server, self.folder, self.time = server, folder, Time()

    def fetch(
        self, validator: str | None = None, most: int = 1_000_000, url: str | None = None
    ) -> Fetched | None:
        return fetch(
            FINESS,
            url or self.server.url,
            self.folder,
            validator,
            most=most,
            clock=self.time.now,
            sleep=self.time.sleep,
        )

    def files(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()} - {"lock", "notes.json"}


def whole(found: Fetched | None) -> bool:
    return found is not None and (
        found.path.read_bytes() == BODY
        and found.size == len(BODY)
        and found.sha256 == hashlib.sha256(BODY).digest()
    )


def cut(body: bytes, **headers: str) -> Answer:
    """Announce the whole body, and hang up in the middle."""
    return says(200, body, **{"Content-Length": str(len(BODY)), **headers})
