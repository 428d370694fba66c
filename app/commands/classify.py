"""`mesure23 classify`: say what an actor is, or what many are by a file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from app.commands.protect import report_beside
from app.commands.purge import erase
from app.commands.support.files import read_file
from app.commands.support.opening import opened
from app.commands.support.summary import several
from app.commands.support.user import user
from app.errors import Mesure23Error
from app.platform.database.sessions import read, write
from app.records import acts
from app.records.acts import Outcome
from app.runtime.staff import Runtime
from geo.text import fold
from importers import terms
from importers.readers import read_tables

LARGEST, MOST = 5_000_000, 100_000
# Titles of columns, folded.
ID, CATEGORY = "identifiant", "classer"


class NothingToClassify(Mesure23Error):
    """Indiquez un identifiant et une catégorie, ou --file avec le fichier de « mesure23 hidden
    --format csv » dont la colonne « Classer » est remplie.
    """


def classify(
    public_id: Annotated[str | None, typer.Argument(help="Identifiant de la fiche.")] = None,
    category: Annotated[str | None, typer.Argument(help="Catégorie : son code ou son nom.")] = None,
    reason: Annotated[str, typer.Option(help="Pourquoi, pour l'historique (scellé).")] = "classé",
    file: Annotated[
        Path | None,
        typer.Option(help="Tableau (.csv, .xlsx, .ods) à colonnes « Identifiant » et « Classer »."),
    ] = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="Dire ce qui serait publié, sans rien écrire.")
    ] = False,
) -> None:
    """Dire ce qu'est un acteur ; à classer, il est publié, sauf si autre chose le cache."""
    if file is not None:
        wanted = list(_wanted(file))
    elif public_id is not None and category is not None:
        wanted = [(public_id, category)]
    else:
        raise NothingToClassify
    if not wanted:
        raise NothingToClassify
    refused, said = list[str](), list[Outcome]()
    with opened() as runtime:
        for actor, given in wanted:
            try:
                done = _classify(runtime, actor, given, reason, plan=plan)
            except Mesure23Error as error:
                refused.append(f"  {actor}, « {given} » : {error}")
            else:
                said.append(done)
                if not plan:
                    typer.echo(_sentence(done))
                    report_beside(done)
        if not plan and any(each.hid or each.beside for each in said):
            # Whom this hid was public until now.
            erase(runtime, user())
    if plan:
        typer.echo(_plan(said))
    if refused:
        typer.echo("\n".join((f"{several(len(refused), 'refusés')} :", *refused)), err=True)
        raise typer.Exit(1)


def _classify(runtime: Runtime, actor: str, given: str, reason: str, *, plan: bool) -> Outcome:
    code = terms.category_of(given) or given
    with (read if plan else write)(runtime.staff) as session:
        return acts.classify(
            session, runtime.vault, actor, code, who=user(), why=reason, dry_run=plan
        )


def _plan(said: list[Outcome]) -> str:
    """Return what would become of each, and how many would be public."""
    lines = [
        f"Fiche {each.public_id} : " + ("cachée, en tout ou partie." if each.hidden else "publiée.")
        for each in said
    ]
    public = sum(not each.hidden for each in said)
    beside = sum(each.beside for each in said)
    return "\n".join(
        (
            *lines,
            f"Essai, rien n'est écrit : {several(public, 'fiches')} sur {len(said)} publiées, "
            f"{several(beside, 'voisins')} sans adresse en plus.",
        )
    )


def _sentence(done: Outcome) -> str:
    stays = (
        " Cachée en tout ou partie : « mesure23 hidden » dit pourquoi, « mesure23 unprotect » la"
        " publie."
    )
    return f"Classé : « {done.name} », fiche {done.public_id}.{stays * done.hidden}"


def _wanted(file: Path) -> Iterator[tuple[str, str]]:
    """Yield (public id, category) of the lines whose category is filled in, of every sheet."""
    data = read_file(file, LARGEST)
    for table in read_tables(data, file.name, max_bytes=LARGEST, max_rows=MOST):
        columns: dict[str, int] | None = None
        for row in table.rows:
            cells = [cell.strip() for cell in row.cells]
            titles = {fold(cell): column for column, cell in enumerate(cells)}
            if columns is None and titles.keys() >= {ID, CATEGORY}:
                columns = titles
            elif columns is not None and len(cells) > max(columns[ID], columns[CATEGORY]):
                actor, category = cells[columns[ID]], cells[columns[CATEGORY]]
                if actor and category:
                    yield actor.lstrip("'"), category
