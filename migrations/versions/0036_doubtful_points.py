"""A person looks at the points that the geocoder placed with a doubt, and says which are right."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

revision = "0036"
down_revision = "0037"

# A point of a list that is as imprecise as the geocoder's cannot be told from it here.
FILL = """
    UPDATE actor_protected
    SET point_doubt = CASE actor.precision WHEN 'commune' THEN decision ELSE actor.precision END
    FROM geocoding
    JOIN actor ON actor.id = geocoding.actor_id
    WHERE actor_protected.actor_id = actor.id
      AND actor.status = 'published'
      AND (actor.precision IN ('street', 'locality') AND decision = 'accepted'
           OR actor.precision = 'commune' AND decision IN ('review', 'rejected'))
"""


def upgrade() -> None:
    """Add the columns, and fill them from what is public and from what was decided."""
    op.add_column("geocoding", sa.Column("confirmed_at", sa.DateTime(timezone=True)))
    op.add_column("actor_protected", sa.Column("point_doubt", sa.Text()))
    op.create_check_constraint(
        op.f("ck_actor_protected_point_doubt"),
        "actor_protected",
        "point_doubt IN ('street', 'locality', 'review', 'rejected')",
    )
    op.execute(FILL)
    op.create_index(
        op.f("ix_actor_protected_point_doubt"),
        "actor_protected",
        ["actor_id", "point_doubt"],
        postgresql_where=text("point_doubt IS NOT NULL AND level IS NULL"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_column("actor_protected", "point_doubt")
    op.drop_column("geocoding", "confirmed_at")
