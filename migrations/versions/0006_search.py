"""Search by words and by distance over the public record: nothing here knows what is sealed."""

from alembic import op
from sqlalchemy import text

revision = "0006"
down_revision = "0005"

PUBLISHED = "status = 'published'"
# "hébergé" and "heberge", "écoute" and "écoutes" are one word.
CONFIGURATION = """
CREATE TEXT SEARCH CONFIGURATION public.plain_french (COPY = pg_catalog.french);
ALTER TEXT SEARCH CONFIGURATION public.plain_french
    ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, pg_catalog.french_stem
"""
# Codes of the vocabulary become words that no language has, so that a search for what an actor
# does finds it, whatever its own words are; see app.search.words. They are stemmed too, since a
# query is stemmed whole. In a generated column, hence IMMUTABLE, although unaccent and
# array_to_string say less of themselves: their rules are files of the server and casts of an array
# of text.
FUNCTIONS = """
CREATE FUNCTION public.actor_words(
    name text, acronym text, description text, category text, functions text[]
) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN setweight(
        to_tsvector('public.plain_french'::regconfig, coalesce(acronym, '') || ' ' || name), 'A')
    || setweight(to_tsvector('public.plain_french'::regconfig,
        'xc' || replace(category, '_', '')
        || coalesce(' xf' || nullif(array_to_string(
            string_to_array(replace(array_to_string(functions, ' '), '_', ''), ' '), ' xf'), ''),
            '')), 'B')
    || setweight(
        to_tsvector('public.plain_french'::regconfig, coalesce(description, '')), 'C');
CREATE FUNCTION public.actor_folded(name text, acronym text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN lower(public.unaccent('public.unaccent'::regdictionary,
    name || coalesce(' ' || acronym, '')))
"""
COLUMNS = """
ALTER TABLE actor
    ADD COLUMN words tsvector NOT NULL
        GENERATED ALWAYS AS
        (public.actor_words(name, acronym, description, category, functions)) STORED,
    ADD COLUMN folded text NOT NULL
        GENERATED ALWAYS AS (public.actor_folded(name, acronym)) STORED
"""
SIGNATURES = ("actor_words(text, text, text, text, text[])", "actor_folded(text, text)")

VIEW = (
    "CREATE OR REPLACE VIEW open.actor AS SELECT public_id, slug, status, protected, category,"
    " name, acronym, description, functions, audiences, age_min, age_max, phones, email, website,"
    " opening_hours, address, commune_code, point, precision, territory_code, covers_national,"
    " covers_territories, covers_epcis, covers_communes, verified_on{more}"
    " FROM public.actor WHERE status = 'published'"
)


def upgrade() -> None:
    """Create the configuration, the columns, their indexes, and show them to public pages."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(CONFIGURATION)
    op.execute(FUNCTIONS)
    for signature in SIGNATURES:
        op.execute(f"REVOKE ALL ON FUNCTION public.{signature} FROM PUBLIC")
        op.execute(f'GRANT EXECUTE ON FUNCTION public.{signature} TO "{database}_staff"')
    op.execute(COLUMNS)
    op.execute(f"CREATE INDEX ix_actor_words ON actor USING gin (words) WHERE {PUBLISHED}")
    op.execute(
        f"CREATE INDEX ix_actor_folded ON actor USING gin (folded gin_trgm_ops) WHERE {PUBLISHED}"
    )
    # Metres on the globe: degrees of longitude shrink with latitude, and would mix up the order.
    op.execute(
        f"CREATE INDEX ix_actor_geography ON actor USING gist ((point::geography))"
        f" WHERE {PUBLISHED}"
    )
    op.execute(VIEW.format(more=", words, folded"))


def downgrade() -> None:
    """Drop them; the view loses its last two columns."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute("DROP VIEW open.actor")
    op.execute("DROP INDEX ix_actor_geography")
    op.execute("ALTER TABLE actor DROP COLUMN words, DROP COLUMN folded")
    for signature in SIGNATURES:
        op.execute(f"DROP FUNCTION public.{signature}")
    op.execute("DROP TEXT SEARCH CONFIGURATION public.plain_french")
    op.execute(VIEW.format(more=""))
    op.execute(f'GRANT SELECT ON open.actor TO "{database}_public"')
