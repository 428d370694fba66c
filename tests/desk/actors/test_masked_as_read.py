"""What is decided of the hidden is decided of what was read: what changed since is read again."""

import re
from urllib.parse import parse_qs, urlencode

import httpx
import pytest

from tests.desk.actors.conftest import Desk
from tests.desk.actors.masked import DOUBTFUL, PAGE, described, seen, shown
from tests.desk.actors.test_many import FORM, said
from tests.desk.actors.test_many_found import form_of
from tests.desk.bureau import Browser
from tests.short_lists import run

SAYS, MORE = "Propose un hébergement", "Propose un hébergement, et des chambres"
NAMES = ("Association en doute", "Association sans doute")
LINES = tuple(
    DOUBTFUL.replace("Association en doute", name).replace("31 rue", f"3{at} rue")
    .replace("00 51", f"00 5{at}") for at, name in enumerate(NAMES)
)  # fmt: skip


def boxes(page: str) -> list[str]:
    return re.findall(r'name="acteur" value="([^"]+)"', page)


def sent(browser: Browser, given: list[tuple[str, str]]) -> httpx.Response:
    path = "/gestion/acteurs/lot?depuis=masques&masque=oui&decide=non&cause=mention"
    return browser.ask("POST", path, FORM, content=urlencode(given))


def confirmed(desk: Desk, name: str) -> bool:
    return any(each.confirmed_on for each in seen(desk, name).causes)


@pytest.mark.slow
def test_what_changed_since_it_was_read_is_read_again_and_the_others_are_done(desk: Desk) -> None:
    run(desk.runtime, described(*(each.format(SAYS) for each in LINES)), source="doutes")
    browser = desk.signed_in()
    page = browser.get(f"{PAGE}?cause=mention").text
    assert len(boxes(page)) == len(NAMES)
    run(desk.runtime, described(LINES[0].format(MORE), LINES[1].format(SAYS)), source="doutes")
    for given in ([("portee", "page")], [("acteur", each) for each in boxes(page)]):
        hidden = [each for each in form_of(page) if given[0][0] == "portee"]
        answer = sent(browser, [("geste", "garder"), *given, *hidden])
        assert "1 refusé (changé depuis votre lecture" in said(browser, answer)
        assert not confirmed(desk, NAMES[0])
        assert confirmed(desk, NAMES[1])
    again = browser.get(answer.headers["location"]).text
    assert NAMES[0] in again
    assert "A changé depuis votre lecture" in again
    changed = parse_qs(answer.headers["location"])["relire"][0]
    assert re.search(rf'value="{changed}[^"]*"[^>]* checked>', again)
    answer = sent(browser, [("geste", "garder"), *(("acteur", each) for each in boxes(again))])
    assert said(browser, answer) == "1 gardé caché."
    assert NAMES[0] not in shown(browser)


def test_all_of_a_cause_is_judged_as_it_was_read(desk: Desk) -> None:
    line = DOUBTFUL.replace("en doute", "en question").replace("31 rue", "39 rue")
    run(desk.runtime, described(line.replace("00 51", "00 59").format(SAYS)), source="question")
    browser = desk.signed_in()
    page = browser.get(f"{PAGE}?cause=mention").text
    run(desk.runtime, described(line.replace("00 51", "00 59").format(MORE)), source="question")
    given = [("geste", "garder"), ("portee", "tous"), *form_of(page)]
    assert sent(browser, given).status_code == 409
    assert not confirmed(desk, "Association en question")
