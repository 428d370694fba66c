"""What each column of the files says, with an example that its own code writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from app.files.as_csv import as_text
from app.search.actor_schemas import ActorCard, Duty
from app.search.columns import COLUMNS, DISTANCE, Record
from app.search.facets import FACETS
from importers import vocabulary


@dataclass(frozen=True, slots=True)
class Entry:
    """A column. name: as files name it; example: as the CSV writes it."""

    name: str
    label: str
    meaning: str
    example: str


@lru_cache(maxsize=1)
def dictionary() -> Sequence[Entry]:
    """Return the columns of a file, in their order; distances are last, since few files have them.

    The examples are of an actor that does not exist.
    """
    example = _example()
    last = [column for column in COLUMNS if column is not DISTANCE]
    return tuple(
        Entry(column.name, column.label, column.meaning, as_text(column.value(example)))
        for column in (*last, DISTANCE)
    )


def _example() -> Record:
    row = {
        "category": "uaped",
        "functions": ["ecoute", "evaluation"],
        "audiences": ["mineurs"],
        "languages": ["fr", "en"],
        "age_min": 0,
        "age_max": 17,
        "opening_hours": "Mo-Fr 09:00-17:00",
    }
    words = vocabulary.load()
    card = ActorCard(
        public_id="0123456789abcdef",
        slug="accueil-pediatrique-exemple",
        name="Unité d’accueil pédiatrique d’Exemple",
        acronym="UAPED",
        category=words.categories["uaped"],
        specialised=False,
        facts={facet.name: facet.fact(row) for facet in FACETS},
        phones=("+33199005678",),
        phone_label="Secrétariat",
        duty=Duty(("+33199005679",), None, now=False),
        commune_name="Bobigny",
        address="1 rue de l’Exemple\n93000 Bobigny",
        precision="address",
        drawn=True,
        protected=False,
        verified_on=date(2026, 3, 2),
        register="FINESS",
        description="Reçoit les enfants victimes, sur rendez-vous.",
        website="https://www.exemple.fr/",
        email="accueil@exemple.fr",
        opening_hours="Mo-Fr 09:00-17:00",
        hours_text=None,
        opening=None,
        access="partly",
        access_text="rez-de-chaussée",
        referral="Par téléphone, tous les matins.",
        referrers="Toute personne.",
        seat_territory_code="93",
        seat_territory_name="Seine-Saint-Denis",
        metres=1_850.0,
        lapsed=True,
    )
    return Record(
        card=card,
        commune_code="93008",
        postcode="93000",
        covers=("Seine-Saint-Denis",),
        group=0,
        lon=2.439712,
        lat=48.908512,
        site="https://…",
    )
