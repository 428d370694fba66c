"""Pages of the resource centre by HTTP: with words, passages and the counts of every filter."""

import statistics
from collections.abc import Iterator
from random import Random

from app.platform.cluster.server import Cluster
from app.resources.criteria import Query
from app.resources.fields import FILTERS
from bench.actors import SEED
from bench.documents import COMMON, RARE, RESOURCES, resources
from bench.new_places import A_RUN, REPLAYED, run, statements_of
from bench.pages import get
from bench.service import EMPTY
from bench.tools import (
    CLIENTS,
    PACE,
    Measure,
    figure_at_most,
    p50,
    p95,
    pgbench,
    ratio_at_least,
    ratio_at_most,
    service,
    serving,
    timed,
)

PAGE = "page_of_resources_with_words_p95_milliseconds"
PAGE_AIM_MS = 50.0
FREQUENT = "page_of_a_word_in_nearly_all_resources_p50_milliseconds"
FREQUENT_AIM = 3.0
MADE = "pages_of_resources_per_second"
MADE_AIM = 0.6
TIMES = 100


def pages_of_resources(cluster: Cluster) -> Iterator[Measure]:
    """Measure pages of words that nobody asked for before: no answer with words is cached."""
    paths = list(_paths())
    with service() as base:
        nothing = [get(base + EMPTY)] * TIMES
        worded = [get(base + path) for path in paths[:TIMES]]
        (turns,) = timed(worded, nothing, p95)
        yield figure_at_most(PAGE, turns, PAGE_AIM_MS)
        one, other = ([get(base + Query(text=word).url())] * TIMES for word in (COMMON, RARE))
        (turns,) = timed(one, other, p50)
        yield ratio_at_most(FREQUENT, turns, FREQUENT_AIM)
    rounds: list[tuple[float, float]] = []
    # The first page reads the index, which the process remembers.
    with statements_of(paths[: REPLAYED + 1]) as files, serving() as (base, process):
        for _ in range(PACE.rounds + 1):
            _, made, _ = run(process, base, paths[:A_RUN], CLIENTS)
            rounds.append((made, pgbench(cluster, *files[1:], protocol="simple")))
    made, sql = map(statistics.median, zip(*rounds[1:], strict=True))
    yield ratio_at_least(MADE, (made, sql), MADE_AIM)


def _paths() -> Iterator[str]:
    """Yield pages for a word of a title, every other one with a filter as well."""
    random = Random(SEED)  # noqa: S311
    titles = [row["title"].split() for row in resources(RESOURCES // 5)]
    for number, words in enumerate(titles):
        query = Query(text=random.choice((*words, COMMON)))
        if number % 2:
            name = random.choice(("theme", "type", "public", "genre"))
            query = query.but(**{name: (random.choice(list(FILTERS[name].choices or ())),)})
        yield query.url()
