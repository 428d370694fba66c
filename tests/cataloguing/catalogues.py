"""Catalogues as people send them, all invented, and what they do."""

import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any
from uuid import UUID

from openpyxl import Workbook

from app.audit.journal import Author
from app.cataloguing import import_applying, import_undoing
from app.cataloguing.import_plan import Choice, Plan
from app.cataloguing.importing import plan, preview, read_import
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from tests.makers_resources import CURATEUR, WRITER, now

LIMIT = 1_000_000
REPORT: dict[str, Any] = {
    "id": "rapport",
    "titre": "Rapport d’exemple",
    "auteurs": ["Organisme d’exemple", "Observatoire d’exemple"],
    "annee": 2021,
    "type": "étude",
    "themes": ["reperage"],
    "publics": ["professionnels", "décideurs"],
    "territoire": "FR",
    "langue": "fr",
    "niveau_de_preuve": None,
    "methode_dite": "étude de 101 dossiers",
    "url": "https://exemple.fr/rapport",
    "source": "https://exemple.fr/liste",
    "resume": "Ce rapport d’exemple dit quels signes inquiètent.",
    "note": "Daté de mai.",
}
SUMMARY: dict[str, Any] = {
    "id": "synthese",
    "titre": "Rapport d’exemple, en bref",
    "auteurs": ["Organisme d’exemple"],
    "annee": 2021,
    "type": "synthèse",
    "territoire": "971",
    "relation": {"est la synthèse de": "rapport"},
}


def catalogue(*documents: Mapping[str, Any]) -> bytes:
    return json.dumps({"titre": "Exemple", "documents": documents}).encode()


def table(*rows: list[Any]) -> bytes:
    """Return a workbook of one sheet."""
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def previewed(runtime: Runtime, data: bytes, name: str = "catalogue.json") -> Plan:
    with read(runtime.staff) as session:
        return preview(session, runtime.vault, WRITER.who, data, name, LIMIT)


def planned(runtime: Runtime, data: bytes, name: str = "catalogue.json") -> UUID:
    with write(runtime.staff) as session:
        by = (session, runtime.vault, CURATEUR, WRITER)
        return plan(*by, data, name, now(), max_bytes=LIMIT)


def shown(runtime: Runtime, import_id: UUID) -> Plan:
    with read(runtime.staff) as session:
        return read_import(session, runtime.vault, CURATEUR, import_id).plan


def applied(
    runtime: Runtime,
    import_id: UUID,
    choices: Mapping[int, Choice] | None = None,
    *,
    publishes: bool = False,
) -> Plan:
    with write(runtime.staff) as session:
        by = (session, runtime.vault, CURATEUR, WRITER)
        return import_applying.apply(*by, import_id, choices or {}, now(), publishes=publishes)


def imported(runtime: Runtime, *documents: Mapping[str, Any], publishes: bool = False) -> UUID:
    """Import a catalogue, and return its id."""
    import_id = planned(runtime, catalogue(*documents))
    applied(runtime, import_id, publishes=publishes)
    return import_id


def undone(runtime: Runtime, import_id: UUID, author: Author = WRITER) -> Plan:
    with write(runtime.staff) as session:
        by = (session, runtime.vault, CURATEUR, author)
        return import_undoing.undo(*by, import_id, now())


def outcomes(made: Plan) -> list[str]:
    return [each.outcome for each in made.lines]
