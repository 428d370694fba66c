"""Links by which a list is sent without an account, and what came by each."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

revision = "0049"
down_revision = "0048"


def upgrade() -> None:
    """Add both tables, for staff alone."""
    op.create_table(
        "deposit_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit_link")),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_deposit_link_source_id_source")
        ),
        sa.UniqueConstraint("token", name=op.f("uq_deposit_link_token")),
    )
    op.create_index(op.f("ix_deposit_link_source_id"), "deposit_link", ["source_id"])
    op.create_table(
        "link_receipt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_receipt")),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["deposit_link.id"],
            name=op.f("fk_link_receipt_link_id_deposit_link"),
            ondelete="CASCADE",
        ),
    )
    op.create_index(op.f("ix_link_receipt_link_id"), "link_receipt", ["link_id"])
    staff = f'"{op.get_bind().scalar(text("SELECT current_database()"))}_staff"'
    for table in ("deposit_link", "link_receipt"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {staff}")


def downgrade() -> None:
    """Drop them: no link that was handed out opens anything."""
    op.drop_table("link_receipt")
    op.drop_table("deposit_link")
