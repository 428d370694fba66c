"""A catalogue is written by the worker: nobody who writes waits for a request that does."""

from alembic import op

revision = "0099"
down_revision = "0098"
STATUSES = ("read", "applied", "undone", "dropped")


def upgrade() -> None:
    """Let one stand so while it is written, and while it is undone."""
    _allow((*STATUSES, "applying", "undoing"))


def downgrade() -> None:
    """Let those wait again that nothing was written of, or taken back of."""
    op.execute("UPDATE resource_import SET status = 'read' WHERE status = 'applying'")
    op.execute("UPDATE resource_import SET status = 'applied' WHERE status = 'undoing'")
    _allow(STATUSES)


def _allow(statuses: tuple[str, ...]) -> None:
    named = ", ".join(f"'{each}'" for each in statuses)
    op.execute("ALTER TABLE resource_import DROP CONSTRAINT ck_resource_import_status")
    op.execute(
        "ALTER TABLE resource_import ADD CONSTRAINT ck_resource_import_status"
        f" CHECK (status IN ({named}))"
    )
