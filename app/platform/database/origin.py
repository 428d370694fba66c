"""Whether a database is a restored copy, of which nobody has said yet that it may be shown."""

from contextlib import AbstractContextManager

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

from app.errors import OperatorError

# A restored server goes on from a point of time on another timeline; a dump lies in another one.
# One that was promoted is on its new timeline at once, its last checkpoint only minutes later.
_SERVER = """(SELECT system_identifier FROM pg_control_system())::text AS system,
greatest((SELECT timeline_id FROM pg_control_checkpoint()),
    (SELECT min_recovery_end_timeline FROM pg_control_recovery())) AS timeline"""
_HERE = text(f"SELECT {_SERVER}")
# Where a copy only reads, what is known to be complete may come to it before its own checkpoint.
# As a release without the table has it, and a server that tells nobody: ('', 0).
_RESTORED = f"""SELECT FROM {{schema}}.database_origin o, (SELECT {_SERVER}) s
WHERE (o.system, o.timeline) <> ('', 0) AND (o.system <> s.system OR o.timeline <> s.timeline
AND (o.timeline < s.timeline OR NOT pg_is_in_recovery()))"""
_SAID = "SELECT FROM {schema}.database_origin o WHERE (o.system, o.timeline) <> ('', 0)"
# What is asked of the login of public pages, as a condition; the second of a server that tells it
# nothing of itself.
RESTORED, RESTORED_UNTOLD = (
    f"EXISTS ({each.format(schema='open')})" for each in (_RESTORED, _SAID)
)
_UNSAID = ("", 0)
# What was a copy of the same server goes on from where that one was, on a timeline of its own.
_PROMOTED = f"""SELECT FROM database_origin o, (SELECT {_SERVER}) s
WHERE o.system = s.system AND o.timeline < s.timeline AND NOT pg_is_in_recovery()"""


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
    try:
        with _apart(connection):
            return bool(
                connection.scalar(text(f"SELECT EXISTS ({_RESTORED.format(schema=schema)})"))
            )
    except ProgrammingError:
        return bool(connection.scalar(text(f"SELECT EXISTS ({_SAID.format(schema=schema)})")))


def is_promoted(connection: Connection) -> bool:
    """Return whether the database is not where it was complete, since a copy of its server is in
    that one's place; False of a server that tells nobody.
    """
    try:
        with _apart(connection):
            return bool(connection.scalar(text(f"SELECT EXISTS ({_PROMOTED})")))
    except ProgrammingError:
        return False


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
        with _apart(connection):
            system, timeline = connection.execute(_HERE).one()
    except ProgrammingError:
        return _UNSAID
    return system, timeline


def _apart(connection: Connection) -> AbstractContextManager[object]:
    """Let what follows fail alone."""
    return connection.begin_nested() if connection.in_transaction() else connection.begin()
