"""`mesure23 classify`: say what an actor is, or what many are by a file."""

import csv
import io
from pathlib import Path
from typing import Annotated

import typer

from app.commands.support.files import read_file
from app.commands.support.opening import opened
from app.commands.support.summary import several
from app.commands.support.user import user
from app.errors import Mesure23Error
from app.platform.database.sessions import write
from app.records import acts
from importers import terms

LARGEST = 5_000_000
ID, CATEGORY = "Identifiant", "Classer"


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
        typer.Option(help="Fichier .csv à colonnes « Identifiant » et « Classer »."),
    ] = None,
) -> None:
    """Dire ce qu'est un acteur : il est publié, sauf si autre chose le cache."""
    if file is not None:
        wanted = _wanted(read_file(file, LARGEST))
    elif public_id is not None and category is not None:
        wanted = [(public_id, category)]
    else:
        raise NothingToClassify
    if not wanted:
        raise NothingToClassify
    refused = []
    with opened() as runtime:
        for actor, given in wanted:
            code = terms.category_of(given) or given
            try:
                with write(runtime.staff) as session:
                    done = acts.classify(
                        session, runtime.vault, actor, code, who=user(), why=reason
                    )
            except Mesure23Error as error:
                refused.append(f"  {actor}, « {given} » : {error}")
            else:
                typer.echo(f"Classé : « {done.name} », fiche {done.public_id}.")
    if refused:
        typer.echo("\n".join((f"{several(len(refused), 'refusés')} :", *refused)), err=True)
        raise typer.Exit(1)


def _wanted(data: bytes) -> list[tuple[str, str]]:
    """Return (public id, category) of the lines whose category is filled in."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    separator = ";" if ";" in text.partition("\n")[0] else ","
    found = []
    for row in csv.DictReader(io.StringIO(text), delimiter=separator):
        actor, category = (row.get(ID) or "").strip(), (row.get(CATEGORY) or "").strip()
        if actor and category:
            found.append((actor.lstrip("'"), category))
    return found
