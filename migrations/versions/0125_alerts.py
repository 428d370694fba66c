"""Searches that members are told of, and what was read before there were any: that is no news."""

from alembic import op
from sqlalchemy import text

revision = "0125"
down_revision = "0124"
# It knows none of these tables, and nobody is told of anything until a worker of this one is there.
former_release_goes_on = True
TABLES = """
CREATE TABLE alert (
    id uuid NOT NULL CONSTRAINT pk_alert PRIMARY KEY,
    account_id uuid NOT NULL CONSTRAINT fk_alert_account_id_network_member
        REFERENCES network_member ON DELETE CASCADE,
    domain text NOT NULL CONSTRAINT ck_alert_domain
        CHECK (domain IN ('acteurs', 'ressources', 'agenda')),
    content bytea NOT NULL,
    digest bytea NOT NULL,
    rhythm text NOT NULL CONSTRAINT ck_alert_rhythm
        CHECK (rhythm IN ('aussitot', 'semaine', 'mois')),
    made_at timestamptz NOT NULL DEFAULT now(),
    since timestamptz NOT NULL,
    sent_at timestamptz NOT NULL,
    going_at timestamptz,
    refusals integer NOT NULL DEFAULT 0,
    CONSTRAINT uq_alert_account_id UNIQUE (account_id, digest)
);
CREATE TABLE first_seen (
    domain text NOT NULL CONSTRAINT ck_first_seen_domain
        CHECK (domain IN ('acteurs', 'ressources', 'agenda')),
    public_id text NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT pk_first_seen PRIMARY KEY (domain, public_id)
);
CREATE INDEX ix_first_seen_at ON first_seen (domain, at)
"""
KNOWN = """
INSERT INTO first_seen (domain, public_id, at)
SELECT 'acteurs', public_id, now() FROM actor WHERE status = 'published' AND NOT protected
UNION ALL SELECT 'ressources', public_id, now() FROM resource
UNION ALL SELECT 'agenda', public_id, now() FROM agenda_event
"""


def upgrade() -> None:
    """Create both, and note what is read today."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(TABLES)
    op.execute(KNOWN)
    op.execute(
        "CREATE TRIGGER alert_is_taken_back AFTER DELETE ON alert"
        " FOR EACH ROW EXECUTE FUNCTION note_withdrawal('alert', 'id', '')"
    )
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON alert, first_seen TO "{database}_staff"')


def downgrade() -> None:
    """Tell nobody of anything."""
    op.execute("DROP TABLE alert, first_seen")
