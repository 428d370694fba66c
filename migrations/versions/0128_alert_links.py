"""Alerts end by the link of a mail, and whether the mail that asks for the letter left is known."""

from alembic import op

revision = "0128"
down_revision = "0125"
# It leaves what is asked of an alert undone, and says of no mail that it is on its way.
former_release_goes_on = True
KEEP_LAST = """
CREATE OR REPLACE FUNCTION keep_last_act() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.letter_subscriber WHERE id = NEW.subject){more} THEN
        RETURN NULL;
    END IF;
    DELETE FROM public.mail_act WHERE subject = NEW.subject;
    RETURN NEW;
END $$
"""
OF_ALERTS = """
        AND NOT EXISTS (SELECT FROM public.alert WHERE id = NEW.subject)"""


def upgrade() -> None:
    """Let what is asked of an alert in, and say of none who asks that their mail is on its way."""
    op.execute(KEEP_LAST.format(more=OF_ALERTS))
    op.execute("ALTER TABLE letter_subscriber ADD COLUMN going boolean NOT NULL DEFAULT false")


def downgrade() -> None:
    """Let no act of an alert in, and know of no mail whether it is on its way."""
    op.execute("ALTER TABLE letter_subscriber DROP COLUMN going")
    op.execute(KEEP_LAST.format(more=""))
