"""What is said of a list as a whole: the same problem of many lines is shown as one."""

from collections.abc import Iterable
from datetime import date

from importers.row import Problem
from importers.terms import stem

_EXAMPLES = "Écrivez par exemple ASE, CRIP, PJJ, UAPED, Association ou MECS."
UNKNOWN_CATEGORY = (
    "Cette catégorie n'est pas reconnue : l'acteur est caché tant que personne ne l'a classé, sous "
    f"« À classer ». {_EXAMPLES}"
)
# As a former release sealed it beside the lines that it read.
_FORMERLY = (
    "Cette catégorie n'est pas reconnue : l'acteur reste caché jusqu'à ce qu'il soit classé. "
    f"{_EXAMPLES}"
)
UNKNOWN_CATEGORIES = frozenset({UNKNOWN_CATEGORY, _FORMERLY})
CATEGORY_BY_NAME = (
    f"Cette catégorie n'est pas reconnue : l'acteur est classé d'après son nom. {_EXAMPLES}"
)
SEVERAL_CATEGORIES = (
    "Ce mot nomme plusieurs catégories : l'acteur reste caché jusqu'à ce que quelqu'un choisisse. "
    "Dites ce qu'il veut dire, ou écrivez une seule catégorie par ligne."
)
ONE_BY_NAME = "Ce mot nomme plusieurs catégories : l'acteur est classé d'après son nom."
# What a remark begins with that names words of a list of terms.
UNKNOWN_WORDS = "Mots non reconnus : "
_NOTES = frozenset({CATEGORY_BY_NAME, ONE_BY_NAME})
_OFF_MAP = "Hors cartographie, comme décidé le "
_BY_VALUE = UNKNOWN_CATEGORIES | {CATEGORY_BY_NAME, SEVERAL_CATEGORIES, ONE_BY_NAME}


def off_map(since: date) -> str:
    """Return what is said of a line whose word belongs to no category of the map."""
    return f"{_OFF_MAP}{since:%d/%m/%Y} : un acteur nouveau reste dehors, et rien n'est à faire."


def is_note(message: str) -> bool:
    """Return whether nothing is lost, nor hidden without a person's word, of such lines."""
    return message in _NOTES or message.startswith(_OFF_MAP)


def by_value(message: str) -> bool:
    """Return whether each word of which a message is said is a problem of its own."""
    return message in _BY_VALUE or message.startswith(_OFF_MAP)


def similar(problems: Iterable[Problem]) -> list[list[Problem]]:
    """Return the problems that say the same, together: rejected lines first.

    Of categories that are not known, each word is a problem of its own.
    """
    found: dict[object, list[Problem]] = {}
    for each in sorted(problems, key=lambda each: not each.fatal):
        word = stem(each.value or "") if by_value(each.message) else None
        found.setdefault((each.fatal, each.column, each.message, word), []).append(each)
    return list(found.values())
