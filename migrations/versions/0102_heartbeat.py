"""A sign each second, by which a copy of the database knows how far behind it is."""

from alembic import op
from sqlalchemy import text

revision = "0102"
down_revision = "0101"
former_release_goes_on = True

# NULL of a copy that never saw a sign is as far behind as can be.
MADE = """
CREATE TABLE heartbeat (
    id smallint NOT NULL CONSTRAINT pk_heartbeat PRIMARY KEY,
    at timestamp with time zone NOT NULL,
    CONSTRAINT ck_heartbeat_one CHECK (id = 1)
);
CREATE VIEW open.lag AS SELECT CASE WHEN pg_is_in_recovery() THEN
    coalesce((SELECT extract(epoch FROM clock_timestamp() - at) FROM public.heartbeat), 'Infinity')
    ELSE 0 END::double precision AS seconds
"""


def upgrade() -> None:
    """Make the row's table, and what the public login reads of it."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(MADE)
    op.execute(f'GRANT SELECT, INSERT, UPDATE ON heartbeat TO "{database}_staff"')
    op.execute(f'GRANT SELECT ON open.lag TO "{database}_public"')


def downgrade() -> None:
    """Remove both."""
    op.execute("DROP VIEW open.lag; DROP TABLE heartbeat")
