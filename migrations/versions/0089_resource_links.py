"""When the addresses that resources lead to were last looked at, and what was found."""

from alembic import op
from sqlalchemy import text

revision = "0089"
down_revision = "0088"

TABLE = """
CREATE TABLE resource_link (
    resource_id uuid NOT NULL CONSTRAINT fk_resource_link_resource_id_resource_record
        REFERENCES resource_record,
    url_digest bytea NOT NULL,
    looked_at timestamptz NOT NULL,
    status smallint,
    unsure_since date,
    failed_since date,
    CONSTRAINT pk_resource_link PRIMARY KEY (resource_id, url_digest)
)
"""


def upgrade() -> None:
    """Create the table, of staff alone."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(TABLE)
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON resource_link TO "{database}_staff"')


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP TABLE resource_link")
