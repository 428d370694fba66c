"""Days that staff read are those of Paris, where it is tomorrow already late in the evening."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from app.platform.database.sessions import write
from tests.desk.actors.conftest import Desk
from tests.desk.actors.forms import correct
from tests.desk.actors.test_sheet import url
from tests.desk.bureau import Browser

# In Paris it is half past midnight, on 4 June.
NIGHT = datetime(2026, 6, 3, 22, 30, tzinfo=UTC)
DAY, DAY_BEFORE = "2026-06-04", "2026-06-03"


@pytest.fixture
def browser(desk: Desk) -> Iterator[Browser]:
    """A curateur who works at night."""
    before, desk.clock.at = desk.clock.at, NIGHT
    yield desk.signed_in()
    desk.clock.at = before


def test_what_is_corrected_after_midnight_is_of_that_day(desk: Desk, browser: Browser) -> None:
    assert correct(browser, desk.ids()["ASE d'exemple"], acronym="ASE 93").status_code == 303
    page = browser.get(url(desk, "ASE d'exemple")).text
    line = page.partition("</span>Sigle</a></th>")[2].partition("</tr>")[0]
    assert DAY in line
    assert DAY_BEFORE not in line


def test_what_was_received_after_midnight_is_of_that_day(desk: Desk, browser: Browser) -> None:
    with write(desk.databases.staff) as session:
        session.execute(text("UPDATE source_file SET received_at = :at"), {"at": NIGHT})
    page = browser.get(url(desk, "CRIP d'exemple")).text
    link = re.search(r'href="(/gestion/acteurs/\w+/recu\?[^"]+)"', page)
    assert link
    line = browser.get(link[1].replace("&amp;", "&")).text
    assert f'reçu le <time datetime="{DAY}">' in line


def test_what_changed_after_midnight_is_of_that_day(desk: Desk, browser: Browser) -> None:
    with write(desk.databases.staff) as session:
        session.execute(text("UPDATE actor SET updated_at = :at"), {"at": NIGHT})
    page = browser.get("/gestion/acteurs?q=crip").text
    assert f'<time datetime="{DAY}">' in page
    assert DAY_BEFORE not in page
