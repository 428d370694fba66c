"""A workbook as people send it, sent again: no actor twice, whatever is moved about in it."""

import io
import random

import openpyxl
import pytest

from app.runtime.staff import Runtime
from tests.short_lists import counts, run

TITLES = ["Nom", "Type", "Adresse", "Ville", "Coordonnées"]
CATEGORIES = ("Association", "ASE", "PJJ")
PER_SECTION = 4


def lines_of(town: str, first: int) -> list[list[str]]:
    """Return the lines of one sheet; each has a street and a phone of its own."""
    return [
        [
            f"Antenne {number}",
            CATEGORIES[number % 3],
            f"{number} rue Haute",
            town,
            f"Tél : 01 99 00 01 {number:02}\na{number}@example.org",
        ]
        for number in range(first, first + 2 * PER_SECTION)
    ]


def workbook(sheets: dict[str, list[list[str]]], titles: list[str], *, groups: bool) -> bytes:
    """Return sheets whose lines stand in two sections; groups: a town is written once for each."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append(titles)
        for number, line in enumerate(lines):
            if number % PER_SECTION == 0:
                sheet.append([f"SECTEUR {number // PER_SECTION + 1} :"])
            cells = dict(zip(TITLES, line, strict=True))
            if groups and number % PER_SECTION:
                cells["Type"] = ""
            sheet.append([cells[title] for title in titles])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_a_workbook_that_is_moved_about_makes_no_actor_twice(runtime: Runtime, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - what is moved, nothing secret
    sheets = {"Bobigny": lines_of("Bobigny", 10), "Autres": lines_of("Montreuil", 50)}
    titles, groups = TITLES, False
    first = run(runtime, workbook(sheets, titles, groups=groups), "l.xlsx", territory="93")
    assert (first.created, first.rejected, first.ignored) == (16, 0, 4)
    for _ in range(4):
        data = workbook(sheets, titles, groups=groups)
        run(runtime, data, "l.xlsx", territory="93")
        again = counts(run(runtime, data, "l.xlsx", territory="93"))
        assert {name for name in again if name not in ("read", "ignored", "protected")} == {
            "unchanged"
        }
        names = list(sheets)
        chance.shuffle(names)
        sheets = {name: list(sheets[name]) for name in names}
        for lines in sheets.values():
            chance.shuffle(lines)
        titles = [*TITLES[:1], *chance.sample(TITLES[1:], 4)]
        groups = not groups
        moved = run(runtime, workbook(sheets, titles, groups=groups), "l.xlsx", territory="93")
        assert (moved.created, moved.missing, moved.rejected) == (0, 0, 0)
