"""The inbox: a fourth login that adds sealed messages, so many an hour, and reads nothing."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

from app.errors import DatabaseNotPrepared
from app.platform.database.preparation import missing, script

revision = "0056"
down_revision = "0055"

# In all, and from one network, in an hour of the clock.
MOST, MOST_OF_ONE = 200, 20


def upgrade() -> None:
    """Make the login where it is missing, then the tables, what counts them, and the rights."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    _make_login(database)
    _make_tables()
    op.execute(_LIMIT)
    op.execute("REVOKE ALL ON FUNCTION limit_inbox() FROM PUBLIC")
    op.execute(
        "CREATE TRIGGER inbox_is_limited BEFORE INSERT ON inbox_message"
        " FOR EACH ROW EXECUTE FUNCTION limit_inbox()"
    )
    op.execute("CREATE VIEW open.inbox_key AS SELECT public, stamp, made_at FROM public.inbox_key")
    op.execute(f'GRANT SELECT ON open.inbox_key TO "{database}_public"')
    op.execute(f'GRANT SELECT, INSERT ON inbox_key TO "{database}_staff"')
    op.execute(f'GRANT SELECT, UPDATE, DELETE ON inbox_message TO "{database}_staff"')
    op.execute(f'GRANT INSERT (network, box) ON inbox_message TO "{database}_inbox"')


def downgrade() -> None:
    """Drop them; the login stays, as the others do."""
    op.execute("DROP VIEW open.inbox_key")
    for table in ("inbox_message", "inbox_count", "inbox_key"):
        op.drop_table(table)
    op.execute("DROP FUNCTION limit_inbox()")


def _make_login(database: str) -> None:
    """Do what the login of the inbox lacks, as who migrates: the owner role makes no other."""
    login = f'"{database}_inbox"'
    connection = op.get_bind()
    op.execute("RESET ROLE")
    for statement in missing(connection):
        if login in statement:
            op.execute(statement)
    if left := [each for each in missing(connection) if login in each]:
        raise DatabaseNotPrepared(sql=script(database, left, (), 0))
    op.execute(f'SET LOCAL ROLE "{database}_owner"')


def _make_tables() -> None:
    op.create_table(
        "inbox_key",
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("stamp", sa.LargeBinary(), nullable=False),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.PrimaryKeyConstraint("public", name=op.f("pk_inbox_key")),
    )
    op.create_table(
        "inbox_message",
        sa.Column("id", sa.Uuid(), server_default=sa.func.gen_random_uuid(), nullable=False),
        sa.Column(
            "received_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column("network", sa.LargeBinary(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.Column("unreadable", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("octet_length(network) = 16", name=op.f("ck_inbox_message_network")),
        sa.CheckConstraint(
            "octet_length(box) BETWEEN 48 AND 6000", name=op.f("ck_inbox_message_box")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_message")),
    )
    op.create_index(op.f("ix_inbox_message_received_at"), "inbox_message", ["received_at"])
    op.create_table(
        "inbox_count",
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("network", sa.LargeBinary(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hour", "network", name=op.f("pk_inbox_count")),
    )


# A row that is counted up, not rows that are looked for: of two at once the second waits, and a
# transaction that began before the others sees them all the same.
_LIMIT = f"""
CREATE FUNCTION limit_inbox() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    this_hour timestamptz := date_trunc('hour', clock_timestamp());
    counted integer;
    each_one bytea;
BEGIN
    DELETE FROM public.inbox_count WHERE hour < this_hour;
    FOREACH each_one IN ARRAY ARRAY[''::bytea, NEW.network] LOOP
        INSERT INTO public.inbox_count AS known (hour, network, count)
        VALUES (this_hour, each_one, 1)
        ON CONFLICT (hour, network) DO UPDATE SET count = known.count + 1
        RETURNING count INTO counted;
        IF counted > {MOST_OF_ONE} AND each_one <> '' OR counted > {MOST} THEN
            RAISE EXCEPTION 'inbox is full' USING ERRCODE = 'configuration_limit_exceeded';
        END IF;
    END LOOP;
    RETURN NEW;
END $$
"""
