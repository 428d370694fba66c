"""Catalogues of resources: what each would change is sealed until somebody confirms it."""

from alembic import op
from sqlalchemy import text

revision = "0088"
down_revision = "0087"

TABLE = """
CREATE TABLE resource_import (
    id uuid NOT NULL CONSTRAINT pk_resource_import PRIMARY KEY,
    made_at timestamptz NOT NULL,
    who text NOT NULL,
    plan bytea NOT NULL,
    status text NOT NULL CONSTRAINT ck_resource_import_status CHECK
        (status IN ('read', 'applied', 'undone', 'dropped')),
    applied_at timestamptz,
    undone_at timestamptz
);
CREATE INDEX ix_resource_import_made_at ON resource_import (made_at)
"""


def upgrade() -> None:
    """Create the table, of staff alone."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(TABLE)
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON resource_import TO "{database}_staff"')


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP TABLE resource_import")
