"""Writes anew the functions of migration 0008 that raise the version of what the public reads.

They name each public column: another value of one of them is a new version. Landed migrations call
this: it may be added to, and never does anything else for the same arguments.
"""

from alembic import op
from sqlalchemy import text

FUNCTIONS = ("raise_versions_of_changed_actors", "raise_versions_of_actors_that_came_or_went")


class VersionsUnknown(Exception):
    """A function that raises versions does not name the columns that it must."""


def rewrite(former: str, new: str) -> None:
    """Replace a list of columns by another one; raises VersionsUnknown where it is not there."""
    bind = op.get_bind()
    for name in FUNCTIONS:
        function = text("SELECT pg_get_functiondef(CAST(:name AS regproc))")
        definition = bind.execute(function, {"name": name}).scalar_one()
        if former not in definition:
            raise VersionsUnknown(name)
        bind.exec_driver_sql(definition.replace(former, new))
