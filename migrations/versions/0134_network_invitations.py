"""Addresses that were invited to the network, and those that want no invitation."""

from alembic import op
from sqlalchemy import text

revision = "0134"
down_revision = "0133"
# It knows neither table, and nobody is invited until a desk and a worker of this one are there.
former_release_goes_on = True
TABLES = """
CREATE TABLE network_invitation (
    id uuid NOT NULL CONSTRAINT pk_network_invitation PRIMARY KEY,
    content bytea,
    made_at timestamptz NOT NULL,
    made_by text NOT NULL,
    state text NOT NULL CONSTRAINT ck_network_invitation_state
        CHECK (state IN ('waits', 'going', 'left', 'doubt', 'never')),
    at timestamptz NOT NULL
);
CREATE TABLE invitation_refusal (
    id uuid NOT NULL CONSTRAINT pk_invitation_refusal PRIMARY KEY,
    made_at timestamptz NOT NULL
)
"""


def upgrade() -> None:
    """Create both, and what notes that an address wants no invitation."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(TABLES)
    op.execute(
        "CREATE TRIGGER invitation_refusal_is_noted AFTER INSERT ON invitation_refusal"
        " FOR EACH ROW EXECUTE FUNCTION note_withdrawal('uninvited', 'id', '')"
    )
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON network_invitation TO "{database}_staff"')
    op.execute(f'GRANT SELECT, INSERT ON invitation_refusal TO "{database}_staff"')


def downgrade() -> None:
    """Forget who was invited, and who wants no invitation."""
    op.execute("DROP TABLE invitation_refusal, network_invitation")
