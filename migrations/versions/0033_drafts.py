"""Forms that somebody began to write, and has not saved."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Add the table, for staff alone."""
    op.create_table(
        "desk_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_draft")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_desk_draft_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actor.id"], name=op.f("fk_desk_draft_actor_id_actor")
        ),
        sa.UniqueConstraint(
            "account_id",
            "actor_id",
            name=op.f("uq_desk_draft_account_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(op.f("ix_desk_draft_actor_id"), "desk_draft", ["actor_id"])
    op.create_index(op.f("ix_desk_draft_at"), "desk_draft", ["at"])
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON desk_draft TO "{database}_staff"')


def downgrade() -> None:
    """Drop it, and what nobody saved."""
    op.drop_table("desk_draft")
