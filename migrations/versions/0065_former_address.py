"""Where the address of an actor leads that was joined to another one, of whom nothing is hidden."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

revision = "0065"
down_revision = "0064"

VIEW = """
CREATE VIEW open.former_address AS
SELECT f.public_id, f.target
FROM public.former_address f
JOIN public.actor a ON a.public_id = f.target AND a.status = 'published' AND NOT a.protected
WHERE NOT EXISTS (
    SELECT FROM public.actor_protected p WHERE p.actor_id = a.id AND p.level IS NOT NULL)
"""


def upgrade() -> None:
    """Add the table, and what the public may read of it."""
    op.create_table(
        "former_address",
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["actor.id"],
            name=op.f("fk_former_address_actor_id_actor"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("public_id", name=op.f("pk_former_address")),
    )
    for column in ("actor_id", "target"):
        op.create_index(op.f(f"ix_former_address_{column}"), "former_address", [column])
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON former_address TO "{database}_staff"')
    op.execute(VIEW)
    op.execute(f'GRANT SELECT ON open.former_address TO "{database}_public"')


def downgrade() -> None:
    """Drop it: the addresses lead nowhere."""
    op.execute("DROP VIEW open.former_address")
    op.drop_table("former_address")
