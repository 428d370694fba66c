"""Two processes of public pages, as they are started beside one another, each with a cache."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from app.platform.web.versions import TRUSTED
from app.runtime.staff import Runtime
from tests.deploy.processes import public_process
from tests.meanwhile import until
from tests.serving import free_port
from tests.short_lists import ASE, CRIP, csv, run

pytestmark = pytest.mark.slow
PAGE = "/departements/93"


@dataclass(frozen=True)
class Visitor:
    """A visitor of one process. metrics: where it shows what it counts."""

    client: httpx.Client
    metrics: str

    def sees(self, phone: str) -> bool:
        return phone in self.client.get(PAGE).text

    @property
    def hits(self) -> int:
        """How often its process answered from its cache."""
        shown = httpx.get(f"http://{self.metrics}/metrics", trust_env=False).text
        return int(float(re.findall(r'cache_total\{.*result="hit".*\} (\S+)', shown)[0]))

    def sees_from_the_cache(self, phone: str) -> bool:
        before = self.hits
        return self.sees(phone) and self.hits > before


@pytest.fixture
def visitors(runtime: Runtime, tmp_path: Path) -> Iterator[list[Visitor]]:
    """A visitor of each process."""
    shown = [f"127.0.0.1:{free_port()}" for _ in range(2)]
    started = [public_process(runtime.databases, tmp_path, each) for each in shown]
    visitors = [
        Visitor(httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60), at)
        for (_, port), at in zip(started, shown, strict=True)
    ]
    yield visitors
    for each in visitors:
        each.client.close()
    for child, _ in started:
        child.terminate()
    for child, _ in started:
        child.wait(60)


def test_what_a_list_changes_reaches_the_cache_of_each_process_within_a_second(
    runtime: Runtime, visitors: list[Visitor]
) -> None:
    def shown(phone: str) -> list[bool]:
        return [each.sees(phone) for each in visitors]

    former, later = "01 99 00 00 02", "01 99 00 00 03"
    run(runtime, csv(CRIP, ASE))
    # From the cache of each, which the next list changes.
    until(lambda: all(each.sees_from_the_cache(former) for each in visitors))
    run(runtime, csv(CRIP, ASE.replace(former, later)))
    written = time.monotonic()
    # Asked all the while, so that what is cached stays in use.
    while time.monotonic() - written < TRUSTED:
        shown(former)
    assert shown(former) == [False, False]
    assert shown(later) == [True, True]
