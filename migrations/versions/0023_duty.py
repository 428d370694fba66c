"""Numbers that answer when the office does not, and when: public, but for a home."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text
from sqlalchemy.dialects import postgresql

from migrations import facet_key

revision = "0023"
down_revision = "0022"

COLUMNS = (
    "public_id, slug, status, protected, category, name, acronym, description, functions,"
    " audiences, languages, age_min, age_max, phones, {duty}email, website, opening_hours,"
    " hours_text, address, commune_code, point, precision, territory_code, covers_national,"
    " covers_territories, covers_epcis, covers_communes, verified_on, words, folded"
)
DUTY = "duty_phones, duty_hours, "
CONSTRAINT = "ck_actor_protected_is_neutral"
NEUTRAL = (
    "NOT protected OR (num_nonnulls(acronym, description, email, website, opening_hours,"
    " hours_text, address, commune_code, point, age_min, age_max, verified_on{hours}) = 0{phones}"
    " AND cardinality(covers_communes) = 0 AND cardinality(covers_epcis) = 0"
    " AND cardinality(covers_territories) = 0 AND NOT covers_national"
    " AND cardinality(languages) = 0 AND cardinality(audiences) = 0)"
)
# Functions of migration 0008 that name each public column: another one of them is a new version.
FUNCTIONS = ("raise_versions_of_changed_actors", "raise_versions_of_actors_that_came_or_went")
WITH, WITHOUT = f"phones, {DUTY}email", "phones, email"


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


def _refuse(hours: str = "", phones: str = "") -> None:
    op.execute(f"ALTER TABLE actor DROP CONSTRAINT {CONSTRAINT}")
    check = NEUTRAL.format(hours=hours, phones=phones)
    op.execute(f"ALTER TABLE actor ADD CONSTRAINT {CONSTRAINT} CHECK ({check})")


def upgrade() -> None:
    """Add the columns, to the public view and to what makes a new version."""
    op.execute("DROP VIEW open.actor")
    texts = postgresql.ARRAY(sa.Text())
    op.add_column("actor", sa.Column("duty_phones", texts, server_default="{}", nullable=False))
    op.add_column("actor", sa.Column("duty_hours", sa.Text(), nullable=True))
    _refuse(", duty_hours", " AND cardinality(duty_phones) = 0")
    facet_key.show(COLUMNS.format(duty=DUTY))
    _rewrite_versions(WITHOUT, WITH)


def downgrade() -> None:
    """Take them away again; the numbers stay among the others."""
    _rewrite_versions(WITH, WITHOUT)
    op.execute("DROP VIEW open.actor")
    _refuse()
    op.drop_column("actor", "duty_hours")
    op.drop_column("actor", "duty_phones")
    facet_key.show(COLUMNS.format(duty=""))
