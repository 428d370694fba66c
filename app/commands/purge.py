"""`mesure23 purge`, and what `protect` and `import` erase and say after they hid somebody."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from app.commands.support.opening import opened, withdraw_again
from app.commands.support.progress import late_progress
from app.commands.support.summary import several
from app.commands.support.user import user
from app.operations import erasure, resource_debt
from app.operations.backups import backups_read
from app.operations.erasure import OwnerMissing, Purged, RightsMissing, StillInUse, WalRetained
from app.operations.erasure_requests import finish
from app.operations.past_period import find_due, purge_due
from app.operations.retention import LINES
from app.operations.unfinished_erasures import unfinished
from app.platform.database.sessions import read
from app.runtime.staff import Runtime
from geo.zones import paris_day
from importers.text import grouped


def purge(
    plan: Annotated[
        bool, typer.Option("--plan", help="Dire ce qui serait effacé, sans rien effacer.")
    ] = False,
) -> None:
    """Effacer ce dont la durée est passée, et des fichiers de la base ce qui n'est plus public."""
    with opened() as runtime:
        if plan:
            _say_plan(runtime)
            return
        busy = _retain(runtime)
        with late_progress("Effacements demandés") as tell:
            swept = finish(runtime.owner_url, runtime.vault, runtime.settings, user(), tell)
        if swept is not None:
            typer.echo("Effacements demandés : faits de nouveau dans cette base.")
            # A restored one waited for that to be shown.
            withdraw_again(runtime)
        done = erase(runtime, user())
        _say_old_backups(runtime)
    if done is None:
        raise typer.Exit(1)
    if not (busy or swept or done.actors or done.erasures or done.resources):
        typer.echo("Rien à effacer.")


def _retain(runtime: Runtime) -> bool:
    """Take what is past its period; return whether there was anything."""
    due = find_due(runtime.staff)
    if not due.files:
        return False
    with late_progress("Lignes effacées") as tell:
        done = purge_due(runtime.owner_url, due, lambda count: tell(count, due.lines))
    typer.echo(
        f"Durée passée : {several(done, 'lignes effacées')}, de "
        f"{several(len(due.files), 'fichiers reçus')}."
    )
    return True


def _say_plan(runtime: Runtime) -> None:
    due = find_due(runtime.staff)
    typer.echo(
        f"Durée passée ({LINES.how_long}) : {several(due.lines, 'lignes')} de "
        f"{several(len(due.files), 'fichiers reçus')}."
    )
    with read(runtime.staff) as session:
        typer.echo(
            f"Effacements demandés à finir : {grouped(unfinished(session, runtime.settings))}."
        )
        typer.echo(f"Fichiers de la base à récrire : {_files_owed(session)}.")
    _say_old_backups(runtime)


def _files_owed(session: Session) -> str:
    owed = erasure.owed(session) or erasure.unpurged(session)
    resources = resource_debt.owed(session) or resource_debt.taken(session)
    around = resource_debt.cleared(session)
    return "oui" if owed or resources or around else "non"


def _say_old_backups(runtime: Runtime) -> None:
    now, folder = datetime.now(UTC), runtime.settings.backup_dir
    found = backups_read(folder)
    if found is None:
        typer.echo(
            f"Attention : les sauvegardes n'ont pas pu être lues dans {folder} : celles dont la"
            " durée est passée ne sont pas nommées. Regardez si leur disque est monté et lisible à"
            " ce compte.",
            err=True,
        )
    for each in found or ():
        if each.ends_on < now:
            typer.echo(
                f"Sauvegarde à détruire, sa durée est passée : {each.name} "
                f"(du {paris_day(each.written_at):%d/%m/%Y})."
            )


def erase(runtime: Runtime, who: str, *, err: bool = False) -> Purged | None:
    """Erase what is no longer public and say so; None where something is left, which is said.

    err: on stderr, beside the output of a program.
    """
    try:
        done = erasure.purge(runtime.staff, runtime.owner_url, runtime.vault, who=who)
    except (OwnerMissing, StillInUse, RightsMissing, WalRetained) as error:
        typer.echo(f"Reste à effacer : {error}", err=True)
        return None
    seconds = f"{done.seconds:.1f}".replace(".", ",")
    if done.actors:
        sheets = "une fiche" if done.actors == 1 else f"{grouped(done.actors)} fiches"
        typer.echo(
            f"Effacé des fichiers de la base en {seconds} s : l'état public d'avant ({sheets}). "
            "Les sauvegardes d'avant le gardent : refaites-en une, puis détruisez-les.",
            err=err,
        )
    elif done.erasures or done.resources:
        typer.echo(f"Effacé des fichiers de la base en {seconds} s.", err=err)
    return done
