"""The closed place of each CDLP: who was invited, who sits in it, agendas and decisions."""

from alembic import op
from sqlalchemy import text

revision = "0124"
down_revision = "0123"
# It knows no such place, and shows nothing of one. Whom it disables loses the place as each page
# is read.
former_release_goes_on = True
TABLES = """
CREATE TABLE committee_member (
    id uuid NOT NULL CONSTRAINT pk_committee_member PRIMARY KEY,
    territory_code text NOT NULL
        CONSTRAINT fk_committee_member_territory_code_territory REFERENCES territory,
    mailbox bytea NOT NULL,
    content bytea NOT NULL,
    invited_at timestamptz NOT NULL,
    invited_by text NOT NULL,
    ends_at timestamptz NOT NULL,
    mailed_at timestamptz,
    account_id uuid CONSTRAINT fk_committee_member_account_id_account
        REFERENCES account ON DELETE CASCADE,
    joined_at timestamptz,
    CONSTRAINT uq_committee_member_territory_code UNIQUE (territory_code, mailbox),
    CONSTRAINT ck_committee_member_joined CHECK ((account_id IS NULL) = (joined_at IS NULL))
);
CREATE INDEX ix_committee_member_account_id ON committee_member (account_id);
CREATE INDEX ix_committee_member_mailbox ON committee_member (mailbox);
CREATE TABLE committee_agenda (
    meeting_id uuid NOT NULL CONSTRAINT pk_committee_agenda PRIMARY KEY
        CONSTRAINT fk_committee_agenda_meeting_id_cdlp_meeting
        REFERENCES cdlp_meeting ON DELETE CASCADE,
    content bytea NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL
);
CREATE TABLE committee_decision (
    id uuid NOT NULL CONSTRAINT pk_committee_decision PRIMARY KEY,
    territory_code text NOT NULL
        CONSTRAINT fk_committee_decision_territory_code_territory REFERENCES territory,
    day date NOT NULL,
    content bytea NOT NULL,
    made_at timestamptz NOT NULL,
    made_by text NOT NULL
);
CREATE INDEX ix_committee_decision_territory_code ON committee_decision (territory_code)
"""


def upgrade() -> None:
    """Create the tables, and what notes that somebody left, or that a decision was erased."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(TABLES)
    tables = "committee_member, committee_agenda, committee_decision"
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON {tables} TO "{database}_staff"')
    for table, what in (("committee_member", "seat"), ("committee_decision", "decision")):
        op.execute(
            f"CREATE TRIGGER {table}_is_taken_back AFTER DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION note_withdrawal('{what}', 'id', '')"
        )


def downgrade() -> None:
    """Forget who sits where, and what they wrote."""
    op.execute("DROP TABLE committee_decision, committee_agenda, committee_member")
