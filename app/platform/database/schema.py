"""Whether a database has the tables that this release was written for, or goes on with.

A migration with which the release before it does not go on leaves its number as the comment of the
table of revisions, which every login may read.
"""

from functools import cache

import psycopg
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from app.platform.database.sessions import read_once
from app.settings import ROOT

VERSIONS = ROOT / "migrations" / "versions"
_OF_PUBLIC = text("SELECT revision FROM open.schema_revision")
_OF_STAFF = text("SELECT version_num FROM public.alembic_version")
OLDEST = text("SELECT obj_description(to_regclass('public.alembic_version'), 'pg_class')")


@cache
def newest_revision() -> str:
    """Return the last migration of this release, by its number: alembic takes 11 MB to say it."""
    return max(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*.py"))


def is_too_old(engine: Engine, *, staff: bool = False) -> bool:
    """Ask as the login of public pages, or as that of staff.

    The schema of a later release is not: the former one goes on with it.
    """
    try:
        with read_once(engine) as session:
            found = session.scalar(_OF_STAFF if staff else _OF_PUBLIC)
    except (ProgrammingError, psycopg.ProgrammingError):
        # It is from before anybody might read that.
        return True
    return (found or "") < newest_revision()


def is_outgrown(oldest: str | None) -> bool:
    """Return whether this release does not go on with a schema; oldest: what OLDEST reads of it."""
    return (oldest or "") > newest_revision()


def has_outgrown(engine: Engine) -> bool:
    """Ask the same of a database, by any login."""
    with read_once(engine) as session:
        return is_outgrown(session.scalar(OLDEST))
