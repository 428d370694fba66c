"""What `mesure23 serve --public` works with: the login that reads open records, and the one that
adds to the inbox.

No key, no other login: what such a process does not hold cannot be taken from it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from app.errors import DatabaseNotUpgraded, OperatorError
from app.platform.cluster.server import Cluster, open_cluster
from app.platform.database.engines import Databases, PublicDatabase, make_engine, role
from app.platform.database.lag import read_nothing_old
from app.platform.database.origin import refuse_restored
from app.platform.database.preparation import POSTGIS_RELATIONS
from app.platform.database.schema import has_outgrown, is_too_old
from app.runtime.addresses import DATABASE, database_address, inbox_address
from app.runtime.connections import OF_INBOX
from app.settings import Settings


class PublicAddressMissing(OperatorError):
    """« mesure23 serve --public » n'a besoin que de MESURE23_PUBLIC_DATABASE_URL, l'adresse de la
    base avec l'identifiant des pages publiques. « mesure23 db url --public » l'affiche.
    """


class PublicLoginTooStrong(OperatorError):
    """L'identifiant des pages publiques peut lire ou écrire plus que les fiches publiées.
    Mettez dans MESURE23_PUBLIC_DATABASE_URL celui que « mesure23 db roles » a créé.
    """


class InboxLoginTooStrong(OperatorError):
    """L'identifiant de la boîte de réception peut lire, ou écrire ailleurs que dans cette boîte.
    Mettez dans MESURE23_INBOX_DATABASE_URL celui que « mesure23 db roles » a créé.
    """


class EmbeddedNotPrepared(OperatorError):
    """La base embarquée n'est pas encore en place. Lancez d'abord « mesure23 serve --prepare »,
    qui la crée ; « mesure23 serve --public » ne fait que la lire.
    """


@dataclass(frozen=True, slots=True)
class PublicRuntime:
    """The engines, for as long as open_public's block lasts, and the cluster if it is ours.

    is_too_old: whether the database lacked tables of this release as it was opened; is_outgrown:
    whether it had those of a later one, with which this one does not go on.
    """

    settings: Settings
    databases: PublicDatabase
    cluster: Cluster | None
    is_too_old: bool = False
    is_outgrown: bool = False


# In the catalogue, which is open to logins that may not even look into schema open.
_TABLES = text("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'open')")
# What the login, or any role that it may become, has beyond reading the views of one schema.
_TOO_MUCH = text("""
SELECT EXISTS (
  SELECT FROM pg_roles r
  JOIN pg_class c ON c.relkind IN ('r', 'p', 'v', 'm', 'f')
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE pg_has_role(session_user, r.oid, 'MEMBER')
    AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
    AND c.relname <> ALL (:postgis)
    AND (has_table_privilege(r.oid, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
      OR n.nspname <> :readable AND has_table_privilege(r.oid, c.oid, 'SELECT')))
""")


@contextmanager
def open_public(settings: Settings) -> Iterator[PublicRuntime]:
    """Yield the public engine; raises RestoredNotReplayed, and what this module's errors say.

    Attaches to the embedded cluster, or starts it; nothing is created or brought to head here.
    """
    with _addresses(settings) as (address, inbox, cluster):
        databases = PublicDatabase(make_pool(address, settings), make_inbox_engine(inbox, settings))
        try:
            try:
                refuse_strong_logins(databases)
            except OperationalError as error:
                # Of an embedded cluster that answers, a refusal says that the base is not there.
                if cluster is None:
                    raise
                raise EmbeddedNotPrepared from error
            fit = is_too_old(databases.public), has_outgrown(databases.public)
            refuse_restored(databases.public)
            # Once all is asked: a copy that is behind is waited for, and shows nothing until then.
            read_nothing_old(databases.public, settings.lag_most)
            yield PublicRuntime(settings, databases, cluster, *fit)
        finally:
            databases.dispose()


def make_pool(address: str, settings: Settings) -> Engine:
    """Return the engine of a login whose pages share its connections."""
    return make_engine(address, pool_size=settings.pool_size, wait_most=settings.wait_most)


def make_inbox_engine(address: str | None, settings: Settings) -> Engine | None:
    """Return the engine of the login that adds to the inbox, None where it has no address."""
    if not address:
        return None
    return make_engine(address, pool_size=OF_INBOX, wait_most=settings.wait_most)


@contextmanager
def _addresses(settings: Settings) -> Iterator[tuple[str, str | None, Cluster | None]]:
    """Yield the address of public pages, that of the inbox, and the cluster if it is ours."""
    if settings.public_database_url is not None:
        public = database_address(settings.public_database_url, "MESURE23_PUBLIC_DATABASE_URL")
        yield public, inbox_address(settings), None
        return
    if settings.database_url is not None or settings.env == "production":
        raise PublicAddressMissing
    with open_cluster(settings.data_dir) as cluster:
        public, inbox = (
            cluster.url(role(DATABASE, each), DATABASE) for each in ("public", "inbox")
        )
        yield public, inbox, cluster


def refuse_strong_logins(databases: Databases | PublicDatabase) -> None:
    """Raise PublicLoginTooStrong or InboxLoginTooStrong where a login may do more than is its own.

    Raises DatabaseNotUpgraded where there is nothing to read yet.
    """
    with databases.public.connect() as connection:
        if not connection.scalar(_TABLES):
            raise DatabaseNotUpgraded
        if connection.scalar(_TOO_MUCH, _readable("open")):
            raise PublicLoginTooStrong
    if databases.inbox is not None:
        with databases.inbox.connect() as connection:
            # Not even a view of public pages.
            if connection.scalar(_TOO_MUCH, _readable("")):
                raise InboxLoginTooStrong


def _readable(schema: str) -> dict[str, object]:
    return {"postgis": list(POSTGIS_RELATIONS), "readable": schema}
