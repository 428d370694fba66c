"""`mesure23 serve --public` under far more searches at once than it can answer."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from app.places.grid import position_code
from app.platform.database.engines import Databases
from tests.commands.conftest import Installation, line_of

pytestmark = pytest.mark.slow

CROWD = 500
# What the image's health check allows, whatever else this machine does meanwhile.
ALLOWED = 4.0


@pytest.fixture
def home(installation: Installation, tmp_path: Path) -> Iterator[Installation]:
    home = Installation(tmp_path)
    yield home
    for child in home.children:
        child.kill()
        child.communicate()


async def ask(port: int, path: str) -> str:
    """Return the status of an answer, on a connection of its own; raise where it is cut."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        wanted = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        writer.write(wanted.encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        [length] = re.findall(r"(?mi)^content-length: (\d+)", head)
        await reader.readexactly(int(length))
    finally:
        writer.close()
        await writer.wait_closed()
    return head.split(maxsplit=2)[1]


async def crowded(port: int) -> tuple[Counter[str], list[float]]:
    """Return what 500 searches at once are answered, and how long each /livez took meanwhile."""
    # Each around a place of its own.
    places = [position_code(46 + number / 100, 2.355) for number in range(CROWD)]
    paths = [f"/autour?lieu={place}" for place in places]
    searches = asyncio.gather(*(ask(port, path) for path in paths))
    alive: list[float] = []
    while not searches.done():
        begun = time.monotonic()
        assert await ask(port, "/livez") == "200"
        alive.append(time.monotonic() - begun)
        await asyncio.sleep(0.02)
    return Counter(await searches), alive


def test_of_500_searches_at_once_none_is_cut_and_it_stays_alive(
    home: Installation, databases: Databases
) -> None:
    url = databases.public.url.set(drivername="postgresql")
    service = home.start(
        *("serve", "--public"),
        PORT="0",
        MESURE23_RATE_LIMIT="0",
        MESURE23_PUBLIC_DATABASE_URL=url.render_as_string(hide_password=False),
    )
    base = line_of(service).split()[3]
    port = int(base.rpartition(":")[2])
    # A thread of its own: a browser of tests before has a loop in this one.
    with ThreadPoolExecutor(1) as beside:
        answered, alive = beside.submit(lambda: asyncio.run(crowded(port))).result()
    assert answered.keys() <= {"200", "503"}, answered
    assert answered["200"] > 0
    assert answered.total() == CROWD
    assert max(alive) < ALLOWED
    # Once they are gone it answers as before.
    assert httpx.get(f"{base}/departements/93", timeout=60, trust_env=False).is_success
    service.terminate()
    service.communicate(timeout=60)
