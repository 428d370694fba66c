"""Erasures at somebody's request: what they were of, as digests, and history that can be erased."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

CAUSES = ("import", "edit", "geocoding", "purge", "former")
COLUMNS = ("id", "actor_id", "number", "batch_id", "at", "who", "action")
# Only the owner may do either: the staff login holds neither UPDATE nor DELETE on this table.
TRIGGER = """
CREATE OR REPLACE FUNCTION refuse_change_of_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
       AND ({new}) IS NOT DISTINCT FROM ({old})
       AND current_setting('mesure23.new_key', true) = 'on' THEN
        RETURN NEW;
    END IF;{delete}
    RAISE EXCEPTION 'revision is append-only' USING ERRCODE = 'restrict_violation';
END $$
"""
DELETE = """
    IF TG_OP = 'DELETE' AND current_setting('mesure23.erasing', true) = 'on' THEN
        RETURN OLD;
    END IF;"""


def _guard(delete: str) -> None:
    new, old = (", ".join(f"{row}.{each}" for each in COLUMNS) for row in ("NEW", "OLD"))
    op.execute(TRIGGER.format(new=new, old=old, delete=delete))


def _causes(causes: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_batch_cause"), "batch")
    listed = ", ".join(f"'{each}'" for each in causes)
    op.create_check_constraint(op.f("ck_batch_cause"), "batch", f"cause IN ({listed})")


def upgrade() -> None:
    """Add the two tables, which only the owner writes, and let received bytes go."""
    op.create_table(
        "erasure_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.Column("counts", sa.dialects.postgresql.JSONB(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_request")),
    )
    op.create_table(
        "erased_mark",
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["erasure_request.id"],
            name=op.f("fk_erased_mark_request_id_erasure_request"),
        ),
        sa.PrimaryKeyConstraint("request_id", "purpose", "digest", name=op.f("pk_erased_mark")),
    )
    op.alter_column("source_file", "content", nullable=True)
    _causes((*CAUSES, "erase"))
    _guard(DELETE)
    database = op.get_bind().scalar(sa.text("SELECT current_database()"))
    op.execute(f'GRANT SELECT ON erasure_request, erased_mark TO "{database}_staff"')


def downgrade() -> None:
    """Forget what was erased; refused while a file has no bytes any more, or a batch erased."""
    _guard("")
    _causes(CAUSES)
    op.alter_column("source_file", "content", nullable=False)
    op.drop_table("erased_mark")
    op.drop_table("erasure_request")
