"""An actor that is hidden gets another public id: who is competent is then nobody that is named.

Before, hiding one that a commune's competence names was refused by the database.
"""

from alembic import op

revision = "0038"
down_revision = "0036"

NAME = "fk_competence_public_id_actor"


def upgrade() -> None:
    """Let the id go, as where the actor is deleted."""
    op.drop_constraint(NAME, "competence")
    op.create_foreign_key(
        NAME,
        "competence",
        "actor",
        ["public_id"],
        ["public_id"],
        ondelete="SET NULL",
        onupdate="SET NULL",
    )


def downgrade() -> None:
    """Hold it again."""
    op.drop_constraint(NAME, "competence")
    op.create_foreign_key(
        NAME, "competence", "actor", ["public_id"], ["public_id"], ondelete="SET NULL"
    )
