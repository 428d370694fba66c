"""The commune in which an event takes place, for a map."""

from alembic import op
from sqlalchemy import text

revision = "0135"
down_revision = "0134"
# It says of none where it is, and leaves what is said but where it writes an event anew.
former_release_goes_on = True
# As where it is: of an organiser of whom something is hidden nobody reads it.
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
    " e.registers, CASE WHEN EXISTS (SELECT FROM public.resource r"
    " WHERE r.public_id = e.replay_id AND r.audience = 'public') THEN e.replay_id END AS replay_id"
    "{more} FROM public.agenda_event e WHERE e.audience = 'public'"
)
COMMUNE = f", {SHOWN.format(column='commune_code', alone=' OR e.actor_id IS NULL')}"


def upgrade() -> None:
    """Say of no event in which commune it is."""
    op.execute("ALTER TABLE agenda_event ADD COLUMN commune_code text")
    op.execute(VIEW.format(more=COMMUNE))


def downgrade() -> None:
    """Say it no more."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute("DROP VIEW open.agenda_event")
    op.execute("ALTER TABLE agenda_event DROP COLUMN commune_code")
    op.execute(VIEW.format(more=""))
    op.execute(f'GRANT SELECT ON open.agenda_event TO "{database}_public"')
