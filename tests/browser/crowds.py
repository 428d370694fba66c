"""The service over many like actors, some of them on one point, the others within a box."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import insert

from app.main import create_app
from app.models import Actor, new_public_id
from app.platform.database.engines import Databases
from tests.serving import offline_settings, serving

POINT = "SRID=4326;POINT(2.3572 48.9362)"
CATEGORIES = ("association", "sante", "prevention", "ase", "pjj", "police")
Bounds = tuple[float, float, float, float]


@contextmanager
def crowded(
    databases: Databases, directory: Path, many: int, together: int, bounds: Bounds
) -> Iterator[str]:
    """Write many actors of one territory, and yield the address of a service over them.

    together: how many stand on POINT; bounds: west, south, east, north of the others, in degrees.
    """
    chance = random.Random(23)  # noqa: S311 - no secret
    west, south, east, north = bounds

    def actor(number: int) -> dict[str, object]:
        lon, lat = chance.uniform(west, east), chance.uniform(south, north)
        return {
            "public_id": new_public_id(),
            "slug": "acteur",
            "status": "published",
            "protected": False,
            "category": CATEGORIES[number % len(CATEGORIES)],
            "name": f"Acteur {number:04}",
            "territory_code": "93",
            "commune_code": "93066",
            "point": POINT if number < together else f"SRID=4326;POINT({lon} {lat})",
            "precision": "address",
            "functions": [],
            "audiences": [],
            "phones": ["+33143939393"],
        }

    with databases.staff.begin() as connection:
        connection.execute(insert(Actor), [actor(number) for number in range(many)])
    with serving(create_app(offline_settings(directory), databases)) as address:
        yield address
