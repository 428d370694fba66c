"""Extensions, the three roles, and what PUBLIC loses."""

from alembic import op
from sqlalchemy import text

from app.errors import DatabaseNotPrepared
from app.platform.database.preparation import missing, script

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Do what is missing and this login may do, then go on as the owner role."""
    # A downgrade to nothing leaves the version table with the owner role, as which env.py begins.
    op.execute("RESET ROLE")
    connection = op.get_bind()
    database = connection.scalar(text("SELECT current_database()"))
    for statement in missing(connection):
        op.execute(statement)
    # PostgreSQL only warns where a login revokes what another one granted.
    if left := missing(connection):
        raise DatabaseNotPrepared(sql=script(database, left, (), 0))
    owner = f'"{database}_owner"'
    op.execute(f"ALTER TABLE alembic_version OWNER TO {owner}")
    op.execute(f"SET LOCAL ROLE {owner}")
    op.execute(f"CREATE SCHEMA open AUTHORIZATION {owner}")


def downgrade() -> None:
    """Drop the schema; roles and extensions stay, since other databases may lean on them."""
    op.execute("DROP SCHEMA open")
