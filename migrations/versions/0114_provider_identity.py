"""Whom an identity provider vouches for, by account; and a second factor without a password."""

import sqlalchemy as sa
from alembic import op

revision = "0114"
down_revision = "0113"
# It lets nobody in by an identity, nor by a second factor alone.
former_release_goes_on = True
TWO_FACTORS = "ALTER TABLE account ADD CONSTRAINT ck_account_two_factors CHECK ({}) NOT VALID"


def upgrade() -> None:
    """Nobody is vouched for until they open an invitation."""
    database = op.get_bind().scalar(sa.text("SELECT current_database()"))
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "provider_identity",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", moment, server_default=sa.text("now()"), nullable=False),
        sa.Column("used_at", moment),
        sa.Column("notified_at", moment),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_provider_identity_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_provider_identity")),
        sa.UniqueConstraint("subject", name=op.f("uq_provider_identity_subject")),
    )
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON provider_identity TO "{database}_staff"')
    op.execute("ALTER TABLE account DROP CONSTRAINT ck_account_two_factors")
    op.execute(TWO_FACTORS.format("password IS NULL OR totp IS NOT NULL"))
    op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_account_two_factors")


def downgrade() -> None:
    """Let nobody in by an identity any more: who has no other way is invited again."""
    op.execute("UPDATE account SET totp = NULL WHERE password IS NULL")
    op.execute("ALTER TABLE account DROP CONSTRAINT ck_account_two_factors")
    op.execute(TWO_FACTORS.format("(password IS NULL) = (totp IS NULL)"))
    op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_account_two_factors")
    op.drop_table("provider_identity")
