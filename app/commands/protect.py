"""`mesure23 protect`: hide where an actor is."""

from typing import Annotated

import typer

from app.commands.purge import erase
from app.commands.support.copies import wait_for_copies
from app.commands.support.holding import say_backups
from app.commands.support.opening import opened
from app.commands.support.user import user
from app.platform.database.sessions import write
from app.records import acts
from app.records.acts import Outcome

Identifier = Annotated[
    str, typer.Argument(help="Identifiant public : celui de l'adresse de la fiche.")
]


def protect(
    public_id: Identifier,
    reason: Annotated[str, typer.Option(help="Pourquoi, pour l'historique (scellé).")],
    secret: Annotated[
        bool, typer.Option("--secret", help="Ne rien publier du tout, pas même un nom neutre.")
    ] = False,
) -> None:
    """Cacher où est un acteur : nom neutre, nouvelle adresse de fiche, plus de point."""
    with opened() as runtime:
        with write(runtime.staff) as session:
            outcome = acts.protect(
                session, runtime.vault, public_id, who=user(), why=reason, secret=secret
            )
        # Said at once: the rest takes a moment, and may be interrupted.
        typer.echo(f"Protégé : « {outcome.name} », fiche {outcome.public_id}.")
        report_beside(outcome)
        if outcome.registers:
            typer.echo(
                f"Attention : {', '.join(outcome.registers)} peuvent encore montrer cette adresse. "
                "Nous ne pouvons pas l'y retirer : voyez avec l'opérateur, qui peut le demander."
            )
        erase(runtime, user())
        say_backups(runtime.settings.backup_dir)
        wait_for_copies(runtime)


def report_beside(outcome: Outcome) -> None:
    """Say how many neighbours an act hid as well."""
    if outcome.beside:
        typer.echo(
            f"{outcome.beside} acteurs partagent son adresse ou son téléphone : "
            "leur adresse est cachée aussi, jusqu'à décision (« mesure23 hidden »)."
        )
