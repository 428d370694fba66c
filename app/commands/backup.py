"""`mesure23 backup …`: backups, and what a restored one must not show again."""

from datetime import UTC, datetime
from types import ModuleType
from typing import Annotated

import typer

from app.commands.release import set_logins
from app.commands.support.opening import hide_again, opened
from app.commands.support.summary import several
from app.commands.support.user import user
from app.errors import OperatorError
from app.operations import backing_up, dumping
from app.operations.backups import DAYS, rehearsed_at
from app.operations.passphrase import passphrase_path
from app.operations.rehearsing import Rehearsed
from app.operations.safeguards import incomplete_registers
from app.operations.withdrawn_again import accept
from app.platform.backup.stored import Stored
from app.platform.database.engines import make_engine
from app.platform.database.sessions import write
from app.runtime.addresses import is_outside, read_settings
from app.runtime.staff import open_addresses
from app.settings import Settings
from app.vault.sealing import load_vault
from app.vault.withdrawals import sign, withdrawals_path
from geo.zones import paris_day
from importers.text import grouped

_A_DAY = (
    "Ce qui est écrit après elle, jusqu'à la prochaine, serait perdu avec le serveur : un jour au "
    "plus, si elle est faite chaque nuit."
)

app = typer.Typer(help="Sauvegardes et restaurations.", no_args_is_help=True)


class KeysNeeded(OperatorError):
    """Essayer ou restaurer une sauvegarde demande les clés de chiffrement, et il n’y en a pas ici.
    Rendez-les à MESURE23_KEYS ou MESURE23_KEYS_FILE.
    """


def _made_by(settings: Settings) -> ModuleType:
    """Return what makes backups: pgBackRest of the embedded database, pg_dump of another one."""
    return dumping if is_outside(settings) else backing_up


@app.command("run")
def run_command() -> None:
    """Sauvegarder la base : l'embarquée par pgBackRest, celle d'un autre serveur par pg_dump."""
    settings = read_settings()
    is_new = not passphrase_path(settings).exists()
    try:
        done: Stored = _made_by(settings).back_up(settings)
    finally:
        if is_new and passphrase_path(settings).exists():
            typer.echo(
                f"Phrase secrète des sauvegardes créée : {passphrase_path(settings)}. Gardez-en une"
                " copie ailleurs : sans elle, aucune sauvegarde ne s'ouvre.",
                err=True,
            )
    typer.echo(f"Sauvegardé : {_said(done)}.")
    for said in _incomplete(settings):
        typer.echo(f"Attention : {said}", err=True)
    if is_outside(settings):
        typer.echo(_A_DAY)


def _incomplete(settings: Settings) -> list[str]:
    """Say what the registers lack, as far as the owner of the database may see it; of that of
    withdrawals, where it lacks nothing, have it say so.
    """
    with open_addresses(settings) as addresses:
        owner = make_engine(addresses.owner)
        try:
            with write(owner) as session:
                lacking = [*incomplete_registers(settings, session)]
                sign(session, withdrawals_path(settings), datetime.now(UTC))
                return lacking
        finally:
            owner.dispose()


@app.command("list")
def list_command() -> None:
    """Dire quelles sauvegardes il y a, et quand la dernière a été essayée."""
    settings = read_settings()
    found: list[Stored] = _made_by(settings).stored(settings)
    for each in found:
        typer.echo(_said(each))
    if not found:
        typer.echo("Aucune sauvegarde. « mesure23 backup run » en fait une.")
    at = rehearsed_at(settings.backup_dir)
    typer.echo(f"Dernier essai réussi : {f'{paris_day(at):%d/%m/%Y}' if at else 'aucun'}.")


@app.command("check")
def check_command() -> None:
    """Relire chaque sauvegarde en entier, et envoyer le journal de la base embarquée."""
    settings = read_settings()
    found: list[Stored] = _made_by(settings).check(settings)
    arrives = "" if is_outside(settings) else " ; le journal arrive"
    typer.echo(f"Relu : {several(len(found), 'sauvegardes')}{arrives}.")


@app.command("rehearse")
def rehearse_command() -> None:
    """Restaurer la dernière sauvegarde à part, la comparer à son inventaire, et l'effacer."""
    settings = read_settings()
    vault = load_vault(settings)
    if vault is None:
        raise KeysNeeded
    done: Rehearsed = _made_by(settings).rehearse(settings, vault)
    if done.differences:
        typer.echo(
            f"La sauvegarde {done.backup.label} ne rend pas ce qu'elle devait : "
            f"{', '.join(done.differences)}. Faites-en une autre, et cherchez pourquoi.",
            err=True,
        )
        raise typer.Exit(1)
    typer.echo(
        f"Essayée : {done.backup.label}, {grouped(len(done.found.tables))} tables et "
        f"{grouped(done.found.rows)} lignes rendues à l'identique, les clés les ouvrent "
        f"({done.seconds:.0f} s)."
    )


@app.command("restore")
def restore_command(
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"],
            help="Jusqu'à ce moment, heure de la machine ; sinon, tout ce qui est sauvegardé.",
        ),
    ] = None,
) -> None:
    """Restaurer la base là où il n'y en a pas, puis cacher de nouveau ce qui l'a été depuis."""
    settings = read_settings()
    if load_vault(settings) is None:
        raise KeysNeeded
    _made_by(settings).restore(settings, until)
    typer.echo("Base restaurée.")
    if is_outside(settings):
        # Those of a new server were made without a password.
        with open_addresses(settings) as addresses:
            set_logins(addresses)
    with opened(settings, upgrade=True) as runtime:
        done = hide_again(runtime)
    if done.why_not:
        raise typer.Exit(1)
    typer.echo(
        "Tout ce que les registres connaissent y est caché ou effacé : elle peut être servie."
    )


@app.command("replay")
def replay_command() -> None:
    """Cacher de nouveau ce qu'une sauvegarde restaurée a rendu public, d'après le registre."""
    # Opening has done and said it, as each command does.
    with opened() as runtime:
        done = hide_again(runtime)
    if done.why_not:
        raise typer.Exit(1)
    typer.echo("Tout ce que les registres connaissent est caché ou effacé dans cette base.")


@app.command("accept")
def accept_command(
    reason: Annotated[str, typer.Option(help="Qui a vérifié quoi (scellé, au journal).")],
) -> None:
    """Montrer une base restaurée sans son registre : à vous de répondre de ce qu'elle publie."""
    with opened() as runtime:
        with write(runtime.staff) as session:
            accept(session, runtime.vault, runtime.settings, user(), reason)
        # The registers begin anew at once: none of before is believed of it.
        hide_again(runtime)
    typer.echo("Noté au journal. Les pages publiques peuvent démarrer.")


def _said(each: Stored) -> str:
    form = "complète" if each.is_full else "différentielle"
    manifest = each.manifest
    if manifest is None:
        held = "interrompue avant son inventaire"
    else:
        held = f"{grouped(manifest.rows)} lignes, clés {', '.join(manifest.keys) or 'aucune'}"
    day = f"{paris_day(each.ended_at):%d/%m/%Y}"
    return f"{each.label} ({form}, du {day}, gardée {DAYS} jours au plus ; {held})"
