"""A sheet for paper by HTTP, made anew each time, beside the file of the same actors."""

import json
from collections.abc import Iterator
from urllib.parse import urlencode
from urllib.request import urlopen

from app.search.facets import CATEGORY
from bench.actors import TERRITORY
from bench.service import NO_CACHE
from bench.tools import BenchFailed, Measure, Work, figure_at_most, p50, service, timed

SHEET = "sheet_of_40_actors_p50_milliseconds"
SHEET_AIM_MS = 500.0
ACTORS = 40
TIMES = 5


def sheets() -> Iterator[Measure]:
    """Measure the PDF of about ACTORS actors of a territory."""
    with service(NO_CACHE) as base:
        query = _categories(base)
        sheet = _get(f"{base}/departements/{TERRITORY}/fiche.pdf?{query}", b"%PDF")
        file = _get(f"{base}/table.csv?territoire={TERRITORY}&{query}", b"\xef\xbb\xbf")
        [turns] = timed([sheet] * TIMES, [file] * TIMES, p50)
        yield figure_at_most(SHEET, turns, SHEET_AIM_MS)


def _categories(base: str) -> str:
    """Return categories, as a query, of which the territory has about ACTORS actors together."""
    counts = {}
    for category in CATEGORY.choices:
        url = f"{base}/table.geojson?territoire={TERRITORY}&categorie={category}"
        with urlopen(url) as answer:  # noqa: S310 - our own
            counts[category] = json.load(answer)["total"]
    found: list[str] = []
    total = 0
    for category in sorted(counts, key=counts.__getitem__, reverse=True):
        if 0 < counts[category] <= ACTORS * 1.2 - total:
            found.append(category)
            total += counts[category]
        if total >= ACTORS * 0.8:
            return urlencode([("categorie", each) for each in found])
    raise BenchFailed(f"aucune catégorie ne compte environ {ACTORS} acteurs : {counts}")


def _get(url: str, begins: bytes) -> Work:
    def work() -> None:
        with urlopen(url) as answer:  # noqa: S310 - our own
            if not answer.read().startswith(begins):
                raise BenchFailed(f"{url} n'a pas répondu comme prévu.")

    return work
