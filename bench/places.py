"""How long completing what a person types takes, beside a round trip."""

import statistics
from collections.abc import Callable, Iterator
from functools import partial
from random import Random
from time import perf_counter

from sqlalchemy import Engine, text

from app.places.resolution import suggest
from app.platform.cluster.server import Cluster
from app.platform.database.engines import make_engine, role
from app.platform.database.sessions import read
from app.runtime.addresses import DATABASE
from bench.actors import SEED
from bench.tools import Measure, figure_at_most

COMPLETED = "place_completed_among_35000_p99_milliseconds"
COMPLETED_AIM_MS = 15.0
COMMUNES = 150
# Letters after which a name is asked for; its whole name, its postcode and two slips are as well.
LENGTHS = (2, 3, 4, 6, 9)
NAMES = text("SELECT name, postcodes[1], coalesce(population, 0) FROM commune ORDER BY code")


def completed(cluster: Cluster) -> Measure:
    """p99 of one completion, as the public login, and of the same transaction doing nothing."""
    engine = make_engine(cluster.url(role(DATABASE, "public"), DATABASE))
    try:
        with read(engine) as session:
            communes = [tuple(row) for row in session.execute(NAMES)]
        texts = list(_texts(communes))
        for each in texts[:100]:
            _completion(engine, each)
        figures, references = [], []
        # In turn, so that what else the machine does strikes both.
        for each in texts:
            figures.append(_milliseconds(partial(_completion, engine, each)))
            references.append(_milliseconds(partial(_nothing, engine)))
    finally:
        engine.dispose()
    figure, reference = (statistics.quantiles(all_, n=100)[98] for all_ in (figures, references))
    return figure_at_most(COMPLETED, (figure, reference), COMPLETED_AIM_MS)


def _texts(communes: list[tuple[str, str, int]]) -> Iterator[str]:
    """Yield what is typed for communes that are drawn by how many people live there."""
    chance = Random(SEED)  # noqa: S311
    weights = [population for *_, population in communes]
    for name, postcode, _ in chance.choices(communes, weights=weights, k=COMMUNES):
        yield from (name[:length] for length in LENGTHS)
        yield from (name, postcode, postcode[:3])
        slip = chance.randrange(1, max(2, len(name) - 1))
        yield name[:slip] + name[slip + 1 :]
        yield name[:slip] + name[slip + 1 : slip + 2] + name[slip : slip + 1] + name[slip + 2 :]


def _completion(engine: Engine, text: str) -> None:
    with read(engine) as session:
        suggest(session, text)


def _nothing(engine: Engine) -> None:
    with read(engine) as session:
        session.execute(text("SELECT 1"))


def _milliseconds(act: Callable[[], None]) -> float:
    started = perf_counter()
    act()
    return (perf_counter() - started) * 1000
