"""An invented département of 2,000 actors and its neighbours, and what a search must give there.

`expected` selects in Python what app.search selects in SQL, by rules that are written once more.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import Connection, insert, select, text

from app.gazetteer.load import read_gazetteer
from app.hours import State, state
from app.main import create_app
from app.models import Actor, Commune
from app.models.protected import Level
from app.places.schemas import Area, Place
from app.platform.cluster.server import Cluster
from app.platform.database.engines import Databases
from app.records.placing import Placed
from app.search.criteria import Search
from app.search.situations import departmental_roles
from geo.distance import kilometres
from geo.territories import Territory
from importers import vocabulary
from tests.databases import cloned
from tests.makers import projected
from tests.serving import offline_settings, serving

# A Wednesday: 12:00 in Paris, 14:00 in Saint-Denis de La Réunion.
NOW = datetime(2026, 6, 10, 10, tzinfo=UTC)
HOME = "93"
# Some of the vocabulary, so that a crowd stays the same when words are added to it.
SERVICES = (
    "ase", "crip", "pjj", "police", "gendarmerie", "justice", "uaped", "epreed", "sante",
    "association", "prevention", "milieu_ouvert", "education", "cdlp", "odpe",
)  # fmt: skip
FUNCTIONS = (
    "ecoute", "signalement", "evaluation", "accompagnement", "soin", "audition", "hebergement",
    "maraude", "prevention", "formation", "acces_droits", "enquete", "justice", "autorite",
    "coordination",
)  # fmt: skip
# Seats of actors, and how many of each; those of 974 have a clock of their own.
SEATS = {HOME: 2_000, "75": 300, "59": 80, "69": 40, "69M": 60, "974": 60}
# Of forty in a row: which are hidden, and how much of them.
LEVELS: dict[int, Level] = {4: "held", 7: "neutral", 27: "neutral"}
# Forty of them share this point, in Bobigny.
SHARED_POINT = (2.4415, 48.9085)
HOURS = (
    *(None, None, None, "24/7", "Mo-Fr 09:00-17:00", "Mo-Fr 14:00-18:00", "Tu 09:00-12:00"),
    *("Mo-Su 13:00-15:00", 'Mo-Fr 09:00-17:00 "sur rendez-vous"'),
)
NAMES = (
    *("Écoute jeunes", "Accueil de jour", "Maison des adolescents", "Point d’écoute"),
    *("CIDFF", "Équipe mobile", "Hébergement d’urgence", "Association d’aide", "Centre de soins"),
)

Row = dict[str, Any]


@dataclass(frozen=True)
class Crowd:
    """A database with invented actors, and the published ones by public id."""

    databases: Databases
    rows: Mapping[str, Row] = field(repr=False)


def populate(connection: Connection) -> dict[str, Row]:
    """Write the actors; return those that are published. point is (lon, lat) in degrees."""
    point = (text("ST_X(point)"), text("ST_Y(point)"))
    communes: dict[str, list[Any]] = {}
    statement = select(Commune.code, Commune.name, Commune.territory_code, Commune.epci_code)
    found = connection.execute(statement.add_columns(*point).order_by(Commune.code))
    for code, name, territory, epci, lon, lat in found:
        if lon is not None:
            communes.setdefault(territory, []).append((code, name, epci, lon, lat))
    chance = Random(23)  # noqa: S311 - to be the same each time
    territories = {each.code: each for each in read_gazetteer(connection).territories}
    rows = list(_rows(chance, communes, territories))
    connection.execute(insert(Actor), [row | {"point": _written(row["point"])} for row in rows])
    connection.exec_driver_sql("ANALYZE actor")
    return {row["public_id"]: row for row in rows if row["status"] == "published"}


def _written(point: tuple[float, float] | None) -> str | None:
    return point and "SRID=4326;POINT({} {})".format(*point)


def _rows(
    chance: Random, communes: Mapping[str, Sequence[Any]], territories: Mapping[str, Territory]
) -> Iterable[Row]:
    words = vocabulary.load()
    shelters = [each.code for each in words.categories.values() if each.protected]
    services = SERVICES
    number = 0
    for seat, several in SEATS.items():
        for rank in range(several):
            code, town, epci, lon, lat = chance.choice(communes[seat])
            level = LEVELS.get(rank % 40)
            placed = None
            if rank % 25 != 11:
                near = (lon + chance.uniform(-0.02, 0.02), lat + chance.uniform(-0.02, 0.02))
                lon, lat = SHARED_POINT if seat == HOME and rank % 50 == 13 else near
                placed = Placed(lon, lat, chance.choice(("address", "street", "commune")))
            row = projected(
                territories[seat],
                level,
                placed,
                status="draft" if rank % 97 == 96 else "published",
                category=chance.choice(shelters if level == "neutral" else services),
                name=f"{chance.choice(NAMES)} {town} {number}",
                functions=_some(chance, FUNCTIONS),
                audiences=_some(chance, list(words.audiences)),
                languages=(("fr",), ("fr", "en"), ("ar",), (), ())[number % 5],
                age_min=chance.choice((None, None, 0, 11, 15)),
                age_max=chance.choice((None, None, 17, 18, 25)),
                phones=() if rank % 23 == 5 else ("+33143939393",),
                # Every other neutral actor has no number that the public may call.
                shown=() if rank % 40 == 27 else ("+33143939393",),
                opening_hours=chance.choice(HOURS),
                commune=code,
                covers_national=rank % 200 == 3,
                covers_territories=("93", "59") if rank % 31 == 2 else (),
                covers_epcis=(epci,) if epci and rank % 37 == 5 else (),
                covers_communes=(code,) if rank % 29 == 4 else (),
                verified_on=date(2026, 1, 1) + timedelta(days=rank % 90) if rank % 3 else None,
            )
            point = placed and row["point"] and (placed.lon, placed.lat)
            row |= {"id": UUID(int=number), "public_id": f"{number:016x}", "point": point}
            yield row
            number += 1


def _some(chance: Random, codes: Sequence[str]) -> tuple[str, ...]:
    return tuple(chance.sample(codes, chance.choice((0, 1, 1, 2, 3))))


def metres(point: tuple[float, float], place: Place) -> float:
    """Return how far a point is from a place, on a sphere."""
    return 1000 * kilometres(point, (place.lon, place.lat))


def in_charge(row: Row, area: Area) -> bool:
    """Say that an actor covers an area, or is what its département has one of by law."""
    own = any(
        row["category"] in role.categories
        and (role.departmental or role.departmental_if in row["functions"])
        for role in departmental_roles()
    )
    covered = (*row["covers_territories"], *row["covers_epcis"], *row["covers_communes"])
    return bool(
        row["covers_national"]
        or {area.territory_code, area.epci_code, area.commune_code}.intersection(covered)
        or (own and not covered and row["territory_code"] == area.territory_code)
    )


def decides(row: Row, search: Search) -> bool:
    """Say that an actor decides where one looks, so that nothing leaves it out."""
    areas = [Area(None, None, code) for code in search.territories]
    if search.place:
        areas.append(search.place.area)
    decider = row["category"] in ("crip", "ase", "justice")
    return decider and any(in_charge(row, area) for area in areas)


def passes(row: Row, search: Search, at: datetime = NOW) -> bool:
    """Say that an actor passes all filters of a search that do not depend on where it is."""
    own = {
        "categorie": [row["category"]],
        "fonction": row["functions"],
        "public": row["audiences"],
        "langue": row["languages"],
    }
    for name, asked in search.chosen:
        if name in own and not {*asked}.intersection(own[name]):
            return False
    least, most = row["age_min"], row["age_max"]
    for age in map(int, search.values("age")):
        if not (least or 0) <= age <= (99 if most is None else most):
            return False
    if row["territory_code"] in search.without and not decides(row, search):
        return False
    hours = row["opening_hours"]
    if search.values("ouvert") == ("24h",):
        return bool(hours == "24/7")
    if search.open_now:
        return state(hours, row["territory_code"], at).state is State.OPEN
    return True


@pytest.fixture(scope="session")
def crowd(cluster: Cluster, admin: Connection, lean_template: str) -> Iterator[Crowd]:
    """The département of 2,000 actors and its neighbours, committed."""
    with cloned(cluster, admin, lean_template) as databases:
        with databases.staff.begin() as connection:
            rows = populate(connection)
        yield Crowd(databases, rows)


@pytest.fixture(scope="session")
def crowd_client(crowd: Crowd, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of the whole service over the crowd, where it is NOW; it follows no redirect."""
    offline = offline_settings(tmp_path_factory.mktemp("crowd"))
    app = create_app(offline.model_copy(update={"rate_limit": 0}), crowd.databases)
    app.state.site = replace(app.state.site, now=lambda: NOW)
    with (
        serving(app) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        yield client
