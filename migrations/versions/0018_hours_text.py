"""Hours in the words of their list, where they were not understood: public, but for a home."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

from migrations import facet_key

revision = "0018"
down_revision = "0017"

COLUMNS = (
    "public_id, slug, status, protected, category, name, acronym, description, functions,"
    " audiences, languages, age_min, age_max, phones, email, website, opening_hours,"
    " {hours}address, commune_code, point, precision, territory_code, covers_national,"
    " covers_territories, covers_epcis, covers_communes, verified_on, words, folded"
)
CONSTRAINT = "ck_actor_protected_is_neutral"
NEUTRAL = (
    "NOT protected OR (num_nonnulls(acronym, description, email, website, opening_hours, {hours}"
    "address, commune_code, point) = 0"
    " AND cardinality(covers_communes) = 0 AND cardinality(covers_epcis) = 0"
    " AND cardinality(languages) = 0)"
)
# Functions of migration 0008 that name each public column: another one of them is a new version.
FUNCTIONS = ("raise_versions_of_changed_actors", "raise_versions_of_actors_that_came_or_went")
WITH, WITHOUT = "opening_hours, hours_text, address", "opening_hours, address"


class VersionsUnknown(Exception):
    """A function that raises versions does not name the columns that it must."""


def _rewrite_versions(former: str, new: str) -> None:
    bind = op.get_bind()
    for name in FUNCTIONS:
        function = text("SELECT pg_get_functiondef(CAST(:name AS regproc))")
        definition = bind.execute(function, {"name": name}).scalar_one()
        if former not in definition:
            raise VersionsUnknown(name)
        bind.exec_driver_sql(definition.replace(former, new))


def _neutral(hours: str) -> None:
    op.execute(f"ALTER TABLE actor DROP CONSTRAINT {CONSTRAINT}")
    op.execute(
        f"ALTER TABLE actor ADD CONSTRAINT {CONSTRAINT} CHECK ({NEUTRAL.format(hours=hours)})"
    )


def upgrade() -> None:
    """Add the column, to the public view and to what makes a new version."""
    op.execute("DROP VIEW open.actor")
    op.add_column("actor", sa.Column("hours_text", sa.Text(), nullable=True))
    _neutral("hours_text, ")
    facet_key.show(COLUMNS.format(hours="hours_text, "))
    _rewrite_versions(WITHOUT, WITH)


def downgrade() -> None:
    """Take it away again."""
    _rewrite_versions(WITH, WITHOUT)
    op.execute("DROP VIEW open.actor")
    _neutral("")
    op.drop_column("actor", "hours_text")
    facet_key.show(COLUMNS.format(hours=""))
