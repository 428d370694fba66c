"""Counts of every filter of a selection: of each département, of France, and of what is cached."""

from collections.abc import Iterator

from sqlalchemy import Engine

from app.platform.cluster.server import Cluster
from app.platform.database.engines import make_engine, role
from app.platform.database.sessions import read
from app.runtime.addresses import DATABASE
from app.search.counts import buckets, count, in_columns
from app.search.criteria import Search
from bench.database import connect
from bench.tools import Measure, Work, figure_at_most, p50, timed, without_aim

TERRITORY = "counts_of_a_departement_p50_milliseconds"
TERRITORY_AIM_MS = 20.0
FRANCE = "counts_of_france_p50_milliseconds"
FRANCE_AIM_MS = 20.0
FRANCE_CACHED = "counts_of_france_cached_p50_milliseconds"
TIMES = 100

BY_CATEGORY = """
SELECT category, count(*) FROM actor WHERE status = 'published' GROUP BY category
"""
BY_CATEGORY_THERE = """
SELECT category, count(*) FROM actor WHERE status = 'published' AND territory_code = %s
GROUP BY category
"""


def facets(cluster: Cluster) -> Iterator[Measure]:
    """Measure what a page says of a selection, beside the count of one filter as the owner."""
    public = make_engine(cluster.url(role(DATABASE, "public"), DATABASE))
    with connect(cluster, cluster.superuser) as owner:
        codes = [code for (code,) in owner.execute("SELECT code FROM territory ORDER BY code")]

        def plain(*codes: str) -> Work:
            statement = BY_CATEGORY_THERE if codes else BY_CATEGORY
            return lambda: owner.execute(statement, codes, prepare=True).fetchall()

        ours = [_counting(public, Search(territory=code)) for code in codes]
        there = [plain(code) for code in codes]
        [turns] = timed(ours, there, p50)
        yield figure_at_most(TERRITORY, turns, TERRITORY_AIM_MS)
        france = [_counting(public, Search())] * TIMES
        [turns] = timed(france, [plain()] * TIMES, p50)
        yield figure_at_most(FRANCE, turns, FRANCE_AIM_MS)
        with read(public) as session:
            known = buckets(session, Search())
        cached: list[Work] = [lambda: count(in_columns(known), Search())] * TIMES
        [turns] = timed(cached, [plain()] * TIMES, p50)
        yield without_aim(FRANCE_CACHED, turns)
    public.dispose()


def _counting(public: Engine, search: Search) -> Work:
    """Return what counts every filter of a search, in its own session, with nothing cached."""

    def work() -> None:
        with read(public) as session:
            count(in_columns(buckets(session, search)), search)

    return work
