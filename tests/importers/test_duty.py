"""Numbers that answer by night: of the public only under a title that says so."""

import pytest

from tests.importers.conftest import Read

NIGHT = "+33611223344"


def line(read: Read, titles: str, cells: str) -> tuple[tuple[str, ...], ...]:
    [row] = read(f"Nom;Catégorie;Ville;{titles}\nASE;ASE;Lille;{cells}\n").rows
    return row.phones, row.duty_phones, row.unpublished


@pytest.mark.parametrize(
    "title", ["Téléphone d'astreinte (public)", "Astreinte grand public", "Numéro de nuit public"]
)
def test_a_title_gives_a_number_of_the_night_to_the_public(read: Read, title: str) -> None:
    phones, duty, unpublished = line(read, f"Téléphone;{title}", "03 20 00 00 00;06 11 22 33 44")
    assert phones == ("+33320000000", NIGHT)
    assert (duty, unpublished) == ((NIGHT,), ())


@pytest.mark.parametrize(
    "title",
    ["Astreinte", "Téléphone d'astreinte", "Téléphone de nuit", "Permanence de nuit",
     "Astreinte non publique", "Astreinte (réservée aux professionnels)"],
)  # fmt: skip
def test_under_any_other_title_it_is_withheld_or_not_read(read: Read, title: str) -> None:
    phones, duty, unpublished = line(read, f"Téléphone;{title}", "03 20 00 00 00;06 11 22 33 44")
    assert duty == ()
    assert NIGHT not in {*phones} - {*unpublished}


@pytest.mark.parametrize("cell", ["NON 06 11 22 33 44", "06 11 22 33 44 ne pas diffuser"])
def test_a_cell_that_refuses_is_not_given(read: Read, cell: str) -> None:
    phones, _, unpublished = line(read, "Tel;Astreinte grand public", f"03 20 00 00 00;{cell}")
    assert NIGHT not in {*phones} - {*unpublished}


def test_it_has_hours_of_its_own(read: Read) -> None:
    titles = "Téléphone;Astreinte grand public;Horaires d'astreinte"
    cells = "03 20 00 00 00;06 11 22 33 44;du lundi au vendredi de 18h à 22h"
    [row] = read(f"Nom;Catégorie;Ville;{titles}\nASE;ASE;Lille;{cells}\n").rows
    assert row.duty_hours == "Mo-Fr 18:00-22:00"
    assert row.opening_hours is None
