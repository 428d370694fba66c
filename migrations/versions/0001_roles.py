"""Extensions, the three roles, and what PUBLIC loses."""

from alembic import op
from sqlalchemy import text

revision = "0001"
down_revision = None

EXTENSIONS = ("postgis", "pg_trgm", "unaccent")
KINDS = ("owner", "staff", "public")


def upgrade() -> None:
    """Create what takes CREATEROLE and a superuser, then go on as the owner role."""
    # A downgrade to nothing leaves the version table with the owner role, as which env.py begins.
    op.execute("RESET ROLE")
    connection = op.get_bind()
    database, login = connection.execute(text("SELECT current_database(), current_user")).one()
    for extension in EXTENSIONS:
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    for kind in KINDS:
        role = f"{database}_{kind}"
        if not connection.scalar(
            text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}
        ):
            op.execute(f'CREATE ROLE "{role}" NOLOGIN')
    owner, staff, public = (f'"{database}_{kind}"' for kind in KINDS)
    if not connection.scalar(text("SELECT pg_has_role(:role, 'SET')"), {"role": owner[1:-1]}):
        op.execute(f'GRANT {owner} TO "{login}"')

    op.execute(f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC')
    op.execute(f'GRANT CONNECT ON DATABASE "{database}" TO {staff}, {public}')
    op.execute(f'GRANT CONNECT, CREATE ON DATABASE "{database}" TO {owner}')
    op.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    # Functions and types of the extensions live there; its tables stay closed one by one.
    op.execute(f"GRANT USAGE ON SCHEMA public TO {staff}, {public}")
    op.execute(f"GRANT USAGE, CREATE ON SCHEMA public TO {owner}")
    for relation in ("spatial_ref_sys", "geometry_columns", "geography_columns"):
        op.execute(f"REVOKE ALL ON {relation} FROM PUBLIC")
    op.execute(f"GRANT SELECT ON spatial_ref_sys TO {staff}, {owner}")

    # A login that forgets to say so reads only, and only its own schema.
    op.execute(f"ALTER ROLE {public} SET default_transaction_read_only = on")
    op.execute(f"ALTER ROLE {public} SET search_path = open, public")
    op.execute(f"ALTER ROLE {public} SET statement_timeout = '10s'")

    op.execute(f"ALTER TABLE alembic_version OWNER TO {owner}")
    op.execute(f"SET LOCAL ROLE {owner}")
    op.execute(f"CREATE SCHEMA open AUTHORIZATION {owner}")


def downgrade() -> None:
    """Drop the schema; roles and extensions stay, since other databases may lean on them."""
    op.execute("DROP SCHEMA open")
