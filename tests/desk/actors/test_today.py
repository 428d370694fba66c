"""What waits is counted as the page that it leads to counts it."""

import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import update

from app.models import ActorProtected, Role
from app.operations.waiting import waiting
from app.platform.database.sessions import read, write
from app.platform.web.permissions import STAFF
from app.vault.sealing import Vault
from geo.zones import paris_day
from tests.desk.actors.conftest import Desk
from tests.desk.actors.test_decisions import PAGE, accord, rail
from tests.desk.actors.test_duplicates import pair
from tests.desk.bureau import Browser

TASK = re.compile(
    r'count">([\d\u202f]+)</strong> ([^<]+)</p>.*?<a href="([^"]+)">Ouvrir', re.DOTALL
)
TOTAL = re.compile(r'desk-count">([\d\u202f]+) (?:acteur|paire|point|territoire)')


def tasks(browser: Browser) -> list[tuple[int, str, str]]:
    """How many wait, of what, and the page that it leads to."""
    found = TASK.findall(browser.get("/gestion").text)
    return [(int(count.replace("\u202f", "")), of, page) for count, of, page in found]


def of_proposals(browser: Browser) -> dict[str, int]:
    return {of: count for count, of, page in tasks(browser) if page == PAGE}


@pytest.mark.parametrize("role", sorted(STAFF))
def test_a_number_is_that_of_its_page(desk: Desk, role: Role) -> None:
    browser = desk.signed_in(role)
    asked = 0
    for count, of, page in tasks(browser):
        shown = TOTAL.search(browser.get(page.replace("&amp;", "&")).text)
        if shown:
            assert int(shown[1].replace("\u202f", "")) == count, (of, page)
            asked += 1
    assert asked > 2 or role is not Role.CURATEUR


@pytest.mark.slow
def test_what_has_no_object_any_more_is_not_counted(desk: Desk) -> None:
    browser = desk.signed_in()
    names = ("Foyer archivé depuis", "Foyer qui attend")
    for name in names:
        accord(desk, name)
    pair(desk, 41)
    waited, before = browser.get(PAGE).text, of_proposals(browser)
    assert [name in waited for name in names] == [True, True]
    assert waited.count('class="desk-task"') == sum(before.values()) == rail(browser)
    path = f"/gestion/acteurs/{desk.ids()[names[0]]}"
    browser.post(f"{path}/ouvrir")
    assert browser.post(f"{path}/geste", {"geste": "archiver"}).status_code == 303
    waits, after = browser.get(PAGE).text, of_proposals(browser)
    assert [name in waits for name in names] == [False, True]
    assert waits.count('class="desk-task"') == sum(after.values()) == rail(browser)
    assert sum(after.values()) == sum(before.values()) - 1


@pytest.mark.parametrize("words", ["association libre", "01 99 00 00 99"])
def test_who_alone_is_found_from_today_is_read_at_once(desk: Desk, words: str) -> None:
    browser = desk.signed_in()
    assert '<input type="hidden" name="fiche" value="seule">' in browser.get("/gestion").text
    found = browser.get(f"/gestion/acteurs?{urlencode({'q': words, 'fiche': 'seule'})}")
    assert found.status_code == 303
    assert found.headers["location"] == f"/gestion/acteurs/{desk.ids()['Association libre']}"
    # Of several, or of nobody, and from the list itself, the list says so.
    for asked in ({"q": "d'exemple", "fiche": "seule"}, {"q": "x" * 9, "fiche": "seule"},
                  {"fiche": "seule"}, {"q": words}):  # fmt: skip
        assert browser.get(f"/gestion/acteurs?{urlencode(asked)}").status_code == 200


def test_keys_that_the_desk_can_read_no_more_are_said_to_an_administrateur(
    desk: Desk, tmp_path: Path
) -> None:
    lost = Vault(desk.vault.primary, desk.vault.keys, tmp_path / "keys")
    now = desk.clock.at
    for role in STAFF:
        with read(desk.databases.staff) as session:
            well, cut_off = (
                {each.one for each in waiting(session, vault, role, ["93"], now, who="essai")}
                for vault in (desk.vault, lost)
            )
        more = {"fichier de clés ne peut plus être lu"} if role is Role.ADMINISTRATEUR else set()
        assert cut_off - well == more


@pytest.mark.slow
def test_whatever_the_rail_counts_is_said_today(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair(desk, 42)
    with write(desk.databases.staff) as session:
        session.execute(update(ActorProtected).values(due_on=paris_day(desk.clock.at)))
    calls, doubles = "/gestion/appels", "/gestion/doublons"
    for role, pages in (
        (Role.CURATEUR, {calls, doubles}),
        (Role.REFERENT_DEPARTEMENT, {calls, doubles}),
        (Role.REFERENT_ETAT, {calls}),
        (Role.ADMINISTRATEUR, set()),
    ):
        assert {page for _, _, page in tasks(desk.signed_in(role))} & {calls, doubles} == pages
    monkeypatch.setattr("app.desk.today.routes.waiting", lambda *_, **__: [])
    page = desk.signed_in().get("/gestion").text.partition("<main")[2]
    assert "Rien n’attend" not in page
    assert f'<a href="{doubles}">Doublons</a>' in page


def test_months_of_the_journal_past_their_period_are_said_to_an_administrateur(desk: Desk) -> None:
    assert "mesure23 audit prune" not in desk.signed_in(Role.ADMINISTRATEUR).get("/gestion").text
    desk.signed_in().post(f"/gestion/acteurs/{desk.ids()['Foyer fictif']}/ouvrir")
    before = desk.clock.at
    desk.clock.pass_by(days=400)
    try:
        said = desk.signed_in(Role.ADMINISTRATEUR).get("/gestion").text
        assert "passé" in said
        assert "mesure23 audit prune" in said
        assert "mesure23 audit prune" not in desk.signed_in().get("/gestion").text
    finally:
        desk.clock.at = before
