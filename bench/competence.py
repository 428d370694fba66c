"""Who must act for a commune, with registers that name its court and its brigade."""

from collections.abc import Iterator

from sqlalchemy import Engine

from app.places.schemas import Area, Place
from app.platform.cluster.server import Cluster
from app.platform.database.engines import make_engine, role
from app.platform.database.sessions import read
from app.runtime.addresses import DATABASE
from app.search.competence import who_acts
from bench import searches
from bench.database import connect
from bench.lists import NOW
from bench.tools import Measure, Work, figure_at_most, p99, timed

COMMUNE = "competence_of_a_commune_p99_milliseconds"
COMMUNE_AIM_MS = 5.0
PLACES = 400
COVERING = """
SELECT public_id FROM actor WHERE status = 'published' AND covers_communes @> ARRAY[%s]::text[]
"""


def competence(cluster: Cluster) -> Iterator[Measure]:
    """Measure all roles of a commune, with their cards, beside one lookup by SQL as the owner."""
    public = make_engine(cluster.url(role(DATABASE, "public"), DATABASE))
    with connect(cluster, cluster.superuser) as owner:
        places = searches.places(owner, PLACES)

        def plain(place: Place) -> Work:
            return lambda: owner.execute(COVERING, [place.code], prepare=True).fetchall()

        ours = [_acting(public, place.area) for place in places]
        [turns] = timed(ours, [plain(place) for place in places], p99)
        yield figure_at_most(COMMUNE, turns, COMMUNE_AIM_MS)
    public.dispose()


def _acting(public: Engine, area: Area) -> Work:
    """Return what finds who acts in an area, in its own session as a request does."""

    def work() -> None:
        with read(public) as session:
            who_acts(session, area, NOW)

    return work
