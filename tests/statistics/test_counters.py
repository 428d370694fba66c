"""Counters of a process, and the login that adds them: numbers of known words, read by none."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from app.platform.database.engines import Databases, make_engine
from app.platform.database.sessions import write
from app.runtime.public import refuse_strong_logins
from app.runtime.staff import Runtime
from app.statistics import counters as module
from app.statistics.counters import Counters
from app.statistics.page_types import PageType, publish_facets
from geo.zones import paris_day

Days = Callable[[], list[tuple[date, bool, str, int]]]
ADD = (
    "INSERT INTO public.page_view_added (day, page, territory_code, facet, embed_id, count)"
    " VALUES (:day, :page, :territory, :facet, :embed, :count)"
)


@pytest.fixture
def inbox(databases: Databases) -> Engine:
    assert databases.inbox is not None
    return databases.inbox


def now() -> datetime:
    return datetime.now(UTC)


def add(inbox: Engine, days: int = 0, **fields: Any) -> None:
    """Add a view as the login may: days: after today, which is read as it is added."""
    given: dict[str, Any] = {
        "day": paris_day(now()) + timedelta(days), "page": "territoire", "territory": "93",
        "facet": "", "embed": "", "count": 1,
    }  # fmt: skip
    with inbox.begin() as connection:
        connection.execute(text(ADD), given | fields)


def test_what_several_processes_counted_is_one_number(inbox: Engine, days: Days) -> None:
    processes = [Counters(inbox, now) for _ in range(4)]
    for each in processes:
        for code in ("93", "59", "75"):
            for _ in range(3):
                each.add(PageType.TERRITORY, code)
    threads = [Thread(target=each.flush) for each in processes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    today = paris_day(now())
    assert days() == [(today, False, code, 12) for code in ("59", "75", "93")]
    for each in processes:
        each.flush()
    assert [each[3] for each in days()] == [12, 12, 12]


def test_the_thread_tells_the_database_by_itself_and_at_the_end(
    inbox: Engine, days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PERIOD", 0.05)
    process = Counters(inbox, now)
    process.start()
    process.add(PageType.HOME)
    while not days():
        pass
    monkeypatch.setattr(module, "PERIOD", 60.0)
    process.add(PageType.HOME)
    process.stop()
    assert days() == [(paris_day(now()), False, "", 2)]


def test_what_the_database_does_not_take_is_told_again_later(
    inbox: Engine, databases: Databases, days: Days
) -> None:
    lost = make_engine(inbox.url.set(port=1).render_as_string(hide_password=False))
    process = Counters(lost, now)
    process.add(PageType.HOME)
    process.flush()
    process.add(PageType.HOME)
    process._inbox = inbox
    process.flush()
    assert [each[3] for each in days()] == [2]
    lost.dispose()


def test_a_process_holds_so_many_numbers_and_no_more(
    inbox: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_CELLS", 3)
    process = Counters(inbox, now)
    for code in ("01", "02", "03", "04", "01"):
        process.add(PageType.TERRITORY, code)
    assert list(process._cells.values()) == [2, 1, 1]


def test_a_view_counts_on_the_day_it_was_seen_though_it_is_told_after_midnight(
    inbox: Engine, days: Days
) -> None:
    """Of yesterday in Paris, by a clock that goes on before the process tells it."""
    clock = [now() - timedelta(days=1)]
    process = Counters(inbox, lambda: clock[0])
    process.add(PageType.HOME)
    clock[0] = now()
    process.add(PageType.HOME)
    process.flush()
    today = paris_day(now())
    assert days() == [(today - timedelta(days=1), False, "", 1), (today, False, "", 1)]


@pytest.mark.parametrize(
    "fields",
    [
        {"territory": "Lyon"},
        {"territory": None},
        {"facet": "mots", "page": "sans_resultat"},
        {"embed": "0" * 24, "page": "carte", "territory": ""},
        {"count": 0},
        {"count": -5},
        {"count": 100_001},
        {"count": None},
        {"day": None},
        {"day": date(2020, 1, 1)},
        {"days": 1},
        {"days": -2},
    ],
    ids=[
        "a word for a territory", "no territory", "a facet that no desk published", "no embed",
        "nothing", "less than nothing", "too many", "no count", "no day", "long ago", "tomorrow",
        "the day before yesterday",
    ],
)  # fmt: skip
def test_what_is_in_no_vocabulary_is_not_counted(
    inbox: Engine, days: Days, fields: dict[str, Any]
) -> None:
    add(inbox, **fields)
    add(inbox)
    assert [each[2:] for each in days()] == [("93", 1)]


@pytest.mark.parametrize(
    "fields",
    [
        {"page": "enfant"},
        {"page": None},
        {"page": "sans_resultat"},
        {"facet": "aucun"},
        {"page": "carte"},
    ],
    ids=["a word", "none", "a search without a facet", "a page with one", "an embed without id"],
)
def test_what_is_no_view_is_refused(
    inbox: Engine, databases: Databases, days: Days, fields: dict[str, Any]
) -> None:
    with write(databases.staff) as session:
        publish_facets(session)
    with pytest.raises(DBAPIError):
        add(inbox, **fields)
    assert days() == []


def test_a_stolen_login_adds_to_known_numbers_and_makes_no_new_ones(
    inbox: Engine, days: Days
) -> None:
    with inbox.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO public.page_view_added (day, page, territory_code, facet, embed_id, count)"
            " SELECT (now() AT TIME ZONE 'Europe/Paris')::date, 'fiche', n::text, '', '', 100000"
            " FROM generate_series(1, 2000) AS n"
        )
    # Codes of two figures that are written without a zero, and three of overseas.
    assert 80 < len(days()) < 110


def test_a_number_goes_up_to_an_end_and_never_over(inbox: Engine, runtime: Runtime) -> None:
    add(inbox)
    with runtime.staff.begin() as connection:
        connection.execute(text("UPDATE page_view SET count = 999999999"))
    for _ in range(2):
        add(inbox, count=100_000)
    with runtime.staff.connect() as connection:
        assert connection.scalar(text("SELECT count FROM page_view")) == 1_000_000_000


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM public.page_view",
        "SELECT count(*) FROM public.page_view",
        "SELECT * FROM public.page_view_added",
        "SELECT * FROM public.page_view_facet",
        "INSERT INTO public.page_view (day, is_rest, page, territory_code, facet, embed_id, count)"
        " VALUES ('2026-01-01', false, 'fiche', '93', '', '', 1)",
        "INSERT INTO public.page_view_facet VALUES ('mots')",
        "INSERT INTO public.page_view_added (day, page, territory_code, facet, embed_id, count)"
        " VALUES (now()::date, 'fiche', '93', '', '', 1) RETURNING count",
        "INSERT INTO public.page_view_added DEFAULT VALUES RETURNING *",
        "UPDATE public.page_view SET count = 1",
        "UPDATE public.page_view_added SET count = 1",
        "DELETE FROM public.page_view",
        "DELETE FROM public.page_view_added",
        "TRUNCATE public.page_view",
        "COPY public.page_view TO STDOUT",
        "COPY public.page_view_added TO STDOUT",
        "SELECT public.add_page_view()",
        "ALTER VIEW public.page_view_added RENAME TO mine",
        "CREATE RULE mine AS ON INSERT TO public.page_view_added DO INSTEAD NOTHING",
    ],
)
def test_the_login_of_the_inbox_is_refused_all_but_adding_views(
    worker_databases: Databases, statement: str
) -> None:
    assert worker_databases.inbox is not None
    with worker_databases.inbox.connect() as connection, pytest.raises(DBAPIError) as refused:
        connection.execute(text(statement))
    assert getattr(refused.value.orig, "sqlstate", "") in {"42501", "0A000"}


def test_the_login_of_public_pages_counts_nothing(worker_databases: Databases) -> None:
    added = "INSERT INTO public.page_view_added (day) VALUES ('2026-01-01')"
    for statement in ("SELECT * FROM public.page_view", added):
        with worker_databases.public.connect() as connection, pytest.raises(DBAPIError) as refused:
            connection.execute(text(f"SET TRANSACTION READ WRITE; {statement}"))
        assert getattr(refused.value.orig, "sqlstate", "") == "42501"


@pytest.mark.slow
def test_who_holds_a_number_makes_others_wait_a_moment_and_lose_nothing(
    inbox: Engine, days: Days
) -> None:
    process = Counters(inbox, now)
    process.add(PageType.TERRITORY, "93")
    with inbox.connect() as thief:
        given = {"day": paris_day(now()), "territory": "93", "facet": "", "embed": "", "count": 1}
        thief.execute(text(ADD), given | {"page": "territoire"})
        process.flush()
        thief.rollback()
    assert days() == []
    process.flush()
    assert [each[3] for each in days()] == [1]


def test_the_logins_are_still_weak_enough_to_start(worker_databases: Databases) -> None:
    refuse_strong_logins(worker_databases)
