"""`mesure23 resources …`: catalogues of resources, read, confirmed and undone."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy.orm import Session

from app.audit.journal import Author
from app.cataloguing import import_applying, importing
from app.cataloguing.import_plan import Decided, Plan
from app.cataloguing.secrecy import MASKED, masked_titles
from app.commands.purge import erase
from app.commands.support.files import read_file
from app.commands.support.opening import opened
from app.commands.support.summary import several
from app.commands.support.user import user
from app.operations.deleted_resources import undo_for_good
from app.platform.database.sessions import read, write
from app.runtime.addresses import read_settings
from app.vault.sealing import Vault
from app.visibility import OPERATOR

app = typer.Typer(help="Ressources : catalogues à importer.", no_args_is_help=True)

NOTHING = "Rien à écrire."
ASKED = "Appliquer ce plan ?"
DOUBTFUL = (
    "Les lignes à décider sont laissées de côté : déposez ce fichier au bureau, où un curateur les "
    "décide."
)
MASKED_LINE = (
    "Ce qui est déjà là nomme un lieu ou un contact caché : un curateur le lit au bureau, ce qui "
    "s'inscrit au journal."
)
WAITING = "Elles attendent la relecture d'un curateur au bureau."
UNDO = "Pour revenir en arrière : mesure23 resources undo {id}"


@app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="Catalogue : .json, ou tableau .xlsx, .ods, .csv.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Dire ce qui serait fait, sans rien écrire.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Appliquer sans demander.")] = False,
    publish: Annotated[
        bool, typer.Option("--publish", help="Publier ce qui peut l'être, sans relecture.")
    ] = False,
) -> None:
    """Importer un catalogue : un plan, puis une confirmation ; « undo » l'annule."""
    settings = read_settings()
    data, limit = read_file(file, settings.import_max_bytes), settings.import_max_bytes
    with opened(settings) as runtime:
        vault, author, now = runtime.vault, Author(user()), datetime.now(UTC)
        if dry_run:
            with read(runtime.staff) as session:
                tried = importing.preview(session, vault, author.who, data, file.name, limit)
                masked = _masked(session, vault, tried)
            _show(tried, masked)
            return
        by = (vault, OPERATOR, author)
        with write(runtime.staff) as session:
            made = importing.plan(session, *by, data, file.name, now, max_bytes=limit)
            shown = importing.read_import(session, vault, OPERATOR, made).plan
            masked = _masked(session, vault, shown)
        _show(shown, masked)
        is_useful = shown.count("create") + shown.count("update") > 0
        if not is_useful or not (yes or typer.confirm(ASKED)):
            with write(runtime.staff) as session:
                importing.drop(session, vault, OPERATOR, made)
            typer.echo("Rien n'est écrit." if is_useful else NOTHING)
            if shown.count("doubtful"):
                typer.echo(DOUBTFUL)
            return
        with write(runtime.staff) as session:
            done = import_applying.apply(session, *by, made, {}, now, publishes=publish)
        _say_done(done, made)


@app.command("undo")
def undo_command(
    import_id: Annotated[UUID, typer.Argument(help="Import à annuler.", metavar="ID")],
) -> None:
    """Annuler un import : ce que quelqu'un a changé depuis reste comme il est."""
    with opened() as runtime:
        with write(runtime.staff) as session:
            by = (runtime.vault, runtime.settings, OPERATOR, Author(user()))
            made = undo_for_good(session, *by, import_id, datetime.now(UTC))
            titles = {str(place): title for place, title in enumerate(made.not_undone)}
            masked = masked_titles(session, runtime.vault, titles)
        count = several(len(made.done) - len(made.not_undone), "ressources")
        typer.echo(f"C'est défait : {count}.")
        for place, title in titles.items():
            said = MASKED if place in masked else title
            typer.echo(f"  changée depuis, laissée comme elle est : « {said} »")
        erase(runtime, user())


def _masked(session: Session, vault: Vault, plan: Plan) -> set[str]:
    """Return the numbers of the lines that may be, or would change, what names somebody hidden."""
    texts = {
        str(each.line.number): "\n".join(
            (*(twin.title for twin in each.twins), *(change.before for change in each.changes))
        )
        for each in plan.lines
        if each.twins
    }
    return masked_titles(session, vault, texts)


def _show(plan: Plan, masked: set[str]) -> None:
    """Print what a plan would do, counted, then the lines that a person has to look at."""
    counted = (
        several(plan.count("create"), "nouvelles"),
        f"{plan.count('update')} mises à jour",
        several(plan.count("unchanged"), "inchangées"),
        f"{plan.count('doubtful')} à décider",
        several(plan.count("wrong"), "inutilisables"),
    )
    typer.echo(f"« {plan.name} » : {several(len(plan.lines), 'lignes')}, {', '.join(counted)}.")
    if plan.left:
        typer.echo(f"  Non repris : {', '.join(plan.left)}.")
    for each in plan.lines:
        if each.outcome != "unchanged":
            _show_line(each, masked=str(each.line.number) in masked)


def _show_line(decided: Decided, *, masked: bool) -> None:
    """Print a line as its file says it; what is there already is read at the desk alone."""
    named = {"create": "nouvelle", "update": "mise à jour", "doubtful": "à décider"}
    said = named.get(decided.outcome, "inutilisable")
    known = decided.twin.title if decided.twin and not masked else "sans titre"
    title = decided.line.title or known
    typer.echo(f"  n° {decided.line.number}, {said} : « {title} »")
    if masked:
        typer.echo(f"      {MASKED_LINE}")
        return
    for sentence in decided.said:
        typer.echo(f"      {sentence}")
    for change in decided.changes:
        typer.echo(f"      {change.label} : {change.after or '—'}")


def _say_done(done: Plan, import_id: UUID) -> None:
    published = sum(each.published for each in done.done)
    held = sum(each.held for each in done.done)
    waiting = len(done.done) - published - held
    typer.echo(f"C'est fait : {several(len(done.done), 'ressources écrites')}.")
    for count, said in ((published, "publiées"), (held, "retenues avant publication")):
        if count:
            typer.echo(f"  {several(count, said)}")
    if waiting:
        typer.echo(f"  {several(waiting, 'à relire')}. {WAITING}")
    if done.count("doubtful"):
        typer.echo(DOUBTFUL)
    typer.echo(UNDO.format(id=import_id))
