"""`mesure23 keys …`: the keys that seal what is not public."""

import typer

from app.commands.support.opening import opened
from app.commands.support.progress import late_progress
from app.operations.erasure_register import COLUMN, TABLE, entries, register_path, seal_again
from app.platform.database.engines import make_engine
from app.platform.database.sessions import IMPORT_LOCK, hold, write
from app.runtime.addresses import read_settings
from app.runtime.staff import Runtime
from app.vault.rotation import Status, rotate, status
from app.vault.sealing import Vault, add_key

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
    "Ne retirez une ancienne clé que si « mesure23 keys status » ne compte plus rien sous elle, "
    "et si aucune sauvegarde n'en a besoin."
)


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
            done += seal_again(register_path(settings), vault)
        owner.dispose()
        typer.echo(f"{done} valeurs scellées de nouveau par la clé « {vault.primary} ».")
        typer.echo(_OF_OTHERS if settings.keys is None else _OF_OTHERS_WITHOUT_FILE)
        typer.echo(_BEFORE_REMOVING)
        _report(runtime, _status(runtime, vault), vault.primary)


@app.command("status")
def status_command() -> None:
    """Ouvrir toutes les valeurs scellées et dire par quelle clé elles le sont."""
    with opened() as runtime:
        _report(runtime, _status(runtime, runtime.vault), runtime.vault.primary)


def _status(runtime: Runtime, vault: Vault) -> Status:
    """Return what each key has sealed, in the database and in the register of erasures."""
    found = status(runtime.staff, vault)
    for request_id, sealed in entries(register_path(runtime.settings)):
        found.add(vault, TABLE, request_id, COLUMN, sealed)
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
