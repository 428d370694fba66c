"""Coverage counted month by month: what is public alone, and what visitors learn of it later."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import ProgrammingError

from app.models import CoverageCount
from app.operations.coverage import AGO, count_month, read_before
from app.platform.database.engines import Databases
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from app.search.coverage import FRANCE
from app.search.coverage_history import Quarter, read_quarters
from tests.makers import add_actor

FIRST = date(2026, 3, 1)


def count(runtime: Runtime, today: date) -> None:
    """Count as the worker does."""
    with write(runtime.staff) as session:
        count_month(session, today)


def stored(runtime: Runtime, month: date, territory: str, function: str) -> CoverageCount:
    with read(runtime.staff) as session:
        found = session.get_one(CoverageCount, (month, territory, function))
        session.expunge(found)
        return found


@pytest.mark.slow
def test_a_month_is_counted_once_and_of_who_is_public_alone(runtime: Runtime) -> None:
    with runtime.staff.begin() as connection:
        day = {"verified_on": date(2026, 1, 5)}
        add_actor(connection, functions=["ecoute", "exploitation"], commune_code="93008", **day)
        add_actor(connection, functions=["ecoute"], covers_national=True)
        for status in ("secret", "archived", "draft"):
            hidden = status == "secret"
            add_actor(connection, functions=["ecoute"], status=status, protected=hidden)
    count(runtime, FIRST)
    with runtime.staff.begin() as connection:
        add_actor(connection, functions=["ecoute"])
    count(runtime, FIRST.replace(day=2))
    first = stored(runtime, date(2026, 3, 1), "93", "ecoute")
    assert (first.actors, first.special, first.fresh, first.is_listed) == (1, 1, 1, True)
    assert stored(runtime, date(2026, 3, 1), FRANCE, "ecoute").actors == 1
    assert not stored(runtime, date(2026, 3, 1), "48", "ecoute").is_listed
    count(runtime, FIRST.replace(month=4))
    assert stored(runtime, date(2026, 4, 1), "93", "ecoute").actors == 2


def add(runtime: Runtime, month: date, without: int, of: int = 20) -> None:
    """Store a month in which nobody listens in so many territories."""
    with write(runtime.staff) as session:
        rows = [
            {"month": month, "territory_code": f"T{n}", "function": "ecoute", "special": 0,
             "fresh": 0, "actors": int(n >= without), "is_listed": True}
            for n in range(of)
        ]  # fmt: skip
        session.execute(insert(CoverageCount), rows)


def test_visitors_read_of_whole_quarters_how_many_territories_lack_somebody_unless_few(
    runtime: Runtime,
) -> None:
    for month, without in ((1, 11), (2, 12), (3, 13), (5, 15), (6, 9)):
        add(runtime, date(2025, month, 1), without)
    this_month = datetime.now(UTC).date().replace(day=1)
    # It may be the last of a quarter, which is not over.
    add(runtime, this_month, 14)
    with read(runtime.databases.public) as session:
        assert read_quarters(session, "ecoute") == [
            Quarter(2025, 2, None),
            Quarter(2025, 1, 13),
        ]
        assert read_quarters(session, "soin") == []


def test_visitors_read_no_month_and_no_territory(worker_databases: Databases) -> None:
    with read(worker_databases.public) as session, pytest.raises(ProgrammingError):
        session.scalars(select(CoverageCount)).all()


def test_the_desk_compares_with_the_same_month_before(runtime: Runtime) -> None:
    add(runtime, date(2025, 12, 1), 1)
    with read(runtime.staff) as session:
        found = read_before(session, "ecoute", date(2026, 3, 15), ["T0", "T1", "T99"])
    assert AGO == (3, 12)
    assert found == {"T0": (0, None), "T1": (1, None), "T99": (None, None)}
