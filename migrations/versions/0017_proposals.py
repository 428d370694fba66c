"""What lists propose, and a person decides."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add the table, for staff alone."""
    op.create_table(
        "proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("who", sa.Text(), nullable=True),
        sa.CheckConstraint("about IN ('consent', 'same')", name=op.f("ck_proposal_about")),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actor.id"], name=op.f("fk_proposal_actor_id_actor")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("subject", name=op.f("uq_proposal_subject")),
    )
    op.create_index(op.f("ix_proposal_actor_id"), "proposal", ["actor_id"])
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(f'GRANT SELECT, INSERT, UPDATE ON proposal TO "{database}_staff"')


def downgrade() -> None:
    """Drop it, with what was never decided."""
    op.drop_table("proposal")
