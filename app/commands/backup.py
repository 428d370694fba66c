"""`mesure23 backup …`: backups, and what a restored one must not show again."""

from datetime import datetime
from typing import Annotated

import typer

from app.commands.support.opening import opened, withdraw_again
from app.commands.support.summary import several
from app.commands.support.user import user
from app.errors import OperatorError
from app.operations import backing_up
from app.operations.backing_up import passphrase_path
from app.operations.backups import DAYS, rehearsed_at
from app.operations.withdrawn_again import accept
from app.platform.backup.repository import Stored
from app.platform.database.sessions import write
from app.runtime.addresses import read_settings
from app.settings import Settings
from app.vault.sealing import load_vault
from geo.zones import paris_day
from importers.text import grouped

app = typer.Typer(help="Sauvegardes et restaurations.", no_args_is_help=True)


class ServerOutside(OperatorError):
    """La base est sur un serveur extérieur : c’est à lui de la sauvegarder, ou à « pg_dump », comme
    le dit « Backup and restoration » de docs/operations.md.
    """


class KeysNeeded(OperatorError):
    """Essayer ou restaurer une sauvegarde demande les clés de chiffrement, et il n’y en a pas ici.
    Rendez-les à MESURE23_KEYS ou MESURE23_KEYS_FILE.
    """


def _settings() -> Settings:
    settings = read_settings()
    if settings.database_url is not None:
        raise ServerOutside
    return settings


@app.command("run")
def run_command() -> None:
    """Sauvegarder la base embarquée : tout une fois par semaine, sinon ce qui a changé depuis."""
    settings = _settings()
    is_new = not passphrase_path(settings).exists()
    try:
        done = backing_up.back_up(settings)
    finally:
        if is_new and passphrase_path(settings).exists():
            typer.echo(
                f"Phrase secrète des sauvegardes créée : {passphrase_path(settings)}. Gardez-en une"
                " copie ailleurs : sans elle, aucune sauvegarde ne s'ouvre.",
                err=True,
            )
    typer.echo(f"Sauvegardé : {_said(done)}.")


@app.command("list")
def list_command() -> None:
    """Dire quelles sauvegardes il y a, et quand la dernière a été essayée."""
    settings = _settings()
    found = backing_up.stored(settings)
    for each in found:
        typer.echo(_said(each))
    if not found:
        typer.echo("Aucune sauvegarde. « mesure23 backup run » en fait une.")
    at = rehearsed_at(settings.backup_dir)
    typer.echo(f"Dernier essai réussi : {f'{paris_day(at):%d/%m/%Y}' if at else 'aucun'}.")


@app.command("check")
def check_command() -> None:
    """Envoyer le journal et relire chaque fichier de chaque sauvegarde."""
    found = backing_up.check(_settings())
    typer.echo(f"Relu : {several(len(found), 'sauvegardes')} ; le journal arrive.")


@app.command("rehearse")
def rehearse_command() -> None:
    """Restaurer la dernière sauvegarde à part, la comparer à son inventaire, et l'effacer."""
    settings = _settings()
    vault = load_vault(settings)
    if vault is None:
        raise KeysNeeded
    done = backing_up.rehearse(settings, vault)
    if done.differences:
        typer.echo(
            f"La sauvegarde {done.backup.label} ne rend pas ce qu'elle devait : "
            f"{', '.join(done.differences)}. Faites-en une autre, et cherchez pourquoi.",
            err=True,
        )
        raise typer.Exit(1)
    seconds = f"{done.seconds:.0f}"
    typer.echo(
        f"Essayée : {done.backup.label}, {grouped(done.tables)} tables et {grouped(done.rows)} "
        f"lignes rendues à l'identique, les clés les ouvrent ({seconds} s)."
    )


@app.command("restore")
def restore_command(
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"],
            help="Jusqu'à ce moment, heure de la machine ; sinon, tout ce qui est archivé.",
        ),
    ] = None,
) -> None:
    """Restaurer la base embarquée, puis cacher de nouveau ce qui l'a été depuis."""
    settings = _settings()
    if load_vault(settings) is None:
        raise KeysNeeded
    backing_up.restore(settings, until)
    typer.echo("Base restaurée.")
    with opened(settings) as runtime:
        done = withdraw_again(runtime)
    if done.why_not:
        raise typer.Exit(1)
    typer.echo("Tout ce que le registre des retraits connaît y est caché : elle peut être servie.")


@app.command("replay")
def replay_command() -> None:
    """Cacher de nouveau ce qu'une sauvegarde restaurée a rendu public, d'après le registre."""
    # Opening has done it, as each command does; asked again, it says what is still missing.
    with opened() as runtime:
        done = withdraw_again(runtime)
    if done.why_not:
        raise typer.Exit(1)
    typer.echo("Tout ce que le registre des retraits connaît est caché dans cette base.")


@app.command("accept")
def accept_command(
    reason: Annotated[str, typer.Option(help="Qui a vérifié quoi (scellé, au journal).")],
) -> None:
    """Montrer une base restaurée sans son registre : à vous de répondre de ce qu'elle publie."""
    with opened() as runtime, write(runtime.staff) as session:
        accept(session, runtime.vault, user(), reason)
    typer.echo("Noté au journal. Les pages publiques peuvent démarrer.")


def _said(each: Stored) -> str:
    form = "complète" if each.is_full else "différentielle"
    manifest = backing_up.manifest_of(each)
    if manifest is None:
        held = "interrompue avant son inventaire"
    else:
        rows = sum(rows for rows, _ in manifest.tables.values())
        held = f"{grouped(rows)} lignes, clés {', '.join(manifest.keys) or 'aucune'}"
    day = f"{paris_day(each.ended_at):%d/%m/%Y}"
    return f"{each.label} ({form}, du {day}, gardée {DAYS} jours au plus ; {held})"
