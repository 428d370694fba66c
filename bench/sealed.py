"""Invented actors with a sealed record, most of them hidden: what the desk searches and saves."""

from collections.abc import Iterator
from datetime import date
from random import Random

from sqlalchemy import Engine

from app.gazetteer.load import read_gazetteer
from app.platform.database.sessions import read, write
from app.records.edits import Edit, create
from app.records.history import History
from app.records.record import Origin
from app.records.writing import Writer
from app.vault.digests import index_key
from app.vault.sealing import Vault
from bench.actors import SEED
from geo.gazetteer import Gazetteer
from importers.row import ActorRow

HIDDEN, OPEN = 20_000, 5_000
AT_ONCE = 5_000
# What names are made of: a search for two of them finds some hundreds.
WORDS = (
    *("maison", "accueil", "enfance", "lilas", "rose", "pont", "soleil", "mer", "chemin"),
    *("refuge", "atelier", "clairière", "rivière", "tilleuls", "horizon", "passerelle"),
)
DESCRIPTION = "Accueil fictif de mineurs, de jour et de nuit, avec une équipe d’éducateurs. " * 8


def fill_sealed(engine: Engine, vault: Vault) -> None:
    """Write all of them, as a list does."""
    with read(engine) as session:
        gazetteer = read_gazetteer(session.connection())
    made = list(_actors(gazetteer))
    for start in range(0, len(made), AT_ONCE):
        with write(engine) as session:
            writer = Writer(session, vault, index_key(session, vault), gazetteer)
            edits = {each.actor_id: each for each in made[start : start + AT_ONCE]}
            writer.settle(edits, History(session, vault, "bench", "edit"))


def _actors(gazetteer: Gazetteer) -> Iterator[Edit]:
    random = Random(SEED)  # noqa: S311
    communes = [each for each in gazetteer.communes if each.lon is not None and each.postcodes]
    origin = Origin(source="staff", day=date(2026, 1, 1), rank=1)
    for number in range(HIDDEN + OPEN):
        place = random.choice(communes)
        street = f"{number} rue Fictive"
        row = ActorRow(
            line=number,
            name=f"{' '.join(random.sample(WORDS, 4)).capitalize()} {number}",
            category="mecs" if number < HIDDEN else "association",
            description=DESCRIPTION,
            phones=(f"+339{number:08}",),
            address=f"{street}\n{place.postcodes[0]} {place.name}",
            street=street,
            postcode=place.postcodes[0],
            city=place.name,
            commune=place.code,
            territory=place.territory,
        )
        yield create(row, origin, draft=False)
