"""A closure is proposed; names are known behind words of law: marks before are written anew."""

from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Allow the proposal, and let the next command write the marks of what is there anew."""
    _allow("'consent', 'same', 'closed'")
    op.alter_column("actor_protected", "marks_version", server_default="3")


def downgrade() -> None:
    """Forget closures, and say that the marks of today are those of the former release."""
    op.execute("UPDATE actor_protected SET marks_version = 2 WHERE marks_version > 2")
    op.alter_column("actor_protected", "marks_version", server_default="2")
    op.execute("DELETE FROM proposal WHERE about = 'closed'")
    _allow("'consent', 'same'")


def _allow(headings: str) -> None:
    op.execute("ALTER TABLE proposal DROP CONSTRAINT ck_proposal_about")
    op.execute(
        f"ALTER TABLE proposal ADD CONSTRAINT ck_proposal_about CHECK (about IN ({headings}))"
    )
