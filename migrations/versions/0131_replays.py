"""An event names the resource that shows it afterwards."""

from alembic import op
from sqlalchemy import text

revision = "0131"
down_revision = "0130"
# It names none, and leaves what is named as it is but where it writes an event anew.
former_release_goes_on = True
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
    " e.registers{more} FROM public.agenda_event e WHERE e.audience = 'public'"
)
# Of a resource that visitors do not read they learn no id.
REPLAY = (
    ", CASE WHEN EXISTS (SELECT FROM public.resource r WHERE r.public_id = e.replay_id"
    " AND r.audience = 'public') THEN e.replay_id END AS replay_id"
)


def upgrade() -> None:
    """Say of no event that there is one."""
    op.execute("ALTER TABLE agenda_event ADD COLUMN replay_id text")
    op.execute(VIEW.format(more=REPLAY))


def downgrade() -> None:
    """Name none."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute("DROP VIEW open.agenda_event")
    op.execute("ALTER TABLE agenda_event DROP COLUMN replay_id")
    op.execute(VIEW.format(more=""))
    op.execute(f'GRANT SELECT ON open.agenda_event TO "{database}_public"')
