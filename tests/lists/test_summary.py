"""What an import tells its sender: nothing of whom another list, or a person, hides."""

import json

import pytest

from app.lists.summary import Summary
from app.records.acts import protect
from app.runtime.staff import Runtime
from tests.makers import decide
from tests.short_lists import csv, ids, run

HOME = "Les Lilas;MECS;10 rue Cachée;93000;Bobigny;01 99 00 00 10;"
OFFICE = "Antenne de Bobigny;Association;1 rue Haute;93000;Bobigny;01 99 00 00 01;"
OTHER = "Cour;Association;5 rue Basse;93000;Bobigny;01 99 00 00 05;"


def printed(summary: Summary) -> str:
    return json.dumps(summary.as_json(), ensure_ascii=False)


def test_a_program_reads_sheets_missing_names_and_pairs(runtime: Runtime) -> None:
    run(runtime, csv(OFFICE, OTHER))
    summary = run(runtime, csv(OFFICE.replace("de Bobigny;A", "Bobigny;A")), source="autre")
    assert summary.as_json()["doubtful_pairs"] == [
        {"line": 2, "sheet": None, "name": "Antenne Bobigny", "other": "Antenne de Bobigny"}
    ]
    assert (summary.as_json()["doubtful"], summary.as_json()["sheets"]) == (1, [])
    assert run(runtime, csv(OFFICE)).as_json()["missing_names"] == ["Cour"]


def test_the_names_of_the_hidden_are_told_to_no_sender(runtime: Runtime) -> None:
    run(runtime, csv(HOME, OFFICE, OTHER))
    decide(runtime, protect, ids(runtime)["Cour"], who="essai", why="menaces")
    # Whoever guesses the name of the list sends it without them.
    summary = run(runtime, csv(OFFICE))
    assert (summary.missing, summary.missing_names) == (2, ())
    guess = "LES LILAS (ADSEA);Association;5 place du Port;93000;Bobigny;;"
    summary = run(runtime, csv(guess), source="autre")
    assert (summary.doubtful, summary.pairs) == (1, ())
    assert "Les Lilas" not in printed(summary)
    assert "Cour" not in printed(summary)


def test_a_guessed_address_of_one_that_is_held_is_not_confirmed(runtime: Runtime) -> None:
    beside = OFFICE.replace("1 rue Haute", "10 rue Cachée")
    assert run(runtime, csv(HOME, beside)).protected == 2
    guess = beside.replace("de Bobigny;A", "Bobigny;A")
    assert run(runtime, csv(guess), source="autre").pairs == ()


@pytest.mark.slow
@pytest.mark.parametrize("guess", ["Essai;10 rue Cachée", "Les Lilas;", "Essai;1 rue X"])
def test_what_another_list_hides_is_counted_for_no_sender(runtime: Runtime, guess: str) -> None:
    run(runtime, csv(HOME))
    name, street = guess.split(";")
    line = f"{name};Association;{street};93000;Bobigny;;"
    for _ in range(2):
        assert run(runtime, csv(line), source="autre").protected == 0
    home = "Les Pins;MECS;11 rue Cachée;93000;Bobigny;;"
    assert run(runtime, csv(line, home), source="autre").protected == 1


@pytest.mark.slow
def test_a_line_that_may_be_several_known_actors_is_counted_once_with_its_file(
    runtime: Runtime,
) -> None:
    same = "Association;7 rue Triple;93000;Bobigny;01 98 00 90 00;"
    for name in ("Relais triple", "Relais triples"):
        run(runtime, csv(f"{name};{same}"), source=name)
    summary = run(runtime, csv(f"Relais des triples;{same}"), source="Triple")
    assert (summary.doubtful, summary.stored()["doubtful"]) == (2, 1)
