"""`mesure23 import`: a list becomes actors, or says what it would become."""

import json
from pathlib import Path
from typing import Annotated

import typer

from app.commands.geocode import report_geocoded
from app.commands.purge import erase
from app.commands.support.files import check_writable, read_file
from app.commands.support.opening import opened
from app.commands.support.progress import console, late_progress
from app.commands.support.signals import EXIT_INTERRUPTED, Terminated
from app.commands.support.summary import report_mapping, report_problems, sentence
from app.commands.support.user import user
from app.commands.territories import load_if_absent
from app.errors import why_refused
from app.geocoding.batch import geocode
from app.lists.importing import import_list, preview
from app.lists.reading import Progress
from app.lists.summary import Summary
from app.lists.uploads import Upload
from app.platform.database.sessions import write
from app.runtime.addresses import read_settings
from app.runtime.staff import Runtime
from geo.answers import GeocoderError
from importers.errors import NoUsableLine
from importers.report import write_report

WAITING = "Une autre commande écrit dans la base : l'import reprend dès qu'elle a fini."
REPORT_LOST = (
    "La liste est lue comme le dit le bilan, mais le compte rendu ne peut pas être écrit dans "
    "« {path} » : {why}. Faites de la place, puis relancez la même commande."
)
INTERRUPTED = (
    "Import interrompu : aucun acteur n'a été changé. Relancez la même commande quand vous voulez."
)


def import_(
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
    with opened(settings) as runtime:
        with write(runtime.staff) as session:
            load_if_absent(session.connection(), settings)
        try:
            with late_progress("Import") as tell:
                summary = _read_and_write(runtime, upload, tell, dry_run=dry_run)
        except NoUsableLine as error:
            if report is not None:
                report.write_bytes(write_report(error.result.problems))
            raise
        written = report is None or _write_report(report, summary)
        report_mapping(summary)
        report_problems(summary.problems, all_in=report)
        typer.echo(
            json.dumps(summary.as_json(), ensure_ascii=False)
            if as_json
            else sentence(summary, dry_run=dry_run)
        )
        if not dry_run:
            # Whom the list hid was public until now.
            erase(runtime, upload.who, err=True)
            if geocoding:
                _geocode(runtime, upload.who)
    if not written:
        raise typer.Exit(1)


def _write_report(path: Path, summary: Summary) -> bool:
    """Write the lines to look at; say where that fails, since the list is imported by then."""
    try:
        path.write_bytes(write_report(summary.problems))
    except OSError as error:
        console.print(REPORT_LOST.format(path=path, why=why_refused(error)), markup=False)
        return False
    return True


def _read_and_write(runtime: Runtime, upload: Upload, tell: Progress, *, dry_run: bool) -> Summary:
    """Import a list, or plan it alone; say where that waits or is interrupted."""
    staff, vault, settings = runtime.staff, runtime.vault, runtime.settings
    try:
        if dry_run:
            return preview(staff, vault, settings, upload, tell)
        return import_list(staff, vault, settings, upload, tell, _say_waiting)
    except (KeyboardInterrupt, Terminated) as stopped:
        console.print(INTERRUPTED, markup=False)
        # Said here, and not once more in general.
        raise SystemExit(getattr(stopped, "code", EXIT_INTERRUPTED)) from None


def _say_waiting() -> None:
    console.print(WAITING, markup=False)


def _geocode(runtime: Runtime, who: str) -> None:
    """Ask for the coordinates that the list left out."""
    try:
        with late_progress("Géocodage") as tell:
            outcome = geocode(runtime.staff, runtime.vault, runtime.settings, who, tell)
    except GeocoderError as error:
        # The list is in the database: a wrong address of the geocoder is no failure of it.
        console.print(str(error), markup=False)
    else:
        report_geocoded(outcome)
