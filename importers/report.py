"""The problems of a list as a CSV file that opens in Excel, with formulas defused."""

import io
from collections.abc import Collection

from importers.french_csv import defused, write_rows
from importers.row import Problem

TITLES = ("Ligne", "Colonne", "Valeur", "Ce qui s'est passé", "Explication")


def write_report(problems: Collection[Problem]) -> bytes:
    """Return UTF-8 with its mark and semicolons: what a French Excel opens by a double click.

    A column says the sheet where several have problems.
    """
    out = io.StringIO(newline="")
    sheets = {sheet: place for place, sheet in enumerate(dict.fromkeys(p.sheet for p in problems))}
    several = len(sheets) > 1
    write_rows(out, [("Feuille", *TITLES) if several else TITLES])
    for problem in sorted(problems, key=lambda each: (sheets[each.sheet], each.line)):
        what = "ligne refusée" if problem.fatal else "valeur laissée de côté"
        sheet = [defused(problem.sheet or "")] if several else []
        cells = (problem.column or "", problem.value or "", what, problem.message)
        write_rows(out, [[*sheet, problem.line, *map(defused, cells)]])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", errors="replace")
