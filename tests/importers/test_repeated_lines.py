"""Two lines that are one: the fuller one is kept, with all that the other one hides."""

import io

import openpyxl
import pytest

from importers.row import ActorRow
from tests.importers.conftest import Read

TITLES = "Nom;Type;Adresse;Commune;Tél;Tél direct;Missions"
FULL = {"Adresse": "1 rue Haute", "Tél": "01 99 00 00 01"}


def joined(read: Read, *lines: dict[str, str]) -> ActorRow:
    """Return the one row of lines of one actor; what a line does not say of it is ordinary."""
    ordinary = {"Nom": "Les Lilas", "Type": "Association", "Commune": "Bobigny"}
    titles = TITLES.split(";")
    cells = [";".join((ordinary | each).get(title, "") for title in titles) for each in lines]
    (row,) = read("\n".join([TITLES, *cells]) + "\n").rows
    return row


@pytest.mark.parametrize("fuller_first", [True, False])
@pytest.mark.parametrize("said", ["Foyer, hébergement", "ne pas diffuser"])
def test_a_sign_of_the_poorer_line_stays(read: Read, said: str, fuller_first: bool) -> None:
    lines = [FULL, {"Missions": said}]
    row = joined(read, *(lines if fuller_first else lines[::-1]))
    assert row.phones == ("+33199000001",)
    assert {sign.field for sign in row.signs} == {"functions"}


@pytest.mark.parametrize("fuller_first", [True, False])
@pytest.mark.parametrize(("said", "left"), [("MECS", "mecs"), ("inconnue", "association")])
def test_the_stricter_category_stays_and_one_that_is_known(
    read: Read, said: str, left: str, fuller_first: bool
) -> None:
    lines = [FULL, {"Type": said}]
    assert joined(read, *(lines if fuller_first else lines[::-1])).category == left


@pytest.mark.parametrize("fuller_first", [True, False])
def test_what_the_poorer_line_withholds_stays_withheld(read: Read, fuller_first: bool) -> None:
    lines = [FULL, {"Tél direct": FULL["Tél"]}]
    row = joined(read, *(lines if fuller_first else lines[::-1]))
    assert row.unpublished == row.phones == ("+33199000001",)


@pytest.mark.parametrize("hidden", [2, 3])
def test_one_of_them_that_is_hidden_in_the_file_leaves_a_draft(read: Read, hidden: int) -> None:
    book = openpyxl.Workbook()
    for line in (TITLES, "Les Lilas;ASE;1 rue Haute;Bobigny;119", "Les Lilas;ASE;;Bobigny;119"):
        book.active.append(line.split(";"))
    book.active.row_dimensions[hidden].hidden = True
    data = io.BytesIO()
    book.save(data)
    (row,) = read(data.getvalue(), "liste.xlsx").rows
    assert row.status == "draft"
