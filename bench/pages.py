"""Whole pages by HTTP, as one person after another asks for them."""

from collections.abc import Iterator
from urllib.request import Request, urlopen

from bench.service import EMPTY
from bench.tools import Measure, Work, p50, p99, service, timed, without_aim

AROUND = "page_around_a_place_{}_milliseconds"
TERRITORY = "page_of_a_departement_{}_milliseconds"
PAGES = {AROUND: "/autour?lieu=93066&rayon=25", TERRITORY: "/departements/93"}
TIMES = 50


def pages() -> Iterator[Measure]:
    """Measure p50 and p99 of each page, beside a route that does nothing."""
    with service() as base:
        nothing = [get(base + EMPTY)] * TIMES
        for name, path in PAGES.items():
            work = [get(base + path)] * TIMES
            for label, turns in zip(("p50", "p99"), timed(work, nothing, p50, p99), strict=True):
                yield without_aim(name.format(label), turns)


def get(url: str) -> Work:
    """Return what asks for an address once."""

    def work() -> None:
        request = Request(url, headers={"Accept-Encoding": "identity"})  # noqa: S310 - our own
        with urlopen(request) as answer:  # noqa: S310
            answer.read()

    return work
