"""What may be said of what was counted: no number below five, by itself or by a difference."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from itertools import product
from threading import Thread

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.models import PageView
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from app.statistics import reading
from app.statistics.folding import FLOOR, fold, forget
from app.statistics.page_types import PageType
from app.statistics.reading import Asked, Period, read_shown, read_statistics, write_csv

Days = Callable[[], list[tuple[date, bool, str, int]]]
TODAY = date(2026, 6, 15)
YEAR = Asked(today=TODAY, period=Period.YEAR)


def store(
    runtime: Runtime, day: date, count: int, territory: str = "93", page: str = "territoire",
    facet: str = "", embed: str = "",
) -> None:  # fmt: skip
    with write(runtime.staff) as session:
        session.execute(
            insert(PageView).values(
                day=day, is_rest=False, page=page, territory_code=territory, facet=facet,
                embed_id=embed, count=count,
            )
        )  # fmt: skip


def csv_of(session: Session, asked: Asked, names: dict[str, str]) -> bytes:
    file = BytesIO()
    write_csv(session, asked, names, file)
    return file.getvalue()


def folded(runtime: Runtime, today: date) -> None:
    with write(runtime.staff) as session:
        fold(session, today)


@pytest.mark.parametrize("period", tuple(Period))
def test_a_number_below_the_floor_is_in_no_number_that_is_shown(
    runtime: Runtime, period: Period
) -> None:
    day = date(2026, 6, 10)
    for n, (territory, page) in enumerate(product(("93", "59", "75"), ("territoire", "fiche"))):
        store(runtime, day, n + 2, territory, page)
    with read(runtime.staff) as session:
        found = read_statistics(session, Asked(today=TODAY, period=period))
        file = csv_of(session, Asked(today=TODAY, period=period), {}).decode("utf-8-sig")
    # 2 and 3 of 93, 4 of 59 are below.
    assert found.seen == found.most == 5 + 6 + 7
    assert dict(found.pages) == {PageType.SHEET: 5 + 7, PageType.TERRITORY: 6}
    assert dict(found.territories) == {"75": 13, "59": 5}
    assert [line.rsplit(";", 1)[1] for line in file.splitlines()[1:]] == ['"5"', '"7"', '"6"']


def test_today_is_not_shown_yet(runtime: Runtime) -> None:
    store(runtime, TODAY, 50)
    for period in Period:
        with read(runtime.staff) as session:
            found = read_statistics(session, Asked(today=TODAY, period=period))
        assert found.seen == 0
        assert TODAY not in {bar.step for bar in found.bars}


def test_days_of_few_views_go_into_their_month_once_it_is_over(
    runtime: Runtime, days: Days
) -> None:
    for day, count in ((3, 4), (4, 3), (5, 9), (6, 2)):
        store(runtime, date(2026, 5, day), count)
    store(runtime, date(2026, 6, 1), 4)
    folded(runtime, date(2026, 6, 2))
    assert len(days()) == 5
    for _ in range(2):
        folded(runtime, date(2026, 6, 3))
        assert days() == [
            (date(2026, 5, 1), True, "93", 9),
            (date(2026, 5, 5), False, "93", 9),
            (date(2026, 6, 1), False, "93", 4),
        ]
    with read(runtime.staff) as session:
        assert read_statistics(session, YEAR).seen == 18
        assert read_statistics(session, Asked(today=TODAY, period=Period.DAYS_90)).seen == 9


def test_a_month_whose_rest_is_below_the_floor_is_not_said(runtime: Runtime) -> None:
    store(runtime, date(2026, 5, 3), 4)
    folded(runtime, TODAY)
    with read(runtime.staff) as session:
        assert read_statistics(session, YEAR).seen == 0


def test_a_rest_never_says_that_each_of_its_days_had_the_most(runtime: Runtime, days: Days) -> None:
    """Two days are left: eight would say that both had four."""
    for day in range(1, 32):
        store(runtime, date(2026, 5, day), 4 if day > 29 else 10)
    folded(runtime, TODAY)
    assert [count for _, is_rest, _, count in days() if is_rest] == [7]


def test_two_workers_at_once_count_nothing_twice(runtime: Runtime, days: Days) -> None:
    for day, code in product(range(1, 29), ("93", "59")):
        store(runtime, date(2026, 4, day), 3, code)
    threads = [Thread(target=folded, args=(runtime, TODAY)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    april = date(2026, 4, 1)
    assert days() == [(april, True, "59", 84), (april, True, "93", 84)]


def test_a_worker_that_stood_still_for_months_folds_each_of_them(
    runtime: Runtime, days: Days
) -> None:
    for month in (1, 2, 3):
        for day in (1, 2, 3):
            store(runtime, date(2026, month, day), 2)
    folded(runtime, TODAY)
    assert days() == [(date(2026, month, 1), True, "93", 6) for month in (1, 2, 3)]


def test_what_is_older_than_25_months_goes(runtime: Runtime, days: Days) -> None:
    for day in (date(2024, 4, 30), date(2024, 5, 1), date(2026, 6, 1)):
        store(runtime, day, 9)
    with write(runtime.staff) as session:
        forget(session, TODAY)
    assert [each[0] for each in days()] == [date(2024, 5, 1), date(2026, 6, 1)]


def test_a_referent_reads_of_its_own_territories(runtime: Runtime) -> None:
    for code in ("93", "59", ""):
        store(runtime, date(2026, 6, 10), 9, code)
        store(runtime, date(2026, 6, 10), 9, code, page="sans_resultat", facet="aucun")
    asked = Asked(today=TODAY, own=frozenset({"93"}))
    with read(runtime.staff) as session:
        found = read_statistics(session, asked)
        file = csv_of(session, asked, {"93": "Seine-Saint-Denis"}).decode("utf-8-sig")
    assert found.territories == (("93", 9),)
    assert found.empty == (("93", "aucun", 9),)
    assert {line.split(";")[3] for line in file.splitlines()[1:]} == {'"93"'}


def test_an_embed_is_said_by_day_where_it_was_shown_often_enough(runtime: Runtime) -> None:
    one, other = "1" * 24, "2" * 24
    store(runtime, date(2026, 6, 10), 7, "", "carte", embed=one)
    store(runtime, date(2026, 6, 11), 4, "", "carte", embed=one)
    store(runtime, date(2026, 6, 12), 4, "", "carte", embed=other)
    store(runtime, date(2026, 5, 1), 70, "", "carte", embed=one)
    with read(runtime.staff) as session:
        found = read_shown(session, [one, other], TODAY)
    assert (found[one].seen, found[other].seen) == (7, 0)
    assert len(found[one].bars) == 30
    assert [bar.step for bar in found[one].bars if bar.seen] == [date(2026, 6, 10)]


def test_the_file_is_read_some_rows_at_a_time_and_has_them_all(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "AT_ONCE", 2)
    for n in range(5):
        store(runtime, date(2026, 6, 1 + n), 9 + n)
    with read(runtime.staff) as session:
        lines = csv_of(session, Asked(today=TODAY), {}).decode("utf-8-sig").splitlines()
    assert [line.rsplit(";", 1)[1] for line in lines[1:]] == [f'"{9 + n}"' for n in range(5)]


def test_no_cell_of_the_file_runs_in_a_spreadsheet(runtime: Runtime) -> None:
    store(runtime, date(2026, 6, 10), 9)
    with read(runtime.staff) as session:
        file = csv_of(session, Asked(today=TODAY), {"93": "=cmd|' /C calc'!A0"})
    assert b"\"'=cmd" in file


@pytest.mark.parametrize("period", tuple(Period))
def test_a_period_has_each_of_its_steps_once(period: Period) -> None:
    for today in (date(2026, 1, 1), date(2026, 3, 31), date(2028, 2, 29), date(2026, 12, 31)):
        steps = list(period.steps(today))
        assert steps == sorted(set(steps))
        assert steps[0] == period.since(today)
        assert steps[-1] <= today - timedelta(days=1)
        assert len(steps) in ({11, 12} if period is Period.YEAR else {30, 90})
    assert FLOOR == 5
