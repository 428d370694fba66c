"""What is taken from the public is noted by its id, so that no restored backup shows it again."""

import sqlalchemy as sa
from alembic import op

revision = "0101"
down_revision = "0100"
former_release_goes_on = True
# Of any table: what it is, the column of its id, and the one that says how, or nothing.
FUNCTION = """
CREATE FUNCTION note_withdrawal() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    subject text;
    how text := '';
BEGIN
    IF TG_OP = 'DELETE' THEN
        EXECUTE format('SELECT ($1).%I::text', TG_ARGV[1]) INTO subject USING OLD;
    ELSE
        EXECUTE format('SELECT ($1).%I::text', TG_ARGV[1]) INTO subject USING NEW;
    END IF;
    IF TG_ARGV[2] <> '' THEN
        EXECUTE format('SELECT ($1).%I::text', TG_ARGV[2]) INTO how USING NEW;
    END IF;
    INSERT INTO withdrawal (what, subject, how) VALUES (TG_ARGV[0], subject, how);
    RETURN NULL;
END $$
"""
LEVELS = "ARRAY['held', 'neutral', 'unlisted']"
# Name of the trigger, table, event, when, arguments.
TRIGGERS = (
    (
        *("actor_protected_is_taken_back", "actor_protected", "UPDATE OF level"),
        f"array_position({LEVELS}, NEW.level) > coalesce(array_position({LEVELS}, OLD.level), 0)",
        "'actor', 'actor_id', 'level'",
    ),
    (
        *("actor_is_taken_back", "actor", "UPDATE OF status"),
        "OLD.status IN ('published', 'host') AND NEW.status NOT IN ('published', 'host')",
        "'actor', 'id', 'status'",
    ),
    (
        *("revision_is_taken_back", "revision", "INSERT"),
        "NEW.action = 'protect'",
        "'actor', 'actor_id', 'action'",
    ),
    (
        *("resource_record_is_taken_back", "resource_record", "UPDATE OF status"),
        "OLD.status = 'published' AND NEW.status <> 'published'",
        "'resource', 'id', 'status'",
    ),
    (
        *("embed_revocation_is_taken_back", "embed_revocation", "INSERT"),
        "true",
        "'embed', 'embed_id', ''",
    ),
    (
        *("deposit_link_is_ended", "deposit_link", "UPDATE OF ends_at"),
        "NEW.ends_at < OLD.ends_at",
        "'link', 'id', ''",
    ),
    (
        *("deposit_link_is_taken_back", "deposit_link", "DELETE"),
        "OLD.ends_at > now()",
        "'link', 'id', ''",
    ),
    (
        *("account_is_taken_back", "account", "UPDATE OF disabled_at"),
        "OLD.disabled_at IS NULL AND NEW.disabled_at IS NOT NULL",
        "'account', 'id', ''",
    ),
    (
        *("operator_code_is_taken_back", "operator_code", "DELETE"),
        "true",
        "'code', 'id', ''",
    ),
)


def upgrade() -> None:
    """Make the table, what fills it, and say that what is here is complete."""
    database = op.get_bind().scalar(sa.text("SELECT current_database()"))
    op.create_table(
        "withdrawal",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("noted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_withdrawal"),
    )
    op.create_index(
        "ix_withdrawal_noted", "withdrawal", ["noted"], postgresql_where=sa.text("NOT noted")
    )
    op.create_table(
        "database_origin",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("timeline", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_database_origin_id"),
        sa.PrimaryKeyConstraint("id", name="pk_database_origin"),
    )
    # A server that tells nobody which one it is leaves none.
    op.execute("""
        DO $$ BEGIN
            INSERT INTO database_origin SELECT 1, system_identifier::text, timeline_id
            FROM pg_control_system(), pg_control_checkpoint();
        EXCEPTION WHEN insufficient_privilege THEN
            INSERT INTO database_origin VALUES (1, '', 0);
        END $$
    """)
    op.execute(
        "CREATE VIEW open.database_origin AS SELECT system, timeline FROM public.database_origin"
    )
    for table in ("withdrawal", "database_origin"):
        op.execute(f'GRANT SELECT, INSERT, UPDATE ON {table} TO "{database}_staff"')
    op.execute(f'GRANT SELECT ON open.database_origin TO "{database}_public"')
    # As it is: in it a per cent sign names what format() puts in its place.
    op.get_bind().exec_driver_sql(FUNCTION, execution_options={"no_parameters": True})
    for name, table, event, when, arguments in TRIGGERS:
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW WHEN ({when})"
            f" EXECUTE FUNCTION note_withdrawal({arguments})"
        )


def downgrade() -> None:
    """Note nothing any more; the register outside the database stays."""
    for name, table, *_ in TRIGGERS:
        op.execute(f"DROP TRIGGER {name} ON {table}")
    op.execute("DROP FUNCTION note_withdrawal()")
    op.execute("DROP VIEW open.database_origin")
    op.drop_table("database_origin")
    op.drop_table("withdrawal")
