"""The summary of an import, as people read it."""

import re
from pathlib import Path

from app.commands.support.progress import console
from app.lists.summary import Summary
from importers.problems import similar
from importers.row import Problem
from importers.terms import stem
from importers.text import grouped

SHOWN_PROBLEMS = 20
SHOWN_LINES = 5
HIDDEN = "« mesure23 hidden » dit lesquels et pourquoi"
ALSO_HIDDEN = (
    "partage une adresse ou un téléphone avec un lieu d'accueil : "
    "son adresse est cachée, jusqu'à décision",
    "partagent une adresse ou un téléphone avec un lieu d'accueil : "
    "leur adresse est cachée, jusqu'à décision",
)


def report_mapping(summary: Summary) -> None:
    """Report on stderr which column was taken for what, where guessed, and which were not read."""
    if summary.mapping_guessed:
        console.print("Colonnes reconnues d'après leurs titres :", markup=False)
        for column, field in summary.mapping.items():
            console.print(f"  {column} → {field}", markup=False)
    if summary.left_aside:
        columns = ", ".join(summary.left_aside)
        console.print(f"Colonnes laissées de côté : {columns}", markup=False)


def report_problems(problems: tuple[Problem, ...], *, all_in: Path | None) -> None:
    """Report on stderr what is wrong with which line, rejected lines first.

    The same said of many lines is shown once, with the first of them and their number.
    """
    several_sheets = len({each.sheet for each in problems}) > 1
    shown = similar(problems)[:SHOWN_PROBLEMS]
    for same in shown:
        first = same[0]
        where = _lines(same, several_sheets) + (f", {first.column}" if first.column else "")
        value = f" (« {first.value} »)" if first.value and _one_value(same) else ""
        what = "refusée" if first.fatal else "à revoir"
        what = what.replace("refusée", "refusées") if len(same) > 1 else what
        console.print(f"  {where} {what}{value} : {first.message}", markup=False)
    rest = len(problems) - sum(map(len, shown))
    if rest > 0:
        where = f"voir {all_in}" if all_in else "--report FICHIER.csv les écrit toutes"
        console.print(f"  … et {several(rest, 'autres')} ({where}).", markup=False)


def _one_value(same: list[Problem]) -> bool:
    return len({stem(each.value or "") for each in same}) == 1


def _lines(same: list[Problem], several_sheets: bool) -> str:
    """Return the lines as people read them: "44 lignes (3, 5, 8 et 41 autres)"."""
    first = same[0]
    sheet = f" (feuille « {first.sheet} »)" if several_sheets and first.sheet else ""
    numbers = [each.line for each in same if each.sheet == first.sheet][:SHOWN_LINES]
    rest = len(same) - len(numbers)
    if len(same) == 1:
        return f"ligne {first.line}{sheet}"
    more = f" et {several(rest, 'autres')}" if rest else ""
    return f"{grouped(len(same))} lignes ({', '.join(map(str, numbers))}{more}){sheet}"


def several(number: int, words: str) -> str:
    """Return a number before French words, without their plural for zero and one."""
    if number < 2:
        words = re.sub(r"(?<=\w{2})s\b", "", words)
    return f"{grouped(number)} {words}"


def sentence(summary: Summary, *, dry_run: bool) -> str:
    """Return the counts as people read them."""
    lines = [
        f"Source « {summary.source} »" + (" (essai : rien n'est écrit)" if dry_run else ""),
        f"  {several(summary.read, 'lus')} : {several(summary.created, 'créés')}, "
        f"{grouped(summary.updated)} mis à jour, {several(summary.unchanged, 'inchangés')}, "
        f"{_otherwise(summary.conflicting)}{several(summary.rejected, 'refusés')}",
        f"  {several(summary.ignored, 'lignes')} sans acteur, "
        f"{several(summary.missing, 'acteurs absents')} de cette liste",
        f"  {several(summary.protected, 'cachés')} en tout ou partie par cette liste"
        + (f" : {HIDDEN}" if summary.protected else ""),
    ]
    if summary.hidden_beside:
        lines.append(
            f"  {several(summary.hidden_beside, 'acteurs déjà connus')} "
            + ALSO_HIDDEN[summary.hidden_beside > 1]
        )
    if summary.missing_names:
        more = summary.missing - len(summary.missing_names)
        rest = f" et {several(more, 'autres')}" if more else ""
        lines.append(f"  absents : {', '.join(summary.missing_names)}{rest} (« mesure23 missing »)")
    if summary.doubtful:
        lines.append(
            f"  {several(summary.doubtful, 'paires')} de fiches peut-être en double :"
            " « mesure23 proposals » dit lesquelles"
        )
    return "\n".join(lines)


def _otherwise(lines: int) -> str:
    """Return how many lines say otherwise than their actor, whose value stays."""
    return f"{grouped(lines)} en désaccord avec la fiche, " if lines else ""
