"""Who is competent for a commune, register by register: what the public reads raises versions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

revision = "0029"
down_revision = "0028"

# Whoever is not public, or says its family alone, is nobody here: a register may name a home.
VIEW = """
CREATE VIEW open.competence AS
SELECT c.register, c.commune_code, c.category, c.anyone, a.public_id
FROM public.competence c
LEFT JOIN public.actor a
    ON a.public_id = c.public_id AND a.status = 'published' AND NOT a.protected
"""
# As those of migration 0008: as the owner, France first.
FUNCTION = """
CREATE FUNCTION raise_versions_of_competence()
RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    codes text[];
BEGIN
    codes := ARRAY(
        SELECT DISTINCT territory_code FROM commune
        WHERE code IN (SELECT commune_code FROM touched));
    IF codes = '{}' THEN
        RETURN NULL;
    END IF;
    UPDATE territory_version SET version = DEFAULT
    WHERE territory_code = '' AND xmin <> pg_current_xact_id()::xid;
    UPDATE territory_version SET version = DEFAULT
    WHERE territory_code = ANY (codes) AND territory_code <> ''
        AND xmin <> pg_current_xact_id()::xid;
    RETURN NULL;
END $$
"""
TRIGGERS = (
    ("competence_added", "INSERT", "NEW"),
    ("competence_changed", "UPDATE", "NEW"),
    ("competence_removed", "DELETE", "OLD"),
)


def upgrade() -> None:
    """Add the table, its view, and the triggers that raise versions."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.create_table(
        "competence",
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("register", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column(
            "anyone",
            sa.Boolean(),
            sa.Computed(r"key = '\x'::bytea", persisted=True),
            nullable=False,
        ),
        sa.Column("public_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["commune_code"],
            ["commune.code"],
            name=op.f("fk_competence_commune_code_commune"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["public_id"],
            ["actor.public_id"],
            name=op.f("fk_competence_public_id_actor"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint(
            "commune_code", "register", "category", "key", name=op.f("pk_competence")
        ),
    )
    op.create_index(op.f("ix_competence_public_id"), "competence", ["public_id"])
    op.execute(VIEW)
    op.execute(f'GRANT SELECT ON open.competence TO "{database}_public"')
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON competence TO "{database}_staff"')
    op.execute(FUNCTION)
    op.execute("REVOKE ALL ON FUNCTION raise_versions_of_competence() FROM PUBLIC")
    for name, event, rows in TRIGGERS:
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON competence"
            f" REFERENCING {rows} TABLE AS touched"
            " FOR EACH STATEMENT EXECUTE FUNCTION raise_versions_of_competence()"
        )


def downgrade() -> None:
    """Take them away again."""
    op.execute("DROP VIEW open.competence")
    op.drop_table("competence")
    op.execute("DROP FUNCTION raise_versions_of_competence()")
