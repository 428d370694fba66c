"""Letters: sealed as the desk has them, what readers have of them, and to whom each goes."""

from alembic import op
from sqlalchemy import text

revision = "0133"
down_revision = "0132"
# It sends and shows none of them. Whom it hides it takes from none that is shown while both serve:
# what they lead to is read anew for each page, and their texts are read again at night.
former_release_goes_on = True
TABLES = """
CREATE TABLE letter (
    id uuid NOT NULL CONSTRAINT pk_letter PRIMARY KEY,
    month text NOT NULL CONSTRAINT uq_letter_month UNIQUE
        CONSTRAINT ck_letter_month CHECK (month ~ '^20[0-9]{2}-(0[1-9]|1[0-2])$'),
    status text NOT NULL CONSTRAINT ck_letter_status
        CHECK (status IN ('draft', 'waiting', 'going', 'sent', 'withdrawn')),
    masked boolean NOT NULL DEFAULT false,
    content bytea NOT NULL,
    writers text[] NOT NULL DEFAULT '{}',
    changed_at timestamptz NOT NULL,
    approved_by text,
    queued_at timestamptz,
    ended_at timestamptz
);
CREATE TABLE letter_issue (
    id uuid NOT NULL CONSTRAINT pk_letter_issue PRIMARY KEY
        CONSTRAINT fk_letter_issue_id_letter REFERENCES letter ON DELETE CASCADE,
    month text NOT NULL CONSTRAINT uq_letter_issue_month UNIQUE,
    blocks jsonb NOT NULL,
    published_at timestamptz NOT NULL
);
CREATE TABLE letter_mark (
    letter_id uuid NOT NULL CONSTRAINT fk_letter_mark_letter_id_letter
        REFERENCES letter ON DELETE CASCADE,
    digest bytea NOT NULL,
    CONSTRAINT pk_letter_mark PRIMARY KEY (letter_id, digest)
);
CREATE INDEX ix_letter_mark_digest ON letter_mark (digest);
CREATE TABLE letter_mail (
    letter_id uuid NOT NULL CONSTRAINT fk_letter_mail_letter_id_letter
        REFERENCES letter ON DELETE CASCADE,
    subscriber_id uuid NOT NULL,
    mark bytea NOT NULL CONSTRAINT uq_letter_mail_mark UNIQUE,
    status text NOT NULL DEFAULT 'queued' CONSTRAINT ck_letter_mail_status
        CHECK (status IN ('queued', 'going', 'gone', 'doubt', 'refused')),
    tries smallint NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL,
    CONSTRAINT pk_letter_mail PRIMARY KEY (letter_id, subscriber_id)
);
CREATE INDEX ix_letter_mail_due_at ON letter_mail (due_at)
    WHERE status IN ('queued', 'going');
CREATE VIEW open.letter_issue AS SELECT month, blocks, published_at FROM public.letter_issue
"""
# As in 0117: by the owner, France, once.
RAISE = """
CREATE FUNCTION raise_letters() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE territory_version SET version = DEFAULT
    WHERE territory_code = '' AND xmin <> pg_current_xact_id()::xid;
    RETURN NULL;
END $$
"""
BEFORE = (
    *("accueil", "territoires", "territoire", "recherche", "fiche", "tableau", "fichier"),
    *("impression", "couverture", "ressources", "ressource", "agenda", "service"),
    *("integration", "carte", "sans_resultat"),
)


def upgrade() -> None:
    """Create the tables, what visitors read of them, and what notes that they read less."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(TABLES)
    op.execute(f'GRANT SELECT ON open.letter_issue TO "{database}_public"')
    tables = "letter, letter_issue, letter_mark, letter_mail"
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON {tables} TO "{database}_staff"')
    # Whether what a mail says is still public is asked as each leaves.
    op.execute(f'GRANT SELECT ON territory_version TO "{database}_staff"')
    op.execute(RAISE)
    op.execute("REVOKE ALL ON FUNCTION raise_letters() FROM PUBLIC")
    op.execute(
        "CREATE TRIGGER letter_issue_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE"
        " ON letter_issue FOR EACH STATEMENT EXECUTE FUNCTION raise_letters()"
    )
    op.execute(
        "CREATE TRIGGER letter_issue_is_taken_back AFTER DELETE ON letter_issue"
        " FOR EACH ROW EXECUTE FUNCTION note_withdrawal('letter', 'id', '')"
    )
    _count_only((*BEFORE, "lettre"))


def downgrade() -> None:
    """Drop them, and what was written."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(f'REVOKE SELECT ON territory_version FROM "{database}_staff"')
    op.execute("DROP VIEW open.letter_issue")
    op.execute("DROP TABLE letter_mail, letter_mark, letter_issue, letter")
    op.execute("DROP FUNCTION raise_letters()")
    op.execute("DELETE FROM page_view WHERE page = 'lettre'")
    _count_only(BEFORE)


def _count_only(pages: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{page}'" for page in pages)
    op.drop_constraint(op.f("ck_page_view_page"), "page_view", type_="check")
    op.create_check_constraint(op.f("ck_page_view_page"), "page_view", f"page IN ({listed})")
