"""`mesure23 release`: what a database needs for this version, before its processes are started."""

from typing import Annotated

import typer
from sqlalchemy import make_url

from app.commands.territories import load_prepared, tell_loaded
from app.errors import DatabaseNotPrepared
from app.platform.database.engines import make_engine, role
from app.platform.database.logins import enable_logins, set_login
from app.platform.database.migrating import migrate, refuse_former_release
from app.platform.database.preparation import script
from app.platform.database.sessions import write
from app.runtime.addresses import read_settings
from app.runtime.connections import needed
from app.runtime.staff import Addresses, open_addresses

IN_USE = (
    "Une table que la mise à jour change est lue ou écrite en ce moment : elle réessaie, sans "
    "arrêter les pages."
)
WITHOUT_ADDRESS = (
    "Identifiants sans adresse, laissés comme ils sont : {names}. « mesure23 db roles » les crée "
    "et affiche leurs adresses."
)

Stopped = Annotated[
    bool,
    typer.Option(
        "--stopped", help="Dire que plus aucun processus de la version précédente n'est lancé."
    ),
]


def release(stopped: Stopped = False) -> None:
    """Préparer la base pour cette version : tables, identifiants et territoires."""
    settings = read_settings()
    with open_addresses(settings) as addresses:
        if not stopped:
            refuse_former_release(addresses.owner)
        migrate(addresses.owner, needed=needed(settings), on_wait=tell_in_use)
        if addresses.cluster is not None:
            enable_logins(addresses.owner)
        else:
            set_logins(addresses)
        owner = make_engine(addresses.owner)
        with write(owner) as session:
            tell_loaded(load_prepared(session.connection(), settings))
        owner.dispose()
    typer.echo("La base est prête pour cette version : lancez-en les processus.")


def tell_in_use() -> None:
    """Say why an upgrade takes long."""
    typer.echo(IN_USE, err=True)


def set_logins(addresses: Addresses) -> None:
    """Let those logins in whose addresses are given; raise DatabaseNotPrepared."""
    database = make_url(addresses.owner).database or ""
    given = {"staff": addresses.staff, "public": addresses.public, "inbox": addresses.inbox}
    refused, left = [], []
    for login, address in given.items():
        url = make_url(address) if address else None
        if url is None or url.username != role(database, login) or not url.password:
            left.append(login)
        else:
            refused.append(set_login(addresses.owner, login, str(url.password)))
    if left:
        typer.echo(WITHOUT_ADDRESS.format(names=", ".join(left)), err=True)
    if statements := [statement for statement in refused if statement]:
        raise DatabaseNotPrepared(sql=script(database, statements, (), 0))
