"""`mesure23 audit …`: the journal of the desk, looked through, cut and handed out."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from app.audit import comparing, exporting, pruning, verifying
from app.audit.journal import Author
from app.commands.support.opening import opened
from app.commands.support.summary import several
from app.commands.support.user import user
from app.errors import OperatorError
from app.platform.database.engines import make_engine
from app.platform.database.sessions import write
from geo.zones import paris_day

app = typer.Typer(help="Journal de ce qui est fait au bureau.", no_args_is_help=True)


class DayMalformed(OperatorError):
    """« {given} » n’est pas un jour : écrivez AAAA-MM-JJ."""


@app.command("verify")
def verify(
    file: Annotated[
        Path | None, typer.Argument(help="Jour exporté, à comparer.", metavar="FICHIER")
    ] = None,
    at_least: Annotated[
        int, typer.Option(help="Dernier numéro vu ailleurs, par exemple dans un export.")
    ] = 0,
) -> None:
    """Dire si le journal est tel qu’il fut écrit : rien de changé, rien d’ôté.

    D’un jour exporté : s’il est signé par cette base, et si le journal dit encore la même chose.
    """
    with opened() as runtime:
        if file is None:
            verdict = verifying.verify(runtime.staff, runtime.vault, at_least)
        else:
            with write(runtime.staff) as session:
                verdict = comparing.compare(session, runtime.vault, file)
    what = "Le journal" if file is None else "Le jour exporté"
    if verdict.entries:
        typer.echo(
            f"{several(verdict.entries, 'entrées lues')}, la dernière : {verdict.last_number}."
        )
    else:
        typer.echo(f"{what} est vide.")
    for fault in verdict.faults:
        typer.echo(fault, err=True)
    if verdict.faults:
        raise typer.Exit(1)
    typer.echo(f"{what} est intact.")


@app.command("prune")
def prune(
    plan: Annotated[
        bool, typer.Option("--plan", help="Dire ce qui serait coupé, sans rien couper.")
    ] = False,
) -> None:
    """Couper les mois dont la durée est passée ; une marque signée dit où le journal commence."""
    with opened() as runtime:
        before = pruning.ends_before(datetime.now(UTC), runtime.settings.audit_months)
        if plan:
            due = pruning.count_due(runtime.staff, before)
            typer.echo(f"À couper, d’avant le {before:%d/%m/%Y} : {several(due, 'entrées')}.")
            return
        owner = make_engine(runtime.owner_url)
        try:
            done = pruning.prune(owner, runtime.vault, before, Author(user()))
        finally:
            owner.dispose()
    typer.echo(
        f"Coupé, d’avant le {before:%d/%m/%Y} : {several(done, 'entrées')}."
        if done
        else "Rien à couper."
    )


@app.command("export")
def export(
    folder: Annotated[Path, typer.Argument(help="Dossier où écrire.", metavar="DOSSIER")],
    day: Annotated[str, typer.Option(help="Jour, AAAA-MM-JJ ; hier si rien n’est dit.")] = "",
) -> None:
    """Écrire un jour du journal, signé, pour un endroit que le service ne peut pas récrire."""
    if day:
        try:
            wanted = date.fromisoformat(day)
        except ValueError:
            raise DayMalformed(given=day[:20]) from None
    else:
        wanted = paris_day() - timedelta(days=1)
    with opened() as runtime:
        file, count = exporting.export(runtime.staff, runtime.vault, wanted, folder)
    typer.echo(f"{file} : {several(count, 'entrées')}, et sa signature à côté.")
    if wanted >= paris_day():
        typer.echo("Ce jour n’est pas fini : exportez-le de nouveau quand il le sera.")
