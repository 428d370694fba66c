"""`mesure23 hidden`: who is hidden, and why."""

import csv
import io
import json
from enum import StrEnum
from typing import Annotated

import typer

from app.commands.support.opening import opened
from app.commands.support.summary import several
from app.gazetteer.load import read_gazetteer
from app.platform.database.sessions import read
from app.records.hidden import Hidden, hidden
from app.runtime.staff import Runtime
from importers import vocabulary
from importers.reading import find_territory
from importers.report import defuse

LEVELS = {
    "": "brouillon",
    "held": "adresse cachée",
    "neutral": "fiche neutre",
    "unlisted": "pas publié, à classer",
}
TITLES = ("Identifiant", "Nom", "Territoire", "Catégorie", "Niveau", "Causes", "Proposé", "Classer")
Territory = Annotated[str | None, typer.Option("--territory", help="Code ou nom du département.")]


class Form(StrEnum):
    """How the list is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def show_hidden(
    territory: Territory = None,
    proposed: Annotated[
        bool, typer.Option("--proposed", help="Seulement ceux que plus rien ne cache.")
    ] = False,
    form: Annotated[Form, typer.Option("--format", help="table, csv ou json.")] = Form.TABLE,
) -> None:
    """Lister qui est caché, et pourquoi (nom vrai : à ne donner à personne)."""
    with opened() as runtime, read(runtime.staff) as session:
        code = territory_code(runtime, territory)
        found = list(hidden(session, runtime.vault, code))
    if proposed:
        found = [each for each in found if each.proposed]
    typer.echo({Form.TABLE: _table, Form.CSV: _csv, Form.JSON: _json}[form](found), nl=False)


def territory_code(runtime: Runtime, given: str | None) -> str | None:
    """Return the code of a territory given by code or name; raises UnknownTerritory."""
    if given is None:
        return None
    with read(runtime.staff) as session:
        return find_territory(given, read_gazetteer(session.connection()))


def _table(found: list[Hidden]) -> str:
    lines = []
    for each in found:
        level = LEVELS[each.level or ""]
        lines.append(f"{each.record.territory} · {each.record.name} · fiche {each.public_id}")
        lines.append(f"     {level}{', à publier si une personne le décide' * each.proposed}")
        lines += [f"     - {sentence}" for sentence in each.sentences()]
    lines.append(f"{several(len(found), 'acteurs cachés')}.")
    return "\n".join(lines) + "\n"


def _rows(found: list[Hidden]) -> list[tuple[str, ...]]:
    categories = vocabulary.load().categories
    return [
        (
            each.public_id,
            each.record.name,
            each.record.territory,
            categories[each.record.category].label,
            LEVELS[each.level or ""],
            " ; ".join(each.sentences()),
            "oui" if each.proposed else "",
            "",
        )
        for each in found
    ]


def _csv(found: list[Hidden]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(TITLES)
    writer.writerows(tuple(map(defuse, row)) for row in _rows(found))
    return "\ufeff" + out.getvalue()


def _json(found: list[Hidden]) -> str:
    rows = [dict(zip(TITLES, row, strict=True)) for row in _rows(found)]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
