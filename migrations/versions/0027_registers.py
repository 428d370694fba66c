"""National registers: which sources are one, what became of each, and which one names an actor."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text
from sqlalchemy.dialects import postgresql

from migrations import facet_key, version_triggers

revision = "0027"
down_revision = "0026"

COLUMNS = (
    "public_id, slug, status, protected, category, name, acronym, description, functions,"
    " audiences, languages, age_min, age_max, phones, duty_phones, duty_hours, email, website,"
    " opening_hours, hours_text, access, access_text, referral_public, referrers_public, address,"
    " commune_code, point, precision, territory_code, covers_national, covers_territories,"
    " covers_epcis, covers_communes, verified_on, {new}words, folded"
)
NEW = "register, "
CONSTRAINT = "ck_actor_protected_is_neutral"
NEUTRAL = (
    "NOT protected OR (num_nonnulls(acronym, description, email, website, opening_hours,"
    " hours_text, address, commune_code, point, age_min, age_max, verified_on, duty_hours,"
    " access, access_text, referral_public, referrers_public{new}) = 0"
    " AND cardinality(duty_phones) = 0"
    " AND cardinality(covers_communes) = 0 AND cardinality(covers_epcis) = 0"
    " AND cardinality(covers_territories) = 0 AND NOT covers_national"
    " AND cardinality(languages) = 0 AND cardinality(audiences) = 0)"
)
WITHOUT, WITH = "covers_communes, verified_on", "covers_communes, verified_on, register"

# Not why the last attempt failed, nor how many actors it names: some of them are hidden.
VIEW = """
CREATE VIEW open.register AS
SELECT code, day FROM public.register WHERE day IS NOT NULL
"""


def _refuse(new: str = "") -> None:
    op.execute(f"ALTER TABLE actor DROP CONSTRAINT {CONSTRAINT}")
    check = NEUTRAL.format(new=new)
    op.execute(f"ALTER TABLE actor ADD CONSTRAINT {CONSTRAINT} CHECK ({check})")


def upgrade() -> None:
    """Add the columns and the table, to the public views and to what makes a new version."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.add_column("source", sa.Column("register", sa.Text(), nullable=True))
    op.create_table(
        "register",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("validator", sa.Text(), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("actors", sa.Integer(), server_default="0", nullable=False),
        sa.Column("left_out", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_register")),
    )
    op.execute(VIEW)
    op.execute(f'GRANT SELECT ON open.register TO "{database}_public"')
    op.execute(f'GRANT SELECT, INSERT, UPDATE ON register TO "{database}_staff"')
    op.execute("DROP VIEW open.actor")
    op.add_column("actor", sa.Column("register", sa.Text(), nullable=True))
    _refuse(", register")
    facet_key.show(COLUMNS.format(new=NEW))
    version_triggers.rewrite(WITHOUT, WITH)


def downgrade() -> None:
    """Take them away again."""
    version_triggers.rewrite(WITH, WITHOUT)
    op.execute("DROP VIEW open.actor")
    _refuse()
    op.drop_column("actor", "register")
    facet_key.show(COLUMNS.format(new=""))
    op.execute("DROP VIEW open.register")
    op.drop_table("register")
    op.drop_column("source", "register")
