"""Write what an actor has of each facet as one part of one text, so that a facet can be added."""

from alembic import op
from sqlalchemy import text

from migrations import facet_key
from migrations.facet_key import PUBLISHED, code, codes, years

revision = "0012"
down_revision = "0011"

PARTS = (code("category"), codes("functions"), codes("audiences"), years("age_min", "age_max"))
COLUMNS = (
    "public_id, slug, status, protected, category, name, acronym, description, functions,"
    " audiences, age_min, age_max, phones, email, website, opening_hours, address, commune_code,"
    " point, precision, territory_code, covers_national, covers_territories, covers_epcis,"
    " covers_communes, verified_on, words, folded"
)
SIGNATURE = "actor_kind(text, text[], text[], integer, integer, boolean)"
# As migrations 0009 and 0011 left it.
FORMER = (
    "CREATE FUNCTION public.actor_kind(category text, functions text[], audiences text[],"
    " age_min integer, age_max integer, drawn boolean)"
    " RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE"
    " RETURN category || '|' || array_to_string(functions, ' ') || '|'"
    " || array_to_string(audiences, ' ') || '|' || coalesce(age_min::text, '') || '|'"
    " || coalesce(age_max::text, '') || '|' || CASE WHEN drawn THEN '1' ELSE '' END",
    f"REVOKE ALL ON FUNCTION public.{SIGNATURE} FROM PUBLIC",
    'ALTER TABLE actor ADD COLUMN kind text COLLATE "C" NOT NULL'
    " GENERATED ALWAYS AS (public.actor_kind("
    "category, functions, audiences, age_min, age_max, point IS NOT NULL)) STORED",
    "CREATE INDEX ix_actor_kind ON actor (territory_code, kind, protected, opening_hours)"
    f" WHERE {PUBLISHED}",
    f"CREATE INDEX ix_actor_alike ON actor (kind) WHERE {PUBLISHED}",
    f"CREATE VIEW open.actor AS SELECT {COLUMNS}, kind FROM public.actor WHERE {PUBLISHED}",
)


def upgrade() -> None:
    """Put column facet_key and its indexes in the place of kind."""
    op.execute("DROP VIEW open.actor")
    op.execute("ALTER TABLE actor DROP COLUMN kind")
    op.execute(f"DROP FUNCTION public.{SIGNATURE}")
    facet_key.create(PARTS)
    facet_key.show(COLUMNS)


def downgrade() -> None:
    """Put kind back."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute("DROP VIEW open.actor")
    facet_key.drop()
    for statement in FORMER:
        op.execute(statement)
    op.execute(f'GRANT EXECUTE ON FUNCTION public.{SIGNATURE} TO "{database}_staff"')
    op.execute(f'GRANT SELECT ON open.actor TO "{database}_public"')
