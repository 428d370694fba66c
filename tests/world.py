"""The whole service behind a real server, over a small world that is written once per worker."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection

from app.gazetteer.load import read_gazetteer
from app.main import create_app
from app.models.protected import Level
from app.platform.cluster.server import Cluster
from app.platform.database.engines import Databases
from app.records.placing import Placed
from tests.databases import cloned
from tests.makers import add_actor, projected
from tests.serving import offline_settings, serving

# What a list may hold, and what no page may ever run or lose.
HOSTILE = "<script>alert(1)</script> ${alert(2)} `alert(3)` </script> \" ' & {{ 7*7 }} \u2028"
NOW = datetime(2026, 6, 10, 10, tzinfo=UTC)
BOBIGNY = "SRID=4326;POINT(2.44 48.91)"
# All that a list may say of an actor of which something is hidden; none of it is anybody else's.
VERSIONS: dict[str, Any] = {
    "acronym": "SIGLE",
    "description": "On y parle tout bas.",
    "functions": ("formation",),
    "audiences": ("filles",),
    "languages": ("wo",),
    "age_min": 6,
    "age_max": 13,
    "phones": ("+33148000000", "+33148000001"),
    "emails": ("accueil@exemple.invalid",),
    "website": "https://exemple.invalid/",
    "opening_hours": "Mo 07:10-07:20",
    "access": "partly",
    "access_text": "la cour est pavée",
    "referral": "saisine par formulaire",
    "referral_public": "en sonnant",
    "referrers": "le juge des enfants",
    "referrers_public": "les voisins",
    "address": "7 rue des Glycines\n93000 Bobigny",
    "street": "7 rue des Glycines",
    "city": "Bobigny",
    "commune": "93008",
    "covers_communes": ("93008",),
    "verified_on": date(2026, 2, 3),
}
# Hours that were not understood stand in the place of those that were.
UNREAD: dict[str, Any] = {"opening_hours": None, "hours_text": "sur appel, sonner deux fois"}
# Of these, an actor beside an accommodation says nothing.
HELD: dict[str, Any] = {
    **dict.fromkeys(("address", "street", "city", "commune")),
    "covers_communes": (),
    "phones": VERSIONS["phones"][:1],
}


@dataclass(frozen=True)
class World:
    """A database with the actors below, by the name of what each is there for."""

    databases: Databases
    ids: dict[str, str]

    def names(self, public_ids: set[str]) -> set[str]:
        """Return what actors are there for; an id that is not ours stays as it is."""
        known = {public_id: name for name, public_id in self.ids.items()}
        return {known.get(public_id, public_id) for public_id in public_ids}


def people(connection: Connection) -> dict[str, str]:
    """Write actors that differ in one thing each; return their public ids."""
    point = {"point": BOBIGNY, "precision": "street"}
    territories = {each.code: each for each in read_gazetteer(connection).territories}

    def version(code: str, level: Level | None, **fields: Any) -> dict[str, Any]:
        placed = Placed(2.44, 48.91, "street") if level else None
        shared = [f"phone:{VERSIONS['phones'][1]}"]
        return projected(territories[code], level, placed, shared, **VERSIONS | fields)

    shelter = {"name": "Le Nid", "category": "mecs"}
    service = {"name": "L'Entraide", "category": "prevention"}
    minors = {"audiences": ["mineurs"]}
    actors: dict[str, dict[str, Any]] = {
        "ase": {"category": "ase", "functions": ["evaluation", "ecoute"], **minors, **point},
        "pjj": {"category": "pjj", "functions": ["justice"], **minors, **point},
        "listens": {"functions": ["ecoute"], "audiences": ["parents", "mineurs"], **point},
        "approximate": {"commune_code": "93008", "point": BOBIGNY, "precision": "commune"},
        "not drawn": {"functions": ["ecoute"], "audiences": ["parents"]},
        "hostile": {
            "name": HOSTILE,
            "description": HOSTILE,
            "address": HOSTILE,
            "website": "javascript:alert(4)",
            **point,
        },
        "crip": {"category": "crip", "phones": ["+33143939393"], **point},
        "shelter": version("93", "neutral", **shelter),
        "front gate": version("93", "neutral", **shelter, **UNREAD, shown=("+33148000000",)),
        "shelter without crip": version("59", "neutral", **shelter),
        "draft": {"status": "draft", "name": "Brouillon", **point},
        "archived": {"status": "archived", "name": "Archive", **point},
        "national": {"territory_code": "75", "covers_national": True, **point},
        "covers 93": {"territory_code": "75", "covers_territories": ["93", "75"], **point},
        "covers commune": {"territory_code": "75", "covers_communes": ["93066"]},
        "covers epci": {"territory_code": "59", "covers_epcis": ["200046977"]},
        "elsewhere": {"territory_code": "59", **point},
        "protected from 75": version("75", "neutral", **shelter, covers_territories=("93",)),
        # Two that look alike: the address of one is held, the list of the other gives none.
        "held": version("93", "held", **service),
        "without address": version("93", None, **service | HELD),
    }
    ids = {}
    for number, (name, columns) in enumerate(actors.items()):
        ids[name] = f"{number:016x}"
        add_actor(connection, public_id=ids[name], **({"name": name} | columns))
    return ids


@pytest.fixture(scope="session")
def world(cluster: Cluster, admin: Connection, lean_template: str) -> Iterator[World]:
    """The world of these tests, committed, and only read."""
    with cloned(cluster, admin, lean_template) as databases:
        with databases.staff.begin() as connection:
            ids = people(connection)
        yield World(databases, ids)


@pytest.fixture(scope="session")
def address(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service over that world, with the ground that it has by default."""
    offline = offline_settings(tmp_path_factory.mktemp("web"))
    settings = offline.model_copy(update={"rate_limit": 0, "tiles": "offered"})
    app = create_app(settings, world.databases)
    # By day: whom a page says to call depends on the hour.
    app.state.site = replace(app.state.site, now=lambda: NOW)
    with serving(app) as address:
        yield address


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    """A client that follows no redirect by itself."""
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        yield client


def listed(html: str) -> set[str]:
    """Return the public ids of the cards of a page, each of which must be there once."""
    found = re.findall(r'data-actor="([^"]*)"', html)
    assert len(found) == len(set(found))
    return set(found)
