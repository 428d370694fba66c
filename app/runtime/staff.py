"""What a command needs to work: a running PostgreSQL at head, its logins, and the keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import Connection, Engine, text

from app.errors import DatabaseNotUpgraded, OperatorError, ReleaseOutgrown
from app.platform.cluster.server import Cluster, open_cluster
from app.platform.database.engines import Databases, role
from app.platform.database.logins import create_database, enable_logins
from app.platform.database.migrating import migrate, refuse_former_at_work
from app.platform.database.schema import has_outgrown, is_too_old
from app.runtime.addresses import DATABASE, database_address, inbox_address
from app.runtime.public import make_inbox_engine, make_pool
from app.settings import Settings
from app.vault.sealing import (
    KeysLost,
    Vault,
    default_keys_file,
    load_vault,
    make_keys_file,
    read_keys_file,
)
from app.vault.verifying import verify
from app.vault.withdrawals import note_after_writes, withdrawals_path


class PublicUrlMissing(OperatorError):
    """MESURE23_DATABASE_URL est donnée, mais pas MESURE23_PUBLIC_DATABASE_URL : les pages publiques
    ont leur propre identifiant. Exécutez « mesure23 db roles », qui crée les identifiants et
    affiche les adresses à indiquer.
    """


class InboxUrlMissing(OperatorError):
    """MESURE23_INBOX_DATABASE_URL n'est pas donnée : les pages publiques ne prennent aucun message,
    indiquent une adresse à qui écrire, et ne comptent pas les pages vues. « mesure23 db roles »
    crée cet identifiant.
    """


class DatabaseUrlMissing(OperatorError):
    """En production (MESURE23_ENV=production), la base embarquée n'est pas utilisée.
    Indiquez l'adresse d'un serveur PostgreSQL dans MESURE23_DATABASE_URL.
    """


class ProductionIncomplete(OperatorError):
    """En production (MESURE23_ENV=production), rien n'est créé d'office. Il manque : {missing}."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """SQLAlchemy URLs of the logins of one database, and the cluster if it is ours."""

    owner: str
    staff: str
    public: str | None
    inbox: str | None
    cluster: Cluster | None


@dataclass(frozen=True, slots=True)
class Runtime:
    """Open engines and keys, for as long as open_runtime's block lasts.

    made_keys: the file of a first key that was just made, for the command to announce.
    """

    settings: Settings
    databases: Databases
    vault: Vault
    owner_url: str
    cluster: Cluster | None
    made_keys: Path | None = None

    @property
    def staff(self) -> Engine:
        """Return the engine of the login that writes."""
        return self.databases.staff


def missing_in_production(settings: Settings) -> list[str]:
    """Return every setting without which production does not start, with what it is."""
    needed = {
        "MESURE23_DATABASE_URL (l'adresse de la base)": settings.database_url,
        "MESURE23_PUBLIC_DATABASE_URL (la même, identifiant des pages publiques)": (
            settings.public_database_url
        ),
        "MESURE23_KEYS ou MESURE23_KEYS_FILE (les clés de chiffrement)": (
            settings.keys or settings.keys_file
        ),
    }
    return [name for name, value in needed.items() if not value]


@contextmanager
def open_addresses(settings: Settings) -> Iterator[Addresses]:
    """Yield the addresses to connect with; the embedded cluster runs while the block lasts."""
    if settings.database_url is None and settings.owner_database_url is None:
        if settings.env == "production":
            raise DatabaseUrlMissing
        with open_cluster(settings.data_dir) as cluster:
            create_database(cluster.url(cluster.superuser, "postgres"), DATABASE)
            staff, public, inbox = (
                cluster.url(role(DATABASE, each), DATABASE) for each in ("staff", "public", "inbox")
            )
            owner = cluster.url(cluster.superuser, DATABASE)
            yield Addresses(owner, staff, public, inbox, cluster)
        return
    owners = _address(settings.owner_database_url, "MESURE23_OWNER_DATABASE_URL")
    given = _address(settings.database_url, "MESURE23_DATABASE_URL")
    # Whoever releases has the owner's alone, and whoever tries the service out that of staff.
    yield Addresses(
        owners or given or "",
        given or owners or "",
        _address(settings.public_database_url, "MESURE23_PUBLIC_DATABASE_URL"),
        inbox_address(settings),
        None,
    )


def _address(given: SecretStr | None, name: str) -> str | None:
    return database_address(given, name) if given else None


@contextmanager
def open_runtime(settings: Settings, *, upgrade: bool = False) -> Iterator[Runtime]:
    """Yield open engines and the keys; raises what the docstrings of this module's errors say.

    The embedded database is always brought to head; an outside one where upgrade says so.
    """
    if settings.env == "production" and (missing := missing_in_production(settings)):
        raise ProductionIncomplete(missing=", ".join(missing))
    # Read before anything is started, so that keys that are no keys start nothing.
    vault = load_vault(settings)
    with open_addresses(settings) as addresses:
        if addresses.public is None:
            raise PublicUrlMissing
        if addresses.cluster is not None:
            # Whatever opens it migrates it, also while an older service still runs.
            refuse_former_at_work(addresses.owner)
        if addresses.cluster is not None or upgrade:
            migrate(addresses.owner)
        if addresses.cluster is not None:
            enable_logins(addresses.owner)
        databases = Databases(
            make_pool(addresses.staff, settings),
            make_pool(addresses.public, settings),
            make_inbox_engine(addresses.inbox, settings),
        )
        try:
            with databases.staff.connect() as connection:
                if not connection.scalar(text("SELECT to_regclass('public.sealed_secret')")):
                    raise DatabaseNotUpgraded
            if is_too_old(databases.staff, staff=True):
                raise DatabaseNotUpgraded
            if has_outgrown(databases.staff):
                raise ReleaseOutgrown
            made = None
            if vault is None:
                vault, made = _first_vault(settings, databases.staff)
            verify(databases.staff, vault)
            note_after_writes(databases.staff, vault, withdrawals_path(settings))
            yield Runtime(settings, databases, vault, addresses.owner, addresses.cluster, made)
        finally:
            databases.dispose()


def _first_vault(settings: Settings, staff: Engine) -> tuple[Vault, Path | None]:
    """Make a first key where nothing is sealed yet; return it and its file. Raises KeysLost."""
    # Another process may have been quicker.
    vault = load_vault(settings)
    if vault is not None:
        return vault, None
    path = settings.keys_file or default_keys_file(settings.data_dir)
    with staff.connect() as connection:
        if something_is_sealed(connection):
            raise KeysLost(path=str(path))
    path = make_keys_file(settings)
    return read_keys_file(path), path


def something_is_sealed(connection: Connection) -> bool:
    """Return whether the database holds anything that only a key can open."""
    return bool(connection.scalar(text("SELECT EXISTS (SELECT 1 FROM sealed_secret)")))
