"""A world to print: the actors of the web and file tests, a crowd, and some with much to say."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection

from app.main import create_app
from app.platform.cluster.server import Cluster
from tests.databases import cloned
from tests.hostile import NOW, hostile, several
from tests.makers import add_actor
from tests.serving import serving, settings_in
from tests.world import World, people

PUBLIC_URL = "https://carte.exemple"
# Of Ain: as many as a sheet of a département is to take a second for.
FORTY = 40


def forty(connection: Connection) -> None:
    """Write the actors of Ain, such as a list of a département has them."""
    for number in range(FORTY):
        add_actor(
            connection,
            public_id=f"f{number:015x}",
            name=f"Association d’accueil et d’écoute des jeunes, antenne n° {number}",
            category=("association", "sante", "police", "ase", "justice")[number % 5],
            territory_code="01",
            functions=["ecoute", "accompagnement", "soin"],
            audiences=["mineurs", "parents"],
            phones=["+33143939393"],
            address=f"{number + 1} rue de la République\n01000 Bourg-en-Bresse",
            opening_hours="Mo-Fr 09:00-12:30,13:30-17:30; Sa 09:00-12:00",
            point=f"SRID=4326;POINT({5 + number % 8 * 0.1:.3f} {45.9 + number // 8 * 0.08:.3f})",
            precision="address",
        )


STREET = "Bâtiment des consultations, escalier de gauche, deuxième étage, porte verte "
WEEK = (
    "Mo 09:00-12:00,13:30-17:00; Tu 09:00-13:00; We 09:00-12:00,14:00-18:00; Th 14:00-17:00;"
    " Fr 08:30-12:30,13:30-17:00; Sa 10:00-12:00; Su 15:00-18:00"
)
# Of Nord as well, each with more to say than most, and none of it to be lost without a sign.
FULL: dict[str, dict[str, Any]] = {
    "week": {
        "opening_hours": WEEK,
        "phones": [f"+3314393930{number}" for number in range(5)],
        "description": "Écoute et accompagne les enfants victimes, avec leurs parents. " * 12,
        "address": "3 rue de Paris\n59000 Lille",
    },
    "everything": {
        "name": "Maison des adolescents et des familles du Nord, " * 4,
        "opening_hours": "; ".join(
            f'{day} 09:00-12:00 "sur rendez-vous auprès du secrétariat, porte {number}"'
            for number in range(5)
            for day in ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
        ),
        "phones": [f"+331439393{number}" for number in range(10, 40)],
        "description": "Reçoit sans rendez-vous. " * 90,
        "address": STREET * 6 + "\n59000 LILLE CEDEX",
    },
    "long address": {"address": STREET * 4 + "59000 Lille", "commune_code": "59350"},
    "long street": {"address": STREET * 4, "commune_code": "59350"},
    "other spelling": {"address": "2 rue Haute\n59700 MARCQ EN BAROEUL", "commune_code": "59378"},
    "street of a town": {"address": "8 rue de Lille", "commune_code": "59350"},
    "long slug": {"slug": "maison-des-adolescents-" * 13},
    "e-mail": {"email": "accueil@exemple.invalid"},
}


def full(connection: Connection) -> dict[str, str]:
    """Write those of FULL; return their ids."""
    ids = {}
    for number, (name, values) in enumerate(FULL.items()):
        ids[name] = f"b{number:015x}"
        columns = {"name": f"Association {name}", "public_id": ids[name], "territory_code": "59"}
        add_actor(connection, **(columns | values))
    return ids


def overseas(connection: Connection) -> None:
    """Write actors of La Réunion and of Guadeloupe, with a point each."""
    for number, (code, point) in enumerate([("974", "55.5 -21.1")] * 3 + [("971", "-61.5 16.2")]):
        add_actor(
            connection,
            public_id=f"d{number:015x}",
            name=f"Outre-mer {number}",
            category="odpe",
            territory_code=code,
            point=f"SRID=4326;POINT({point})",
            precision="address",
        )


def neutral(connection: Connection) -> None:
    """Write neutral actors of Haute-Savoie: three without a number of their own, one with one."""
    for number in range(4):
        add_actor(
            connection,
            slug="lieu-d-accueil-haute-savoie",
            name="Lieu d'accueil – Haute-Savoie",
            category="heberger",
            territory_code="74",
            protected=True,
            phones=["+33450000001"] if number == 3 else [],
        )


@pytest.fixture(scope="session")
def world(cluster: Cluster, admin: Connection, lean_template: str) -> Iterator[World]:
    """Actors that differ, hostile ones, a crowd and forty equal ones, committed, and only read."""
    with cloned(cluster, admin, lean_template) as databases:
        with databases.staff.begin() as connection:
            ids = people(connection) | hostile(connection) | full(connection)
            several(connection)
            overseas(connection)
            forty(connection)
            neutral(connection)
        yield World(databases, ids)


@pytest.fixture(scope="session")
def client(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a service over that world, where it is NOW; it follows no redirect by itself."""
    with asking(world, tmp_path_factory.mktemp("prints")) as client:
        yield client


@contextmanager
def asking(world: World, folder: Path, **more: Any) -> Iterator[httpx.Client]:
    """Yield the same of a service of its own. more: of its settings."""
    settings = settings_in(folder, rate_limit=0, public_url=PUBLIC_URL, **more)
    app = create_app(settings, world.databases)
    app.state.site = replace(app.state.site, now=lambda: NOW)
    with (
        serving(app) as address,
        httpx.Client(base_url=address, trust_env=False, timeout=60) as client,
    ):
        yield client
