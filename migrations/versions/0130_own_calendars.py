"""Members have a calendar of their own, by an address of which the digest alone is stored."""

from alembic import op
from sqlalchemy import text

revision = "0130"
down_revision = "0129"
# It knows no such table, and answers no such address.
former_release_goes_on = True
TABLE = """
CREATE TABLE member_calendar (
    id uuid NOT NULL CONSTRAINT pk_member_calendar PRIMARY KEY,
    account_id uuid NOT NULL CONSTRAINT uq_member_calendar_account_id UNIQUE
        CONSTRAINT fk_member_calendar_account_id_network_member
        REFERENCES network_member ON DELETE CASCADE,
    token bytea NOT NULL CONSTRAINT uq_member_calendar_token UNIQUE,
    made_at timestamptz NOT NULL
)
"""


def upgrade() -> None:
    """Create the table."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(TABLE)
    op.execute(
        "CREATE TRIGGER member_calendar_is_taken_back AFTER DELETE ON member_calendar"
        " FOR EACH ROW EXECUTE FUNCTION note_withdrawal('calendar', 'id', '')"
    )
    op.execute(f'GRANT SELECT, INSERT, DELETE ON member_calendar TO "{database}_staff"')


def downgrade() -> None:
    """Answer no such address."""
    op.execute("DROP TABLE member_calendar")
