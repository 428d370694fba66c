"""Lists by distance: with filters, with words, with a word that nobody has; and how they grow."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import psycopg
from sqlalchemy import Engine

from app.platform.cluster.server import Cluster
from app.platform.database.engines import make_engine, role
from app.platform.database.sessions import read
from app.runtime.addresses import DATABASE
from app.search.counts import Counts, buckets, count, in_columns
from app.search.criteria import Search
from app.search.reading import found_by
from app.search.results import read_cards
from app.search.words import tsquery
from bench import searches
from bench.database import connect
from bench.setting import SMALL
from bench.tools import BenchFailed, Measure, Work, figure_at_most, p99, ratio_at_most, timed

NEAREST = "nearest_20_with_filters_p99_milliseconds"
NEAREST_AIM_MS = 8.0
GROWTH = "nearest_20_with_filters_of_100000_beside_1000_p99_milliseconds"
GROWTH_AIM = 3.0
WORDS = "words_without_radius_p99_milliseconds"
WORDS_AIM_MS = 20.0
ABSENT = "absent_word_p99_milliseconds"
ABSENT_AIM_MS = 20.0
NEIGHBOURS = 20
NEARBY, WORDED = 400, 200
# A Tuesday noon, when most are open.
NOW = datetime(2026, 5, 12, 10, tzinfo=UTC)

KNN = f"""
SELECT public_id FROM actor WHERE status = 'published'
ORDER BY point <-> ST_SetSRID(ST_MakePoint(%s, %s), 4326) LIMIT {NEIGHBOURS}
"""  # noqa: S608 - a number of ours
HAVE_WORDS = """
SELECT count(*) FROM actor
WHERE status = 'published' AND words @@ to_tsquery('public.plain_french', %s)
"""


def lists(cluster: Cluster) -> Iterator[Measure]:
    """Measure lists of 20 from a search to their cards, each beside plain SQL as the owner."""
    public = make_engine(cluster.url(role(DATABASE, "public"), DATABASE))
    small = make_engine(cluster.url(role(DATABASE, "public"), SMALL))
    with connect(cluster, cluster.superuser) as owner:
        places = searches.places(owner, NEARBY)
        nearby = list(searches.filtered(places))
        ours = _pages(public, nearby)
        plain = [_run(owner, KNN, (place.lon, place.lat)) for place in places]
        [turns] = timed(ours, plain, p99)
        yield figure_at_most(NEAREST, turns, NEAREST_AIM_MS)
        [turns] = timed(ours, _pages(small, nearby), p99)
        yield ratio_at_most(GROWTH, turns, GROWTH_AIM)

        worded = list(searches.worded(places[:WORDED]))
        plain = [_run(owner, HAVE_WORDS, (tsquery(each.text),)) for each in worded]
        [turns] = timed(_pages(public, worded), plain, p99)
        yield figure_at_most(WORDS, turns, WORDS_AIM_MS)

        absent = list(searches.absent(places[:WORDED]))
        ours = [_nothing(public, each) for each in absent]
        plain = [_run(owner, HAVE_WORDS, (tsquery(each.text),)) for each in absent]
        [turns] = timed(ours, plain, p99)
        yield figure_at_most(ABSENT, turns, ABSENT_AIM_MS)
    public.dispose()
    small.dispose()


def _pages(public: Engine, asked: Sequence[Search]) -> list[Work]:
    """Return what reads the first cards of each search, in its own session as a request does.

    How many there are is known before, as on a page, which counts first.
    """

    def page(search: Search, counts: Counts) -> Work:
        def work() -> None:
            with read(public) as session:
                found = found_by(session, search)
                read_cards(session, found, (), NOW, counts, grouped=True, size=NEIGHBOURS)

        return work

    pages = []
    for search in asked:
        with read(public) as session:
            found = found_by(session, search)
            pages.append(page(search, count(in_columns(buckets(session, found)), found)))
    return pages


def _nothing(public: Engine, search: Search) -> Work:
    """Return what finds that nobody has a word, nor a name that resembles it."""

    def work() -> None:
        with read(public) as session:
            found = found_by(session, search)
            if count(in_columns(buckets(session, found)), found).total:
                raise BenchFailed(f"« {search.text} » a été trouvé.")

    return work


def _run(owner: psycopg.Connection, statement: str, values: tuple[object, ...]) -> Work:
    return lambda: owner.execute(statement, values, prepare=True).fetchall()
