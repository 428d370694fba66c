"""What is said of a list as a whole: the same word that is not known is reported once."""

from collections.abc import Iterable

from importers.row import Problem
from importers.terms import stem

UNKNOWN_CATEGORY = (
    "Cette catégorie n'est pas reconnue : l'acteur reste caché jusqu'à ce qu'il soit classé. "
    "Écrivez par exemple ASE, CRIP, PJJ, UAPED, Association ou MECS."
)
CATEGORY_BY_NAME = (
    "Cette catégorie n'est pas reconnue : l'acteur est classé d'après son nom. Écrivez par exemple "
    "ASE, CRIP, PJJ, UAPED, Association ou MECS."
)
_ONCE = frozenset({UNKNOWN_CATEGORY, CATEGORY_BY_NAME})


def joined(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems with those of one unknown category made one, at its first line."""
    by_key: dict[object, list[Problem]] = {}
    for number, problem in enumerate(problems):
        once = problem.message in _ONCE
        key = (problem.column, stem(problem.value or ""), problem.message) if once else number
        by_key.setdefault(key, []).append(problem)
    return tuple(
        same[0]
        if len(same) == 1
        else same[0].model_copy(
            update={"message": f"{same[0].message} Ce mot se trouve sur {len(same)} lignes."}
        )
        for same in by_key.values()
    )
