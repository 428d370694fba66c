"""Who comes to an event: their address alone, sealed, until three months after it."""

from alembic import op
from sqlalchemy import text

revision = "0118"
down_revision = "0117"
# It takes no registration, and writes none away.
former_release_goes_on = True
TABLE = """
CREATE TABLE agenda_registration (
    id uuid NOT NULL CONSTRAINT pk_agenda_registration PRIMARY KEY,
    record_id uuid NOT NULL CONSTRAINT fk_agenda_registration_record_id_agenda_record
        REFERENCES agenda_record ON DELETE CASCADE,
    mailbox bytea NOT NULL,
    content bytea NOT NULL,
    token bytea CONSTRAINT uq_agenda_registration_token UNIQUE,
    received_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    letter text NOT NULL DEFAULT '' CONSTRAINT ck_agenda_registration_letter
        CHECK (letter IN ('', 'asked', 'linked', 'reminded', 'cancelled')),
    letter_at timestamptz,
    CONSTRAINT uq_agenda_registration_record_id UNIQUE (record_id, mailbox)
);
CREATE INDEX ix_agenda_registration_mailbox ON agenda_registration (mailbox);
ALTER TABLE agenda_event ADD COLUMN registers boolean NOT NULL DEFAULT false
"""
SHOWN = (
    "CASE WHEN EXISTS (SELECT FROM public.actor a WHERE a.public_id = e.actor_id"
    " AND a.status = 'published' AND NOT a.protected){alone} THEN e.{column} END AS {column}"
)
VIEW = (
    "CREATE OR REPLACE VIEW open.agenda_event AS SELECT e.public_id, e.form, e.audience, e.title,"
    " e.text, e.begins_at, e.ends_at, e.zone, e.territory_code, e.themes,"
    f" {SHOWN.format(column='actor_id', alone='')},"
    f" {SHOWN.format(column='place', alone=' OR e.actor_id IS NULL')},"
    " e.online, e.capacity, e.sequence, e.cancelled_at, e.reason, e.published_at, e.changed_at,"
    " e.registers FROM public.agenda_event e WHERE e.audience = 'public'"
)


def upgrade() -> None:
    """Create the table, and say of no event that one registers for it."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(TABLE)
    op.execute(VIEW)
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON agenda_registration TO "{database}_staff"')
    op.execute(
        "CREATE TRIGGER agenda_registration_is_taken_back AFTER DELETE ON agenda_registration"
        " FOR EACH ROW EXECUTE FUNCTION note_withdrawal('registration', 'id', '')"
    )


def downgrade() -> None:
    """Forget who comes."""
    op.execute("DROP TABLE agenda_registration")
    op.execute("DROP VIEW open.agenda_event")
    op.execute("ALTER TABLE agenda_event DROP COLUMN registers")
    op.execute(VIEW.replace(" e.registers FROM", " FROM").replace("e.changed_at,", "e.changed_at"))
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(f'GRANT SELECT ON open.agenda_event TO "{database}_public"')
