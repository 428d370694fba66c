"""What operators let professionals be told of a place, and what each of them was told."""

import sqlalchemy as sa
from alembic import op

revision = "0110"
down_revision = "0109"
# It reads neither table: what it erases of others is gone here as well. It restores no backup of
# this one, since it does not know what the register says of choices.
former_release_goes_on = True
MORE_OPEN = "ARRAY['never', 'asked', 'direct']"


def upgrade() -> None:
    """Make both, of staff alone, and note what is taken back, as of what the public read."""
    database = op.get_bind().scalar(sa.text("SELECT current_database()"))
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "reveal_choice",
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("entry", sa.Boolean(), nullable=False),
        sa.Column("by_operator", sa.Boolean(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "choice IN ('never', 'asked', 'direct')", name=op.f("ck_reveal_choice_choice")
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["actor.id"],
            name=op.f("fk_reveal_choice_actor_id_actor"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("actor_id", name=op.f("pk_reveal_choice")),
    )
    op.create_table(
        "reveal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("motive", sa.Text(), nullable=False),
        sa.Column("address_motive", sa.Text()),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("chosen_at", moment, nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("given_at", moment),
        sa.Column("address_at", moment),
        sa.Column("ends_at", moment),
        sa.Column("ended_at", moment),
        sa.Column("decided_by", sa.Text()),
        sa.CheckConstraint(
            "(address_at IS NULL) = (address_motive IS NULL)", name=op.f("ck_reveal_address")
        ),
        sa.CheckConstraint("given_at IS NULL OR ends_at > given_at", name=op.f("ck_reveal_ends")),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actor.id"], name=op.f("fk_reveal_actor_id_actor"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_reveal_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reveal")),
        sa.UniqueConstraint("number", name=op.f("uq_reveal_number")),
    )
    op.create_index(op.f("ix_reveal_actor_id"), "reveal", ["actor_id"])
    op.create_index(op.f("ix_reveal_account_id"), "reveal", ["account_id"])
    op.create_index(
        "uq_reveal_waiting",
        "reveal",
        ["account_id", "actor_id"],
        unique=True,
        postgresql_where=sa.text("given_at IS NULL AND ended_at IS NULL"),
    )
    for table in ("reveal_choice", "reveal"):
        op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO "{database}_staff"')
    op.execute(
        "CREATE TRIGGER reveal_choice_is_narrowed AFTER UPDATE ON reveal_choice FOR EACH ROW"
        f" WHEN (array_position({MORE_OPEN}, NEW.choice) < array_position({MORE_OPEN}, OLD.choice)"
        " OR (NEW.entry AND NOT OLD.entry))"
        " EXECUTE FUNCTION note_withdrawal('choice', 'actor_id', '')"
    )
    op.execute(
        "CREATE TRIGGER reveal_choice_is_taken_back AFTER DELETE ON reveal_choice FOR EACH ROW"
        " EXECUTE FUNCTION note_withdrawal('choice', 'actor_id', '')"
    )


def downgrade() -> None:
    """Tell nothing to anybody any more, and forget what was told."""
    op.drop_table("reveal")
    op.drop_table("reveal_choice")
