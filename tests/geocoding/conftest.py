"""A geocoder of our own, and a service that asks it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.runtime.staff import Runtime
from app.settings import Settings
from tests.geocoding.geocoder_peer import Peer, geocoder_peer


@pytest.fixture
def peer() -> Iterator[Peer]:
    with geocoder_peer() as peer:
        yield peer


@pytest.fixture
def asking(runtime: Runtime, peer: Peer, tmp_path: Path) -> Runtime:
    return replace(runtime, settings=Settings(data_dir=tmp_path, geocoder_url=peer.url))
