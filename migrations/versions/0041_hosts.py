"""A hospital that a register alone names is public as a host, and is no answer by itself."""

from alembic import op
from sqlalchemy import text

from migrations import version_triggers

revision = "0041"
down_revision = "0038"

STATUSES = "ck_actor_status"
FORMER = "'draft', 'published', 'archived', 'secret'"
NEW = "'draft', 'published', 'host', 'archived', 'secret'"
# As PostgreSQL writes the views.
PUBLISHED, BOTH = "status = 'published'::text", "status IN ('published', 'host')"
# As migration 0008 has them.
OF_VERSIONS = "status = 'published'", BOTH
READ_AGAIN = "status = ANY (ARRAY['published'::text, 'host'::text])"


def _show(former: str, new: str) -> None:
    """Write the public view of actors anew; what reads it stays as it is."""
    bind = op.get_bind()
    definition = bind.scalar(text("SELECT pg_get_viewdef('open.actor'::regclass)"))
    if former not in definition:
        raise RuntimeError("open.actor is not what migration 0041 knows")
    bind.exec_driver_sql(f"CREATE OR REPLACE VIEW open.actor AS {definition.replace(former, new)}")


def _accept(statuses: str) -> None:
    op.execute(f"ALTER TABLE actor DROP CONSTRAINT {STATUSES}")
    op.execute(f"ALTER TABLE actor ADD CONSTRAINT {STATUSES} CHECK (status IN ({statuses}))")


def upgrade() -> None:
    """Let the public login read hosts, who have a status of their own."""
    _accept(NEW)
    _show(PUBLISHED, BOTH)
    version_triggers.rewrite(*OF_VERSIONS)
    op.create_index(
        "ix_actor_host", "actor", ["territory_code"], postgresql_where=text("status = 'host'")
    )


def downgrade() -> None:
    """Let them be published as all others are."""
    op.drop_index("ix_actor_host", "actor")
    version_triggers.rewrite(*OF_VERSIONS[::-1])
    _show(READ_AGAIN, PUBLISHED)
    op.execute("UPDATE actor SET status = 'published' WHERE status = 'host'")
    _accept(FORMER)
