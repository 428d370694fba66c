"""What is counted of the actors around a place stands in the index that finds them."""

import sqlalchemy as sa

from migrations.indexes import create_index_alongside, drop_index_alongside

revision = "0142"
down_revision = "0141"
# It names no index, and is quicker by the new one as well.
former_release_goes_on = True
FORMER, INDEX = "ix_actor_geography", "ix_actor_around"
OPTIONS = {"postgresql_using": "gist", "postgresql_where": sa.text("status = 'published'")}
POINT = sa.text("(point::geography)")
COUNTED = ["point", "facet_key", "opening_hours", "territory_code"]


def upgrade() -> None:
    """Around Paris each row was read from a page of the table of its own."""
    create_index_alongside(INDEX, "actor", [POINT], postgresql_include=COUNTED, **OPTIONS)
    drop_index_alongside(FORMER, "actor")


def downgrade() -> None:
    """Read the table for each of them."""
    create_index_alongside(FORMER, "actor", [POINT], **OPTIONS)
    drop_index_alongside(INDEX, "actor")
