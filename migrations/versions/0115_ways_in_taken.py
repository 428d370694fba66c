"""A way into an account that was taken away is noted, so that no restored backup brings it back."""

from alembic import op

revision = "0115"
down_revision = "0114"
# It takes them away as before, and what it takes is noted too. It restores no backup of this one,
# since it does not know what the register says of these.
former_release_goes_on = True
# Table -> what it is to the register, and the column of its id.
NOTED = {"passkey": ("passkey", "id"), "provider_identity": ("identity", "account_id")}


def upgrade() -> None:
    """Note each that is deleted, of its own or with its account."""
    for table, (what, column) in NOTED.items():
        op.execute(
            f"CREATE TRIGGER {table}_is_taken_back AFTER DELETE ON {table} FOR EACH ROW"
            f" EXECUTE FUNCTION note_withdrawal('{what}', '{column}', '')"
        )


def downgrade() -> None:
    """Note none of them any more."""
    for table in NOTED:
        op.execute(f"DROP TRIGGER {table}_is_taken_back ON {table}")
