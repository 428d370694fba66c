"""A catalogue in JSON -> its lines: a list of objects, by itself or below "documents"."""

import json
from typing import Any, NoReturn

from app.cataloguing.import_errors import NoCatalogue

_LISTS = ("documents", "ressources", "resources")
_SHAPE = "une liste d'objets est attendue, seule ou sous « documents »"


def read_json(data: bytes, name: str) -> list[tuple[int, dict[str, Any]]]:
    """Return the objects of a catalogue by their number, from 1; raise NoCatalogue."""
    try:
        given = json.loads(data, parse_constant=_refuse)
    except (ValueError, RecursionError):
        # Nothing of it is quoted: it may be anything.
        raise NoCatalogue(filename=name, why="ce n'est pas du JSON valable") from None
    if isinstance(given, dict):
        given = next((given[each] for each in _LISTS if each in given), None)
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise NoCatalogue(filename=name, why=_SHAPE)
    return list(enumerate(given, 1))


def _refuse(_word: str) -> NoReturn:
    raise ValueError
