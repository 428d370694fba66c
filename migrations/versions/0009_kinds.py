"""What filters look at of an actor, as one text, so that counts are read from an index alone."""

from alembic import op
from sqlalchemy import text

revision = "0009"
down_revision = "0008"

PUBLISHED = "status = 'published'"
# To sort and compare one text takes half as long as two arrays and five columns. In a generated
# column, hence IMMUTABLE, although array_to_string says less of itself: these are arrays of text.
# app.search.counts reads it.
FUNCTION = """
CREATE FUNCTION public.actor_kind(
    category text, functions text[], audiences text[], age_min integer, age_max integer,
    drawn boolean
) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN category || '|' || array_to_string(functions, ' ') || '|'
    || array_to_string(audiences, ' ') || '|' || coalesce(age_min::text, '') || '|'
    || coalesce(age_max::text, '') || '|' || CASE WHEN drawn THEN '1' ELSE '' END
"""
SIGNATURE = "actor_kind(text, text[], text[], integer, integer, boolean)"
# In bytes: the order means nothing.
COLUMN = """
ALTER TABLE actor ADD COLUMN kind text COLLATE "C" NOT NULL
    GENERATED ALWAYS AS (public.actor_kind(
        category, functions, audiences, age_min, age_max, point IS NOT NULL)) STORED
"""
VIEW = (
    "CREATE OR REPLACE VIEW open.actor AS SELECT public_id, slug, status, protected, category,"
    " name, acronym, description, functions, audiences, age_min, age_max, phones, email, website,"
    " opening_hours, address, commune_code, point, precision, territory_code, covers_national,"
    " covers_territories, covers_epcis, covers_communes, verified_on, words, folded{more}"
    " FROM public.actor WHERE status = 'published'"
)


def upgrade() -> None:
    """Create the column and what counts are read from, and show it to public pages."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(FUNCTION)
    op.execute(f"REVOKE ALL ON FUNCTION public.{SIGNATURE} FROM PUBLIC")
    op.execute(f'GRANT EXECUTE ON FUNCTION public.{SIGNATURE} TO "{database}_staff"')
    op.execute(COLUMN)
    op.execute(
        "CREATE INDEX ix_actor_kind ON actor (territory_code, kind, protected, opening_hours)"
        f" WHERE {PUBLISHED}"
    )
    op.execute(
        "CREATE INDEX ix_actor_opening_hours ON actor (territory_code, opening_hours)"
        f" WHERE {PUBLISHED} AND opening_hours IS NOT NULL"
    )
    op.execute(VIEW.format(more=", kind"))


def downgrade() -> None:
    """Drop them; the view loses its last column."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute("DROP VIEW open.actor")
    op.execute("DROP INDEX ix_actor_opening_hours")
    op.execute("ALTER TABLE actor DROP COLUMN kind")
    op.execute(f"DROP FUNCTION public.{SIGNATURE}")
    op.execute(VIEW.format(more=""))
    op.execute(f'GRANT SELECT ON open.actor TO "{database}_public"')
