"""Whom registers name for a commune, and whether they agree: the one place that says so.

Each register speaks for itself of courts and of forces. Where one of them does not name whom
another one names, none of those is sure. Where a person said whose a commune is, no register is
asked about it any more.
"""

from functools import lru_cache

from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    FromClause,
    Text,
    and_,
    exists,
    false,
    func,
    or_,
    select,
    true,
)

from app.models import Competence
from app.search.conditions import bound, has_code, is_one_of
from app.visibility import published

FORCES = ("police", "gendarmerie")
STATED = ("justice", *FORCES)

Code = ColumnElement[str] | str


def named(actor: FromClause, commune: Code) -> ColumnElement[bool]:
    """Say that a register names an actor for a commune."""
    said, of_it = _said_of(commune)
    ids = select(said.c.public_id).where(of_it)
    by_register = actor.c.public_id == func.any(func.array(ids.scalar_subquery()))
    return and_(by_register, ~_decided(actor, commune))


def _decided(actor: FromClause, commune: Code) -> ColumnElement[bool]:
    """Say that a person said who of the role of an actor has a commune."""
    deciding = published().alias("deciding")
    return exists(
        select(deciding.c.public_id).where(
            has_code(deciding.c.communes_said, commune), _of_one_role(deciding, actor)
        )
    )


def _of_one_role(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    """Say that two are of one role: a police station and a brigade are, a court is alone."""
    return or_(
        one.c.category == other.c.category,
        and_(*(is_one_of(each.c.category, FORCES) for each in (one, other))),
    )


def doubted(actor: FromClause, commune: Code) -> ColumnElement[bool]:
    """Say that a register names an actor for a commune, and that another one does not."""
    other, of_it = _said_of(commune)
    names_it = or_(
        other.c.public_id == actor.c.public_id,
        and_(other.c.anyone, other.c.category == actor.c.category),
    )
    silent = (
        select(other.c.register)
        .where(of_it, _of_one_role(other, actor))
        .group_by(other.c.register)
        .having(~func.coalesce(func.bool_or(names_it), false()))
    )
    return and_(is_one_of(actor.c.category, STATED), named(actor, commune), exists(silent))


def _said_of(commune: Code) -> tuple[FromClause, ColumnElement[bool]]:
    """Return what registers say, and what holds of that of a commune."""
    if isinstance(commune, str | BindParameter):
        return _said_once(commune), true()
    said = Competence.__table__.alias("said")
    return said, said.c.commune_code == commune


# The same object wherever a statement speaks of a commune, which is then read once.
@lru_cache(maxsize=200)
def _said_once(commune: Code) -> CTE:
    column = Competence.__table__.c
    columns = (column[name] for name in ("register", "category", "anyone", "public_id"))
    return select(*columns).where(column.commune_code == bound(commune, Text)).cte("said_of_it")
