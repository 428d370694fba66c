"""`mesure23 registers …`: the national registers, brought up to date and described."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from app.commands.hidden import Territory, territory_code
from app.commands.purge import erase
from app.commands.support.files import FileNotRead
from app.commands.support.opening import opened
from app.commands.support.progress import console, late_progress
from app.commands.support.summary import several
from app.commands.support.tables import Form, FormOption, write_list
from app.commands.support.user import user
from app.commands.territories import load_if_absent
from app.errors import Mesure23Error, why_refused
from app.gazetteer.load import read_gazetteer
from app.models import RegisterState
from app.platform.database.sessions import read, write
from app.registers.api import Api
from app.registers.download import address_of, discard, fetch
from app.registers.errors import FileOfWhich, NoAddress, RegisterUnknown
from app.registers.state import note_nothing_new, read_state, read_states
from app.registers.updating import Part, Update, alone, note_failure
from app.registers.watch import public_numbers, watch
from app.runtime.addresses import read_settings
from app.runtime.staff import Runtime
from app.settings import Settings
from app.visibility import OPERATOR
from importers.registers.catalogue import Register, registers
from importers.registers.edition import Edition
from importers.registers.errors import RegisterError
from importers.registers.reading import read_register
from importers.text import grouped

app = typer.Typer(
    help="Registres nationaux : FINESS, annuaire de l'administration.", no_args_is_help=True
)
# Territories that a plan names one by one.
NAMED = 12
CLOSED = ("Identifiant", "Nom", "Territoire", "SIRET", "Fermé le", "Nouveau siège")
STOPPED = "la commande s'est arrêtée sur une erreur ; relancez-la, elle reprend où elle en était."


@app.command()
def update(
    name: Annotated[
        str | None, typer.Argument(help="Registre : finess, annuaire ; tous sans lui.")
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
) -> None:
    """Mettre à jour les acteurs que donnent les registres nationaux."""
    settings = read_settings()
    asked = [_named(name)] if name else _downloaded(settings)
    if file and not name:
        raise FileOfWhich(known=", ".join(registers()))
    with opened(settings) as runtime:
        with write(runtime.staff) as session:
            load_if_absent(session.connection(), settings)
        failed = []
        try:
            with alone(runtime.staff):
                for register in asked:
                    if error := _try(runtime, register, file, only_plan=plan, accept=accept):
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
        for code, register in registers().items():
            typer.echo("\n".join(_described(register, states.get(code))))


@app.command()
def closures(territory: Territory = None, form: FormOption = Form.TABLE) -> None:
    """Demander à l'État quels acteurs publics sont fermés ou ont déménagé ; ne change rien."""
    with opened() as runtime:
        code = territory_code(runtime, territory)
        with read(runtime.staff) as session:
            numbers = public_numbers(session, runtime.vault, OPERATOR, code)
        with Api(runtime.settings.closures_url) as api, late_progress("Recherche"):
            found = list(watch(api, numbers))
    rows = [
        (
            each.actor.public_id,
            each.actor.record.name,
            each.actor.record.territory,
            each.closure.siret,
            f"{each.closure.closed_on:%d/%m/%Y}" if each.closure.closed_on else "",
            each.closure.moved_to or "",
        )
        for each in found
    ]
    lines = [
        f"{place} · {name} (fiche {public_id}) : fermé{f' le {day}' if day else ''}"
        + (f", déménagé : SIRET {moved}" if moved else "")
        for public_id, name, place, _, day, moved in rows
    ]
    empty = f"Aucun fermé, de {several(len(numbers), 'établissements')}."
    write_list(form, CLOSED, rows, lambda: lines, empty)


def _named(name: str) -> Register:
    found = registers().get(name)
    if found is None:
        raise RegisterUnknown(name=name, known=", ".join(registers()))
    return found


def _downloaded(settings: Settings) -> list[Register]:
    """Return the registers whose address is known."""
    return [each for each in registers().values() if address_of(each, settings)]


def _try(
    runtime: Runtime, register: Register, file: Path | None, *, only_plan: bool, accept: bool
) -> Exception | None:
    """Bring a register up to date; return why that failed, so that the others are brought too."""
    try:
        _bring(runtime, register, file, only_plan=only_plan, accept=accept)
    except (Mesure23Error, RegisterError, FileNotRead) as error:
        if not only_plan:
            note_failure(runtime.staff, register, str(error))
        return error
    except Exception:
        if not only_plan:
            note_failure(runtime.staff, register, STOPPED)
        raise
    return None


def _bring(
    runtime: Runtime, register: Register, file: Path | None, *, only_plan: bool, accept: bool
) -> None:
    """Read the newest edition, or the one of a file, and apply it."""
    if file:
        edition = _read(runtime, register, file, file.name)
        _update(runtime, register, edition, None, only_plan=only_plan, accept=accept)
        return
    address = address_of(register, runtime.settings)
    if address is None:
        raise NoAddress(title=register.title, page=register.page, code=register.code.upper())
    folder = runtime.settings.data_dir / "registers" / register.code
    with read(runtime.staff) as session:
        state = read_state(session, register)
        validator = state.validator if state else None
    with late_progress(f"Téléchargement de {register.title}", line_when_piped=True):
        fetched = fetch(register, address, folder, validator)
    if fetched is None:
        if not only_plan:
            with write(runtime.staff) as session:
                note_nothing_new(session, register)
        typer.echo(f"{register.title} : rien de nouveau.")
        return
    edition = _read(runtime, register, fetched.path, fetched.filename)
    _update(runtime, register, edition, fetched.validator, only_plan=only_plan, accept=accept)
    if not only_plan:
        discard(folder)


def _read(runtime: Runtime, register: Register, path: Path, name: str) -> Edition:
    with read(runtime.staff) as session:
        gazetteer = read_gazetteer(session.connection())
    try:
        with path.open("rb") as file, late_progress(f"Lecture de {register.title}"):
            return read_register(register.code, file, name, gazetteer)
    except OSError as error:
        raise FileNotRead(filename=str(path), why=why_refused(error)) from None


def _update(
    runtime: Runtime,
    register: Register,
    edition: Edition,
    validator: str | None,
    *,
    only_plan: bool,
    accept: bool,
) -> None:
    for note in edition.notes:
        console.print(note, markup=False)
    work = Update(runtime.staff, runtime.vault, runtime.settings, register, edition, user())
    with late_progress("Plan") as tell:
        parts = work.plan(tell)
    for line in _planned(register, edition, parts):
        typer.echo(line)
    if not only_plan:
        if not accept:
            work.check(parts)
        with late_progress("Mise à jour") as tell:
            work.apply(parts, tell, validator)
        typer.echo(f"{register.title} : l'édition du {edition.day:%d/%m/%Y} est en place.")


def _planned(register: Register, edition: Edition, parts: list[Part]) -> list[str]:
    changed = [part for part in parts if part.summary]
    totals = {
        name: sum(getattr(part.summary, name) for part in changed if part.summary)
        for name in ("created", "updated", "rejected", "protected", "doubtful")
    }
    gone = sum(part.missing for part in parts)
    lines = [
        f"{register.title}, édition du {edition.day:%d/%m/%Y} : "
        f"{several(sum(part.lines for part in parts), 'acteurs')} dans "
        f"{several(len(parts), 'territoires')}, dont {len(parts) - len(changed)} sans changement.",
        f"  {several(totals['created'], 'créés')}, {several(totals['updated'], 'modifiés')}, "
        f"{several(gone, 'disparus')}, {several(totals['rejected'], 'refusés')} ; "
        f"{several(totals['protected'], 'cachés')}, "
        f"{several(totals['doubtful'], 'doublons possibles')} à décider.",
        *_left_out(edition.left_out),
    ]
    most = sorted(changed, key=lambda part: -(part.updated + part.missing))[:NAMED]
    lines += [
        f"  {part.territory} : {several(part.updated, 'modifiés')} et "
        f"{several(part.missing, 'disparus')} sur {part.known}"
        for part in most
        if part.updated + part.missing
    ]
    return lines


def _left_out(reasons: Mapping[str, int]) -> list[str]:
    most = sorted(reasons.items(), key=lambda pair: -pair[1])
    return [f"  laissés de côté, {reason} : {grouped(count)}" for reason, count in most]


def _described(register: Register, state: RegisterState | None) -> list[str]:
    title = f"{register.title} ({register.code}), {register.publisher}, {register.licence}"
    if state is None:
        return [title, "  jamais chargé."]
    lines = [title]
    if state.day and state.applied_at:
        lines.append(
            f"  en place : édition du {state.day:%d/%m/%Y}, chargée le "
            f"{state.applied_at.astimezone():%d/%m/%Y}, {several(state.actors, 'acteurs')}."
        )
        lines += _left_out(state.left_out)
    if state.failure:
        lines.append(
            f"  dernier essai, le {state.tried_at.astimezone():%d/%m/%Y} : {state.failure}"
        )
    return lines
