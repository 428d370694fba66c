"""What a command needs to work: a running PostgreSQL at head, the two logins, and the keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import typer
from sqlalchemy import Connection, Engine, text

from app.cluster import Cluster, open_cluster
from app.db import Databases, create_database, enable_logins, make_engine, migrate
from app.errors import Mesure23Error
from app.sealed import KeysLost, Vault, default_keys_file, load_vault, make_keys_file, parse_keys
from app.settings import Settings

DATABASE = "mesure23"


class PublicUrlMissing(Mesure23Error):
    """MESURE23_DATABASE_URL est donnée, mais pas MESURE23_PUBLIC_DATABASE_URL : les pages publiques
    ont leur propre identifiant. Exécutez « mesure23 db roles », qui crée les identifiants et
    affiche les adresses à indiquer.
    """


@dataclass(frozen=True, slots=True)
class Addresses:
    """SQLAlchemy URLs of the three logins of one database, and the cluster if it is ours."""

    owner: str
    staff: str
    public: str | None
    cluster: Cluster | None


@dataclass(frozen=True, slots=True)
class Runtime:
    """Open engines and keys, for as long as open_runtime's block lasts."""

    settings: Settings
    databases: Databases
    vault: Vault
    cluster: Cluster | None

    @property
    def staff(self) -> Engine:
        """The engine of the login that writes."""
        return self.databases.staff


@contextmanager
def open_addresses(settings: Settings) -> Iterator[Addresses]:
    """Yield the addresses to connect with; the embedded cluster runs while the block lasts."""
    if settings.database_url is None:
        with open_cluster(settings.data_dir) as cluster:
            create_database(cluster.url(cluster.superuser, "postgres"), DATABASE)
            owner, staff, public = (
                cluster.url(user, DATABASE)
                for user in (cluster.superuser, f"{DATABASE}_staff", f"{DATABASE}_public")
            )
            yield Addresses(owner, staff, public, cluster)
        return
    staff = settings.database_url.get_secret_value()
    owner_url, public_url = settings.owner_database_url, settings.public_database_url
    yield Addresses(
        owner_url.get_secret_value() if owner_url else staff,
        staff,
        public_url.get_secret_value() if public_url else None,
        None,
    )


@contextmanager
def open_runtime(settings: Settings, *, upgrade: bool = False) -> Iterator[Runtime]:
    """Yield open engines and the keys; raises what the docstrings of this module's errors say.

    The embedded database is always brought to head; an outside one where upgrade says so.
    """
    with open_addresses(settings) as addresses:
        if addresses.public is None:
            raise PublicUrlMissing
        if addresses.cluster is not None or upgrade:
            migrate(addresses.owner)
        if addresses.cluster is not None:
            enable_logins(addresses.owner)
        databases = Databases(
            make_engine(addresses.staff, pool_size=settings.pool_size),
            make_engine(addresses.public, pool_size=settings.pool_size),
        )
        try:
            vault = _vault(settings, databases.staff)
            yield Runtime(settings, databases, vault, addresses.cluster)
        finally:
            databases.dispose()


def _vault(settings: Settings, staff: Engine) -> Vault:
    vault = load_vault(settings)
    if vault is not None:
        return vault
    path = settings.keys_file or default_keys_file(settings.data_dir)
    with staff.connect() as connection:
        if something_is_sealed(connection):
            raise KeysLost(path=str(path))
    path = make_keys_file(settings)
    typer.echo(f"Clé de chiffrement créée : {path} (à sauvegarder à part des données).", err=True)
    return parse_keys(path.read_text())


def something_is_sealed(connection: Connection) -> bool:
    """Return whether the database holds anything that only a key can open."""
    return bool(connection.scalar(text("SELECT EXISTS (SELECT 1 FROM sealed_secret)")))
