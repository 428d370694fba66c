"""A version per territory: another one when what is public there changes, only then."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

revision = "0008"
down_revision = "0007"

# The columns of open.actor: a change of any other one must not show, not even as a new version.
# Without words and folded, which follow from the others.
PUBLIC = (
    "public_id, slug, status, protected, category, name, acronym, description, functions,"
    " audiences, age_min, age_max, phones, email, website, opening_hours, address, commune_code,"
    " point, precision, territory_code, covers_national, covers_territories, covers_epcis,"
    " covers_communes, verified_on"
)
# Public records that came or went by the statement: one that changed did both.
CAME_OR_WENT = f"SELECT {PUBLIC} FROM touched WHERE status = 'published'"
CHANGED = f"""
    (SELECT {PUBLIC} FROM before WHERE status = 'published'
     EXCEPT ALL SELECT {PUBLIC} FROM after WHERE status = 'published')
    UNION ALL
    (SELECT {PUBLIC} FROM after WHERE status = 'published'
     EXCEPT ALL SELECT {PUBLIC} FROM before WHERE status = 'published')"""

# As the owner, so that staff need no right to write versions. Once per transaction is enough,
# since all of it is seen at once. France first: whoever raises holds its row until the end, so
# that no two wait for each other.
HEAD = """
RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"""
RAISE = """
    UPDATE territory_version SET version = DEFAULT
    WHERE territory_code = '' AND xmin <> pg_current_xact_id()::xid;
    UPDATE territory_version SET version = DEFAULT
    WHERE {which} AND territory_code <> '' AND xmin <> pg_current_xact_id()::xid;"""
OF_ACTORS = """
CREATE FUNCTION {name}() {head} AS $$
DECLARE
    codes text[];
    communes text[];
    epcis text[];
    everywhere boolean;
BEGIN
    WITH changed AS ({changed})
    SELECT
        ARRAY(SELECT territory_code FROM changed UNION SELECT unnest(covers_territories)
              FROM changed),
        ARRAY(SELECT DISTINCT unnest(covers_communes) FROM changed),
        ARRAY(SELECT DISTINCT unnest(covers_epcis) FROM changed),
        EXISTS (SELECT FROM changed WHERE covers_national)
    INTO codes, communes, epcis, everywhere;
    IF codes = '{{}}' THEN
        RETURN NULL;
    END IF;
    IF communes <> '{{}}' OR epcis <> '{{}}' THEN
        codes := codes || ARRAY(
            SELECT DISTINCT territory_code FROM commune
            WHERE code = ANY (communes) OR epci_code = ANY (epcis));
    END IF;
{raise_}
    RETURN NULL;
END $$
"""
OF_ALL = """
CREATE FUNCTION raise_every_version() {head} AS $$
BEGIN
{raise_}
    DELETE FROM territory_version v WHERE v.territory_code <> ''
        AND NOT EXISTS (SELECT FROM territory t WHERE t.code = v.territory_code);
    INSERT INTO territory_version (territory_code) SELECT code FROM territory
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$
"""
FUNCTIONS = (
    "raise_versions_of_changed_actors",
    "raise_versions_of_actors_that_came_or_went",
    "raise_every_version",
)
# (table, trigger, when, function)
TRIGGERS = (
    ("actor", "actor_inserted", "INSERT", "REFERENCING NEW TABLE AS touched", FUNCTIONS[1]),
    ("actor", "actor_deleted", "DELETE", "REFERENCING OLD TABLE AS touched", FUNCTIONS[1]),
    (
        *("actor", "actor_updated", "UPDATE"),
        "REFERENCING OLD TABLE AS before NEW TABLE AS after",
        FUNCTIONS[0],
    ),
    ("actor", "actor_emptied", "TRUNCATE", "", FUNCTIONS[2]),
    *(
        (table, f"{table}_rewritten", "INSERT OR UPDATE OR DELETE OR TRUNCATE", "", FUNCTIONS[2])
        for table in ("territory", "epci", "commune", "former_commune")
    ),
)


def upgrade() -> None:
    """Create the table, its view, and the triggers that raise versions."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.create_table(
        "territory_version",
        sa.Column("territory_code", sa.Text(), nullable=False),
        # Random rather than counted: it tells nobody how much happened, and a database that was
        # restored never comes back to a version that meant something else.
        sa.Column(
            "version", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("territory_code", name=op.f("pk_territory_version")),
    )
    op.execute(
        "INSERT INTO territory_version (territory_code)"
        " SELECT code FROM territory UNION ALL SELECT ''"
    )
    op.execute(
        "CREATE VIEW open.territory_version AS"
        " SELECT territory_code, version FROM public.territory_version"
    )
    op.execute(f'GRANT SELECT ON open.territory_version TO "{database}_public"')
    some = RAISE.format(which="(everywhere OR territory_code = ANY (codes))")
    for name, changed in zip(FUNCTIONS, (CHANGED, CAME_OR_WENT), strict=False):
        op.execute(OF_ACTORS.format(name=name, head=HEAD, changed=changed, raise_=some))
    op.execute(OF_ALL.format(head=HEAD, raise_=RAISE.format(which="true")))
    for name in FUNCTIONS:
        op.execute(f"REVOKE ALL ON FUNCTION {name}() FROM PUBLIC")
    for table, trigger, event, referencing, function in TRIGGERS:
        op.execute(
            f"CREATE TRIGGER {trigger} AFTER {event} ON {table} {referencing}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
        )


def downgrade() -> None:
    """Drop them."""
    for table, trigger, *_ in TRIGGERS:
        op.execute(f"DROP TRIGGER {trigger} ON {table}")
    for name in FUNCTIONS:
        op.execute(f"DROP FUNCTION {name}()")
    op.execute("DROP VIEW open.territory_version")
    op.drop_table("territory_version")
