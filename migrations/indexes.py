"""Makes an index of a table that is there already, while others read and write it.

It waits for whoever read the table as it began, and nobody waits for it. What was left half-made by
one that was killed or refused is dropped first. A migration that calls this does nothing else: what
stands before it in the file is done already if it is run again.
"""

from collections.abc import Sequence
from typing import Any

from alembic import op
from sqlalchemy import text

# As long as a migration tries again: nobody queues behind it, so that it need not let others pass.
PATIENCE = "5min"
_IS_VALID = text(
    "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(quote_ident(:name))"
)


def create_index_alongside(name: str, table: str, columns: Sequence[Any], **options: Any) -> None:
    """Make an index unless it is there whole. options: as those of op.create_index."""
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        usual = connection.scalar(text("SHOW lock_timeout"))
        connection.execute(text(f"SET lock_timeout = '{PATIENCE}'"))
        try:
            if connection.scalar(_IS_VALID, {"name": name}) is False:
                op.drop_index(name, table, postgresql_concurrently=True)
            op.create_index(
                name, table, columns, postgresql_concurrently=True, if_not_exists=True, **options
            )
        finally:
            connection.execute(text(f"SET lock_timeout = '{usual}'"))


def drop_index_alongside(name: str, table: str) -> None:
    """Take an index away in the same manner."""
    with op.get_context().autocommit_block():
        op.drop_index(name, table, postgresql_concurrently=True, if_exists=True)
