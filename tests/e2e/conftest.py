"""The demonstration by day and by night, a window of each browser, and what was measured."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.main import create_app
from app.platform.database.engines import Databases
from tests.e2e.chromium import chromium_window
from tests.e2e.firefox import firefox_window
from tests.e2e.person import Person, Window
from tests.e2e.tasks import TASKS
from tests.e2e.webkit import webkit_window
from tests.serving import offline_settings, serving

# A Tuesday: whom a page says to call depends on the hour.
DAY = datetime(2026, 11, 24, 10, tzinfo=UTC)
NIGHT = datetime(2026, 11, 24, 22, tzinfo=UTC)
SIZES = {"phone": (390, 844), "desk": (1440, 900)}
OTHERS: dict[str, Callable[[Path], AbstractContextManager[Window]]] = {
    "firefox": firefox_window,
    "webkit": webkit_window,
}


@pytest.fixture(scope="session")
def addresses(
    demo: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str]]:
    """The addresses of a service over the demonstration, by day and by night."""
    offline = offline_settings(tmp_path_factory.mktemp("tasks"))
    settings = offline.model_copy(update={"rate_limit": 0})

    def by(moment: datetime) -> str:
        app = create_app(settings, demo)
        app.state.site = replace(app.state.site, now=lambda: moment)
        return running.enter_context(serving(app, log_level="warning"))

    with ExitStack() as running:
        yield by(DAY), by(NIGHT)


@pytest.fixture(scope="session", params=["chromium", *OTHERS])
def window(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Window]:
    """A window of each browser; one at a time is open."""
    name = request.param
    if name in OTHERS:
        opened: AbstractContextManager[Window] = OTHERS[name](tmp_path_factory.mktemp(name))
    else:
        opened = chromium_window(request.getfixturevalue(name))
    with opened as window:
        yield window


@pytest.fixture
def meet(window: Window, addresses: tuple[str, str]) -> Callable[[str], Person]:
    """Give a person in front of a window of a size."""

    def start(size: str) -> Person:
        window.errors.clear()
        window.resize(*SIZES[size])
        return Person(window, *addresses, narrow=size == "phone")

    return start


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have the other browsers do each task at one width, in turn; at the other one by hand."""
    ours = [each for each in items if each.path.parent == Path(__file__).parent]
    for item in ours:
        given: dict[str, Any] = getattr(getattr(item, "callspec", None), "params", {})
        if given.get("window") in OTHERS:
            turn = TASKS.index(given["task"]) + [*OTHERS].index(given["window"])
            if [*SIZES].index(given["size"]) != turn % len(SIZES):
                item.add_marker(pytest.mark.long)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the tasks took in each browser, in rows as tasks.toml has them."""
    reports = [each for some in terminalreporter.stats.values() for each in some]
    for browser in ("chromium", *OTHERS):
        rows = [
            row
            for report in reports
            if getattr(report, "when", "") == "call"
            for name, row in report.user_properties
            if name == browser
        ]
        if rows:
            terminalreporter.write_sep("=", f"tasks in {browser}")
        for row in rows:
            terminalreporter.write_line(row)
