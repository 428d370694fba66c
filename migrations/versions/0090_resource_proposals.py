"""Links that visitors propose to the resource centre, sealed until a curateur decides."""

from alembic import op
from sqlalchemy import text

revision = "0090"
down_revision = "0089"

TABLE = """
CREATE TABLE resource_proposal (
    id uuid NOT NULL CONSTRAINT pk_resource_proposal PRIMARY KEY,
    content bytea NOT NULL,
    received_at timestamptz NOT NULL,
    decided_at timestamptz,
    accepted boolean,
    who text,
    resource_id uuid CONSTRAINT fk_resource_proposal_resource_id_resource_record
        REFERENCES resource_record,
    CONSTRAINT ck_resource_proposal_decided CHECK
        ((decided_at IS NULL) = (accepted IS NULL) AND (decided_at IS NULL) = (who IS NULL))
);
CREATE INDEX ix_resource_proposal_received_at ON resource_proposal (received_at)
"""


def upgrade() -> None:
    """Create the table, of staff alone."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(TABLE)
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON resource_proposal TO "{database}_staff"')


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP TABLE resource_proposal")
