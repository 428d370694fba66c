"""Whose number is asked for: of public actors, and of none that somebody hidden has too."""

from datetime import date

from app.platform.database.sessions import read
from app.records.acts import unprotect
from app.registers.watch import public_numbers
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from tests.makers import decide
from tests.short_lists import ids, run

HEADER = "Nom;Catégorie;Adresse;Code postal;Commune;SIRET"
OPEN = "Service;Association;1 rue Haute;93000;Bobigny;73282932000074"
HOME = "Foyer;MECS;10 rue Cachée;93000;Bobigny;35600000000048"
OFFICE = "Bureau;Association;5 rue Autre;93300;Aubervilliers;35600000000048"


def asked(runtime: Runtime, territory: str | None = None) -> set[str]:
    with read(runtime.staff) as session:
        return set(public_numbers(session, runtime.vault, OPERATOR, territory))


def test_a_number_of_a_home_is_not_asked_for_though_a_person_published_its_office(
    runtime: Runtime,
) -> None:
    run(runtime, "\r\n".join((HEADER, OPEN, HOME, OFFICE)).encode("cp1252"))
    assert asked(runtime) == {"73282932000074"}
    office = ids(runtime)["Bureau"]
    decide(runtime, unprotect, office, who="essai", consent=date(2026, 1, 5), why="vu")
    assert asked(runtime) == {"73282932000074"}
    assert asked(runtime, "59") == set()
