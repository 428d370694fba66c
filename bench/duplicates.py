"""All actors compared with all others, and after a change of one, in a process of its own.

By hand: `python -m bench.duplicates [ACTORS]`.
"""

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

from app.gazetteer.load import read_gazetteer
from app.platform.cluster.server import Cluster
from app.platform.database.engines import make_engine, role
from app.platform.database.sessions import read, write
from app.records.edits import Edit, create
from app.records.history import History
from app.records.record import Origin
from app.records.writing import Writer
from app.runtime.addresses import DATABASE
from app.vault.digests import index_key
from app.vault.sealing import parse_keys
from bench.actors import SEED, populations
from bench.database import alone, connect, filled
from bench.import_child import Cost
from bench.imports import run_child
from bench.setting import ACTORS, KEYS, SMALL
from bench.tools import PACE, Measure, figure_at_most
from geo.gazetteer import Gazetteer
from importers import vocabulary
from importers.row import ActorRow

COPY = f"{DATABASE}_duplicates"
ALL = f"comparison_of_{ACTORS}_actors_seconds"
ALL_AIM = 300.0
MEMORY = f"comparison_of_{ACTORS}_actors_megabytes"
MEMORY_AIM = 300.0
AT_ONCE = 5_000
# Of all, those that are written a second time as another list would, and those that are hidden.
DOUBLED, HIDDEN = 0.02, 0.05
NAMES = ("Lilas", "Tamaris", "Victor Hugo", "Pasteur", "Escale", "Passerelle", "Oasis", "Trèfle")


def fill(cluster: Cluster, count: int) -> None:
    """Write invented actors with sealed records and marks where people are."""
    maintenance = cluster.url(cluster.superuser, "postgres")
    alone(maintenance, f"DROP DATABASE IF EXISTS {COPY}")
    alone(maintenance, f"CREATE DATABASE {COPY} TEMPLATE {SMALL}")
    vault, engine = parse_keys(KEYS), make_engine(cluster.url(role(DATABASE, "staff"), COPY))
    with read(engine) as session:
        gazetteer = read_gazetteer(session.connection())
    made = list(_actors(gazetteer, count))
    for start in range(0, count, AT_ONCE):
        with write(engine) as session:
            writer = Writer(session, vault, index_key(session, vault), gazetteer)
            edits = {each.actor_id: each for each in made[start : start + AT_ONCE]}
            writer.settle(edits, History(session, vault, "bench", "edit"))
    engine.dispose()
    alone(cluster.url(cluster.superuser, COPY), "VACUUM (ANALYZE)")


def _actors(gazetteer: Gazetteer, count: int) -> Iterator[Edit]:
    random = Random(SEED)  # noqa: S311
    people = populations()
    places = [each for each in gazetteer.communes if each.lon is not None and each.postcodes]
    weights = [people.get(each.code, 100) for each in places]
    words = vocabulary.load().categories.values()
    homes = [each for each in words if each.protected]
    others = [each for each in words if each.searched and not each.protected]
    origin = Origin(source="staff", day=date(2026, 1, 1), rank=1)
    seats = random.choices(places, weights, k=count)
    for number, place in enumerate(seats):
        category = random.choice(homes if random.random() < HIDDEN else others)
        street = f"{random.randint(1, 300)} rue {random.choice(NAMES)}"
        row = ActorRow(
            line=number,
            name=f"{category.label} {random.choice(NAMES)} {place.name}",
            category=category.code,
            phones=(f"+33{random.randrange(10**8, 6 * 10**8)}",),
            emails=(f"contact@service{random.randrange(count)}.example",),
            address=f"{street}\n{place.postcodes[0]} {place.name}",
            street=street,
            postcode=place.postcodes[0],
            city=place.name,
            commune=place.code,
            territory=place.territory,
        )
        yield create(row, origin, draft=False)
        if random.random() < DOUBLED:
            other = row.model_copy(update={"name": row.name.upper(), "emails": ()})
            yield create(other, origin, draft=False)


def costs(cluster: Cluster, count: int) -> dict[str, Cost]:
    """Return what it takes to compare all, and then one that changed, in processes of their own."""
    fill(cluster, count)
    url = cluster.url(role(DATABASE, "staff"), COPY)
    found = {"all": run_child(Path(), url, "compare")}
    with connect(cluster, cluster.superuser, COPY) as owner:
        owner.execute(
            "UPDATE actor SET updated_at = now()"
            " WHERE id = (SELECT actor_id FROM actor_compared LIMIT 1)"
        )
    return found | {"one": run_child(Path(), url, "compare")}


def measures(cluster: Cluster) -> Iterator[Measure]:
    """Measure it beside one that changed."""
    cost = costs(cluster, PACE.part(ACTORS))
    yield figure_at_most(ALL, (cost["all"].seconds, cost["one"].seconds), ALL_AIM)
    yield figure_at_most(MEMORY, (cost["all"].megabytes, cost["one"].megabytes), MEMORY_AIM)


def main() -> None:
    """Print what it takes, and how many pairs it finds."""
    with filled() as cluster:
        print(costs(cluster, int(sys.argv[1]) if sys.argv[1:] else ACTORS))  # noqa: T201
        with connect(cluster, cluster.superuser, COPY) as owner:
            print(owner.execute("SELECT count(*) FROM proposal").fetchone())  # noqa: T201
        alone(cluster.url(cluster.superuser, "postgres"), f"DROP DATABASE {COPY}")


if __name__ == "__main__":
    main()
