"""The day on which a person said what an actor covers: it counts before what registers say."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

from migrations import version_triggers

revision = "0070"
down_revision = "0065"

NAME = "covers_said_on"
CONSTRAINT = "ck_actor_protected_is_neutral"
NEUTRAL = (
    "NOT protected OR (num_nonnulls(acronym, description, email, website, opening_hours,"
    " hours_text, address, commune_code, point, age_min, age_max, verified_on, duty_hours,"
    " access, access_text, referral_public, referrers_public, register{new}) = 0"
    " AND cardinality(duty_phones) = 0"
    " AND cardinality(covers_communes) = 0 AND cardinality(covers_epcis) = 0"
    " AND cardinality(covers_territories) = 0 AND NOT covers_national"
    " AND cardinality(languages) = 0 AND cardinality(audiences) = 0)"
)
WITHOUT = "covers_communes, verified_on, register"
WITH = f"covers_communes, verified_on, register, {NAME}"
# As PostgreSQL writes the view.
LAST, LAST_WITH = "facet_key\n   FROM", f"facet_key,\n    {NAME}\n   FROM"


def _refuse(new: str = "") -> None:
    op.execute(f"ALTER TABLE actor DROP CONSTRAINT {CONSTRAINT}")
    check = NEUTRAL.format(new=new)
    op.execute(f"ALTER TABLE actor ADD CONSTRAINT {CONSTRAINT} CHECK ({check})")


def _view(former: str, new: str) -> str:
    definition: str = op.get_bind().scalar(text("SELECT pg_get_viewdef('open.actor'::regclass)"))
    if former not in definition:
        raise RuntimeError("open.actor is not what migration 0070 knows")
    return definition.replace(former, new)


def upgrade() -> None:
    """Add the column, to the public view and to what makes a new version."""
    op.add_column("actor", sa.Column(NAME, sa.Date(), nullable=True))
    _refuse(f", {NAME}")
    definition = _view(LAST, LAST_WITH)
    op.get_bind().exec_driver_sql(f"CREATE OR REPLACE VIEW open.actor AS {definition}")
    version_triggers.rewrite(WITHOUT, WITH)


def downgrade() -> None:
    """Take it out of all of them."""
    version_triggers.rewrite(WITH, WITHOUT)
    definition = _view(LAST_WITH, LAST)
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute("DROP VIEW open.actor")
    op.get_bind().exec_driver_sql(f"CREATE VIEW open.actor AS {definition}")
    op.execute(f'GRANT SELECT ON open.actor TO "{database}_public"')
    _refuse()
    op.drop_column("actor", NAME)
