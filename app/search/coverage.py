"""Coverage: how many actors of each function there are in each territory, and how fresh.

Counted as lists count: an actor in the territory of its seat and in each that it covers, at least
in part. Those who cover all of France are counted apart, since they would fill every hole: what is
counted of a territory and of France together is what the list of the territory shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    case,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from app.gazetteer.queries import reached_elsewhere
from app.search.ages import AGES, TODAY, age_of
from app.search.conditions import has_code
from app.search.listed import is_named_by_a_list
from app.visibility import PUBLIC, Viewer, published
from importers.vocabulary import SPECIALITY

# In the place of a territory's code, and of a function's: all of them.
FRANCE = ALL = ""
HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Cell:
    """The actors of a function in a territory. ages: how many in each band, in the order of AGES.

    special: how many have this subject as their own. hidden: how many visitors do not see at all,
    which are in no other number.
    """

    ages: tuple[int, ...] = (0,) * len(AGES)
    special: int = 0
    hidden: int = 0

    @property
    def actors(self) -> int:
        """Return how many there are."""
        return sum(self.ages)

    @property
    def fresh(self) -> int:
        """Return of how many nobody need ask again yet."""
        return sum(count for age, count in zip(AGES, self.ages, strict=True) if age.is_fresh)

    def plus(self, other: "Cell") -> "Cell":
        """Return both together."""
        ages = tuple(a + b for a, b in zip(self.ages, other.ages, strict=True))
        return Cell(ages, self.special + other.special, self.hidden + other.hidden)


NOBODY = Cell()


@dataclass(frozen=True, slots=True)
class Coverage:
    """cells: (code of a territory, or FRANCE; function, or ALL) -> who is there.

    listed: the territories of which a list names somebody.
    """

    cells: Mapping[tuple[str, str], Cell] = field(default_factory=dict)
    listed: frozenset[str] = frozenset()

    def cell(self, territory: str, function: str = ALL) -> Cell:
        """Return who is in a territory, nobody where there is none."""
        return self.cells.get((territory, function), NOBODY)


def read_coverage(session: Session, today: date, viewer: Viewer = PUBLIC) -> Coverage:
    """Count what a viewer may know of; today: the day of Paris."""
    statement = _of_visitors() if viewer.role is None else _statement(viewer.actors())
    cells: dict[tuple[str, str], Cell] = {}
    listed = set()
    for row in session.execute(statement, {TODAY.key: today}):
        code, nationwide, function, is_listed, special, hidden, *ages = row
        if is_listed:
            listed.add(code)
        key = (FRANCE if nationwide else code, function)
        found = Cell(tuple(ages), special, hidden)
        cells[key] = cells[key].plus(found) if key in cells else found
    return Coverage(cells, frozenset(listed))


@cache
def _of_visitors() -> Select[*tuple[Any, ...]]:
    return _statement(published())


def _statement(actor: FromClause) -> Select[*tuple[Any, ...]]:
    """Return a row for each territory, whether its actors cover France, and function.

    Actors that say the same are counted before their functions are taken apart: there are few
    combinations of those.
    """
    both = union_all(_seated(actor), _visiting(actor)).cte("counted")
    said = both.c
    codes = func.array_append(said.functions, literal_column(f"'{ALL}'"))
    apart = func.unnest(codes).table_valued("function", name="apart").render_derived()
    function = apart.c.function
    seen, number = said.band != literal_column(f"'{HIDDEN}'"), func.sum(said.actors)
    zero: Any = literal_column("0")
    is_special = and_(seen, has_code(said.functions, SPECIALITY))
    counts = (is_special, ~seen, *(said.band == literal_column(f"'{a.code}'") for a in AGES))
    return (
        select(
            said.code,
            said.nationwide,
            function,
            func.bool_or(said.listed),
            *(func.coalesce(number.filter(each), zero) for each in counts),
        )
        .select_from(both)
        .join(apart, true())
        .group_by(said.code, said.nationwide, function)
    )


def _seated(actor: FromClause) -> Select[*tuple[Any, ...]]:
    column = actor.c
    return _grouped(
        actor,
        column.territory_code.label("code"),
        column.covers_national.label("nationwide"),
        is_named_by_a_list(actor).label("listed"),
    )


def _visiting(actor: FromClause) -> Select[*tuple[Any, ...]]:
    elsewhere = reached_elsewhere(actor.alias("reaching"), nationwide=False)
    return _grouped(
        actor, elsewhere.c.code, false().label("nationwide"), false().label("listed")
    ).join(elsewhere, elsewhere.c.public_id == actor.c.public_id)


def _grouped(actor: FromClause, *keys: Any) -> Select[*tuple[Any, ...]]:
    column = actor.c
    status = column.status
    secret: ColumnElement[str] = literal_column("'secret'")
    band = case((status == secret, literal_column(f"'{HIDDEN}'")), else_=age_of(actor))
    columns = (*keys, column.functions, band.label("band"))
    by: list[ColumnElement[Any]] = [literal_column(str(n)) for n, _ in enumerate(columns, 1)]
    return (
        select(*columns, func.count().label("actors"))
        .where(or_(status == literal_column("'published'"), status == secret))
        .group_by(*by)
    )
