"""`mesure23 erase`: an actor, or one value wherever it stands, at somebody's request."""

from typing import Annotated

import typer

from app.commands import purge
from app.commands.support.holding import say_backups
from app.commands.support.opening import opened
from app.commands.support.progress import late_progress
from app.commands.support.summary import several
from app.commands.support.user import user
from app.errors import OperatorError
from app.operations.erasure_requests import (
    Marks,
    already,
    finish,
    look,
    marks_of_actor,
    marks_of_value,
    note,
)
from app.operations.swept import Swept, latest
from app.platform.database.engines import make_engine
from app.platform.database.sessions import read
from app.runtime.staff import Runtime
from geo.text import fold

SHOWN_LINES = 20


class OneOfTwo(OperatorError):
    """Dites quoi effacer : l'identifiant d'une fiche, ou --value et la valeur, l'un des deux."""


class ReasonMissing(OperatorError):
    """Dites pourquoi, avec --reason : la demande reçue et son jour, sans répéter ce qui est effacé.
    Avec --plan, rien n'est effacé et la raison est inutile.
    """


class NothingFound(OperatorError):
    """Cette valeur ne se trouve nulle part dans la base : il n'y a rien à effacer."""


class ErasedBefore(OperatorError):
    """C'est déjà effacé : il n'en reste rien dans la base, et aucune liste ne peut le ramener."""


def erase(
    public_id: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Une fiche : tout ce qu'on en sait.")
    ] = None,
    value: Annotated[
        str | None,
        typer.Option(help="Un téléphone, un courriel, un nom : partout ; « - » : le demander."),
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Pourquoi (scellé).")] = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="Dire où cela se trouve, sans rien effacer.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Ne pas demander confirmation.")] = False,
) -> None:
    """Effacer pour de bon une fiche, ou une valeur partout, à la demande d'une personne."""
    if (public_id is None) == (value is None):
        raise OneOfTwo
    if not (reason or "").strip() and not plan:
        raise ReasonMissing
    if value == "-":
        value = typer.prompt("Valeur à effacer", hide_input=True)
    with opened() as runtime:
        marks = _marks(runtime, public_id, value)
        with late_progress("Recherche") as tell:
            found = look(runtime.staff, runtime.vault, marks, tell)
        _say_found(runtime, found, marks)
        if plan:
            return
        if not (yes or _agreed()):
            raise typer.Abort
        _erase(runtime, marks, reason or "")


def _agreed() -> bool:
    """Ask before the last step; typer's own question understands no "oui"."""
    asked = "Effacer pour de bon ? Rien ne permet de revenir en arrière [o/N]"
    return fold(typer.prompt(asked, default="n", show_default=False)) in ("o", "oui")


def _marks(runtime: Runtime, public_id: str | None, value: str | None) -> Marks:
    with read(runtime.staff) as session:
        if public_id is not None:
            return marks_of_actor(session, runtime.vault, public_id)
        return marks_of_value(session, runtime.vault, value or "")


def _say_found(runtime: Runtime, found: Swept, marks: Marks) -> None:
    """Say what is touched and which lists to correct; raise where there is nothing."""
    if not found.counts.total():
        with read(runtime.staff) as session:
            raise ErasedBefore if already(session, marks) else NothingFound
    typer.echo(f"Trouvé : {_counted(found)}.")
    with read(runtime.staff) as session:
        lines = latest(session, runtime.vault, found.lines)
    if lines:
        typer.echo("À corriger dans les listes, qui le diront encore (sans effet ici) :")
    for name, line in lines[:SHOWN_LINES]:
        sheet = f", feuille « {line.sheet} »" if line.sheet else ""
        typer.echo(f"  « {name} »{sheet}, ligne {line.line}")
    if len(lines) > SHOWN_LINES:
        typer.echo(f"  … et {several(len(lines) - SHOWN_LINES, 'autres lignes')}.")


def _counted(found: Swept) -> str:
    return ", ".join(several(count, words) for count, words in found.said())


def _erase(runtime: Runtime, marks: Marks, reason: str) -> None:
    owner = make_engine(runtime.owner_url)
    try:
        note(owner, runtime.vault, runtime.settings, marks, user(), reason)
    finally:
        owner.dispose()
    with late_progress("Effacement") as tell:
        swept = finish(runtime.owner_url, runtime.vault, runtime.settings, user(), tell)
    if swept is not None:
        typer.echo(f"Effacé : {_counted(swept)}.")
    done = purge.erase(runtime, user())
    _say_backups(runtime)
    if done is None:
        raise typer.Exit(1)


def _say_backups(runtime: Runtime) -> None:
    """Name the backups that still hold it, and until when they live."""
    folder = runtime.settings.backup_dir
    if folder is None:
        typer.echo(
            "Vos sauvegardes faites jusqu'ici le gardent : refaites-en une, puis détruisez-les. "
            "MESURE23_BACKUP_DIR, le dossier où elles sont, les ferait nommer ici."
        )
        return
    if not say_backups(folder):
        typer.echo(f"Aucune sauvegarde dans {folder}.")
        return
    typer.echo("Si vous en restaurez une, exécutez ensuite « mesure23 purge », qui l'efface aussi.")
