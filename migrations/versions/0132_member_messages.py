"""What members write to each other until it left, whom they block, and whom they report."""

from alembic import op
from sqlalchemy import text

revision = "0132"
down_revision = "0131"
# It knows none of these tables, and no text leaves until a worker of this one is there.
former_release_goes_on = True


def _account(table: str, column: str) -> str:
    name = f"fk_{table}_{column}_account"
    return f"{column} uuid NOT NULL CONSTRAINT {name} REFERENCES account ON DELETE CASCADE"


TABLES = f"""
CREATE TABLE member_message (
    id uuid NOT NULL CONSTRAINT pk_member_message PRIMARY KEY,
    {_account("member_message", "sender_id")},
    {_account("member_message", "recipient_id")},
    content bytea,
    made_at timestamptz NOT NULL,
    state text NOT NULL CONSTRAINT ck_member_message_state
        CHECK (state IN ('waits', 'going', 'left', 'doubt', 'never')),
    at timestamptz NOT NULL
);
CREATE INDEX ix_member_message_sender_id ON member_message (sender_id);
CREATE INDEX ix_member_message_recipient_id ON member_message (recipient_id);
CREATE TABLE member_block (
    {_account("member_block", "account_id")},
    {_account("member_block", "blocked_id")},
    made_at timestamptz NOT NULL,
    "both" text GENERATED ALWAYS AS (account_id::text || ' ' || blocked_id::text) STORED NOT NULL,
    CONSTRAINT pk_member_block PRIMARY KEY (account_id, blocked_id)
);
CREATE INDEX ix_member_block_blocked_id ON member_block (blocked_id);
CREATE TABLE member_report (
    id uuid NOT NULL CONSTRAINT pk_member_report PRIMARY KEY,
    {_account("member_report", "sender_id")},
    {_account("member_report", "recipient_id")},
    content bytea NOT NULL,
    made_at timestamptz NOT NULL,
    decided_at timestamptz,
    decided_by text
);
CREATE INDEX ix_member_report_sender_id ON member_report (sender_id);
CREATE INDEX ix_member_report_recipient_id ON member_report (recipient_id)
"""


def upgrade() -> None:
    """Create the tables, and what notes who wants no text of whom."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(TABLES)
    op.execute(
        "CREATE TRIGGER member_block_is_noted AFTER INSERT ON member_block"
        " FOR EACH ROW EXECUTE FUNCTION note_withdrawal('block', 'both', '')"
    )
    tables = "member_message, member_block, member_report"
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON {tables} TO "{database}_staff"')


def downgrade() -> None:
    """Forget what was written, blocked and reported."""
    op.execute("DROP TABLE member_report, member_block, member_message")
