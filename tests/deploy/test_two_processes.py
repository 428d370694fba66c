"""Two processes of public pages, as they are started beside one another, each with a cache."""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.platform.web.versions import TRUSTED
from app.runtime.staff import Runtime
from tests.deploy.test_nginx import public_process
from tests.meanwhile import until
from tests.short_lists import ASE, CRIP, csv, run

pytestmark = pytest.mark.slow
PAGE = "/departements/93"


@pytest.fixture
def visitors(runtime: Runtime, tmp_path: Path) -> Iterator[list[httpx.Client]]:
    """A visitor of each process."""
    started = [public_process(runtime.databases, tmp_path) for _ in range(2)]
    clients = [
        httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60)
        for _, port in started
    ]
    yield clients
    for client in clients:
        client.close()
    for child, _ in started:
        child.terminate()
    for child, _ in started:
        child.wait(60)


def test_what_a_list_changes_reaches_the_cache_of_each_process_within_a_second(
    runtime: Runtime, visitors: list[httpx.Client]
) -> None:
    def shown(phone: str) -> list[bool]:
        return [phone in each.get(PAGE).text for each in visitors]

    former, later = "01 99 00 00 02", "01 99 00 00 03"
    run(runtime, csv(CRIP, ASE))
    until(lambda: all(shown(former)))
    # From the cache of each, which the next list changes.
    assert shown(former) == [True, True]
    run(runtime, csv(CRIP, ASE.replace(former, later)))
    written = time.monotonic()
    # Asked all the while, so that what is cached stays in use.
    while time.monotonic() - written < TRUSTED:
        shown(former)
    assert shown(former) == [False, False]
    assert shown(later) == [True, True]
