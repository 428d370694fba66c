"""What the command says of lines to look at."""

import pytest

from app.commands.support.summary import HIDDEN, report_problems, sentence
from app.lists.summary import Summary
from importers.problems import UNKNOWN_CATEGORY
from importers.row import Problem


def test_what_is_the_same_on_many_lines_is_said_once_with_their_number(
    capsys: pytest.CaptureFixture[str],
) -> None:
    problems = [
        Problem(line=line, column="Tél", value=str(line), message="Numéro faux.", fatal=False)
        for line in range(2, 42)
    ]
    problems.append(Problem(line=50, column=None, value=None, message="Le nom manque."))
    report_problems(tuple(problems), all_in=None)
    first, second = capsys.readouterr().err.splitlines()
    assert first == "  ligne 50 refusée : Le nom manque."
    assert second == "  40 lignes (2, 3, 4, 5, 6 et 35 autres), Tél à revoir : Numéro faux."


def test_the_sheet_is_named_where_several_have_lines_to_look_at(
    capsys: pytest.CaptureFixture[str],
) -> None:
    problems = tuple(
        Problem(sheet=sheet, line=2, column=None, value=None, message=f"{sheet} !")
        for sheet in ("Un", "Deux")
    )
    report_problems(problems, all_in=None)
    assert "ligne 2 (feuille « Deux ») refusée : Deux !" in capsys.readouterr().err


def test_a_category_that_is_not_known_is_said_once_with_its_word(
    capsys: pytest.CaptureFixture[str],
) -> None:
    problems = [
        Problem(line=line, column="Type", value=word, message=UNKNOWN_CATEGORY, fatal=False)
        for line, word in enumerate(("Restaurant", "restaurants", "Garage"), 2)
    ]
    report_problems(tuple(problems), all_in=None)
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("  2 lignes (2, 3), Type à revoir (« Restaurant »)")
    assert second.startswith("  ligne 4, Type à revoir (« Garage »)")


@pytest.mark.parametrize("number", [0, 1])
def test_who_hid_nobody_is_sent_to_no_list_of_hidden(number: int) -> None:
    summary = Summary(1, 0, 0, 0, 0, 0, 0, number, 0, "Liste", {}, True, ())
    assert (HIDDEN in sentence(summary, dry_run=False)) is bool(number)
