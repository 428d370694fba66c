"""`mesure23 unprotect`: publish where an actor is, or one of its numbers."""

from datetime import datetime
from typing import Annotated

import typer

from app.commands.protect import Identifier
from app.commands.support.copies import wait_for_copies
from app.commands.support.opening import opened
from app.commands.support.user import user
from app.platform.database.sessions import write
from app.records import acts


def unprotect(
    public_id: Identifier,
    reason: Annotated[str, typer.Option(help="Pourquoi, pour l'historique (scellé).")],
    consent_date: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%d/%m/%Y"],
            help="Date de l'accord de l'opérateur, 15/01/2026, là où il en faut un.",
        ),
    ] = None,
    phone: Annotated[
        str | None,
        typer.Option(help="Publier ce seul numéro d'un acteur, qui reste protégé."),
    ] = None,
    mail: Annotated[
        str | None,
        typer.Option(help="Publier cette seule adresse électronique d'un acteur."),
    ] = None,
) -> None:
    """Publier où est un acteur, avec l'accord daté de son opérateur là où il en faut un."""
    with opened() as runtime:
        with write(runtime.staff) as session:
            if phone is not None:
                outcome = acts.show_phone(
                    session, runtime.vault, public_id, phone, who=user(), why=reason
                )
            elif mail is not None:
                outcome = acts.show_mail(
                    session, runtime.vault, public_id, mail, who=user(), why=reason
                )
            else:
                consent = consent_date.date() if consent_date else None
                outcome = acts.unprotect(
                    session, runtime.vault, public_id, who=user(), consent=consent, why=reason
                )
        done = "Numéro publié" if phone else "Adresse électronique publiée" if mail else "Publié"
        typer.echo(f"{done} : « {outcome.name} », fiche {outcome.public_id}.")
        if outcome.instead:
            typer.echo(f"Une fiche montre un seul courriel : {outcome.instead} n'y est plus.")
        wait_for_copies(runtime)
