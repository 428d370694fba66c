"""A mix of what many ask for, through nginx and without; and answers that reach PostgreSQL by
PgBouncer. Both are set as the files of deploy/ set them.

By hand: `python -m bench.front`.
"""

import socket
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Browser
from sqlalchemy import make_url

from app.places.grid import position_code
from app.platform.cluster.server import Cluster
from app.platform.database.engines import role
from app.runtime.addresses import DATABASE
from bench.actors import SEED
from bench.browser import chromium
from bench.database import connect, filled
from bench.deployed import NGINX, nginx_file, pgbouncer
from bench.maps import PATH
from bench.service import BY, NO_CACHE
from bench.tools import (
    CLIENTS,
    PACE,
    BenchFailed,
    Measure,
    in_turns,
    ratio_at_least,
    service,
    wrk,
    wrk_each,
)

THROUGH = "mix_through_nginx_beside_both_processes_requests_per_second"
THROUGH_AIM = 2.0
# Of what is the same for everybody alone: what nginx may keep, which the mix is not all of.
SAME = "same_for_all_through_nginx_beside_both_processes_requests_per_second"
SAME_AIM = 2.0
HITS = "mix_answered_by_nginx_requests_per_second"
HITS_AIM = 0.8
BOUNCED = "geojson_by_pgbouncer_requests_per_second"
BOUNCED_AIM = 0.9
TERRITORIES = ("13", "59", "69", "75", "93")
# Pages that visitors read one after the other, each with a browser that was never here: of what
# pages ask for it keeps what it may, as browsers do.
VISITS = (
    ("/", "/departements/{code}", "/departements/{code}?categorie=ase", "/acteurs/{sheet}"),
    *(("/departements/{code}", "/departements/{code}?fonction=ecoute"),) * 2,
    ("/departements/{code}", "/departements/{code}?categorie=ase"),
    *(("/departements/{code}",),) * 2,
    *(("/integration/{code}",),) * 2,
    ("/autour?lieu={place}",),
)
# What a page asked the service for.
ASKED = """() => performance.getEntriesByType("resource")
  .filter(({transferSize}) => transferSize).map(({name}) => name.split("#")[0])"""
# What tells of a place, of a view or of an actor is never kept in front.
OF_ONE = ("/acteurs/", "/autour", "/api/actors.geojson", "/api/groupes.geojson")
# As browsers ask: nothing of it is sent as it is.
BROWSER = "gzip, deflate, br, zstd"
LIMIT = "        limit_req zone=mesure23 burst=1200 nodelay;\n"


def front(cluster: Cluster) -> Iterator[Measure]:
    """Measure a mix in turns with nginx before two processes and by both of them without it, of as
    many clients; then GeoJSON that is not cached in turns by PgBouncer and without it.
    """
    with service() as base, service() as second, _nginx(base, second) as (through, log):
        paths = _asked(base, cluster)
        # A page that is made for the first time takes a hundred times as long.
        for each in (base, second):
            for path in sorted(set(paths)):
                asked = httpx.get(
                    each + path, headers={"Accept-Encoding": BROWSER}, timeout=60, trust_env=False
                )
                asked.raise_for_status()
        rounds = list(_rounds(base, second, through, log, paths))
        for_all = [path for path in paths if not path.startswith(OF_ONE)]
        same = list(_rounds(base, second, through, log, for_all))
    proxied, direct, hits, asked = map(statistics.median, zip(*rounds, strict=True))
    yield ratio_at_least(THROUGH, (proxied, direct), THROUGH_AIM)
    yield ratio_at_least(HITS, (hits, asked), HITS_AIM)
    proxied, direct, *_ = map(statistics.median, zip(*same, strict=True))
    yield ratio_at_least(SAME, (proxied, direct), SAME_AIM)
    public = make_url(cluster.url(role(DATABASE, "public"), DATABASE))
    with (
        pgbouncer(cluster, public) as bouncer,
        service(NO_CACHE, BY + bouncer.url()) as by,
        service(NO_CACHE) as straight,
    ):
        turns = in_turns(partial(wrk, by + PATH), partial(wrk, straight + PATH))
    yield ratio_at_least(BOUNCED, turns, BOUNCED_AIM)


def _rounds(
    first: str, second: str, through: str, log: Path, paths: list[str]
) -> Iterator[tuple[float, float, float, float]]:
    """Yield answers a second by nginx and without it, what nginx answered itself, and was asked."""
    for number in range(PACE.rounds + 1):
        direct = _both(first, second, paths)
        before = _hits(log)
        _, proxied, _ = wrk_each(through, paths, CLIENTS, BROWSER)
        hits, asked = (
            (now - then) / PACE.seconds for now, then in zip(_hits(log), before, strict=True)
        )
        # The first one fills caches.
        if number:
            yield proxied, direct, hits, asked


def _both(first: str, second: str, paths: list[str]) -> float:
    """Return how many a second two processes answer, each to half of the clients."""
    with ThreadPoolExecutor(2) as clients:
        asked = [
            clients.submit(wrk_each, each, paths, CLIENTS // 2, BROWSER) for each in (first, second)
        ]
        return sum(each.result()[1] for each in asked)


def _asked(base: str, cluster: Cluster) -> list[str]:
    """Return what browsers of visitors who never came before ask for, the same at each run, in an
    order of nobody's choice.
    """
    with connect(cluster, cluster.superuser) as owner:
        found = owner.execute(
            "SELECT public_id, slug FROM actor WHERE NOT protected ORDER BY md5(slug) LIMIT 5"
        ).fetchall()
    sheets = [f"{public_id}/{slug}" for public_id, slug in found]
    places = [position_code(48.8 + number / 100, 2.3) for number in range(len(TERRITORIES))]
    asked: list[str] = []
    with chromium() as browser:
        for code, sheet, place in zip(TERRITORIES, sheets, places, strict=True):
            for visit, times in Counter(VISITS).items():
                pages = [path.format(code=code, sheet=sheet, place=place) for path in visit]
                asked += _visit(browser, base, pages) * times
    Random(SEED).shuffle(asked)  # noqa: S311 - no secret
    return asked


def _visit(browser: Browser, base: str, pages: list[str]) -> list[str]:
    """Return the paths that a new browser asks for on its way through some pages."""
    context = browser.new_context()
    try:
        page, asked = context.new_page(), []
        for path in pages:
            page.goto(base + path, wait_until="networkidle")
            asked += [path, *(each.removeprefix(base) for each in page.evaluate(ASKED))]
        return asked
    finally:
        context.close()


@contextmanager
def _nginx(*processes: str) -> Iterator[tuple[str, Path]]:
    """Yield the address of nginx in front of two processes, and its log."""
    with TemporaryDirectory(prefix="mesure23-nginx-") as directory:
        folder, port = Path(directory), _free_port()
        first, second = (urlsplit(each).port or 0 for each in processes)
        text = nginx_file(folder, port, (first, second))
        # One client asks for what thousands would.
        if LIMIT not in text:
            raise BenchFailed("deploy/nginx.conf limite autrement les demandes.")
        file = folder / "nginx.conf"
        file.write_text(text.replace(LIMIT, ""), encoding="utf-8")
        child = subprocess.Popen([NGINX, "-e", "stderr", "-c", file])
        try:
            through = f"http://127.0.0.1:{port}"
            transport = httpx.HTTPTransport(retries=8)
            with httpx.Client(transport=transport, trust_env=False) as client:
                client.get(f"{through}/livez").raise_for_status()
            yield through, folder / "access.log"
        finally:
            child.terminate()
            child.wait(30)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _hits(log: Path) -> tuple[int, int]:
    """Return how many requests nginx answered by itself, and how many there were."""
    text = log.read_text()
    return text.count('"cache":"HIT"'), text.count("\n")


def main() -> None:
    with filled() as cluster:
        for measure in front(cluster):
            sys.stdout.write(f"{measure}\n")


if __name__ == "__main__":
    main()
