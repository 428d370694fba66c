"""The one place that says what a viewer may read of an actor; features take their FROM from it.

Public pages log in as a role that reads the views of schema open and nothing else. These
statements say the same again, so that they stay right whichever login runs them.
"""

from sqlalchemy import ColumnElement, Subquery, literal_column, select

from app.models import Actor
from app.models.privileges import PUBLIC_VIEWS


def public_columns() -> tuple[ColumnElement[object], ...]:
    """Return the columns of an actor that a visitor may read: never the internal id."""
    return tuple(Actor.__table__.c[name] for name in PUBLIC_VIEWS["actor"])


def published() -> Subquery:
    """Return the actors that visitors may see, as a FROM clause named "actor"."""
    # A literal, since a bound status would keep generic plans off the partial indexes.
    visible = Actor.status == literal_column("'published'")
    return select(*public_columns()).where(visible).subquery("actor")
