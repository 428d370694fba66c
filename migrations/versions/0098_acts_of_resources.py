"""An act that nobody ever noted is none: whoever lets a text out has one of its own."""

from alembic import op

revision = "0098"
down_revision = "0097"
ACTS = (
    *("asked", "published", "held", "released", "refused", "withdrawn"),
    *("erased", "restored", "reviewed"),
)


def upgrade() -> None:
    """Leave it out of those that there are."""
    _allow(ACTS)


def downgrade() -> None:
    """Put it back."""
    _allow(("agreed", *ACTS))


def _allow(acts: tuple[str, ...]) -> None:
    named = ", ".join(f"'{each}'" for each in acts)
    op.execute("ALTER TABLE resource_act DROP CONSTRAINT ck_resource_act_act")
    op.execute(
        f"ALTER TABLE resource_act ADD CONSTRAINT ck_resource_act_act CHECK (act IN ({named}))"
    )
