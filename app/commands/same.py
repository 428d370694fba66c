"""`mesure23 same`: say whether two actors are one, as a list proposes."""

from typing import Annotated
from uuid import UUID

import typer

from app.commands.purge import erase
from app.commands.support.opening import opened
from app.commands.support.user import user
from app.platform.database.sessions import write
from app.records.joining import join, part


def same(
    given: Annotated[
        UUID, typer.Argument(help="Proposition : voir « mesure23 proposals ».", metavar="ID")
    ],
    yes: Annotated[bool, typer.Option("--yes/--no", help="Un seul acteur, ou deux ?")],
) -> None:
    """Dire si deux fiches sont un même acteur : elles sont réunies, ou restent deux."""
    with opened() as runtime:
        with write(runtime.staff) as session:
            done = (join if yes else part)(session, runtime.vault, given, who=user())
        what = f"Réunies : « {done.name} »" if yes else f"Deux acteurs : « {done.name} »"
        hidden = (
            " Cachée en tout ou partie : « mesure23 hidden » dit pourquoi." if done.hidden else ""
        )
        typer.echo(f"{what}, fiche {done.public_id}.{hidden}")
        if yes:
            erase(runtime, user())
