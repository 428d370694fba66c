"""`mesure23 import` and `mesure23 geocode`."""

import json
import os
import re
from pathlib import Path
from typing import Annotated

import typer

from app.commands.erasing import erase
from app.commands.progress import console, late_progress
from app.commands.territories import load_if_absent
from app.commands.user import user
from app.geocoding.batch import Geocoded, geocode
from app.lists.importing import import_list, preview
from app.lists.summary import Summary
from app.lists.uploads import Upload
from app.runtime.addresses import read_settings
from app.runtime.staff import open_runtime
from geo.answers import GeocoderError
from importers.errors import FileTooLarge, NoUsableLine, UnreadableList
from importers.report import write_report
from importers.row import Problem
from importers.text import grouped

SHOWN_PROBLEMS = 20
HIDDEN = ("son adresse n'est pas publiée", "leur adresse n'est pas publiée")
BESIDE = (
    "partage une adresse ou un téléphone avec un lieu protégé : "
    "il est protégé aussi, jusqu'à décision",
    "partagent une adresse ou un téléphone avec un lieu protégé : "
    "ils sont protégés aussi, jusqu'à décision",
)
WHY_UNREAD: dict[type[OSError], str] = {
    FileNotFoundError: "il n'existe pas à cet endroit",
    NotADirectoryError: "il n'existe pas à cet endroit",
    IsADirectoryError: "c'est un dossier",
    PermissionError: "vous n'en avez pas le droit",
}


class FileNotRead(UnreadableList):
    """Le fichier « {filename} » ne peut pas être lu : {why}. Vérifiez son nom et son dossier."""


class ReportNotWritten(UnreadableList):
    """Le compte rendu ne peut pas être écrit dans « {path} » : {why}. Rien n'a été importé."""


def import_command(
    file: Annotated[Path, typer.Argument(help="Liste à importer : .csv, .xlsx, .xls ou .ods.")],
    territory: Annotated[
        str | None,
        typer.Option(help="Code du territoire de la liste (93, 2A, 69M…) ; sans lui, nationale."),
    ] = None,
    mapping: Annotated[
        str | None,
        typer.Option(help="Correspondance des colonnes ; sans elle, les titres sont reconnus."),
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="Nom de la source ; sans lui, le nom du fichier sans date.")
    ] = None,
    draft: Annotated[
        bool, typer.Option("--draft", help="Créer les nouveaux acteurs en brouillon.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Dire ce qui serait fait, sans rien écrire.")
    ] = False,
    report: Annotated[
        Path | None, typer.Option(help="Écrire les lignes à revoir dans ce fichier CSV.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Afficher le bilan en un objet JSON.")
    ] = False,
    geocoding: Annotated[
        bool, typer.Option("--geocode/--no-geocode", help="Chercher ensuite les coordonnées.")
    ] = True,
) -> None:
    """Importer une liste d'acteurs ; la même liste, renvoyée, met les acteurs à jour."""
    settings = read_settings()
    data = read_file(file, settings.import_max_bytes)
    if report is not None:
        check_writable(report)
    upload = Upload(file.name, data, user(), territory, mapping, source, draft=draft)
    with open_runtime(settings) as runtime:
        with runtime.staff.begin() as connection:
            load_if_absent(connection, settings)
        try:
            with late_progress("Import") as tell:
                act = preview if dry_run else import_list
                summary = act(runtime.staff, runtime.vault, settings, upload, tell)
        except NoUsableLine as error:
            if report is not None:
                report.write_bytes(write_report(error.result.problems))
            raise
        if report is not None:
            report.write_bytes(write_report(summary.problems))
        tell_mapping(summary)
        tell_problems(summary.problems, all_in=report)
        typer.echo(json.dumps(summary.counts()) if as_json else sentence(summary, dry_run=dry_run))
        if not dry_run:
            # Whom the list hid was public until now.
            erase(runtime, upload.who, err=True)
        if geocoding and not dry_run:
            try:
                with late_progress("Géocodage") as tell:
                    outcome = geocode(runtime.staff, runtime.vault, settings, upload.who, tell)
            except GeocoderError as error:
                # The list is in the database: a wrong address of the geocoder is no failure of it.
                console.print(str(error), markup=False)
            else:
                tell_geocoded(outcome)


def geocode_command() -> None:
    """Chercher les coordonnées des adresses publiques qui n'en ont pas encore."""
    settings = read_settings()
    with open_runtime(settings) as runtime, late_progress("Géocodage") as tell:
        outcome = geocode(runtime.staff, runtime.vault, settings, user(), tell)
    tell_geocoded(outcome)
    if outcome.failed:
        raise typer.Exit(1)


def read_file(path: Path, limit: int) -> bytes:
    """Return the bytes of a list; raise UnreadableList. No more than limit is ever read."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            data = file.read(limit + 1)
    except OSError as error:
        why = WHY_UNREAD.get(type(error), error.strerror or "")
        raise FileNotRead(filename=str(path), why=why) from None
    if len(data) > limit:
        raise FileTooLarge.of(path.name, max(size, len(data)), limit)
    return data


def check_writable(path: Path) -> None:
    """Raise ReportNotWritten before the import is done rather than after."""
    try:
        path.open("ab").close()
    except OSError as error:
        why = WHY_UNREAD.get(type(error), error.strerror or "")
        raise ReportNotWritten(path=str(path), why=why) from None


def tell_mapping(summary: Summary) -> None:
    """Say on stderr which column was taken for what, where guessed, and which were not read."""
    if summary.mapping_guessed:
        console.print("Colonnes reconnues d'après leurs titres :", markup=False)
        for column, field in summary.mapping.items():
            console.print(f"  {column} → {field}", markup=False)
    if summary.left_aside:
        columns = ", ".join(summary.left_aside)
        console.print(f"Colonnes laissées de côté : {columns}", markup=False)


def tell_problems(problems: tuple[Problem, ...], *, all_in: Path | None) -> None:
    """Say on stderr what is wrong with which line, rejected lines first."""
    ordered = sorted(problems, key=lambda each: (not each.fatal, each.line))
    for each in ordered[:SHOWN_PROBLEMS]:
        where = f"ligne {each.line}" + (f", {each.column}" if each.column else "")
        value = f" (« {each.value} »)" if each.value else ""
        what = "refusée" if each.fatal else "à revoir"
        console.print(f"  {where} {what}{value} : {each.message}", markup=False)
    rest = len(ordered) - SHOWN_PROBLEMS
    if rest > 0:
        where = f"voir {all_in}" if all_in else "--report FICHIER.csv les écrit toutes"
        console.print(f"  … et {several(rest, 'autres')} ({where}).", markup=False)


def several(number: int, words: str) -> str:
    """Return a number before French words, without their plural for zero and one."""
    if number < 2:
        words = re.sub(r"(?<=\w{2})s\b", "", words)
    return f"{grouped(number)} {words}"


def sentence(summary: Summary, *, dry_run: bool) -> str:
    """Return the counts as people read them."""
    lines = [
        f"Source « {summary.source} »" + (" (essai : rien n'est écrit)" if dry_run else ""),
        f"  {several(summary.read, 'lus')} : {several(summary.created, 'créés')}, "
        f"{grouped(summary.updated)} mis à jour, {several(summary.unchanged, 'inchangés')}, "
        f"{several(summary.rejected, 'refusés')}",
        f"  {several(summary.ignored, 'lignes')} sans acteur, "
        f"{several(summary.missing, 'acteurs absents')} de cette liste",
        f"  {several(summary.protected, 'protégés')} : {HIDDEN[summary.protected > 1]}",
    ]
    if summary.hidden_beside:
        lines.append(
            f"  {several(summary.hidden_beside, 'acteurs déjà connus')} "
            + BESIDE[summary.hidden_beside > 1]
        )
    return "\n".join(lines)


def tell_geocoded(outcome: Geocoded) -> None:
    """Say on stderr what the geocoder found, and how to ask again what it could not be asked."""
    if outcome.accepted or outcome.review or outcome.rejected:
        console.print(
            f"Coordonnées : {outcome.accepted} trouvées, {outcome.review} à revoir, "
            f"{outcome.rejected} introuvables.",
            markup=False,
        )
    if outcome.failed:
        unasked = (
            "1 adresse n'a pas pu être cherchée"
            if outcome.failed == 1
            else f"{outcome.failed} adresses n'ont pas pu être cherchées"
        )
        console.print(
            f"{unasked} : {outcome.failure} "
            "Ces acteurs sont placés à leur commune ; relancez plus tard « mesure23 geocode ».",
            markup=False,
        )
