"""Who asks for an account of a professional waits, sealed, until somebody decides."""

from alembic import op
from sqlalchemy import text

revision = "0108"
down_revision = "0107"
# It opens no message of this form, and counts it as unreadable: the form is of the next release.
former_release_goes_on = True

TABLE = """
CREATE TABLE access_request (
    id uuid NOT NULL CONSTRAINT pk_access_request PRIMARY KEY,
    login bytea NOT NULL CONSTRAINT uq_access_request_login UNIQUE,
    content bytea NOT NULL,
    territory_code text NOT NULL CONSTRAINT fk_access_request_territory_code_territory
        REFERENCES territory (code),
    received_at timestamptz NOT NULL,
    token bytea CONSTRAINT uq_access_request_token UNIQUE,
    asked_at timestamptz,
    confirmed_at timestamptz
)
"""


def upgrade() -> None:
    """Create the table, of staff alone."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(TABLE)
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON access_request TO "{database}_staff"')


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP TABLE access_request")
