"""Languages that an actor speaks, by ISO 639-1: public, but for a protected actor."""

from alembic import op
from sqlalchemy import text

from migrations import facet_key
from migrations.facet_key import code, codes, years

revision = "0015"
down_revision = "0014"

FORMER_PARTS = (
    code("category"),
    codes("functions"),
    codes("audiences"),
    years("age_min", "age_max"),
)
PARTS = (*FORMER_PARTS[:3], codes("languages"), FORMER_PARTS[3])
COLUMNS = (
    "public_id, slug, status, protected, category, name, acronym, description, functions,"
    " audiences, {languages}age_min, age_max, phones, email, website, opening_hours, address,"
    " commune_code, point, precision, territory_code, covers_national, covers_territories,"
    " covers_epcis, covers_communes, verified_on, words, folded"
)
CONSTRAINT = "ck_actor_protected_is_neutral"
NEUTRAL = (
    "NOT protected OR (num_nonnulls(acronym, description, email, website, opening_hours,"
    " address, commune_code, point) = 0"
    " AND cardinality(covers_communes) = 0 AND cardinality(covers_epcis) = 0{languages})"
)
# Functions of migration 0008 that name each public column: another one of them is a new version.
FUNCTIONS = ("raise_versions_of_changed_actors", "raise_versions_of_actors_that_came_or_went")
WITH, WITHOUT = "audiences, languages, age_min", "audiences, age_min"


def _rewrite_versions(former: str, new: str) -> None:
    bind = op.get_bind()
    for name in FUNCTIONS:
        function = text("SELECT pg_get_functiondef(CAST(:name AS regproc))")
        definition = bind.execute(function, {"name": name}).scalar_one()
        assert former in definition  # noqa: S101 - else versions would stand still
        bind.exec_driver_sql(definition.replace(former, new))


def _neutral(languages: str) -> None:
    op.execute(f"ALTER TABLE actor DROP CONSTRAINT {CONSTRAINT}")
    check = NEUTRAL.format(languages=languages)
    op.execute(f"ALTER TABLE actor ADD CONSTRAINT {CONSTRAINT} CHECK ({check})")


def upgrade() -> None:
    """Add the column, to the facet key, to the public view and to what makes a new version."""
    op.execute("DROP VIEW open.actor")
    facet_key.drop()
    op.execute("ALTER TABLE actor ADD COLUMN languages text[] NOT NULL DEFAULT '{}'")
    _neutral(" AND cardinality(languages) = 0")
    facet_key.create(PARTS)
    facet_key.show(COLUMNS.format(languages="languages, "))
    _rewrite_versions(WITHOUT, WITH)


def downgrade() -> None:
    """Take it away again."""
    _rewrite_versions(WITH, WITHOUT)
    op.execute("DROP VIEW open.actor")
    facet_key.drop()
    _neutral("")
    op.execute("ALTER TABLE actor DROP COLUMN languages")
    facet_key.create(FORMER_PARTS)
    facet_key.show(COLUMNS.format(languages=""))
