"""`mesure23 conflicts`: what lists say otherwise than the record of an actor."""

from app.commands.hidden import Territory, territory_code
from app.commands.support.opening import opened
from app.commands.support.summary import several
from app.commands.support.tables import Form, FormOption, write_list
from app.lists.conflicts import conflicts
from app.platform.database.sessions import read
from app.visibility import OPERATOR

TITLES = ("Identifiant", "Nom", "Territoire", "Champ", "Gardé", "Liste", "Du", "Dit")


def show_conflicts(territory: Territory = None, form: FormOption = Form.TABLE) -> None:
    """Lister ce que des listes disent autrement que la fiche ; la valeur en place est gardée."""
    with opened() as runtime:
        code = territory_code(runtime, territory)
        with read(runtime.staff) as session:
            found = list(conflicts(session, runtime.vault, OPERATOR, code))
    rows = [
        (
            each.public_id,
            each.name,
            each.territory,
            each.field,
            each.present,
            each.source,
            f"{each.since:%d/%m/%Y}",
            each.said,
        )
        for each in found
    ]
    lines = [
        f"{place} · {name} (fiche {public_id}), {field}\n"
        f"     gardé : {present or 'rien'}\n"
        f"     « {source} » du {since} : {said}"
        for public_id, name, place, field, present, source, since, said in rows
    ]
    count = f"{several(len(rows), 'désaccords')}."
    write_list(form, TITLES, rows, lambda: [*lines, count], "Aucun désaccord entre les listes.")
