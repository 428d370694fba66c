"""A sheet for paper by HTTP, made anew each time, beside the file of the same actors."""

import json
from collections.abc import Iterator
from urllib.request import urlopen

from app.search.facets import CATEGORY
from bench.actors import TERRITORY
from bench.service import NO_CACHE
from bench.tools import BenchFailed, Measure, Work, figure_at_most, p50, service, timed

SHEET = "sheet_of_40_actors_p50_milliseconds"
SHEET_AIM_MS = 1_000.0
ACTORS = 40
TIMES = 5


def sheets() -> Iterator[Measure]:
    """Measure the PDF of about ACTORS actors of a territory."""
    with service(NO_CACHE) as base:
        query = f"categorie={_category(base)}"
        sheet = _get(f"{base}/departements/{TERRITORY}/fiche.pdf?{query}", b"%PDF")
        file = _get(f"{base}/table.csv?territoire={TERRITORY}&{query}", b"\xef\xbb\xbf")
        [turns] = timed([sheet] * TIMES, [file] * TIMES, p50)
        yield figure_at_most(SHEET, turns, SHEET_AIM_MS)


def _category(base: str) -> str:
    """Return the category of which the territory has nearest to ACTORS actors."""
    counts = {}
    for category in CATEGORY.choices:
        url = f"{base}/table.geojson?territoire={TERRITORY}&categorie={category}"
        with urlopen(url) as answer:  # noqa: S310 - our own
            counts[category] = json.load(answer)["total"]
    found = min(counts, key=lambda category: abs(counts[category] - ACTORS))
    if not ACTORS * 0.8 <= counts[found] <= ACTORS * 1.2:
        raise BenchFailed(f"aucune catégorie ne compte environ {ACTORS} acteurs : {counts}")
    return found


def _get(url: str, begins: bytes) -> Work:
    def work() -> None:
        with urlopen(url) as answer:  # noqa: S310 - our own
            if not answer.read().startswith(begins):
                raise BenchFailed(f"{url} n'a pas répondu comme prévu.")

    return work
