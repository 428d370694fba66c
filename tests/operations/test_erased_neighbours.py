"""An erasure leaves nobody public beside a home with what an organisation gave until then."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Actor, ActorProtected, ErasureDebt, Revision
from app.models.protected import Level
from app.records.sealed import open_record
from app.runtime.staff import Runtime
from tests.operations.erasing import actor_marks, erase, everything, value_marks
from tests.short_lists import csv, ids, reached, run

pytestmark = pytest.mark.slow

SHARED = "93000;Bobigny;01 99 00 00 10"
HOME = f"Foyer;MECS;1 rue A;{SHARED};"
PINS = f"Pins;Association;2 rue B;{SHARED};"
SAPINS = f"Sapins;Association;3 rue du Tilleul;{SHARED};"


def levels(runtime: Runtime) -> dict[str, Level | None]:
    """Return true name -> level."""
    with Session(runtime.staff) as session:
        return {
            open_record(runtime.vault, each.actor_id, each.record).name: each.level
            for each in session.scalars(select(ActorProtected))
        }


def test_the_erased_third_place_of_an_organisation_leaves_its_number_to_the_home(
    runtime: Runtime,
) -> None:
    run(runtime, csv(SAPINS), source="autre")
    run(runtime, csv(HOME, PINS))
    assert levels(runtime) == {"Foyer": "neutral", "Pins": None, "Sapins": None}
    erase(runtime, actor_marks(runtime, ids(runtime)["Sapins"]))
    assert levels(runtime) == {"Foyer": "neutral", "Pins": "held"}
    assert "Sapins" not in everything(runtime)
    with Session(runtime.staff) as session:
        owed = (
            select(Revision.action)
            .join(ErasureDebt, ErasureDebt.revision_id == Revision.id)
            .join(Actor, Actor.id == Revision.actor_id)
            .where(Actor.name == "Pins")
        )
        assert session.scalars(owed).all() == ["protect"]


def test_the_erased_third_place_publishes_nothing_else_that_is_shared(runtime: Runtime) -> None:
    mail = "accueil@example.org"
    run(runtime, csv(SAPINS), source="autre")
    run(runtime, csv(HOME + mail, PINS + mail))
    assert reached(runtime, "Pins") == (["+33199000010"], None)
    erase(runtime, actor_marks(runtime, ids(runtime)["Sapins"]))
    assert reached(runtime, "Pins") == ([], None)


def test_the_erased_address_of_the_third_place_leaves_its_number_to_the_home(
    runtime: Runtime,
) -> None:
    run(runtime, csv(SAPINS), source="autre")
    run(runtime, csv(HOME, PINS))
    erase(runtime, value_marks(runtime, "3 rue du Tilleul"))
    assert levels(runtime)["Pins"] == "held"


def test_the_erased_address_that_another_list_gave_of_the_home_is_a_place_no_more(
    runtime: Runtime,
) -> None:
    """The home gives the number where that list places it alone, which is the third place."""
    titles = "FINESS;Nom;Catégorie;Adresse;Code postal;Commune;Téléphone"
    here = "930000484;Foyer;MECS;1 rue A;93000;Bobigny;01 99 00 00 77"
    there = "930000484;Foyer;MECS;9 rue du Tilleul;93000;Bobigny;01 99 00 00 10"
    for source, line in (("une", there), ("autre", here)):
        run(runtime, "\r\n".join((titles, line)).encode("cp1252"), source=source)
    run(runtime, csv(PINS, SAPINS.replace("Tilleul", "Port")), source="tiers")
    assert levels(runtime)["Pins"] is None
    erase(runtime, value_marks(runtime, "9 rue du Tilleul"))
    assert levels(runtime)["Pins"] == "held"


def test_the_neighbour_of_an_erased_home_stays_hidden_until_a_person_decides(
    runtime: Runtime,
) -> None:
    run(runtime, csv(HOME, PINS))
    assert levels(runtime)["Pins"] == "held"
    with Session(runtime.staff) as session:
        home = session.scalars(select(Actor.public_id).where(Actor.protected)).one()
    erase(runtime, actor_marks(runtime, home))
    assert levels(runtime) == {"Pins": "held"}
    run(runtime, csv(PINS.replace("01 99 00 00 10", "01 99 00 00 11")))
    assert levels(runtime) == {"Pins": "held"}
