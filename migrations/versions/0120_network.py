"""Members of the network: that they accepted its charter, and what they say of themselves."""

from alembic import op
from sqlalchemy import text

revision = "0120"
down_revision = "0119"
# It knows no member. Whom it hides it takes from no profile while both serve: texts are read again
# at night, and an organisation is read as it is at the moment of each page.
former_release_goes_on = True
TABLES = """
CREATE TABLE network_member (
    account_id uuid NOT NULL CONSTRAINT pk_network_member PRIMARY KEY
        CONSTRAINT fk_network_member_account_id_account REFERENCES account ON DELETE CASCADE,
    charter_on date,
    accepted_at timestamptz,
    profile bytea,
    actor_id uuid CONSTRAINT fk_network_member_actor_id_actor
        REFERENCES actor ON DELETE SET NULL,
    masked boolean NOT NULL DEFAULT false,
    changed_at timestamptz NOT NULL DEFAULT now(),
    narrowed_at timestamptz,
    blocked_at timestamptz
);
CREATE INDEX ix_network_member_actor_id ON network_member (actor_id);
CREATE TABLE network_mark (
    account_id uuid NOT NULL CONSTRAINT fk_network_mark_account_id_network_member
        REFERENCES network_member ON DELETE CASCADE,
    digest bytea NOT NULL,
    CONSTRAINT pk_network_mark PRIMARY KEY (account_id, digest)
);
CREATE INDEX ix_network_mark_digest ON network_mark (digest)
"""
# Name, event, when, what it is to the register.
NOTED = (
    ("network_member_is_taken_back", "DELETE", "true", "member"),
    (
        "network_member_is_narrowed",
        "UPDATE",
        "OLD.charter_on IS NOT NULL AND NEW.charter_on IS NULL"
        " OR NEW.narrowed_at IS DISTINCT FROM OLD.narrowed_at",
        "member",
    ),
    (
        "network_member_is_excluded",
        "UPDATE OF blocked_at",
        "OLD.blocked_at IS NULL AND NEW.blocked_at IS NOT NULL",
        "excluded",
    ),
)


def upgrade() -> None:
    """Create the tables, and what notes that somebody left, says less or is excluded."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(TABLES)
    tables = "network_member, network_mark"
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON {tables} TO "{database}_staff"')
    for name, event, when, what in NOTED:
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON network_member FOR EACH ROW WHEN ({when})"
            f" EXECUTE FUNCTION note_withdrawal('{what}', 'account_id', '')"
        )


def downgrade() -> None:
    """Forget who is a member, and what they said."""
    op.execute("DROP TABLE network_mark, network_member")
