"""`mesure23 doctor`: what the database server and the keys still let show, and what is unsaid."""

import typer

from app.commands.support.opening import opened
from app.operations.doctor import examine, remembered, unsaid, unusable
from app.operations.relay import asked_of_relay
from app.operations.safeguards import missing_safeguards
from app.operations.server_limits import let_take
from app.runtime.connections import needed


def doctor() -> None:
    """Dire ce que le serveur de base de données laisse encore voir, et quoi y faire."""
    with opened() as runtime:
        findings = [
            *examine(runtime.databases, runtime.vault),
            *let_take(runtime.databases, needed(runtime.settings)),
            *remembered(runtime.staff, runtime.settings),
            *missing_safeguards(runtime.staff, runtime.vault, runtime.settings),
            *unusable(runtime.settings),
            *unsaid(runtime.settings),
        ]
        asked = asked_of_relay(runtime.settings)
    for each in asked:
        typer.echo(f"À vérifier – {each.what} : {each.todo}")
    for finding in findings:
        typer.echo(f"À corriger – {finding.what} : {finding.todo}")
    if findings:
        raise typer.Exit(1)
    typer.echo("Rien à corriger : le journal ne garde aucune valeur, et les clés ouvrent tout.")
