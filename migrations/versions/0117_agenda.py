"""Webinars, meetings and training: sealed as the desk has them, and what readers have of them."""

from alembic import op
from sqlalchemy import text

revision = "0117"
down_revision = "0116"
# It shows none of them. Whom it hides it takes from none that is published while both serve: the
# view names no organiser of whom something is hidden, and texts are read again at night.
former_release_goes_on = True
TABLES = """
CREATE TABLE agenda_record (
    id uuid NOT NULL CONSTRAINT pk_agenda_record PRIMARY KEY,
    public_id text NOT NULL CONSTRAINT uq_agenda_record_public_id UNIQUE,
    status text NOT NULL CONSTRAINT ck_agenda_record_status
        CHECK (status IN ('draft', 'proposed', 'published', 'cancelled')),
    territory_code text CONSTRAINT fk_agenda_record_territory_code_territory REFERENCES territory,
    begins_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    sequence integer NOT NULL DEFAULT 0,
    masked boolean NOT NULL DEFAULT false,
    content bytea NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    made_by text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    changed_by text NOT NULL,
    cancelled_at timestamptz
);
CREATE INDEX ix_agenda_record_status ON agenda_record (status);
CREATE INDEX ix_agenda_record_begins_at ON agenda_record (begins_at);
CREATE INDEX ix_agenda_record_ends_at ON agenda_record (ends_at);
CREATE TABLE agenda_event (
    id uuid NOT NULL CONSTRAINT pk_agenda_event PRIMARY KEY
        CONSTRAINT fk_agenda_event_id_agenda_record REFERENCES agenda_record ON DELETE CASCADE,
    public_id text NOT NULL CONSTRAINT uq_agenda_event_public_id UNIQUE,
    form text NOT NULL CONSTRAINT ck_agenda_event_form
        CHECK (form IN ('webinaire', 'reunion', 'formation')),
    audience text NOT NULL CONSTRAINT ck_agenda_event_audience
        CHECK (audience IN ('public', 'reseau')),
    title text NOT NULL,
    text text NOT NULL,
    begins_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    zone text NOT NULL,
    territory_code text CONSTRAINT fk_agenda_event_territory_code_territory REFERENCES territory,
    themes text[] NOT NULL DEFAULT '{}',
    actor_id text,
    place text,
    online boolean NOT NULL,
    capacity integer CONSTRAINT ck_agenda_event_capacity CHECK (capacity > 0),
    sequence integer NOT NULL,
    cancelled_at timestamptz,
    reason text,
    published_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT ck_agenda_event_hours CHECK (ends_at > begins_at),
    CONSTRAINT ck_agenda_event_lengths CHECK (char_length(title) <= 200
        AND char_length(text) <= 10000 AND char_length(place) <= 300 AND char_length(reason) <= 300)
);
CREATE INDEX ix_agenda_event_actor_id ON agenda_event (actor_id);
CREATE INDEX ix_agenda_event_ends_at ON agenda_event (ends_at);
CREATE TABLE agenda_mark (
    record_id uuid NOT NULL CONSTRAINT fk_agenda_mark_record_id_agenda_record
        REFERENCES agenda_record ON DELETE CASCADE,
    digest bytea NOT NULL,
    CONSTRAINT pk_agenda_mark PRIMARY KEY (record_id, digest)
);
CREATE INDEX ix_agenda_mark_digest ON agenda_mark (digest)
"""
# Of whom something is hidden nobody reads here, nor where they meet: they have another id, or none.
SHOWN = (
    "CASE WHEN EXISTS (SELECT FROM public.actor a WHERE a.public_id = e.actor_id"
    " AND a.status = 'published' AND NOT a.protected){alone} THEN e.{column} END AS {column}"
)
VIEW = (
    "CREATE VIEW open.agenda_event AS SELECT e.public_id, e.form, e.audience, e.title, e.text,"
    " e.begins_at, e.ends_at, e.zone, e.territory_code, e.themes,"
    f" {SHOWN.format(column='actor_id', alone='')},"
    f" {SHOWN.format(column='place', alone=' OR e.actor_id IS NULL')},"
    " e.online, e.capacity, e.sequence, e.cancelled_at, e.reason, e.published_at, e.changed_at"
    " FROM public.agenda_event e WHERE e.audience = 'public'"
)
# As in 0008: by the owner, France first, once. What the public does not read raises nothing.
RAISE = """
CREATE FUNCTION raise_agenda() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW IS NOT DISTINCT FROM OLD THEN
            RETURN NULL;
        END IF;
    END IF;
    IF TG_OP <> 'TRUNCATE' THEN
        IF 'public' NOT IN (coalesce(OLD.audience, ''), coalesce(NEW.audience, '')) THEN
            RETURN NULL;
        END IF;
    END IF;
    UPDATE territory_version SET version = DEFAULT
    WHERE territory_code = '' AND xmin <> pg_current_xact_id()::xid;
    IF TG_OP = 'TRUNCATE' THEN
        RETURN NULL;
    END IF;
    PERFORM FROM territory_version
    WHERE territory_code IN (OLD.territory_code, NEW.territory_code)
    ORDER BY territory_code FOR UPDATE;
    UPDATE territory_version SET version = DEFAULT
    WHERE territory_code IN (OLD.territory_code, NEW.territory_code)
        AND xmin <> pg_current_xact_id()::xid;
    RETURN NULL;
END $$
"""
# Name, event, when.
WITHDRAWN = (
    ("agenda_event_is_taken_back", "DELETE", "true"),
    (
        "agenda_event_is_narrowed",
        "UPDATE",
        "OLD.audience = 'public' AND NEW.audience <> 'public'"
        " OR OLD.title <> NEW.title OR OLD.text <> NEW.text"
        " OR OLD.reason IS NOT NULL AND NEW.reason IS DISTINCT FROM OLD.reason"
        " OR OLD.place IS NOT NULL AND NEW.place IS DISTINCT FROM OLD.place"
        " OR OLD.actor_id IS NOT NULL AND NEW.actor_id IS DISTINCT FROM OLD.actor_id"
        " OR OLD.cancelled_at IS NULL AND NEW.cancelled_at IS NOT NULL",
    ),
)
BEFORE = (
    *("accueil", "territoires", "territoire", "recherche", "fiche", "tableau", "fichier"),
    *("impression", "couverture", "ressources", "ressource", "service", "integration", "carte"),
    "sans_resultat",
)


def upgrade() -> None:
    """Create the tables, what visitors read of them, and what notes that they read less."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(TABLES)
    op.execute(VIEW)
    op.execute(f'GRANT SELECT ON open.agenda_event TO "{database}_public"')
    tables = "agenda_record, agenda_event, agenda_mark"
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON {tables} TO "{database}_staff"')
    op.execute(RAISE)
    op.execute("REVOKE ALL ON FUNCTION raise_agenda() FROM PUBLIC")
    for name, events, level in (
        ("changed", "INSERT OR UPDATE OR DELETE", "ROW"),
        ("emptied", "TRUNCATE", "STATEMENT"),
    ):
        op.execute(
            f"CREATE TRIGGER agenda_event_{name} AFTER {events} ON agenda_event"
            f" FOR EACH {level} EXECUTE FUNCTION raise_agenda()"
        )
    for name, event, when in WITHDRAWN:
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON agenda_event FOR EACH ROW WHEN ({when})"
            " EXECUTE FUNCTION note_withdrawal('event', 'id', '')"
        )
    _count_only((*BEFORE, "agenda"))


def downgrade() -> None:
    """Drop them, and what was written."""
    op.execute("DROP VIEW open.agenda_event")
    op.execute("DROP TABLE agenda_mark, agenda_event, agenda_record")
    op.execute("DROP FUNCTION raise_agenda()")
    op.execute("DELETE FROM page_view WHERE page = 'agenda'")
    _count_only(BEFORE)


def _count_only(pages: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{page}'" for page in pages)
    op.drop_constraint(op.f("ck_page_view_page"), "page_view", type_="check")
    op.create_check_constraint(op.f("ck_page_view_page"), "page_view", f"page IN ({listed})")
