"""`mesure23 db …`: migrations, logins, and the addresses to connect with."""

import secrets
from typing import Annotated

import typer
from sqlalchemy import make_url

from app.db import migrate, role, set_login
from app.errors import Mesure23Error
from app.runtime import PublicUrlMissing, open_addresses
from app.settings import Settings

app = typer.Typer(help="Base de données et ses identifiants.", no_args_is_help=True)


class NoOutsideServer(Mesure23Error):
    """Indiquez MESURE23_DATABASE_URL, l'adresse d'un administrateur de la base : la base embarquée
    n'a pas besoin d'identifiants.
    """


@app.command()
def upgrade(
    revision: Annotated[str, typer.Argument(help="Révision visée.")] = "head",
) -> None:
    """Amener la base à sa dernière révision."""
    with open_addresses(Settings()) as addresses:
        migrate(addresses.owner, revision)
    typer.echo("La base est à jour.")


@app.command()
def roles() -> None:
    """Créer les identifiants « staff » et « public » d'un serveur extérieur."""
    settings = Settings()
    given = settings.owner_database_url or settings.database_url
    if given is None:
        raise NoOutsideServer
    owner = make_url(given.get_secret_value())
    known = {"staff": settings.database_url, "public": settings.public_database_url}
    names = {"staff": "MESURE23_DATABASE_URL", "public": "MESURE23_PUBLIC_DATABASE_URL"}
    for kind, address in known.items():
        login = role(owner.database or "", kind)
        url = make_url(address.get_secret_value()) if address else None
        if url is None or url.username != login or not url.password:
            url = owner.set(username=login, password=secrets.token_urlsafe(24))
            typer.echo(f"{names[kind]}={url.render_as_string(hide_password=False)}")
        set_login(given.get_secret_value(), kind, str(url.password))


@app.command()
def url(
    public: Annotated[
        bool, typer.Option("--public", help="L'identifiant des pages publiques, qui ne lit que.")
    ] = False,
) -> None:
    """Afficher l'adresse de connexion, pour psql, QGIS ou un outil d'analyse."""
    with open_addresses(Settings()) as addresses:
        address = addresses.public if public else addresses.staff
        if address is None:
            raise PublicUrlMissing
        plain = make_url(address).set(drivername="postgresql")
        typer.echo(plain.render_as_string(hide_password=False))
        if addresses.cluster is not None:
            typer.echo("La base embarquée répond tant que le service est en marche.", err=True)
