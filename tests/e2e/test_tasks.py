"""Ten tasks take no more than tests/e2e/tasks.toml says, in Chromium, Firefox and WebKit."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.person import Person, Window
from tests.e2e.tasks import TASKS, Task

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TABLE = tomllib.loads(Path(__file__).with_name("tasks.toml").read_text(encoding="utf-8"))
SIZES = ("phone", "desk")
# In px, a line of text: letters are not equally wide in each browser, and one more may be needed.
LINE = 24


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.__name__)
def test_a_task_takes_no_more_than_it_did(
    meet: Callable[[str], Person],
    window: Window,
    task: Task,
    size: str,
    record_property: Callable[[str, object], None],
    request: pytest.FixtureRequest,
) -> None:
    person = meet(size)
    task(person)
    took = {"presses": person.presses, "screens": person.screens, "y": person.y}
    row = ", ".join(f"{name} = {number}" for name, number in took.items())
    browser = request.node.callspec.params["window"]
    record_property(browser, f"{task.__name__}.{size} = {{ {row} }}")
    most = TABLE[task.__name__][size]
    assert person.presses <= most["presses"]
    assert person.screens <= most["screens"]
    assert person.y <= most["y"] + LINE
    # htmx writes one of each request that a newer one takes the place of.
    assert [error for error in window.errors if not error.startswith("htmx:")] == []


def test_the_table_has_each_task_at_each_width() -> None:
    assert {name: tuple(rows) for name, rows in TABLE.items()} == {
        task.__name__: SIZES for task in TASKS
    }
