"""A contact that is asked for at the moment at which its place is protected is read no more."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest

from app.accounts import sessions
from app.desk.shell.gate import COOKIE
from app.models import Role
from app.platform.database.sessions import write
from app.records import acts
from tests.desk.asked import runtime
from tests.desk.bureau import Browser, Bureau, account_of
from tests.desk.contacts import MOTIVE, choose, page_of, tells
from tests.desk.home import Home
from tests.makers import decide

LONGEST_WAIT = 0.2


def professional(bureau: Bureau) -> Browser:
    """Somebody new who is signed in."""
    with write(bureau.databases.staff) as session:
        mail = f"{uuid4().hex[:12]}@example.org"
        given = (session, bureau.vault, Role.PROFESSIONNEL, mail, ["93"])
        account = account_of(*given, bureau.clock.at)
        token = sessions.open_session(
            *(session, bureau.vault, account, "password"),
            device="Firefox Windows",
            network=b"somewhere",
            now=bureau.clock.at,
        )
    browser = bureau.browser()
    browser.cookies[COOKIE] = token
    return browser


@pytest.mark.parametrize(
    "times",
    [
        pytest.param(50, marks=pytest.mark.slow),
        pytest.param(500, marks=[pytest.mark.slow, pytest.mark.long]),
    ],
)
def test_nothing_is_read_after_a_protection_whenever_it_was_asked_for(
    bureau: Bureau, place: Home, times: int
) -> None:
    chance, read_by = random.Random(times), 0  # noqa: S311
    both = Barrier(2)

    def ask(browser: Browser, page: str, wait: float) -> bool:
        both.wait()
        time.sleep(wait)
        browser.post(f"{page}/contact", MOTIVE)
        browser.post(f"{page}/adresse", {"motif": "bring"})
        return bool(tells(place, browser.get(page).text))

    with ThreadPoolExecutor(1) as pool:
        for each in range(times):
            choose(bureau, place)
            page, browser = page_of(place), professional(bureau)
            asking = pool.submit(ask, browser, page, chance.uniform(0, LONGEST_WAIT))
            both.wait()
            time.sleep(chance.uniform(0, LONGEST_WAIT))
            decide(runtime(bureau), acts.protect, place.public_id, who="essai", why=f"{each}")
            assert tells(place, browser.get(page).text) == set(), each
            read_by += asking.result()
            assert tells(place, browser.get(page).text) == set(), each
    # Now the one was first, now the other.
    assert 0 < read_by < times
