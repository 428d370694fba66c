"""`mesure23 missing`: actors that their list names no more."""

import typer

from app.commands.hidden import Territory, territory_code
from app.commands.support.opening import opened
from app.commands.support.summary import several
from app.lists.missing import missing
from app.platform.database.sessions import read


def show_missing(territory: Territory = None) -> None:
    """Lister les acteurs que leur liste ne cite plus, avec leur vrai nom, et depuis quand."""
    with opened() as runtime:
        code = territory_code(runtime, territory)
        with read(runtime.staff) as session:
            found = list(missing(session, runtime.vault, code))
    for each in found:
        typer.echo(
            f"{each.territory} · {each.name} (fiche {each.public_id})\n"
            f"     absent de « {each.source} » depuis le {each.since:%d/%m/%Y}"
        )
    typer.echo(f"{several(len(found), 'acteurs absents')}.")
