"""`mesure23 keys …`: the keys that seal what is not public."""

from typing import Annotated

import typer

from app.commands.support.opening import opened
from app.commands.support.progress import late_progress
from app.errors import OperatorError
from app.operations.erasure_register import COLUMN, TABLE, entries, register_paths, seal_again
from app.operations.keys_of_backups import backups_needing
from app.platform.database.engines import make_engine
from app.platform.database.sessions import IMPORT_LOCK, hold, write
from app.runtime.addresses import read_settings
from app.runtime.staff import Runtime
from app.vault.rotation import Status, rotate, status
from app.vault.sealing import Vault, add_key, forget_key
from app.vault.withdrawals import COLUMN as WITHDRAWN_COLUMN
from app.vault.withdrawals import TABLE as WITHDRAWN
from app.vault.withdrawals import seal_again as seal_withdrawals
from app.vault.withdrawals import sealed_entries, withdrawals_paths

app = typer.Typer(help="Clés de chiffrement.", no_args_is_help=True)
_OF_OTHERS = (
    "Un service en marche relit ce fichier de lui-même. Sur une autre machine, copiez-y le fichier "
    "de clés : jusque-là il y refuse (503) ce qu'il ne peut pas ouvrir."
)
_OF_OTHERS_WITHOUT_FILE = (
    "Redémarrez tout service (serve, worker) qui n'a pas encore cette clé dans MESURE23_KEYS : "
    "jusque-là il refuse (503) ce qu'il ne peut pas ouvrir, et scelle par l'ancienne."
)
_BEFORE_REMOVING = (
    "« mesure23 keys forget NOM » retire une ancienne clé, une fois que plus rien n'en a besoin, "
    "aucune sauvegarde non plus."
)


class KeyUnknown(OperatorError):
    """Aucune clé ne porte ce nom. Les clés connues : {known}."""


class KeyInUse(OperatorError):
    """Cette clé scelle encore ce qui arrive. Exécutez d’abord « mesure23 keys rotate »."""


class KeyStillSeals(OperatorError):
    """Cette clé ouvre encore {count} valeurs. Exécutez d’abord « mesure23 keys rotate »."""


class KeyOfBackups(OperatorError):
    """Des sauvegardes ont besoin de cette clé, ou rien ne dit le contraire : {names}. Attendez
    qu’elles soient détruites, puis recommencez ; la clé reste. D’un fichier, ou de ce que le
    pgBackRest d’un serveur à vous a fait depuis que la clé ne scelle plus rien, répondez par
    « --no-backup-needs-it ».
    """


class BackupsUnknown(OperatorError):
    """Rien ne dit ici où sont les sauvegardes, ni lesquelles ont besoin de cette clé. Donnez
    MESURE23_BACKUP_DIR ; si aucune n’en a plus besoin, nulle part, ajoutez --no-backup-needs-it.
    """


@app.command("rotate")
def rotate_command() -> None:
    """Sceller de nouveau, par une nouvelle clé ; interrompue, la commande reprend où elle était."""
    settings = read_settings()
    with opened(settings) as runtime:
        vault = runtime.vault
        if not _under_other_keys(_status(runtime, vault), vault.primary):
            # Nothing is left of an earlier rotation: this one begins.
            fresh = add_key(settings)
            if fresh is None:
                typer.echo(
                    "Tout est scellé par la première clé de MESURE23_KEYS. Pour en changer, mettez "
                    "une nouvelle clé devant elle (nom:base64 de 32 octets), gardez les anciennes "
                    "derrière, puis relancez cette commande."
                )
                return
            vault = fresh
            typer.echo(f"Nouvelle clé « {vault.primary} » : sauvegardez le fichier de clés.")
        owner = make_engine(runtime.owner_url)
        with late_progress("Valeurs scellées de nouveau") as tell:
            done = rotate(owner, vault, tell)
        with write(owner) as session:
            # No erasure is noted meanwhile.
            hold(session, IMPORT_LOCK)
            done += sum(seal_again(each, vault) for each in register_paths(settings))
            done += sum(seal_withdrawals(each, vault) for each in withdrawals_paths(settings))
        owner.dispose()
        typer.echo(f"{done} valeurs scellées de nouveau par la clé « {vault.primary} ».")
        typer.echo(_OF_OTHERS if settings.keys is None else _OF_OTHERS_WITHOUT_FILE)
        typer.echo(_BEFORE_REMOVING)
        _report(runtime, _status(runtime, vault), vault.primary)


@app.command("forget")
def forget_command(
    key_id: Annotated[str, typer.Argument(help="Nom de l'ancienne clé (mesure23 keys status).")],
    none_needs_it: Annotated[
        bool,
        typer.Option(
            "--no-backup-needs-it",
            help="Affirmer qu'aucune sauvegarde qui ne dit pas ses clés n'en a besoin.",
        ),
    ] = False,
) -> None:
    """Retirer une ancienne clé, si plus rien n'en a besoin : ni la base, ni une sauvegarde."""
    settings = read_settings()
    with opened(settings) as runtime:
        vault = runtime.vault
        if key_id not in vault.keys:
            raise KeyUnknown(known=", ".join(vault.keys))
        if key_id == vault.primary:
            raise KeyInUse
        if count := _status(runtime, vault).by_key[key_id]:
            raise KeyStillSeals(count=str(count))
        if settings.backup_dir is None and not none_needs_it:
            raise BackupsUnknown
        if needing := backups_needing(settings, key_id, vouched=none_needs_it):
            raise KeyOfBackups(names=", ".join(needing))
        if forget_key(settings, key_id):
            typer.echo(f"Clé « {key_id} » retirée. Retirez-la aussi de vos copies du fichier.")
        else:
            typer.echo(f"Plus rien n'a besoin de « {key_id} » : retirez-la de MESURE23_KEYS.")


@app.command("status")
def status_command() -> None:
    """Ouvrir toutes les valeurs scellées et dire par quelle clé elles le sont."""
    with opened() as runtime:
        _report(runtime, _status(runtime, runtime.vault), runtime.vault.primary)


def _status(runtime: Runtime, vault: Vault) -> Status:
    """Return what each key has sealed, in the database and in the registers beside it."""
    found = status(runtime.staff, vault)
    for request_id, sealed in entries(*register_paths(runtime.settings)):
        found.add(vault, TABLE, request_id, COLUMN, sealed)
    for entry_id, sealed in sealed_entries(*withdrawals_paths(runtime.settings)):
        found.add(vault, WITHDRAWN, entry_id, WITHDRAWN_COLUMN, sealed)
    return found


def _under_other_keys(found: Status, primary: str) -> int:
    return found.by_key.total() - found.by_key[primary]


def _report(runtime: Runtime, found: Status, primary: str) -> None:
    for key_id, count in found.by_key.most_common():
        role = "actuelle" if key_id == primary else "ancienne"
        typer.echo(f"  {key_id} ({role}) : {count} valeurs")
    for key_id in runtime.vault.keys.keys() - found.by_key.keys() - {primary}:
        typer.echo(f"  {key_id} (ancienne) : aucune valeur ; utile aux sauvegardes plus anciennes.")
    if found.unopened:
        for place, count in found.unopened.most_common():
            typer.echo(f"Impossible à ouvrir : {count} valeurs de {place}.", err=True)
        raise typer.Exit(1)
