"""Access for disabled people, and how and by whom one is referred: public, but for a home."""

import sqlalchemy as sa
from alembic import op

from migrations import facet_key, version_triggers

revision = "0025"
down_revision = "0024"

COLUMNS = (
    "public_id, slug, status, protected, category, name, acronym, description, functions,"
    " audiences, languages, age_min, age_max, phones, duty_phones, duty_hours, email, website,"
    " opening_hours, hours_text, {new}address, commune_code, point, precision, territory_code,"
    " covers_national, covers_territories, covers_epcis, covers_communes, verified_on, words,"
    " folded"
)
NAMES = ("access", "access_text", "referral_public", "referrers_public")
NEW = f"{', '.join(NAMES)}, "
CONSTRAINT = "ck_actor_protected_is_neutral"
NEUTRAL = (
    "NOT protected OR (num_nonnulls(acronym, description, email, website, opening_hours,"
    " hours_text, address, commune_code, point, age_min, age_max, verified_on, duty_hours{new}) = 0"
    " AND cardinality(duty_phones) = 0"
    " AND cardinality(covers_communes) = 0 AND cardinality(covers_epcis) = 0"
    " AND cardinality(covers_territories) = 0 AND NOT covers_national"
    " AND cardinality(languages) = 0 AND cardinality(audiences) = 0)"
)
KNOWN = "ck_actor_access"
WITHOUT, WITH = "hours_text, address", f"hours_text, {NEW}address"


def _refuse(new: str = "") -> None:
    op.execute(f"ALTER TABLE actor DROP CONSTRAINT {CONSTRAINT}")
    check = NEUTRAL.format(new=new)
    op.execute(f"ALTER TABLE actor ADD CONSTRAINT {CONSTRAINT} CHECK ({check})")


def upgrade() -> None:
    """Add the columns, to the public view and to what makes a new version."""
    op.execute("DROP VIEW open.actor")
    for name in NAMES:
        op.add_column("actor", sa.Column(name, sa.Text(), nullable=True))
    op.execute(
        f"ALTER TABLE actor ADD CONSTRAINT {KNOWN} CHECK (access IN ('yes', 'no', 'partly'))"
    )
    _refuse(f", {', '.join(NAMES)}")
    facet_key.show(COLUMNS.format(new=NEW))
    version_triggers.rewrite(WITHOUT, WITH)


def downgrade() -> None:
    """Take them away again."""
    version_triggers.rewrite(WITH, WITHOUT)
    op.execute("DROP VIEW open.actor")
    _refuse()
    for name in reversed(NAMES):
        op.drop_column("actor", name)
    facet_key.show(COLUMNS.format(new=""))
