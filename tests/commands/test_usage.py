"""What was typed wrong is said in French, by one line, and nothing is started for it."""

import pytest

from tests.commands.conftest import Command


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("import", "Il manque file (Liste à importer"),
        ("protect x", "Il manque --reason (Pourquoi"),
        ("import --nope l.csv", "L'option --nope n'existe pas. « mesure23 import --help »"),
        ("import --territoire 93 l.csv", "n'existe pas. Vouliez-vous écrire --territory ?"),
        ("imprt l.csv", "La commande « imprt » n'existe pas. Vouliez-vous écrire import ?"),
        ("territories nope", "« nope » n'existe pas. « mesure23 territories --help »"),
        ("import ma liste.csv", "« liste.csv » est de trop ; un nom qui a des espaces"),
        ("import l.csv --territory", "L'option --territory attend une valeur."),
        ("import --draft=1 l.csv", "L'option --draft ne prend pas de valeur."),
        ("hidden --format xml", "ne convient pas pour --format (table, csv ou json)."),
        ("unprotect x --reason a --consent-date 31/13/2026", "pour --consent-date (Date de"),
    ],
)
def test_a_mistake_of_typing_is_one_line_in_french(
    command: Command, written: str, said: str
) -> None:
    done = command(*written.split())
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert done.err.endswith("--help » dit ce qui est attendu.\n")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("written", ["embed", "--help", "import --help"])
def test_help_is_shown_and_nothing_else(command: Command, written: str) -> None:
    done = command(*written.split())
    assert "Usage: mesure23" in done.out + done.err
    assert "dit ce qui est attendu" not in done.err
    assert done.code == (2 if written == "embed" else 0)
