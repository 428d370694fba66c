"""Whether a list names somebody, as far as visitors may know: registers name nearly everybody."""

from sqlalchemy import ColumnElement, FromClause, Select, exists, select

from app.visibility import published


def is_listed(territory: str) -> Select[bool]:
    """Return whether a list names somebody who is public in a territory; territory: its code."""
    actor = published()
    named = is_named_by_a_list(actor)
    return select(exists().where(actor.c.territory_code == territory, named))


def is_named_by_a_list(actor: FromClause) -> ColumnElement[bool]:
    """Say that a list names an actor, as far as visitors may know."""
    # Who holds its place back says of no register either.
    placed = actor.c.commune_code.is_not(None) | actor.c.address.is_not(None)
    return actor.c.register.is_(None) & placed & ~actor.c.protected
