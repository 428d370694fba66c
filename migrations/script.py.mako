"""${message}."""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
# Whether the former release serves, imports and undoes on this schema; else say why not. An index
# of a table that is there is made by create_index_alongside of migrations/indexes.py.
former_release_goes_on = True


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
