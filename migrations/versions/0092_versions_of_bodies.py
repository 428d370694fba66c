"""A body that no public text names raises nothing that visitors could see change.

One that a text for professionals brought told that there is a new text.
"""

from alembic import op

revision = "0092"
down_revision = "0091"
# Of 0083, with what is new in the place of BODIES.
FUNCTION = """
CREATE OR REPLACE FUNCTION raise_resources() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    named text[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW IS NOT DISTINCT FROM OLD THEN
            RETURN NULL;
        END IF;
    END IF;
    IF TG_OP <> 'TRUNCATE' THEN
        IF TG_TABLE_NAME IN ('resource', 'resource_edition') THEN
            IF 'public' NOT IN (coalesce(OLD.audience, ''), coalesce(NEW.audience, '')) THEN
                RETURN NULL;
            END IF;
        END IF;
        BODIES
        IF TG_TABLE_NAME = 'resource_relation' THEN
            named := ARRAY[OLD.from_id, OLD.to_id, NEW.from_id, NEW.to_id];
        ELSIF TG_TABLE_NAME IN
            ('resource_edition', 'resource_collection_entry', 'resource_of_situation')
        THEN
            named := ARRAY[OLD.public_id, NEW.public_id];
        END IF;
        IF (SELECT count(*) FROM resource WHERE audience = 'public' AND public_id = ANY (named))
            < (CASE WHEN named IS NULL THEN 0 WHEN TG_TABLE_NAME = 'resource_relation' THEN 2
                ELSE 1 END)
        THEN
            RETURN NULL;
        END IF;
    END IF;
    UPDATE territory_version SET version = DEFAULT
    WHERE territory_code = '' AND xmin <> pg_current_xact_id()::xid;
    UPDATE public_version SET version = DEFAULT
    WHERE subject = 'ressources' AND xmin <> pg_current_xact_id()::xid;
    RETURN NULL;
END $$
"""
BODIES = """IF TG_TABLE_NAME = 'issuing_body' THEN
            IF NOT EXISTS (SELECT FROM resource WHERE audience = 'public'
                AND body_codes && ARRAY[OLD.code, NEW.code])
            THEN
                RETURN NULL;
            END IF;
        END IF;"""


def upgrade() -> None:
    """Look at who names a body before its change is one for visitors."""
    op.execute(FUNCTION.replace("BODIES", BODIES))


def downgrade() -> None:
    """Take every change of a body for one that they could see."""
    op.execute(FUNCTION.replace("BODIES", ""))
