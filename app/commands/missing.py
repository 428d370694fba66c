"""`mesure23 missing`: actors that their list names no more."""

from app.commands.hidden import Territory, territory_code
from app.commands.support.opening import opened
from app.commands.support.summary import several
from app.commands.support.tables import Form, FormOption, write_list
from app.lists.missing import missing
from app.platform.database.sessions import read
from app.visibility import OPERATOR

TITLES = ("Identifiant", "Nom", "Territoire", "Liste", "Absent depuis le")


def show_missing(territory: Territory = None, form: FormOption = Form.TABLE) -> None:
    """Lister les acteurs que leur liste ne cite plus, avec leur vrai nom, et depuis quand."""
    with opened() as runtime:
        code = territory_code(runtime, territory)
        with read(runtime.staff) as session:
            found = list(missing(session, runtime.vault, OPERATOR, code))
    rows = [
        (each.public_id, each.name, each.territory, each.source, f"{each.since:%d/%m/%Y}")
        for each in found
    ]
    lines = [
        f"{place} · {name} (fiche {public_id})\n     absent de « {source} » depuis le {since}"
        for public_id, name, place, source, since in rows
    ]
    count = f"{several(len(rows), 'acteurs absents')}."
    write_list(form, TITLES, rows, lambda: [*lines, count], "Aucun acteur absent de sa liste.")
