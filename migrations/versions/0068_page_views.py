"""Views of public pages by day, without identity: the login of the inbox adds to them, unread."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

revision = "0068"
down_revision = "0069"

# A process adds what it counted in about a minute; of one cell it is never as many.
MOST_AT_ONCE, MOST = 100_000, 1_000_000_000


def upgrade() -> None:
    """Make the table, the words it takes, and the view by which the login of the inbox adds."""
    op.create_table(
        "page_view",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_rest", sa.Boolean(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("page", "territory_code", "facet", "embed_id")
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_page_view_count")),
        sa.CheckConstraint(
            "NOT is_rest OR day = date_trunc('month', day)::date", name=op.f("ck_page_view_rest")
        ),
        sa.CheckConstraint(
            "page IN ('accueil', 'territoires', 'territoire', 'recherche', 'fiche', 'tableau',"
            " 'fichier', 'impression', 'couverture', 'service', 'integration', 'carte',"
            " 'sans_resultat')",
            name=op.f("ck_page_view_page"),
        ),
        sa.CheckConstraint(
            "(page = 'sans_resultat') = (facet <> '')", name=op.f("ck_page_view_facet")
        ),
        sa.CheckConstraint("(page = 'carte') = (embed_id <> '')", name=op.f("ck_page_view_embed")),
        sa.PrimaryKeyConstraint(
            "day",
            "is_rest",
            "page",
            "territory_code",
            "facet",
            "embed_id",
            name=op.f("pk_page_view"),
        ),
    )
    op.create_table(
        "page_view_facet",
        sa.Column("facet", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("facet", name=op.f("pk_page_view_facet")),
    )
    op.execute(
        "CREATE VIEW page_view_added AS"
        " SELECT day, page, territory_code, facet, embed_id, count FROM page_view WHERE false"
    )
    op.execute(_ADD)
    op.execute("REVOKE ALL ON FUNCTION add_page_view() FROM PUBLIC")
    op.execute(
        "CREATE TRIGGER page_view_is_added INSTEAD OF INSERT ON page_view_added"
        " FOR EACH ROW EXECUTE FUNCTION add_page_view()"
    )
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON page_view TO "{database}_staff"')
    op.execute(f'GRANT SELECT, INSERT ON page_view_facet TO "{database}_staff"')
    op.execute(
        "GRANT INSERT (day, page, territory_code, facet, embed_id, count) ON page_view_added"
        f' TO "{database}_inbox"'
    )


def downgrade() -> None:
    """Drop them, and what was counted."""
    op.execute("DROP VIEW page_view_added")
    op.execute("DROP FUNCTION add_page_view()")
    op.drop_table("page_view_facet")
    op.drop_table("page_view")


# What is in no vocabulary is left out, and not refused: a process of yesterday's release goes on.
_ADD = f"""
CREATE FUNCTION add_page_view() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    today date := (clock_timestamp() AT TIME ZONE 'Europe/Paris')::date;
BEGIN
    IF (NEW.day BETWEEN today - 1 AND today
        AND NEW.count BETWEEN 1 AND {MOST_AT_ONCE}
        AND (NEW.territory_code = ''
             OR EXISTS (SELECT FROM public.territory WHERE code = NEW.territory_code))
        AND (NEW.facet = ''
             OR EXISTS (SELECT FROM public.page_view_facet WHERE facet = NEW.facet))
        AND (NEW.embed_id = '' OR EXISTS (SELECT FROM public.embed WHERE id = NEW.embed_id))
    ) IS NOT TRUE THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.page_view AS known
        (day, is_rest, page, territory_code, facet, embed_id, count)
    VALUES (NEW.day, false, NEW.page, NEW.territory_code, NEW.facet, NEW.embed_id, NEW.count)
    ON CONFLICT (day, is_rest, page, territory_code, facet, embed_id)
    DO UPDATE SET count = least(known.count + excluded.count, {MOST});
    RETURN NEW;
END $$
"""
