"""`mesure23 same`: say whether two actors are one, as a list proposes."""

from typing import Annotated
from uuid import UUID

import typer

from app.audit.journal import Author
from app.commands.purge import erase
from app.commands.support.opening import opened
from app.commands.support.user import user
from app.errors import Mesure23Error
from app.platform.database.sessions import write
from app.records.joining import join, part
from app.records.parting import undo_answer
from app.records.unchosen import note_ended


class AnswerMissing(Mesure23Error):
    """Répondez par --yes (un seul acteur), --no (deux acteurs), ou --undo (défaire la réponse)."""


def same(
    given: Annotated[
        UUID, typer.Argument(help="Proposition : voir « mesure23 proposals ».", metavar="ID")
    ],
    yes: Annotated[
        bool | None, typer.Option("--yes/--no", help="Un seul acteur, ou deux ?")
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Défaire ce qui a été répondu.")] = False,
) -> None:
    """Dire si deux fiches sont un même acteur : elles sont réunies, ou restent deux."""
    if undo is (yes is not None):
        raise AnswerMissing
    act, said = {
        True: (join, "Réunies"),
        False: (part, "Deux acteurs"),
        None: (undo_answer, "C’est défait, la proposition attend une réponse"),
    }[yes]
    with opened() as runtime:
        with write(runtime.staff) as session:
            done = act(session, runtime.vault, given, who=user())
            note_ended(session, runtime.vault, Author(user()), done.unchosen, "joined")
        hidden = (
            " Cachée en tout ou partie : « mesure23 hidden » dit pourquoi." if done.hidden else ""
        )
        typer.echo(f"{said} : « {done.name} », fiche {done.public_id}.{hidden}")
        if yes is not None:
            typer.echo(f"Pour revenir en arrière : mesure23 same {given} --undo")
        if yes is not False:
            erase(runtime, user())
