"""Whether a database is a restored copy, of which nobody has said yet that it may be shown."""

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

from app.errors import OperatorError

# A restored server goes on from a point of time on another timeline; a dump lies in another one.
# One that was promoted is on its new timeline at once, its last checkpoint only minutes later.
_HERE = text(
    "SELECT (SELECT system_identifier FROM pg_control_system())::text,"
    " greatest((SELECT timeline_id FROM pg_control_checkpoint()),"
    " (SELECT min_recovery_end_timeline FROM pg_control_recovery()))"
)
_NOTED = "SELECT system, timeline FROM {schema}.database_origin"
# As a release without the table has it, and a server that tells nobody.
_UNSAID = ("", 0)


class RestoredNotReplayed(OperatorError):
    """Cette base vient d’une sauvegarde restaurée : ce qui a été caché ou effacé depuis ne l’est
    peut-être pas de nouveau, et rien n’en est montré. Exécutez « mesure23 backup replay », qui le
    cache de nouveau d’après les registres et dit ce qui reste à effacer. Si l’un d’eux est perdu,
    lisez d’abord « Backup and restoration » de docs/operations.md.
    """


def refuse_restored(public: Engine) -> None:
    """Raise RestoredNotReplayed, as the login of public pages sees it."""
    with public.connect() as connection:
        if is_restored(connection, "open"):
            raise RestoredNotReplayed


def is_restored(connection: Connection, schema: str = "public") -> bool:
    """Return whether the database is not where it was last known to be complete."""
    name = f"{schema}.database_origin"
    if not connection.scalar(text("SELECT to_regclass(:name)"), {"name": name}):
        return False
    row = connection.execute(text(_NOTED.format(schema=schema))).one_or_none()
    noted = (row.system, row.timeline) if row else _UNSAID
    return noted != _UNSAID and noted != here(connection)


def settle_here(connection: Connection) -> None:
    """Note that what is here is complete; the caller commits."""
    system, timeline = here(connection)
    connection.execute(
        text(
            "INSERT INTO database_origin VALUES (1, :system, :timeline)"
            " ON CONFLICT (id) DO UPDATE SET system = :system, timeline = :timeline"
        ),
        {"system": system, "timeline": timeline},
    )


def here(connection: Connection) -> tuple[str, int]:
    """Return the server and its timeline; ("", 0) where it tells nobody."""
    try:
        with connection.begin_nested() if connection.in_transaction() else connection.begin():
            system, timeline = connection.execute(_HERE).one()
    except ProgrammingError:
        return _UNSAID
    return system, timeline
