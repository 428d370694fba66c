"""A list that was applied can be undone: what its ties were before, and when it was written."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

revision = "0048"
down_revision = "0047"

CAUSES = ("import", "edit", "geocoding", "purge", "former", "erase")
STATES = ("checking", "ready", "applying", "applied", "cancelled", "refused")
UNDONE = ("undoing", "undone")


def upgrade() -> None:
    """Add the table of former ties, for staff alone, who may now delete ties and proposals."""
    op.create_table(
        "former_tie",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("identity", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("last_file_id", sa.Uuid(), nullable=True),
        sa.Column("missing_since", sa.Date(), nullable=True),
        sa.Column("next_actor_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("file_id", "identity", name=op.f("pk_former_tie")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["source_file.id"], name=op.f("fk_former_tie_file_id_source_file")
        ),
        sa.ForeignKeyConstraint(
            ["last_file_id"],
            ["source_file.id"],
            name=op.f("fk_former_tie_last_file_id_source_file"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column],
                ["actor.id"],
                name=op.f(f"fk_former_tie_{column}_actor"),
                ondelete="CASCADE",
            )
            for column in ("actor_id", "next_actor_id")
        ),
    )
    for column in ("actor_id", "next_actor_id"):
        op.create_index(op.f(f"ix_former_tie_{column}"), "former_tie", [column])
    op.add_column(
        "source_file", sa.Column("imported_at", sa.DateTime(timezone=True), nullable=True)
    )
    _allow(states=(*STATES, *UNDONE), causes=(*CAUSES, "undo"), of_files=("import", "undo"))
    staff = f'"{op.get_bind().scalar(text("SELECT current_database()"))}_staff"'
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON former_tie TO {staff}")
    op.execute(f"GRANT DELETE ON source_record, proposal TO {staff}")


def downgrade() -> None:
    """Forget them: what was undone stays so, as an edit."""
    staff = f'"{op.get_bind().scalar(text("SELECT current_database()"))}_staff"'
    op.execute(f"REVOKE DELETE ON source_record, proposal FROM {staff}")
    op.execute("UPDATE deposit SET state = 'applied' WHERE state = 'undoing'")
    op.execute("UPDATE deposit SET state = 'cancelled' WHERE state = 'undone'")
    op.execute("UPDATE source_file SET status = 'received' WHERE status = 'undone'")
    op.execute("ALTER TABLE batch DISABLE TRIGGER batch_is_append_only")
    _free()
    op.execute("UPDATE batch SET cause = 'edit', source_file_id = NULL WHERE cause = 'undo'")
    op.execute("ALTER TABLE batch ENABLE TRIGGER batch_is_append_only")
    _hold(states=STATES, causes=CAUSES, of_files=("import",))
    op.drop_column("source_file", "imported_at")
    op.drop_table("former_tie")


def _allow(**wanted: tuple[str, ...]) -> None:
    _free()
    _hold(**wanted)


def _free() -> None:
    for table, name in (("deposit", "state"), ("batch", "cause"), ("batch", "source_file")):
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")


def _hold(*, states: tuple[str, ...], causes: tuple[str, ...], of_files: tuple[str, ...]) -> None:
    said_states, said_causes, files = (
        ", ".join(f"'{each}'" for each in some) for some in (states, causes, of_files)
    )
    op.create_check_constraint("state", "deposit", f"state IN ({said_states})")
    op.create_check_constraint("cause", "batch", f"cause IN ({said_causes})")
    op.create_check_constraint(
        "source_file", "batch", f"(cause IN ({files})) = (source_file_id IS NOT NULL)"
    )
