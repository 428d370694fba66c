"""`mesure23 competence …`: where it is not known who is in charge."""

from collections import Counter

import typer

from app.commands.hidden import Territory, territory_code
from app.commands.support.opening import opened
from app.commands.support.summary import several
from app.commands.support.tables import Form, FormOption, write_list
from app.platform.database.sessions import read
from app.search.gaps import gaps

app = typer.Typer(help="Qui est compétent, et où on ne le sait pas.", no_args_is_help=True)
TITLES = ("Rôle", "Territoire", "Code de la commune", "Commune")
# Territories that are named of each role.
NAMED = 10


@app.command()
def check(territory: Territory = None, form: FormOption = Form.TABLE) -> None:
    """Nommer les communes dont on ne connaît pas le tribunal, la brigade, l'ASE…"""
    with opened() as runtime:
        code = territory_code(runtime, territory)
        with read(runtime.staff) as session:
            found = list(gaps(session, code))
    rows = [(each.role.label, each.territory, each.commune, each.name) for each in found]
    write_list(form, TITLES, rows, lambda: _by_role(rows), "Chaque commune a quelqu'un pour tout.")


def _by_role(rows: list[tuple[str, str, str, str]]) -> list[str]:
    """Return for each role how many communes have nobody, and where most of them are."""
    lines = []
    for role, count in Counter(row[0] for row in rows).items():
        where = Counter(row[1] for row in rows if row[0] == role).most_common(NAMED)
        named = ", ".join(f"{code} ({several(number, 'communes')})" for code, number in where)
        lines.append(f"{role} : {several(count, 'communes')} sans personne de connu. {named}")
    return [*lines, "« --format csv » les nomme toutes."]
