"""Which actors were compared with all others, and which pairs of them were put off."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

revision = "0064"
down_revision = "0068"


def upgrade() -> None:
    """Add the table, and the moment at which a person put a proposal off."""
    at = sa.DateTime(timezone=True)
    op.create_table(
        "actor_compared",
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", at, nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["actor.id"],
            name=op.f("fk_actor_compared_actor_id_actor"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("actor_id", name=op.f("pk_actor_compared")),
    )
    op.add_column("proposal", sa.Column("put_off_at", at, nullable=True))
    staff = f'"{op.get_bind().scalar(text("SELECT current_database()"))}_staff"'
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON actor_compared TO {staff}")


def downgrade() -> None:
    """Drop them: all is compared anew, and nothing is put off."""
    op.drop_column("proposal", "put_off_at")
    op.drop_table("actor_compared")
