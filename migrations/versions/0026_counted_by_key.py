"""Facet keys say who is protected and who answers day and night: counts of France read no more.

And who has no point is found by territory: every search around a place asks for those.
"""

from alembic import op

from migrations import facet_key
from migrations.facet_key import PLACED, PUBLISHED, code, codes, one_of, years

revision = "0026"
down_revision = "0025"

COLUMNS = (
    "public_id, slug, status, protected, category, name, acronym, description, functions,"
    " audiences, languages, age_min, age_max, phones, duty_phones, duty_hours, email, website,"
    " opening_hours, hours_text, access, access_text, referral_public, referrers_public, address,"
    " commune_code, point, precision, territory_code, covers_national, covers_territories,"
    " covers_epcis, covers_communes, verified_on, words, folded"
)
FORMER_PARTS = (
    code("category"),
    codes("functions"),
    codes("audiences"),
    codes("languages"),
    years("age_min", "age_max"),
)
# All that importers.hours takes for it.
ROUND_THE_CLOCK = (
    "24/7",
    "00:00-24:00",
    "Mo-Su 00:00-24:00",
    "Mo-Su,PH 00:00-24:00",
    "PH,Mo-Su 00:00-24:00",
    "00:00-24:00; PH 00:00-24:00",
    "Mo-Su 00:00-24:00; PH 00:00-24:00",
    "24/7; PH 00:00-24:00",
)
PARTS = (*FORMER_PARTS, one_of("opening_hours", ROUND_THE_CLOCK, "24h"))


def upgrade() -> None:
    """Write the keys anew, and add the index."""
    op.execute("DROP VIEW open.actor")
    facet_key.drop()
    facet_key.create(PARTS, PLACED)
    facet_key.show(COLUMNS)
    op.execute(
        "CREATE INDEX ix_actor_unplaced ON actor (territory_code)"
        f" WHERE {PUBLISHED} AND point IS NULL"
    )


def downgrade() -> None:
    """Write the former keys."""
    op.execute("DROP INDEX ix_actor_unplaced")
    op.execute("DROP VIEW open.actor")
    facet_key.drop()
    facet_key.create(FORMER_PARTS)
    facet_key.show(COLUMNS)
