"""The directory's file of communes: which of its services is competent for each."""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any, BinaryIO

from geo.gazetteer import Gazetteer
from importers.registers.competence import (
    GENDARMERIE,
    JUSTICE,
    POLICE,
    Competences,
    Gathered,
    Named,
)
from importers.registers.directory_file import Form, opened
from importers.registers.edition import UNREADABLE

CODE = "communes"
FORM = Form(CODE, ".json", ("code_insee_commune", "type_service_local"))
# Some tens of megabytes.
MOST_BYTES = 500_000_000
# Services of one commune.
MOST = 1_000
_CATEGORIES = {"tgi": JUSTICE, "commissariat_police": POLICE, "gendarmerie": GENDARMERIE}


def read(
    file: BinaryIO, filename: str, gazetteer: Gazetteer, today: date, most: int = MOST_BYTES
) -> Competences:
    """Return what a file that can seek says; RegisterError where it is another one, or cut."""
    found = Gathered(filename, gazetteer)
    with opened(file, filename, most, FORM) as entries:
        for entry in entries:
            try:
                code, named = entry["code_insee_commune"], list(islice(_named(entry), MOST + 1))
                if len(named) > MOST:
                    raise TypeError
            except (KeyError, TypeError):
                found.left_out[UNREADABLE] += 1
                continue
            found.add(code, named)
    return found.edition(today, entries.name)


def _named(entry: dict[str, Any]) -> Iterator[Named]:
    """Yield whom an entry names; KeyError or TypeError where it has another shape."""
    if not isinstance(entry["code_insee_commune"], str):
        raise TypeError
    for each in _list(entry["type_service_local"]):
        category = _CATEGORIES.get(each["code_type_service_local"])
        for identifier in _list(each["organisme"]) if category else ():
            if not isinstance(identifier, str):
                raise TypeError
            if category and identifier.strip():
                yield Named(category, identifier=identifier.strip())


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError
    return value
