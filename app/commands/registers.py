"""`mesure23 registers …`: the national registers, brought up to date and described."""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from app.commands.hidden import Territory, territory_code
from app.commands.purge import erase
from app.commands.support.editions import changed, described, planned
from app.commands.support.files import FileNotRead
from app.commands.support.opening import opened
from app.commands.support.progress import console, late_progress
from app.commands.support.summary import several
from app.commands.support.tables import Form, FormOption, write_list
from app.commands.support.user import user
from app.commands.territories import are_complete, load_if_absent
from app.errors import Mesure23Error, why_refused
from app.platform.database.sessions import read, write
from app.records.closing import ended
from app.records.hidden_numbers import may_be_sent
from app.registers.api import Api
from app.registers.bringing import Bringer, Given, How, Reporter
from app.registers.download import address_of, discard, fetch, left_behind
from app.registers.errors import (
    DayOfWhich,
    DayToCome,
    FileOfWhich,
    FileOnly,
    NoAddress,
    NoTerritories,
    RegisterUnknown,
)
from app.registers.public_numbers import public_numbers
from app.registers.state import note_nothing_new, read_state, read_states
from app.registers.updating import alone, note_failure
from app.registers.watch import Watched, detail_of, propose_closures, watch
from app.runtime.addresses import read_settings
from app.runtime.staff import Runtime
from app.search.registers import read_registers
from app.settings import Settings
from app.visibility import OPERATOR
from geo.zones import paris_day
from importers.errors import UnreadableList
from importers.registers.catalogue import Register, registers
from importers.text import grouped

app = typer.Typer(
    help="Registres nationaux : FINESS, annuaire de l'administration, data·inclusion, ROR.",
    no_args_is_help=True,
)
CLOSED = ("Identifiant", "Nom", "Territoire", "SIRET", "Fermé le", "Successeur", "Repris le")
WAITING = (
    "  {size} ko d'un téléchargement interrompu sont sur le disque : la prochaine mise à jour le "
    "termine ou l'efface."
)
STOPPED = "la commande s'est arrêtée sur une erreur ; relancez-la, elle reprend où elle en était."


@app.command()
def update(
    name: Annotated[
        str | None,
        typer.Argument(help="Registre, par son code (registers status) ; tous sans lui."),
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="Fichier déjà téléchargé ; sans lui, il est demandé.")
    ] = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="Dire ce qui changerait, sans rien écrire.")
    ] = False,
    accept: Annotated[
        bool,
        typer.Option("--accept", help="Appliquer une édition que le service trouve étonnante."),
    ] = False,
    day: Annotated[
        datetime | None,
        typer.Option(
            help="Jour de publication de ce fichier, s’il ne le dit pas.",
            formats=["%Y-%m-%d", "%d/%m/%Y"],
        ),
    ] = None,
) -> None:
    """Mettre à jour les acteurs que donnent les registres nationaux."""
    settings = read_settings()
    asked = [_named(name)] if name else _downloaded(settings)
    given = _given(file, day) if file else None
    if file and not name:
        raise FileOfWhich(known=", ".join(registers()))
    if day and not file:
        raise DayOfWhich
    how = How(only_plan=plan, accept=accept)
    with opened(settings) as runtime:
        prepare(runtime, only_plan=plan)
        failed = []
        try:
            with alone(runtime.staff):
                for register in asked:
                    if error := _try(runtime, register, given, how):
                        failed.append(error)
        finally:
            if not plan:
                # Whom a register hid was public until now, wherever it stopped.
                erase(runtime, user(), err=True)
        for error in failed[1:]:
            typer.echo(str(error), err=True)
        if failed:
            raise failed[0]


@app.command()
def status() -> None:
    """Dire ce qui est chargé de chaque registre, de quel jour, et ce qui a été laissé de côté."""
    with opened() as runtime, read(runtime.staff) as session:
        states = {each.code: each for each in read_states(session)}
        with read(runtime.databases.public) as visitor:
            shown = {each.register.code: each.actors for each in read_registers(visitor)}
        for code, register in registers().items():
            lines = described(register, states.get(code), shown.get(code, 0))
            typer.echo("\n".join(lines))
            if size := left_behind(_folder(runtime, register)):
                typer.echo(WAITING.format(size=grouped(max(1, size // 1_000))))


@app.command()
def closures(territory: Territory = None, form: FormOption = Form.TABLE) -> None:
    """Demander à l'État quels acteurs publics sont fermés ou ont déménagé ; le proposer."""
    with opened() as runtime:
        code = territory_code(runtime, territory)
        with read(runtime.staff) as session:
            numbers = public_numbers(session, runtime.vault, OPERATOR, code)
        found: list[Watched] = []
        said: list[Watched] = []
        try:
            with Api(runtime.settings.closures_url) as api, late_progress("Recherche"):
                for each in watch(api, numbers, partial(_may_be_sent, runtime)):
                    found.append(each)
        finally:
            # Also where the API fails on the way.
            with write(runtime.staff) as session:
                said = propose_closures(session, runtime.vault, OPERATOR, found)
    rows = [
        (
            each.actor.public_id,
            each.actor.record.name,
            each.actor.record.territory,
            each.closure.siret,
            f"{each.closure.closed_on:%d/%m/%Y}" if each.closure.closed_on else "",
            each.closure.moved_to or "",
            f"{each.closure.moved_on:%d/%m/%Y}" if each.closure.moved_on else "",
        )
        for each in said
    ]
    lines = [
        f"{each.actor.record.territory} · {each.actor.record.name} (fiche {each.actor.public_id}) "
        f": {ended(detail_of(each.closure))}"
        for each in said
    ]
    empty = f"Aucun fermé, de {several(len(numbers), 'établissements')}."
    lines += ["« mesure23 proposals » les propose : une personne décide."] if lines else []
    write_list(form, CLOSED, rows, lambda: lines, empty)


def _may_be_sent(runtime: Runtime, number: str, actor: UUID) -> bool:
    with read(runtime.staff) as session:
        return may_be_sent(session, runtime.vault, number, actor)


def prepare(runtime: Runtime, *, only_plan: bool) -> None:
    """Have the territories in the database; raises NoTerritories where nothing may be written."""
    if only_plan:
        with read(runtime.staff) as session:
            if not are_complete(session.connection()):
                raise NoTerritories
        return
    with write(runtime.staff) as session:
        load_if_absent(session.connection(), runtime.settings)


def _given(path: Path, day: datetime | None) -> Given:
    if day and day.date() > paris_day():
        raise DayToCome(day=f"{day:%d/%m/%Y}")
    return Given(path, path.name, day=day.date() if day else None)


def _named(name: str) -> Register:
    found = registers().get(name)
    if found is None:
        raise RegisterUnknown(name=name, known=", ".join(registers()))
    return found


def _downloaded(settings: Settings) -> list[Register]:
    """Return the registers whose address is known."""
    return [each for each in registers().values() if address_of(each, settings)]


def _try(runtime: Runtime, register: Register, given: Given | None, how: How) -> Exception | None:
    """Bring a register up to date; return why that failed, so that the others are brought too."""
    try:
        _bring(runtime, register, given, how)
    except (Mesure23Error, UnreadableList) as error:
        if not how.only_plan:
            note_failure(runtime.staff, register, _of_nobody(error, register))
        return error
    except Exception:
        if not how.only_plan:
            note_failure(runtime.staff, register, STOPPED)
        raise
    return None


def _of_nobody(error: Mesure23Error | UnreadableList, register: Register) -> str:
    """Return the sentence of an error as it is stored: a file may be named after a home."""
    said = error.details if isinstance(error, Mesure23Error) else error.values
    named = {**said, "filename": register.title}
    return str(type(error)(**named)) if "filename" in said else str(error)  # type: ignore[arg-type]


def _bring(runtime: Runtime, register: Register, given: Given | None, how: How) -> None:
    """Read the newest edition, or the one of a file, and apply it."""
    if given:
        _apply(runtime, register, given, how)
        return
    address = address_of(register, runtime.settings)
    if register.by_file:
        raise FileOnly(title=register.title, page=register.page, name=register.code)
    if address is None:
        raise NoAddress(title=register.title, page=register.page, code=register.code.upper())
    folder = _folder(runtime, register)
    with read(runtime.staff) as session:
        state = read_state(session, register)
        validator = state.validator if state else None
    with late_progress(f"Téléchargement de {register.title}", line_when_piped=True):
        fetched = fetch(register, address, folder, validator)
    if fetched is None:
        if not how.only_plan:
            with write(runtime.staff) as session:
                note_nothing_new(session, register)
        typer.echo(f"{register.title} : rien de nouveau.")
        return
    try:
        newest = Given(fetched.path, fetched.filename, fetched.validator, by_hand=False)
        _apply(runtime, register, newest, how)
    finally:
        discard(folder)


def _folder(runtime: Runtime, register: Register) -> Path:
    return runtime.settings.data_dir / "registers" / register.code


def _apply(runtime: Runtime, register: Register, given: Given, how: How) -> None:
    """Read a file, and apply it; say what it says and what that changes."""
    reporter = Reporter(
        working=late_progress,
        planned=lambda *change: typer.echo("\n".join(planned(register, *change))),
        changed=lambda *change: typer.echo("\n".join(changed(register, *change))),
        asked=lambda error: typer.echo(str(error)),
    )
    bringer = Bringer(runtime.staff, runtime.vault, runtime.settings, user(), how, reporter)
    try:
        with late_progress(f"Lecture de {register.title}"):
            edition = bringer.read(register, given)
    except OSError as error:
        raise FileNotRead(filename=str(given.path), why=why_refused(error)) from None
    for note in edition.notes:
        console.print(note, markup=False)
    bringer.bring(register, edition, given)
    if not how.only_plan:
        typer.echo(f"{register.title} : l'édition du {edition.day:%d/%m/%Y} est en place.")
