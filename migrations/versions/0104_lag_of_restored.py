"""A restored database is infinitely far behind until what was hidden since is hidden again."""

from alembic import op

revision = "0104"
down_revision = "0103"
# It reads the same column, and refuses what is too far behind as well.
former_release_goes_on = True

BEHIND = """
CREATE OR REPLACE VIEW open.lag AS SELECT CASE {restored}WHEN pg_is_in_recovery() THEN
    coalesce((SELECT extract(epoch FROM clock_timestamp() - at) FROM public.heartbeat), 'Infinity')
    ELSE 0 END::double precision AS seconds
"""
RESTORED = (
    "WHEN EXISTS (SELECT FROM public.database_origin WHERE system = 'restored') THEN 'Infinity' "
)


def upgrade() -> None:
    """Let whoever looks how far behind it is refuse it, also one that connected meanwhile."""
    op.execute(BEHIND.format(restored=RESTORED))


def downgrade() -> None:
    """Let it be looked at as processes start, and no more."""
    op.execute(BEHIND.format(restored=""))
