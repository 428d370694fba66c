"""No sequence of lists, in any order and with any columns, makes an accommodation public."""

import random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Actor, ActorProtected
from app.records.sealed import open_record
from app.runtime.staff import Runtime
from tests.short_lists import run

SECRET = ("10 rue Cachée", "12 rue Voilée", "14 rue Secrète")
PHONES = ("01 99 00 00 10", "01 99 00 00 12", "01 99 00 00 14")
# Of the last one, no word tells what it is.
HOMES = ("Foyer des Lilas", "MECS Les Pins", "Les Lilas")
CATEGORIES = ("MECS", "Association", "inconnue", "", "Foyer de l'enfance", "PMI", "UAPED")
CONSENTS = ("12/03/2026", "OUI", "accord donné le 01/02/2026", "refus", "")
STATES = ("", "fermé", "ouvert")


def random_list(chance: random.Random) -> bytes:
    """Return a list of the same homes and neighbours, told otherwise each time."""
    columns = ["Nom", "Adresse", "Code postal", "Commune", "Téléphone", "Catégorie"]
    extra = chance.sample(("Accord de publication", "Téléphone communicable", "État", "Réf"), 2)
    lines = [";".join((*columns, *extra))]
    for number in chance.sample(range(6), chance.randint(1, 6)):
        home = number < len(HOMES)
        name = HOMES[number] if home else f"Association {number}"
        street = SECRET[number % 3] if home or chance.random() < 0.5 else f"{number} rue Libre"
        phone = PHONES[number % 3] if home or chance.random() < 0.5 else f"01 99 00 01 0{number}"
        category = chance.choice(CATEGORIES) if home else "Association"
        values = {
            "Accord de publication": chance.choice(CONSENTS),
            "Téléphone communicable": chance.choice((phone, "OUI", "")),
            "État": chance.choice(STATES),
            "Réf": f"R{number}",
        }
        cells = (name, street, "93000", "Bobigny", phone, category)
        lines.append(";".join((*cells, *(values[title] for title in extra))))
    head, *rest = lines
    chance.shuffle(rest)
    return "\r\n".join((head, *rest)).encode("cp1252")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_no_sequence_of_lists_makes_an_accommodation_public(runtime: Runtime, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - which lists are tried, nothing secret
    run(
        runtime,
        "\r\n".join(
            (
                "Réf;Nom;Catégorie;Adresse;Code postal;Commune;Téléphone",
                f"R0;{HOMES[0]};MECS;{SECRET[0]};93000;Bobigny;{PHONES[0]}",
                f"R1;{HOMES[1]};MECS;{SECRET[1]};93000;Bobigny;{PHONES[1]}",
                f"R2;{HOMES[2]};MECS;{SECRET[2]};93000;Bobigny;{PHONES[2]}",
            )
        ).encode("cp1252"),
    )
    for _ in range(6):
        run(runtime, random_list(chance), source=chance.choice(("liste", "autre")))
        check(runtime)


def check(runtime: Runtime) -> None:
    with Session(runtime.staff) as session:
        found = session.execute(
            select(Actor, ActorProtected).join(ActorProtected, ActorProtected.actor_id == Actor.id)
        ).all()
    actors = [
        (actor, open_record(runtime.vault, actor.id, sealed.record)) for actor, sealed in found
    ]
    # Who closed houses nobody: another may have moved in.
    empty = {r.street for _, r in actors if r.name in HOMES and r.status == "archived"}
    for actor, record in actors:
        if record.name in HOMES:
            assert (actor.protected, actor.address, actor.phones) == (True, None, [])
            assert actor.point is None
        elif record.street in SECRET and record.street not in empty:
            assert (actor.address, actor.point, actor.commune_code) == (None, None, None)
