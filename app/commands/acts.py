"""`mesure23 protect` and `mesure23 unprotect`: what the public may read of an actor."""

from datetime import datetime
from typing import Annotated

import typer

from app.commands.erasing import erase
from app.commands.user import user
from app.platform.database.sessions import write
from app.records.acts import Outcome, protect, show_phone, unprotect
from app.runtime.addresses import read_settings
from app.runtime.staff import open_runtime

Identifier = Annotated[
    str, typer.Argument(help="Identifiant public : celui de l'adresse de la fiche.")
]


def protect_command(
    public_id: Identifier,
    reason: Annotated[str, typer.Option(help="Pourquoi, pour l'historique (scellé).")],
    secret: Annotated[
        bool, typer.Option("--secret", help="Ne rien publier du tout, pas même un nom neutre.")
    ] = False,
) -> None:
    """Cacher où est un acteur : nom neutre, nouvelle adresse de fiche, plus de point."""
    with open_runtime(read_settings()) as runtime:
        with write(runtime.staff) as session:
            outcome = protect(
                session, runtime.vault, public_id, who=user(), why=reason, secret=secret
            )
        # Said at once: the rest takes a moment, and may be interrupted.
        typer.echo(f"Protégé : « {outcome.name} », fiche {outcome.public_id}.")
        _tell_beside(outcome)
        if outcome.registers:
            typer.echo(
                f"Attention : {', '.join(outcome.registers)} peuvent encore montrer cette adresse. "
                "Nous ne pouvons pas l'y retirer : voyez avec l'opérateur, qui peut le demander."
            )
        erase(runtime, user())


def unprotect_command(
    public_id: Identifier,
    reason: Annotated[str, typer.Option(help="Pourquoi, pour l'historique (scellé).")],
    consent_date: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%d/%m/%Y"],
            help="Date de l'accord de l'opérateur ; nécessaire pour un lieu d'hébergement.",
        ),
    ] = None,
    phone: Annotated[
        str | None,
        typer.Option(help="Publier ce seul numéro d'un acteur, qui reste protégé."),
    ] = None,
) -> None:
    """Publier où est un acteur, avec l'accord daté de son opérateur s'il héberge des enfants."""
    with open_runtime(read_settings()) as runtime, write(runtime.staff) as session:
        if phone is not None:
            outcome = show_phone(session, runtime.vault, public_id, phone, who=user(), why=reason)
        else:
            consent = consent_date.date() if consent_date else None
            outcome = unprotect(
                session, runtime.vault, public_id, who=user(), consent=consent, why=reason
            )
    done = "Publié" if phone is None else "Numéro publié"
    typer.echo(f"{done} : « {outcome.name} », fiche {outcome.public_id}.")


def _tell_beside(outcome: Outcome) -> None:
    if outcome.beside:
        typer.echo(
            f"{outcome.beside} acteurs partagent son adresse ou son téléphone : "
            "ils sont protégés aussi, jusqu'à décision."
        )
