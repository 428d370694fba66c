"""Which marks a record has: those written before know neither places nor quoted addresses."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Add the version; the next command writes the marks of what is there anew."""
    op.add_column(
        "actor_protected",
        sa.Column("marks_version", sa.SmallInteger(), server_default="0", nullable=False),
    )
    op.alter_column("actor_protected", "marks_version", server_default="1")


def downgrade() -> None:
    """Forget the version; the marks of today stay, and the former release reads its own kinds."""
    op.drop_column("actor_protected", "marks_version")
