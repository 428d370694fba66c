"""Professionals may have an account, approved by somebody with a reason."""

import sqlalchemy as sa
from alembic import op

revision = "0107"
down_revision = "0106"
# It knows no such role, and makes no account of it: nor does anything until somebody approves one.
former_release_goes_on = True

STAFF = "'referent_departement', 'referent_etat', 'curateur', 'administrateur'"
BEFORE = {
    "role": f"role IN ({STAFF})",
    "territories": "(role LIKE 'referent%') = (cardinality(territories) > 0)",
}
AFTER = {
    "role": f"role IN ({STAFF}, 'professionnel')",
    "territories": "(role LIKE 'referent%' OR role = 'professionnel')"
    " = (cardinality(territories) > 0)",
    "approved": "num_nonnulls(approved_by, approved_at, reason)"
    " = CASE WHEN role = 'professionnel' THEN 3 ELSE 0 END",
}
OWNED = ("passkey", "recovery_code", "invitation", "confirmation", "staff_session")


def _replace(checks: dict[str, str]) -> None:
    for name, check in checks.items():
        op.execute(f"ALTER TABLE account DROP CONSTRAINT IF EXISTS ck_account_{name}")
        op.execute(f"ALTER TABLE account ADD CONSTRAINT ck_account_{name} CHECK ({check})")


def upgrade() -> None:
    """Add who approved one, when and why, and allow the role; the accounts are a few hundred."""
    op.add_column("account", sa.Column("approved_by", sa.Text(), nullable=True))
    op.add_column("account", sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("account", sa.Column("reason", sa.LargeBinary(), nullable=True))
    _replace(AFTER)


def downgrade() -> None:
    """Delete the accounts of professionals, which no former role describes."""
    op.execute("ALTER TABLE account DROP CONSTRAINT ck_account_approved")
    for table in OWNED:
        op.execute(
            f"DELETE FROM {table} WHERE account_id IN"
            " (SELECT id FROM account WHERE role = 'professionnel')"
        )
    op.execute("DELETE FROM account WHERE role = 'professionnel'")
    _replace(BEFORE)
    for column in ("reason", "approved_at", "approved_by"):
        op.drop_column("account", column)
