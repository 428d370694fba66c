"""A curateur asks another one to publish what is hidden."""

from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Allow the proposal."""
    _allow("'consent', 'same', 'closed', 'show'")


def downgrade() -> None:
    """Forget what was asked: all of it stays hidden."""
    op.execute("DELETE FROM proposal WHERE about = 'show'")
    _allow("'consent', 'same', 'closed'")


def _allow(headings: str) -> None:
    op.execute("ALTER TABLE proposal DROP CONSTRAINT ck_proposal_about")
    op.execute(
        f"ALTER TABLE proposal ADD CONSTRAINT ck_proposal_about CHECK (about IN ({headings}))"
    )
