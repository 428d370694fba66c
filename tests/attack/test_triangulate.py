"""Whoever moves a search around a hidden place learns nothing: not by a count, an order or a time.

The same searches are made in two worlds that differ only in where hidden places are and what they
are called.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from itertools import islice, product, repeat
from operator import ne
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.places.grid import STEP, position_code
from app.platform.cluster.server import Cluster
from app.platform.database.engines import make_engine
from app.platform.database.sessions import read
from app.runtime.staff import Runtime
from app.search.clusters import groups
from app.search.competence import who_acts
from app.search.counts import Counts
from app.search.criteria import Search
from app.search.geojson import geojson
from app.search.reading import CODES, read_search
from app.search.results import find
from app.search.viewport import read_window
from tests.attack.conftest import NOW, Attacked, client_of, service
from tests.attack.places import InventedPlace
from tests.attack.values import WORLD, extents
from tests.attack.walk import endpoints

pytestmark = pytest.mark.slow

# In steps of the grid, from the place itself to some 25 km away.
MOVES = (-50, -1, 0, 1, 10)
# Of a view of a few metres, of a quarter, of a town, and of the world.
ZOOMS = ("19", "16", "12", "4")
GROUPS = "/api/groupes.geojson"
# Turns after which times are compared, and how many there are at most.
TURNS, MOST_TURNS = 40, 400
# Seconds after which no more are had.
LONGEST = 180.0
# One in so many searches is made: they come in pairs, and all of them are made by hand.
SEARCHES = 5
Seen = tuple[object, ...]
# A zoom, and the box that is looked at.
View = tuple[str, str]


def grid(place: InventedPlace) -> list[str]:
    """Return positions all around a hidden place, itself first."""
    assert place.lon is not None
    assert place.lat is not None
    moves = sorted(product(MOVES, MOVES), key=lambda move: abs(move[0]) + abs(move[1]))
    return [position_code(place.lat + y * STEP, place.lon + x * STEP) for y, x in moves]


def searches(place: InventedPlace) -> Iterator[dict[str, Any]]:
    """Yield searches that move around a hidden place, by one thing at a time and by several."""
    at, home = grid(place), place.commune.territory
    texts = (place.word(0), place.street, place.phone, place.siret, "maison", "clarmo", "")
    radii, gaps, orders = CODES["rayon"], CODES["ecart"], CODES["tri"]
    for number, lieu in enumerate(at):
        yield {"lieu": lieu, "rayon": radii[number % len(radii)]}
        yield {"loin": lieu, "ecart": gaps[number % len(gaps)], "territory": home}
    yield from ({"lieu": at[0], "rayon": radius} for radius in radii)
    yield from ({"loin": at[0], "ecart": gap} for gap in gaps)
    yield from ({"lieu": at[0], "rayon": "tout", "tri": order} for order in orders)
    yield from ({"lieu": at[0], "rayon": "tout", "page": f"{page}"} for page in (1, 2, 30, 2_000))
    yield from ({"lieu": at[0], "rayon": "100", "q": text} for text in texts)
    yield from ({"territory": home, "q": text} for text in texts)
    yield from ({"lieu": at[0], "s": number} for number in CODES["s"])
    yield from ({"lieu": at[0], "ouvert": opening, "age": "15"} for opening in CODES["ouvert"])
    yield {"lieu": at[0], "sans": (home,), "rayon": "tout"}
    yield from ({"cadre": extent} for extent in windows(place))
    yield from ({"cadre": windows(place)[0], "s": number} for number in CODES["s"])
    yield from ({"cadre": windows(place)[0], "tri": order} for order in orders)


def windows(place: InventedPlace) -> list[str]:
    """Return extents of a map that move over a hidden place, of one step of the grid and more."""
    assert place.lon is not None
    assert place.lat is not None
    moves = product((-0.03, -STEP, 0, STEP, 0.03), repeat=2)
    found = [(place.lon + x, place.lat + y, wide) for x, y in moves for wide in (1e-6, 0.02)]
    moved = [f"{x - wide:.6f},{y - wide:.6f},{x + wide:.6f},{y + wide:.6f}" for x, y, wide in found]
    return [*extents(place), *moved]


def views(place: InventedPlace) -> list[str]:
    """Return boxes around a hidden place, from some metres to a region."""
    assert place.lon is not None
    assert place.lat is not None
    lon, lat = place.lon, place.lat
    return [f"{lon - d},{lat - d},{lon + d},{lat + d}" for d in (0.0001, 0.01, 0.1)]


def seen(session: Session, search: Search, view: View) -> Seen:
    """Return all that a search tells: counts, groups, order, distances, facets, what to relax.

    view: the one in which its groups are drawn.
    """
    found = find(session, search, NOW)
    acting = who_acts(session, search.place.area, NOW) if search.place else ()
    return (
        unordered(found.counts),
        found.filters,
        found.pages,
        found.groups,
        found.relaxed,
        acting,
        geojson(session, search, NOW),
        groups(session, search, read_window(*view), NOW),
    )


def unordered(counts: Counts) -> tuple[Counts, list[tuple[Any, ...]]]:
    """Return counts, and what they were made of without its order: the database's, in no page."""
    made_of = counts.passing
    ids = map(sorted, made_of.ids) if made_of.ids else repeat(())
    entries = zip(made_of.actors.tolist(), made_of.groups.tolist(), made_of.keys, ids, strict=False)
    return counts, sorted(entries, key=repr)


def places(attacked: Attacked) -> list[InventedPlace]:
    """Return hidden places of several cases, on the mainland and overseas."""
    placed = [place for place in attacked.dataset.secrets if place.lon is not None]
    cases = dict.fromkeys(place.case for place in placed)
    chosen = [next(place for place in placed if place.case == case) for case in cases]
    return [*chosen, next(place for place in placed if place.commune.territory == "974")]


def all_seen(engine: Engine, place: InventedPlace, one_in: int) -> list[Seen]:
    """Return what is seen by the searches around a place, or by one in so many of them."""
    several = list(zip(ZOOMS, [*views(place), WORLD], strict=True))
    with read(engine) as session:
        # One in turn, the same of two searches that follow one another: near a point, and far.
        return [
            seen(session, read_search(session, **given), several[number // 2 % len(several)])
            for number, given in islice(enumerate(searches(place)), 0, None, one_in)
        ]


SeenFrom = Callable[[InventedPlace, int], list[Seen]]


@pytest.fixture(scope="module")
def here(attacked: Attacked) -> SeenFrom:
    """What is seen around a place in the first world: of the last one, which is large, kept."""
    return lru_cache(maxsize=1)(partial(all_seen, attacked.databases.public))


@pytest.mark.parametrize("one_in", [pytest.param(1, marks=pytest.mark.long), SEARCHES])
def test_moving_a_search_around_a_hidden_place_tells_nothing(
    attacked: Attacked, elsewhere: Runtime, here: SeenFrom, one_in: int
) -> None:
    # The first one at the end: a leak is planted there next.
    for place in reversed(places(attacked)):
        given = islice(searches(place), 0, None, one_in)
        there = all_seen(elsewhere.databases.public, place, one_in)
        for each, one, other in zip(given, here(place, one_in), there, strict=True):
            assert one == other, each


def put_at_rest(cluster: Cluster, database: str) -> None:
    """Let PostgreSQL know a database as it is after its nightly work: a copy has older figures, and
    other plans by them.
    """
    engine = make_engine(cluster.url(cluster.superuser, database))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM (ANALYZE)")
    engine.dispose()


def test_a_search_near_a_hidden_place_takes_as_long_as_where_there_is_none(
    attacked: Attacked, elsewhere: Runtime, cluster: Cluster, tmp_path: Path
) -> None:
    for each in (attacked.databases, elsewhere.databases):
        put_at_rest(cluster, each.staff.url.database or "")
    addresses = [
        f"/autour?lieu={grid(place)[0]}&rayon={radius}"
        for number, place in enumerate(places(attacked))
        for radius in (("5",) if number else ("5", "tout"))
    ]
    apps = [service(each.databases, tmp_path) for each in (attacked, elsewhere)]
    times: tuple[list[list[float]], ...] = ([], [])
    with client_of(apps[0]) as here, client_of(apps[1]) as there:
        begun = perf_counter()
        for turn in range(MOST_TURNS):
            # In turn, so that what else the machine does strikes both.
            for client, taken in zip((here, there), times, strict=True):
                taken.append([])
                for address in addresses:
                    started = perf_counter()
                    assert client.get(address).status_code == 200
                    taken[-1].append(perf_counter() - started)
            if turn % TURNS == TURNS - 1 and (
                not apart(addresses, times) or perf_counter() - begun > LONGEST
            ):
                break
    assert apart(addresses, times) == []


def apart(addresses: list[str], times: tuple[list[list[float]], ...]) -> list[str]:
    """Return the addresses of which one service is slower than the other.

    The least of each: noise only ever adds, on a busy machine to more than half of the turns, and
    where it did to all of them, more turns are had.
    """
    found = []
    for number, address in enumerate(addresses):
        one, other = (min(turn[number] for turn in each) for each in times)
        if max(one, other) >= 1.3 * min(one, other):
            found.append(address)
    return found


# --------------------------------------------------------- a leak planted on purpose


@pytest.fixture
def leaking(own: Runtime, attacked: Attacked) -> tuple[Runtime, InventedPlace]:
    """A copy of the world whose public record holds where one hidden place is."""
    place = places(attacked)[0]
    owner = make_engine(own.owner_url)
    with owner.begin() as connection:
        refused = "ck_actor_protected_is_neutral"
        connection.exec_driver_sql(f"ALTER TABLE actor DROP CONSTRAINT {refused}")
        moved = text(
            "UPDATE actor SET point = ST_SetSRID(ST_MakePoint(:lon, :lat), 4326),"
            " precision = 'address' WHERE public_id = (SELECT min(public_id) FROM actor"
            " WHERE protected AND status = 'published' AND territory_code = :territory)"
        )
        given = {"lon": place.lon, "lat": place.lat, "territory": place.commune.territory}
        assert connection.execute(moved, given).rowcount == 1
    owner.dispose()
    return own, place


def test_a_real_point_in_the_selection_is_found(
    leaking: tuple[Runtime, InventedPlace], attacked: Attacked, here: SeenFrom, tmp_path: Path
) -> None:
    runtime, place = leaking
    there = all_seen(runtime.databases.public, place, SEARCHES)
    # By its distance, its group and the map, from wherever one looks.
    assert sum(map(ne, here(place, SEARCHES), there)) > len(there) / 2
    app = service(runtime.databases, tmp_path)
    paths = [each.path for each in endpoints(app) if "lieu" in each.query and not each.names]
    with client_of(app) as client:
        for path in paths:
            view = f"&zoom=16&bbox={views(place)[1]}" if path == GROUPS else ""
            answer = client.get(f"{path}?lieu={grid(place)[0]}&rayon=5{view}")
            found = attacked.sentinels.in_text(answer.content)
            # Pages say how far it is, and files where.
            assert bool(found) == path.endswith(("json", "csv", "xlsx")), path
