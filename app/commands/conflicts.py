"""`mesure23 conflicts`: what lists say otherwise than the record of an actor."""

import typer

from app.commands.hidden import Territory, territory_code
from app.commands.support.opening import opened
from app.commands.support.summary import several
from app.lists.conflicts import conflicts
from app.platform.database.sessions import read


def show_conflicts(territory: Territory = None) -> None:
    """Lister ce que des listes disent autrement que la fiche ; la valeur en place est gardée."""
    with opened() as runtime:
        code = territory_code(runtime, territory)
        with read(runtime.staff) as session:
            found = list(conflicts(session, runtime.vault, code))
    for each in found:
        typer.echo(
            f"{each.territory} · {each.name} (fiche {each.public_id}), {each.field}\n"
            f"     gardé : {each.present or 'rien'}\n"
            f"     « {each.source} » du {each.since:%d/%m/%Y} : {each.said}"
        )
    typer.echo(f"{several(len(found), 'désaccords')}.")
