"""Each territory has a curateur and a stand-in; what is hidden or missing is found by an index."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """Add the table, for staff alone, and the indexes."""
    op.create_table(
        "territory_curateur",
        sa.Column("territory_code", sa.Text(), nullable=False),
        sa.Column("stand_in", sa.Boolean(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("territory_code", "stand_in", name=op.f("pk_territory_curateur")),
        sa.ForeignKeyConstraint(
            ["territory_code"],
            ["territory.code"],
            name=op.f("fk_territory_curateur_territory_code_territory"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_territory_curateur_account_id_account")
        ),
        sa.UniqueConstraint(
            "territory_code", "account_id", name=op.f("uq_territory_curateur_territory_code")
        ),
    )
    op.create_index(op.f("ix_territory_curateur_account_id"), "territory_curateur", ["account_id"])
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON territory_curateur TO "{database}_staff"')
    op.create_index(
        op.f("ix_actor_protected_level"),
        "actor_protected",
        ["actor_id", "level"],
        postgresql_where=text("level IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_source_record_missing"),
        "source_record",
        ["actor_id"],
        postgresql_where=text("missing_since IS NOT NULL"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_source_record_missing"), "source_record")
    op.drop_index(op.f("ix_actor_protected_level"), "actor_protected")
    op.drop_table("territory_curateur")
