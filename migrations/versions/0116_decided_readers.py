"""A text that a person decided to give to nobody is stored, so that it waits no more."""

import sqlalchemy as sa
from alembic import op

revision = "0116"
down_revision = "0115"
# It gives nothing by these rows, and counts their texts as waiting; to give one of them it says
# that it is done, and shows it to nobody: this one asks for it again.
former_release_goes_on = True
TABLE = "readers_choice"
NOTES = "EXECUTE FUNCTION note_withdrawal('choice', 'actor_id', '')"


def upgrade() -> None:
    """Let a value be staff's by its mark; note where what was given becomes so."""
    op.drop_constraint(op.f("ck_readers_choice_mark"), TABLE, type_="check")
    op.create_check_constraint("mark", TABLE, "readers = 'protege' OR mark <> ''::bytea")
    op.execute(f"DROP TRIGGER readers_choice_narrows ON {TABLE}")
    op.execute(
        f"CREATE TRIGGER readers_choice_narrows AFTER UPDATE ON {TABLE} FOR EACH ROW"
        f" WHEN (OLD.readers = 'professionnel' AND NEW.readers = 'protege') {NOTES}"
    )


def downgrade() -> None:
    """Forget what was given to nobody: it waits again."""
    op.execute(sa.text(f"DELETE FROM {TABLE} WHERE readers = 'protege' AND mark <> ''"))
    op.execute(f"DROP TRIGGER readers_choice_narrows ON {TABLE}")
    op.execute(
        f"CREATE TRIGGER readers_choice_narrows AFTER INSERT ON {TABLE} FOR EACH ROW"
        f" WHEN (NEW.readers = 'protege') {NOTES}"
    )
    op.drop_constraint(op.f("ck_readers_choice_mark"), TABLE, type_="check")
    op.create_check_constraint("mark", TABLE, "(readers = 'protege') = (mark = ''::bytea)")
