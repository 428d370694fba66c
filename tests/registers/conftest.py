"""A server of a register on loopback, and a client of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.registers.downloading import Client
from tests.registers.register_server import RegisterServer, register_server


@pytest.fixture(scope="module")
def running() -> Iterator[RegisterServer]:
    with register_server() as server:
        yield server


@pytest.fixture
def client(running: RegisterServer, tmp_path: Path) -> Client:
    running.asked.clear()
    running.paths.clear()
    running.answers.clear()
    return Client(running, tmp_path / "registers" / "finess")
