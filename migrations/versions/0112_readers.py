"""Who reads a field of one actor, where a person said otherwise than the vocabulary."""

import sqlalchemy as sa
from alembic import op

revision = "0112"
down_revision = "0111"
# It shows none of these fields to anybody but staff.
former_release_goes_on = True


def upgrade() -> None:
    """Nobody said anything yet; note what is taken back, as of what operators chose."""
    database = op.get_bind().scalar(sa.text("SELECT current_database()"))
    op.create_table(
        "readers_choice",
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("readers", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "readers IN ('protege', 'professionnel')", name=op.f("ck_readers_choice_readers")
        ),
        sa.CheckConstraint(
            "(readers = 'protege') = (mark = ''::bytea)", name=op.f("ck_readers_choice_mark")
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["actor.id"],
            name=op.f("fk_readers_choice_actor_id_actor"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("actor_id", "field", "mark", name=op.f("pk_readers_choice")),
    )
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON readers_choice TO "{database}_staff"')
    op.execute(
        "CREATE TRIGGER readers_choice_narrows AFTER INSERT ON readers_choice FOR EACH ROW"
        " WHEN (NEW.readers = 'protege')"
        " EXECUTE FUNCTION note_withdrawal('choice', 'actor_id', '')"
    )
    op.execute(
        "CREATE TRIGGER readers_choice_is_taken_back AFTER DELETE ON readers_choice FOR EACH ROW"
        " WHEN (OLD.readers = 'professionnel')"
        " EXECUTE FUNCTION note_withdrawal('choice', 'actor_id', '')"
    )


def downgrade() -> None:
    """Forget what was said: the former release shows none of it to professionals."""
    op.drop_table("readers_choice")
