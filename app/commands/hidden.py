"""`mesure23 hidden`: who is hidden, and why; which phones and mailboxes are kept back."""

from typing import Annotated

import typer

from app.commands.support.opening import opened
from app.commands.support.summary import several
from app.commands.support.tables import Form, FormOption, write_list
from app.gazetteer.load import read_gazetteer
from app.platform.database.sessions import read
from app.records.hidden import Hidden, Withheld, hidden, withheld_contacts
from app.records.wording import LEVELS, STATES
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from importers import vocabulary
from importers.reading import find_territory

TITLES = ("Identifiant", "Nom", "Territoire", "Catégorie", "Niveau", "Causes", "Proposé", "Classer")
CONTACTS = ("Identifiant", "Nom", "Territoire", "Retenu", "Commande")
Territory = Annotated[str | None, typer.Option("--territory", help="Code ou nom du département.")]


def show_hidden(
    territory: Territory = None,
    proposed: Annotated[
        bool, typer.Option("--proposed", help="Seulement ceux que plus rien ne cache.")
    ] = False,
    contacts: Annotated[
        bool,
        typer.Option("--contacts", help="Les téléphones et courriels retenus de fiches publiées."),
    ] = False,
    form: FormOption = Form.TABLE,
) -> None:
    """Lister qui est caché, et pourquoi (nom vrai : à ne donner à personne)."""
    with opened() as runtime:
        code = territory_code(runtime, territory)
        with read(runtime.staff) as session:
            if contacts:
                _list_contacts(
                    list(withheld_contacts(session, runtime.vault, OPERATOR, code)), form
                )
                return
            found = hidden(session, runtime.vault, OPERATOR, code)
    if proposed:
        found = [each for each in found if each.proposed]
    write_list(form, TITLES, _rows(found), lambda: _table(found), "Aucun acteur caché.")


def territory_code(runtime: Runtime, given: str | None) -> str | None:
    """Return the code of a territory given by code or name; raises UnknownTerritory."""
    if given is None:
        return None
    with read(runtime.staff) as session:
        return find_territory(given, read_gazetteer(session.connection()))


def _level(each: Hidden) -> str:
    return LEVELS[each.level] if each.level else STATES["draft"]


def _table(found: list[Hidden]) -> list[str]:
    lines = []
    for each in found:
        level = _level(each)
        lines.append(f"{each.record.territory} · {each.record.name} · fiche {each.public_id}")
        lines.append(f"     {level}{', à publier si une personne le décide' * each.proposed}")
        lines += [f"     - {sentence}" for sentence in each.sentences()]
    return [*lines, f"{several(len(found), 'acteurs cachés')}."]


def _rows(found: list[Hidden]) -> list[tuple[str, ...]]:
    categories = vocabulary.load().categories
    return [
        (
            each.public_id,
            each.record.name,
            each.record.territory,
            categories[each.record.category].label,
            _level(each),
            " ; ".join(each.sentences()),
            "oui" if each.proposed else "",
            "",
        )
        for each in found
    ]


def _list_contacts(found: list[Withheld], form: Form) -> None:
    rows = [
        (
            each.public_id,
            each.name,
            each.territory,
            each.value,
            f'mesure23 unprotect {each.public_id} {each.option} "{each.value}" --reason …',
        )
        for each in found
    ]
    lines = [f"{place} · {name} : {value}\n     → {act}" for _, name, place, value, act in rows]
    count = several(len(found), "téléphones ou courriels retenus")
    empty = "Aucun téléphone ni courriel retenu."
    write_list(form, CONTACTS, rows, lambda: [*lines, f"{count}."], empty)
