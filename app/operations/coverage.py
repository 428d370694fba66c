"""Coverage month by month: what is public is counted and stored, and the desk compares with it."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.gazetteer.territories import read_names
from app.models import CoverageCount
from app.platform.database.sessions import among
from app.search.coverage import ALL, FRANCE, read_coverage
from importers import vocabulary

# Months ago that the desk compares with.
AGO = (3, 12)


def count_month(session: Session, today: date) -> None:
    """Store what visitors can count today, unless this month has been counted: numbers, nobody."""
    month = today.replace(day=1)
    if session.scalar(select(CoverageCount.month).filter_by(month=month).limit(1)):
        return
    # As visitors, whichever login runs it: no number of what is hidden is stored.
    found = read_coverage(session, today)
    functions = (ALL, *vocabulary.load().functions)
    rows = []
    for code in (*read_names(session), FRANCE):
        for function in functions:
            cell = found.cell(code, function)
            counts = {"actors": cell.actors, "special": cell.special, "fresh": cell.fresh}
            key = {"month": month, "territory_code": code, "function": function}
            rows.append(key | counts | {"is_listed": code in found.listed})
    # Another worker may have been as quick.
    session.execute(insert(CoverageCount).on_conflict_do_nothing(), rows)


def read_before(
    session: Session, function: str, today: date, territories: Collection[str]
) -> Mapping[str, tuple[int | None, ...]]:
    """Return how many actors some territories had AGO months ago, None where nobody counted.

    For who may know what became hidden in these territories since.
    """
    months = [_months_before(today, each) for each in AGO]
    rows = session.execute(
        select(CoverageCount.territory_code, CoverageCount.month, CoverageCount.actors).where(
            CoverageCount.month.in_(months),
            CoverageCount.function == function,
            among(CoverageCount.territory_code, territories),
        )
    )
    found = {(code, month): actors for code, month, actors in rows}
    return {code: tuple(found.get((code, month)) for month in months) for code in territories}


def _months_before(today: date, months: int) -> date:
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, 1)
