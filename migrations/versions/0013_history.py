"""History that can be undone: numbers per actor, batches, and what is owed an erasure by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

# Sealed again under a new key, a revision says the same: all that is in clear must be as it was.
# Only the owner may do that; the staff login holds no UPDATE on this table.
TRIGGER = """
CREATE OR REPLACE FUNCTION refuse_change_of_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
       AND ({new}) IS NOT DISTINCT FROM ({old})
       AND current_setting('mesure23.new_key', true) = 'on' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'revision is append-only' USING ERRCODE = 'restrict_violation';
END $$
"""
COLUMNS_BEFORE = ("id", "actor_id", "at", "who", "action")
COLUMNS = ("id", "actor_id", "number", "batch_id", "at", "who", "action")
# Everything that was written in one transaction has its time, and belongs together.
FORMER_BATCH = "md5(extract(epoch FROM at) || '/' || who)::uuid"
WHO = (
    ("revision", "who"),
    ("source_file", "who"),
    ("embed", "created_by"),
    ("embed_revocation", "who"),
)


def _compare(columns: tuple[str, ...]) -> str:
    new, old = (", ".join(f"{row}.{each}" for each in columns) for row in ("NEW", "OLD"))
    return TRIGGER.format(new=new, old=old)


def upgrade() -> None:
    """Number what is there in its order, gather it into batches, and note what is still owed."""
    op.create_table(
        "batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("source_file_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "cause IN ('import', 'edit', 'geocoding', 'purge', 'former')",
            name=op.f("ck_batch_cause"),
        ),
        sa.CheckConstraint(
            "(cause = 'import') = (source_file_id IS NOT NULL)", name=op.f("ck_batch_source_file")
        ),
        sa.ForeignKeyConstraint(
            ["source_file_id"], ["source_file.id"], name=op.f("fk_batch_source_file_id_source_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    op.create_index(op.f("ix_batch_source_file_id"), "batch", ["source_file_id"])
    op.create_table(
        "erasure_debt",
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_erasure_debt_revision_id_revision")
        ),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_erasure_debt")),
    )
    op.add_column("revision", sa.Column("number", sa.Integer(), nullable=True))
    op.add_column("revision", sa.Column("batch_id", sa.Uuid(), nullable=True))
    _fill()
    op.alter_column("revision", "number", nullable=False)
    op.alter_column("revision", "batch_id", nullable=False)
    op.create_foreign_key(
        op.f("fk_revision_batch_id_batch"), "revision", "batch", ["batch_id"], ["id"]
    )
    op.create_unique_constraint(op.f("uq_revision_actor_id"), "revision", ["actor_id", "number"])
    op.drop_index(op.f("ix_revision_actor_id"), "revision")
    op.create_index(op.f("ix_revision_batch_id"), "revision", ["batch_id"])
    _guard()


def _fill() -> None:
    op.execute(
        f"INSERT INTO batch (id, cause) SELECT DISTINCT {FORMER_BATCH}, 'former' FROM revision"
    )
    op.execute("ALTER TABLE revision DISABLE TRIGGER revision_is_append_only")
    op.execute(
        f"""
        UPDATE revision SET number = ordered.number, batch_id = {FORMER_BATCH}
        FROM (
            SELECT id, row_number() OVER (PARTITION BY actor_id ORDER BY at, id) AS number
            FROM revision
        ) AS ordered
        WHERE ordered.id = revision.id
        """
    )
    for table, column in WHO:
        op.execute(f"UPDATE {table} SET {column} = 'os:' || {column}")
    op.execute("ALTER TABLE revision ENABLE TRIGGER revision_is_append_only")
    # As many as no purge has answered, the last ones.
    op.execute(
        """
        INSERT INTO erasure_debt (revision_id)
        SELECT id FROM (
            SELECT id, action,
                count(*) FILTER (WHERE action = 'protect') OVER later AS latest,
                count(*) FILTER (WHERE action = 'protect') OVER whole
                - count(*) FILTER (WHERE action = 'purge') OVER whole AS owed
            FROM revision WHERE action IN ('protect', 'purge')
            WINDOW whole AS (PARTITION BY actor_id),
                   later AS (PARTITION BY actor_id ORDER BY number DESC)
        ) AS protections
        WHERE action = 'protect' AND latest <= owed
        """
    )


def _guard() -> None:
    """Refuse changes of batches as of revisions, and let staff add; debts are settled by them."""
    op.execute(_compare(COLUMNS))
    op.execute(
        """
        CREATE FUNCTION refuse_change_of_batch() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'batch is append-only' USING ERRCODE = 'restrict_violation';
        END $$
        """
    )
    op.execute("REVOKE ALL ON FUNCTION refuse_change_of_batch() FROM PUBLIC")
    for name, events, level in (
        ("batch_is_append_only", "UPDATE OR DELETE", "ROW"),
        ("batch_is_never_emptied", "TRUNCATE", "STATEMENT"),
    ):
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {events} ON batch"
            f" FOR EACH {level} EXECUTE FUNCTION refuse_change_of_batch()"
        )
    database = op.get_bind().scalar(sa.text("SELECT current_database()"))
    op.execute(f'GRANT SELECT, INSERT ON batch TO "{database}_staff"')
    op.execute(f'GRANT SELECT, INSERT, DELETE ON erasure_debt TO "{database}_staff"')


def downgrade() -> None:
    """Forget numbers and batches; debts are what revisions say again."""
    op.execute(_compare(COLUMNS_BEFORE))
    op.execute("ALTER TABLE revision DISABLE TRIGGER revision_is_append_only")
    for table, column in WHO:
        op.execute(f"UPDATE {table} SET {column} = regexp_replace({column}, '^os:', '')")
    op.execute("ALTER TABLE revision ENABLE TRIGGER revision_is_append_only")
    op.create_index(op.f("ix_revision_actor_id"), "revision", ["actor_id"])
    op.drop_index(op.f("ix_revision_batch_id"), "revision")
    op.drop_constraint(op.f("uq_revision_actor_id"), "revision")
    op.drop_column("revision", "batch_id")
    op.drop_column("revision", "number")
    op.drop_table("erasure_debt")
    op.drop_table("batch")
    op.execute("DROP FUNCTION refuse_change_of_batch()")
