"""100,000 invented actors, spread as people are over communes; the same ones at every run."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from app.commands.territories import DECOUPAGE
from importers import vocabulary

ACTORS = 100_000
SEED = 23
# One département holds exactly as many as the map of a département is measured with.
TERRITORY = "23"
IN_TERRITORY = 300
# Degrees around a commune's point, about 2 km.
SPREAD = 0.02
VERIFIED = date(2026, 1, 1)

COLUMNS = (
    "id", "public_id", "slug", "status", "protected", "category", "name", "functions", "audiences",
    "phones", "website", "address", "commune_code", "point", "precision", "territory_code",
    "verified_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A commune of the database. lon, lat: EPSG:4326 degrees."""

    code: str
    name: str
    territory: str
    lon: float
    lat: float


def populations() -> dict[str, int]:
    """Inhabitants of each current commune, from @etalab/decoupage-administratif."""
    communes = json.loads((DECOUPAGE / "communes.json").read_text())
    return {each["code"]: each["population"] for each in communes if each.get("population")}


def actors(places: list[Place]) -> Iterator[tuple[object, ...]]:
    """Rows of table actor in the order of COLUMNS, published and not protected."""
    random = Random(SEED)  # noqa: S311
    people = populations()
    inside = [each for each in places if each.territory == TERRITORY]
    outside = [each for each in places if each.territory != TERRITORY]
    for count, group in ((IN_TERRITORY, inside), (ACTORS - IN_TERRITORY, outside)):
        weights = [people.get(each.code, 100) for each in group]
        for place in random.choices(group, weights, k=count):
            yield _actor(random, place)


def _actor(random: Random, place: Place) -> tuple[object, ...]:
    words = vocabulary.load()
    number = random.getrandbits(80)
    open_ones = [each for each in words.categories.values() if not each.protected]
    category = random.choice(open_ones)
    name = f"{category.label} fictif {number % 100_000} de {place.name}"
    lon = place.lon + random.uniform(-SPREAD, SPREAD)
    lat = place.lat + random.uniform(-SPREAD, SPREAD)
    return (
        hashlib.md5(number.to_bytes(10, "big"), usedforsecurity=False).hexdigest(),
        f"{number:020x}"[-16:],
        f"fictif-{number % 100_000}",
        "published",
        False,
        category.code,
        name,
        random.sample(list(words.functions), 2),
        random.sample(list(words.audiences), 1),
        [f"+339{random.randrange(10**8):08}"],
        "https://exemple.invalid/accueil",
        f"{random.randrange(1, 200)} rue Fictive\n{place.name}",
        place.code,
        f"SRID=4326;POINT({lon:.6f} {lat:.6f})",
        "address",
        place.territory,
        VERIFIED,
    )
