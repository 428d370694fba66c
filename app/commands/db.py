"""`mesure23 db …`: migrations, logins, and the addresses to connect with."""

import secrets
from typing import Annotated

import typer
from sqlalchemy import URL, make_url

from app.commands.release import Stopped, tell_in_use
from app.errors import DatabaseNotPrepared, OperatorError
from app.platform.database.engines import role
from app.platform.database.logins import set_login
from app.platform.database.migrating import migrate, refuse_former_release
from app.platform.database.preparation import script
from app.runtime.addresses import database_address, read_settings
from app.runtime.staff import InboxUrlMissing, PublicUrlMissing, open_addresses
from app.settings import Settings

NAMES = {
    "staff": "MESURE23_DATABASE_URL",
    "public": "MESURE23_PUBLIC_DATABASE_URL",
    "inbox": "MESURE23_INBOX_DATABASE_URL",
}

app = typer.Typer(help="Base de données et ses identifiants.", no_args_is_help=True)


class NoOutsideServer(OperatorError):
    """Indiquez MESURE23_DATABASE_URL, l'adresse d'un administrateur de la base : la base embarquée
    n'a pas besoin d'identifiants.
    """


@app.command()
def upgrade(
    revision: Annotated[str, typer.Argument(help="Révision visée.")] = "head",
    stopped: Stopped = False,
) -> None:
    """Amener la base à sa dernière révision."""
    with open_addresses(read_settings()) as addresses:
        if not stopped:
            refuse_former_release(addresses.owner)
        migrate(addresses.owner, revision, on_wait=tell_in_use)
    typer.echo("La base est à jour.")


@app.command()
def roles() -> None:
    """Créer les identifiants « staff », « public » et « inbox » d'un serveur extérieur."""
    settings = read_settings()
    owner = _owner(settings)
    refused = []
    for login, name in NAMES.items():
        username = role(owner.database or "", login)
        address = getattr(settings, name.removeprefix("MESURE23_").lower())
        url = make_url(database_address(address, name)) if address else None
        if url is None or url.username != username or not url.password:
            url = owner.set(username=username, password=secrets.token_urlsafe(24))
            typer.echo(f"{name}={url.render_as_string(hide_password=False)}")
        refused.append(
            set_login(owner.render_as_string(hide_password=False), login, str(url.password))
        )
    if statements := [statement for statement in refused if statement]:
        raise DatabaseNotPrepared(sql=script(owner.database or "", statements, (), 0))


def _owner(settings: Settings) -> URL:
    """Return the address of the login that may make others."""
    for given, name in (
        (settings.owner_database_url, "MESURE23_OWNER_DATABASE_URL"),
        (settings.database_url, NAMES["staff"]),
    ):
        if given is not None:
            return make_url(database_address(given, name))
    raise NoOutsideServer


@app.command()
def url(
    public: Annotated[
        bool, typer.Option("--public", help="L'identifiant des pages publiques, qui ne lit que.")
    ] = False,
    inbox: Annotated[
        bool, typer.Option("--inbox", help="Celui qui n'ajoute que des messages de visiteurs.")
    ] = False,
    owner: Annotated[
        bool, typer.Option("--owner", help="Celui qui possède tout : sauvegarder et restaurer.")
    ] = False,
) -> None:
    """Afficher l'adresse de connexion, pour psql, QGIS, un outil d'analyse ou pg_dump."""
    with open_addresses(read_settings()) as addresses:
        address = addresses.public if public else addresses.staff
        if inbox or owner:
            address = addresses.inbox if inbox else addresses.owner
        if address is None:
            raise InboxUrlMissing if inbox else PublicUrlMissing
        plain = make_url(address).set(drivername="postgresql")
        typer.echo(plain.render_as_string(hide_password=False))
        if addresses.cluster is not None:
            typer.echo("La base embarquée répond tant que le service est en marche.", err=True)
