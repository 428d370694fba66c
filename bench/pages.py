"""Whole pages by HTTP, as one person after another asks for them."""

from collections.abc import Callable, Iterator
from functools import partial
from urllib.request import Request, urlopen

from bench.service import EMPTY
from bench.tools import Measure, in_turns, p50, p99, service, told

AROUND = "page_around_a_place_{}_milliseconds"
TERRITORY = "page_of_a_departement_{}_milliseconds"
PAGES = {AROUND: "/autour?lieu=93066&rayon=25", TERRITORY: "/departements/93"}
TIMES = 30


def pages() -> Iterator[Measure]:
    """Tell half and 99 of 100 of each page, beside a route that does nothing."""
    with service() as base:
        nothing = [_get(base + EMPTY)] * TIMES
        for name, path in PAGES.items():
            work = [_get(base + path)] * TIMES
            for label, part in (("p50", p50), ("p99", p99)):
                turns = in_turns(partial(part, work), partial(part, nothing))
                yield told(name.format(label), turns)


def _get(url: str) -> Callable[[], object]:
    def work() -> None:
        request = Request(url, headers={"Accept-Encoding": "identity"})  # noqa: S310 - our own
        with urlopen(request) as answer:  # noqa: S310
            answer.read()

    return work
