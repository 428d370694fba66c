"""What the public login reads, what staff may write, and revisions that only grow."""

from alembic import op
from sqlalchemy import text

revision = "0004"
down_revision = "0003"

ACTOR = (
    "public_id, slug, status, protected, category, name, acronym, description, functions,"
    " audiences, age_min, age_max, phones, email, website, opening_hours, address, commune_code,"
    " point, precision, territory_code, covers_national, covers_territories, covers_epcis,"
    " covers_communes, verified_on"
)

VIEWS = {
    "actor": f"SELECT {ACTOR} FROM public.actor WHERE status = 'published'",
    "territory": (
        "SELECT code, name, slug, kind, region_code, region_name, boundary, outline, label_point"
        " FROM public.territory"
    ),
    "epci": "SELECT code, name FROM public.epci",
    "commune": (
        "SELECT code, name, search_name, territory_code, postcodes, epci_code, point"
        " FROM public.commune"
    ),
    "former_commune": "SELECT code, name, kind, commune_code, postcodes FROM public.former_commune",
}

ADD = "SELECT, INSERT"
WRITE = "SELECT, INSERT, UPDATE"
REPLACE = "SELECT, INSERT, UPDATE, DELETE"

STAFF = {
    ADD: ("revision", "sealed_secret"),
    WRITE: (
        "actor",
        "actor_protected",
        "geocoding",
        "provenance",
        "source",
        "source_file",
        "source_record",
        "source_row",
    ),
    REPLACE: ("actor_fingerprint", "commune", "epci", "former_commune", "territory"),
}


def upgrade() -> None:
    """Create the views, the grants and the triggers."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    staff, public = f'"{database}_staff"', f'"{database}_public"'
    op.execute(f"GRANT USAGE ON SCHEMA open TO {public}")
    for name, query in VIEWS.items():
        op.execute(f"CREATE VIEW open.{name} AS {query}")
        op.execute(f"GRANT SELECT ON open.{name} TO {public}")
    for privileges, tables in STAFF.items():
        for table in tables:
            op.execute(f"GRANT {privileges} ON {table} TO {staff}")
    op.execute(
        """
        CREATE FUNCTION refuse_change_of_history() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'revision is append-only' USING ERRCODE = 'restrict_violation';
        END $$
        """
    )
    op.execute("REVOKE ALL ON FUNCTION refuse_change_of_history() FROM PUBLIC")
    op.execute(
        "CREATE TRIGGER revision_is_append_only BEFORE UPDATE OR DELETE ON revision"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change_of_history()"
    )
    op.execute(
        "CREATE TRIGGER revision_is_never_emptied BEFORE TRUNCATE ON revision"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_history()"
    )


def downgrade() -> None:
    """Drop them, and leave the tables."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    staff, public = f'"{database}_staff"', f'"{database}_public"'
    op.execute("DROP TRIGGER revision_is_never_emptied ON revision")
    op.execute("DROP TRIGGER revision_is_append_only ON revision")
    op.execute("DROP FUNCTION refuse_change_of_history()")
    for tables in STAFF.values():
        for table in tables:
            op.execute(f"REVOKE ALL ON {table} FROM {staff}")
    for name in VIEWS:
        op.execute(f"DROP VIEW open.{name}")
    op.execute(f"REVOKE USAGE ON SCHEMA open FROM {public}")
