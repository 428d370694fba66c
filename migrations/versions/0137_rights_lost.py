"""An account that lost a role or a territory is noted, so that no restored backup gives it back."""

from alembic import op

revision = "0137"
down_revision = "0136"
# It notes the same, as an account that was disabled is, which it knows.
former_release_goes_on = True


def upgrade() -> None:
    """Note each that reads something no more, or may do something no more."""
    op.execute(
        "CREATE TRIGGER account_is_narrowed AFTER UPDATE OF role, territories ON account"
        " FOR EACH ROW WHEN (NEW.role <> OLD.role OR NOT OLD.territories <@ NEW.territories)"
        " EXECUTE FUNCTION note_withdrawal('account', 'id', '')"
    )


def downgrade() -> None:
    """Note none of them any more."""
    op.execute("DROP TRIGGER account_is_narrowed ON account")
