"""A home that its list renames and moves is not published under its new name."""

import pytest

from app.runtime.staff import Runtime
from tests.lists.test_same_actor import Line, line, proposed, published, table
from tests.short_lists import run


@pytest.mark.slow
@pytest.mark.parametrize(
    "reached",
    [
        {"Téléphone": "01 99 00 00 01"},
        {"Courriel": "accueil@example.org"},
        {"Site": "https://www.foyer.example.org/"},
        {"SIRET": "80295478400020"},
    ],
)
def test_a_home_that_its_list_renames_and_moves_waits_for_a_person(
    runtime: Runtime, reached: Line
) -> None:
    office = line("Autre", "5 rue Haute")
    run(runtime, table(line("Foyer Zqn", "3 rue Y", Catégorie="MECS", **reached), office))
    renamed = line("Accueil Zqn", "33 rue Z", **reached)
    run(runtime, table(renamed, office))
    assert "Accueil Zqn" not in published(runtime)
    if "SIRET" not in reached:
        ((_, other, because),) = proposed(runtime).values()
        assert other == "Foyer Zqn"
        assert because.endswith("absent de la liste où cette fiche arrive")


def test_a_line_that_has_the_phone_of_a_home_still_in_its_list_is_no_double(
    runtime: Runtime,
) -> None:
    phone = {"Téléphone": "01 99 00 00 01"}
    home = line("Foyer Zqn", "3 rue Y", Catégorie="MECS", **phone)
    run(runtime, table(home))
    run(runtime, table(home, line("Antenne", "33 rue Z", **phone)))
    assert proposed(runtime) == {}
