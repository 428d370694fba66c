"""The desk with actors to work on: a short list of two territories, sent as people send them."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from app.models import Actor
from app.platform.database.sessions import read
from app.records.viewing import see
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from tests.desk.bureau import Bureau
from tests.short_lists import APART, ASE, CRIP, NEIGHBOUR, SHELTER, csv, run

LILLE = "Foyer de Lille;MECS;3 rue Autre;59000;Lille;01 99 00 00 20;"
UNKNOWN = "Structure inconnue;Machin;8 rue Ouverte;93000;Bobigny;01 99 00 00 30;"


@dataclass
class Desk(Bureau):
    """A desk, and the actors behind it."""

    @property
    def runtime(self) -> Runtime:
        """What acts and imports take."""
        return Runtime(self.settings, self.databases, self.vault, "", None)

    def ids(self) -> dict[str, str]:
        """True name of each actor -> the public id that it has now."""
        with read(self.databases.staff) as session:
            return {each.record.name: each.public_id for each in see(session, self.vault, OPERATOR)}

    def status(self, public_id: str) -> str | None:
        """Return what became of an actor in the public record."""
        with read(self.databases.staff) as session:
            return session.scalar(select(Actor.status).where(Actor.public_id == public_id))


@pytest.fixture(scope="module")
def desk(bureau: Bureau) -> Desk:
    """A shelter with its neighbour, three open services, a shelter elsewhere, one without a class.

    What a test changes stays changed for the tests of its module.
    """
    made = Desk(**vars(bureau))
    lines = csv(CRIP, ASE, SHELTER, NEIGHBOUR, APART, LILLE, UNKNOWN)
    run(made.runtime, lines, territory=None)
    return made
