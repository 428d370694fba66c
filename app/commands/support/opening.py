"""What commands of staff open first."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

import typer

from app.cataloguing import remarking as texts
from app.commands.support.summary import several
from app.commands.support.user import user
from app.operations import deleted_resources
from app.operations.deleted_accounts import brought_back, delete_again
from app.operations.erasure_register import (
    RegisterNotRead,
    RegisterNotWritten,
    copy_register,
    ids_of,
    register_path,
    register_paths,
)
from app.operations.lost_erasures import note_again
from app.operations.unfinished_erasures import unfinished
from app.operations.withdrawn_again import Replay, replay
from app.platform.database.origin import is_restored
from app.platform.database.sessions import read, write
from app.records.remarking import count_outdated, mark_some
from app.records.settling import count_unsettled, settle_some
from app.runtime.addresses import read_settings
from app.runtime.staff import Runtime, open_runtime
from app.settings import Settings
from app.vault.digests import mark_of_database
from app.vault.lines import signed_at
from app.vault.sealing import NotOpened
from app.vault.withdrawals import WithdrawalsNotRead, make_register, note, withdrawals_path
from geo.zones import PARIS_TIME, paris_day


@contextmanager
def opened(settings: Settings | None = None, *, upgrade: bool = False) -> Iterator[Runtime]:
    """Open the runtime of the environment's settings; say where a first key was made."""
    with open_runtime(settings or read_settings(), upgrade=upgrade) as runtime:
        if runtime.made_keys is not None:
            where = f"{runtime.made_keys} (à sauvegarder à part des données)"
            typer.echo(f"Clé de chiffrement créée : {where}.", err=True)
        _settle(runtime)
        take_again(runtime)
        yield runtime


def take_again(runtime: Runtime) -> None:
    """Take again what a restored backup brought back, and say what is left.

    A register that cannot be read stops a restored database alone: in another one nothing is back,
    and somebody may have to be hidden now.
    """
    unread = dict[str, None]()
    for each in (_take_erased_again, withdraw_again, _tell_unfinished):
        try:
            each(runtime)
        except (RegisterNotRead, WithdrawalsNotRead) as error:
            with read(runtime.staff) as session:
                if is_restored(session.connection()):
                    raise
            unread[str(error)] = None
    for said in unread:
        typer.echo(f"Attention : {said}", err=True)


def _take_erased_again(runtime: Runtime) -> None:
    """Delete the accounts and erase the resources that a restored backup brought back, before
    anybody comes in by them or reads them.
    """
    noted = ids_of(*register_paths(runtime.settings))
    with read(runtime.staff) as session:
        accounts = brought_back(session, noted.accounts)
        resources = deleted_resources.brought_back(session, noted.resources)
    if accounts:
        with write(runtime.staff) as session:
            delete_again(session, runtime.vault, accounts, user())
        typer.echo(
            "Comptes supprimés qu'une sauvegarde restaurée avait fait revenir, supprimés de "
            f"nouveau : {len(accounts)}.",
            err=True,
        )
    if resources:
        with write(runtime.staff) as session:
            deleted_resources.erase_again(session, runtime.vault, resources, user())
        typer.echo(
            "Ressources effacées qu'une sauvegarde restaurée avait fait revenir, effacées de "
            f"nouveau : {len(resources)}.",
            err=True,
        )


def withdraw_again(runtime: Runtime) -> Replay:
    """Hide what a restored backup brought back, before anybody reads it; say what is not sure."""
    done = hide_again(runtime)
    if done.again:
        typer.echo(f"Caché ou retiré de nouveau après une restauration : {done.again}.", err=True)
    if done.unknown:
        typer.echo(
            f"{several(done.unknown, 'retraits')} du registre portent sur ce que cette base n'a pas"
            " encore : il est né après la sauvegarde. Avant d'importer de nouveau ses listes,"
            " voyez le journal exporté.",
            err=True,
        )
    if done.was_restored:
        typer.echo(_how_far(signed_at(withdrawals_path(runtime.settings))), err=True)
    if done.why_not:
        typer.echo(
            f"Attention : cette base vient d'une sauvegarde, et {done.why_not}. Les pages"
            f" publiques ne démarrent pas {done.to_do}.",
            err=True,
        )
    return done


def _how_far(at: datetime | None) -> str:
    """Say until when what was hidden is known for sure: nothing tells a copy of the register from
    the one that went on.
    """
    known = (
        f"Le registre des retraits était entier {paris_day(at):le %d/%m/%Y}"
        f" à {at.astimezone(PARIS_TIME):%H h %M}"
        if at
        else "Rien ne dit jusqu'à quand le registre des retraits est entier"
    )
    return (
        f"{known}. Si c'en est une copie, ce qui a été caché depuis n'est pas connu : voyez le"
        " journal exporté avant de montrer cette base."
    )


def hide_again(runtime: Runtime) -> Replay:
    """Do the same for who has said already, or says by themselves, what is not sure."""
    if runtime.settings.backup_dir is None:
        # Of a server outside nothing else has made it; what cannot be written is said by doctor.
        with suppress(OSError):
            runtime.settings.data_dir.mkdir(parents=True, exist_ok=True)
    with write(runtime.staff) as session:
        done = replay(session, runtime.vault, runtime.settings, user())
        database = mark_of_database(session, runtime.vault, make=not done.was_restored)
    path = withdrawals_path(runtime.settings)
    # What the register had lost is added again, and what the replay itself took back.
    is_whole = note(runtime.staff, runtime.vault, path)
    if not done.was_restored:
        if is_whole:
            make_register(path, database)
        _note_erasures(runtime, database)
    return done


def _note_erasures(runtime: Runtime, database: str) -> None:
    """Have the register of erasures lie beside the backups, with all that the database knows of it.

    What cannot be written stops nothing: doctor says it.
    """
    settings = runtime.settings
    with suppress(RegisterNotWritten, NotOpened), read(runtime.staff) as session:
        copy_register(settings)
        note_again(session, runtime.vault, settings)
        make_register(register_path(settings), database)


def _tell_unfinished(runtime: Runtime) -> None:
    """Say that a restored backup brought back what was erased, or that an erasure was cut short."""
    with read(runtime.staff) as session:
        count = unfinished(session, runtime.settings)
    if count:
        typer.echo(
            f"Attention : {several(count, 'effacements demandés')} et pas faits dans cette base "
            "(arrêtés en route, ou défaits par une sauvegarde restaurée). Exécutez "
            "« mesure23 purge ».",
            err=True,
        )


def _settle(runtime: Runtime) -> None:
    """Work out what a former release did not know of the actors it wrote, batch by batch."""
    for what, count, some in (
        ("fiches", count_unsettled, settle_some),
        ("fiches", count_outdated, mark_some),
        ("ressources", texts.count_outdated, texts.mark_some),
    ):
        with read(runtime.staff) as session:
            left = count(session)
        if left:
            typer.echo(f"Protection des {what} revue après la mise à jour : {left}.", err=True)
        while left:
            with write(runtime.staff) as session:
                left = some(session, runtime.vault, user())
