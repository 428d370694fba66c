"""The directory of the network: who is found, counted, and by whom."""

import pytest
from sqlalchemy import update

from app.models import Account, NetworkMember, Role
from app.network import directory
from app.network.errors import NotMember
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from app.visibility import Viewer
from tests.desk.bureau import Browser, Bureau
from tests.desk.network.conftest import Joined
from tests.networked import leaves, says
from tests.statements import statements

ROOM = "/pro/reseau"


def names_in(browser: Browser, query: str = "") -> int:
    return browser.get(f"{ROOM}?{query}").text.count('<li class="desk-task">')


def test_filters_narrow_and_say_how_many(runtime: Runtime, joined: Joined) -> None:
    (one, browser), (other, _) = joined(), joined("13")
    says(runtime, one.id, function="soin", territories=("93",), themes=("sante",), trains=True)
    says(runtime, other.id, function="police", territories=("93", "13"), themes=("fugue",))
    assert names_in(browser) == 2
    assert names_in(browser, "fonction=soin") == 1
    assert names_in(browser, "territoire=93") == 2
    assert names_in(browser, "territoire=13&former=oui") == 0
    assert names_in(browser, "theme=fugue&q=gendarmerie marseille") == 0
    assert names_in(browser, "theme=fugue&q=bouches rhone") == 1
    text = browser.get(f"{ROOM}?fonction=soin").text
    assert "Police ou gendarmerie (1)" in text
    assert "Seine-Saint-Denis (1)" in text
    assert "Peut former (1)" in text
    assert names_in(browser, "fonction=x&theme=y&territoire=999&page=999") == 2
    assert "Aucun membre ne correspond" in browser.get(f"{ROOM}?q=introuvable").text


@pytest.mark.slow
def test_pages_are_of_twenty(runtime: Runtime, joined: Joined) -> None:
    browsers = [joined()[1] for _ in range(21)]
    assert names_in(browsers[0]) == 20
    assert names_in(browsers[0], "page=2") == 1
    assert "21 membres" in browsers[0].get(ROOM).text


def test_whoever_is_no_member_reads_the_charter_and_nobody(
    bureau: Bureau, runtime: Runtime, joined: Joined, professional: Browser
) -> None:
    person, browser = joined()
    says(runtime, person.id, helps="Sentinelle")
    page = f"{ROOM}/membres/{person.id}"
    assert professional.get(ROOM).headers["location"] == f"{ROOM}/charte"
    for path in (page, f"{ROOM}/profil", f"{ROOM}/organisation?q=crip"):
        answer = professional.get(path)
        assert answer.status_code == 403
        assert "Sentinelle" not in answer.text
    assert professional.post(f"{ROOM}/profil", {"aider": "x"}).status_code == 403
    assert professional.post(f"{ROOM}/organisation", {"fiche": ""}).status_code == 403
    for path in (ROOM, page):
        assert bureau.browser().get(path).status_code == 303
        assert bureau.signed_in(Role.CURATEUR).get(path).status_code == 403
    assert browser.get(page).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("became", ["left", "excluded", "disabled", "charter"])
def test_who_is_no_member_any_more_is_found_and_finds_at_once_no_more(
    bureau: Bureau, runtime: Runtime, joined: Joined, became: str
) -> None:
    (person, browser), (_, other) = joined(), joined()
    says(runtime, person.id, helps="Sentinelle")
    assert names_in(other, "q=sentinelle") == 1
    own = NetworkMember.account_id == person.id
    with write(bureau.databases.staff) as session:
        if became == "excluded":
            session.execute(update(NetworkMember).where(own).values(blocked_at=bureau.clock.at))
        elif became == "charter":
            session.execute(update(NetworkMember).where(own).values(charter_on="2026-01-01"))
        elif became == "disabled":
            session.get_one(Account, person.id).disabled_at = bureau.clock.at
    if became == "left":
        leaves(runtime, person.id)
    assert names_in(other, "q=sentinelle") == 0
    assert other.get(f"{ROOM}/membres/{person.id}").status_code == 404
    assert browser.get(ROOM).status_code == 303
    viewer = Viewer.professional()
    with read(bureau.databases.staff) as session, pytest.raises(NotMember):
        directory.read_members(session, bureau.vault, viewer, {})


def test_what_is_opened_once_is_not_opened_again_until_it_changes(
    bureau: Bureau, runtime: Runtime, joined: Joined
) -> None:
    (person, browser), *_ = [joined() for _ in range(3)]
    counts = []
    for _ in range(2):
        with statements(bureau.databases.staff) as sent:
            assert browser.get(ROOM).status_code == 200
        counts.append(len(sent))
    assert counts[1] == counts[0] - 1
    assert counts[1] <= 20
    says(runtime, person.id, helps="Nouveau texte")
    assert names_in(browser, "q=nouveau texte") == 1
