"""Who is sent the letter: their address alone, sealed, and what they ask by the links of mails."""

from alembic import op
from sqlalchemy import text

revision = "0119"
down_revision = "0118"
# It writes to none of them, and reads no act: they wait for this one.
former_release_goes_on = True
TABLES = """
CREATE TABLE letter_subscriber (
    id uuid NOT NULL CONSTRAINT pk_letter_subscriber PRIMARY KEY,
    mailbox bytea NOT NULL CONSTRAINT uq_letter_subscriber_mailbox UNIQUE,
    content bytea NOT NULL,
    wanted_at timestamptz NOT NULL,
    asked_at timestamptz,
    confirmed_at timestamptz,
    rhythm text NOT NULL DEFAULT 'each' CONSTRAINT ck_letter_subscriber_rhythm
        CHECK (rhythm IN ('each', 'quarterly')),
    link_only boolean NOT NULL DEFAULT false,
    refusals smallint NOT NULL DEFAULT 0,
    suspended_at timestamptz,
    sent_on date
);
CREATE TABLE link_key (
    public bytea NOT NULL CONSTRAINT pk_link_key PRIMARY KEY,
    made_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE mail_act (
    id uuid NOT NULL DEFAULT gen_random_uuid() CONSTRAINT pk_mail_act PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    subject uuid NOT NULL,
    box bytea NOT NULL CONSTRAINT ck_mail_act_box CHECK (octet_length(box) BETWEEN 48 AND 2000)
);
CREATE INDEX ix_mail_act_subject ON mail_act (subject);
CREATE VIEW open.link_key AS SELECT public, made_at FROM public.link_key
"""
# No count caps them: of what nobody subscribed to nothing is added, and of one subscription the
# last act alone, so that a stolen login fills no table.
KEEP_LAST = """
CREATE FUNCTION keep_last_act() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.letter_subscriber WHERE id = NEW.subject) THEN
        RETURN NULL;
    END IF;
    DELETE FROM public.mail_act WHERE subject = NEW.subject;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    """Create the tables, what the public reads of them, and what bounds what it adds."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(TABLES)
    op.execute(KEEP_LAST)
    op.execute("REVOKE ALL ON FUNCTION keep_last_act() FROM PUBLIC")
    op.execute(
        "CREATE TRIGGER mail_act_is_the_last BEFORE INSERT ON mail_act"
        " FOR EACH ROW EXECUTE FUNCTION keep_last_act()"
    )
    op.execute(
        "CREATE TRIGGER letter_subscriber_is_taken_back AFTER DELETE ON letter_subscriber"
        " FOR EACH ROW EXECUTE FUNCTION note_withdrawal('subscriber', 'id', '')"
    )
    op.execute(f'GRANT SELECT ON open.link_key TO "{database}_public"')
    op.execute(f'GRANT INSERT (subject, box) ON mail_act TO "{database}_inbox"')
    op.execute(f'GRANT SELECT, INSERT ON link_key TO "{database}_staff"')
    op.execute(f'GRANT SELECT, DELETE ON mail_act TO "{database}_staff"')
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON letter_subscriber TO "{database}_staff"')


def downgrade() -> None:
    """Forget who is sent the letter."""
    op.execute("DROP VIEW open.link_key")
    op.execute("DROP TABLE mail_act, link_key, letter_subscriber")
    op.execute("DROP FUNCTION keep_last_act()")
