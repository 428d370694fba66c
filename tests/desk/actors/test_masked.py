"""Many hidden actors decided at once: what is decided is asked no more, and nothing is shown."""

import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

import pytest
from sqlalchemy import select

from app.audit.journal import Author
from app.models import ActorProtected, AuditEntry, Role
from app.models.protected import Level
from app.platform.database.sessions import IMPORT_LOCK, hold, read, write
from app.records import many, undoing
from app.records.causes import raised
from app.records.many_hidden import CONFIRM
from app.visibility import OPERATOR
from tests.desk.actors.conftest import LILLE, UNKNOWN, Desk
from tests.desk.actors.masked import ALL, OF_LILLE, PAGE, SAYS, described, do, seen, shown
from tests.desk.actors.test_many import FORM, said, taken_back
from tests.desk.actors.test_many_found import form_of
from tests.meanwhile import is_blocked, until
from tests.short_lists import APART, ASE, CRIP, NEIGHBOUR, SHELTER, csv, run


@pytest.fixture(scope="module", autouse=True)
def _doubt_elsewhere(desk: Desk) -> None:
    run(desk.runtime, described(OF_LILLE.format(SAYS)), source="lille", territory=None)


@pytest.mark.slow
def test_what_is_to_stay_hidden_leaves_the_pile_and_the_public_reads_what_it_read(
    desk: Desk,
) -> None:
    browser, ids = desk.signed_in(), desk.ids()
    names = ("Permanence des Flandres", "Association voisine")
    before = {name: seen(desk, name) for name in names}
    answer = do(browser, "garder", [ids[each] for each in names])
    assert answer.headers["location"].startswith(f"{PAGE}?decide=non&bilan=garder.2")
    assert said(browser, answer) == "2 gardés cachés."
    assert not any(each in shown(browser) for each in names)
    assert all(each in shown(browser, "decide=oui") for each in names)
    assert all(each in shown(browser, "decide=tous") for each in names)
    assert "gardé caché le" in browser.get(f"{PAGE}?decide=oui").text
    for name in names:
        after = seen(desk, name)
        assert (after.public_id, after.level) == (before[name].public_id, before[name].level)
    with read(desk.databases.staff) as session:
        noted = session.scalars(select(AuditEntry).filter_by(action="actor_hiding_confirmed")).all()
    assert len(noted) == 2
    history = browser.get(f"/gestion/acteurs/{ids['Association voisine']}/historique").text
    assert "Gardé caché" in history


@pytest.mark.slow
def test_a_list_that_says_the_same_asks_no_more_and_a_new_cause_does(desk: Desk) -> None:
    browser, names = desk.signed_in(), ("Permanence des Flandres", "Association voisine")
    do(browser, "garder", [desk.ids()[each] for each in names])
    run(desk.runtime, csv(*ALL), territory=None)
    newer = [SHELTER.replace("00 10", "00 18"), NEIGHBOUR.replace("00 11", "00 19")]
    run(desk.runtime, csv(CRIP, ASE, *newer, APART, LILLE, UNKNOWN), territory=None)
    run(desk.runtime, csv(*newer), source="une autre liste")
    assert not any(each in shown(browser) for each in (*names, "Foyer fictif"))
    # Nothing says any more why it is hidden: who decided that it stays so is not asked either.
    run(desk.runtime, described(OF_LILLE.format("")), source="lille", territory=None)
    assert names[0] not in shown(browser)
    assert seen(desk, names[0]).level == "held"
    run(
        desk.runtime,
        described(f"{newer[1]};Structure confidentielle, ne pas diffuser son adresse"),
        source="une autre liste",
    )
    assert "Association voisine" in shown(browser)
    run(desk.runtime, csv(*ALL), territory=None)
    run(
        desk.runtime,
        described(OF_LILLE.format("Des chambres")),
        source="lille",
        territory=None,
    )


@pytest.mark.slow
def test_a_home_by_its_category_is_none_to_decide_until_no_list_says_it(desk: Desk) -> None:
    browser, name = desk.signed_in(), "Foyer fictif"
    assert name not in shown(browser)
    assert name in shown(browser, "decide=oui")
    assert "déjà ainsi" in said(browser, do(browser, "garder", [desk.ids()[name]]))
    other = SHELTER.replace(";MECS;", ";Association;")
    run(desk.runtime, csv(CRIP, ASE, other, NEIGHBOUR, APART, LILLE, UNKNOWN), territory=None)
    assert seen(desk, name).level == "neutral"
    assert name in shown(browser)
    run(desk.runtime, csv(*ALL), territory=None)
    assert name not in shown(browser)


def test_what_was_kept_hidden_is_taken_back(desk: Desk) -> None:
    browser, ids = desk.signed_in(), desk.ids()
    before = seen(desk, "Permanence des Flandres")
    answer = do(browser, "garder", [ids["Permanence des Flandres"]])
    assert "Permanence des Flandres" not in shown(browser)
    assert "déjà ainsi" in said(browser, do(browser, "garder", [ids["Permanence des Flandres"]]))
    assert taken_back(browser, answer) == "1 remis comme avant."
    assert "Permanence des Flandres" in shown(browser)
    assert seen(desk, "Permanence des Flandres").causes == before.causes


def test_all_of_a_cause_is_decided_as_it_was_read(desk: Desk) -> None:
    browser = desk.signed_in()
    path = f"{PAGE}?cause=mention&territoire=59"
    page = browser.get(path).text
    query = re.findall(r'action="/gestion/acteurs/lot\?([^"]*)"', page)[0].replace("&amp;", "&")
    given = [("geste", "garder"), ("portee", "tous"), *form_of(page)]
    answer = browser.ask("POST", f"/gestion/acteurs/lot?{query}", FORM, content=urlencode(given))
    assert said(browser, answer) == "1 gardé caché."
    back = dict(parse_qsl(answer.headers["location"].split("?")[1]))
    assert (back["cause"], back["territoire"], back["decide"]) == ("mention", "59", "non")
    again = browser.ask("POST", f"/gestion/acteurs/lot?{query}", FORM, content=urlencode(given))
    assert again.status_code == 409
    taken_back(browser, answer)


def test_what_is_found_is_looked_up_once_nobody_else_writes(desk: Desk) -> None:
    browser, name = desk.signed_in(), "Permanence des Flandres"
    page = browser.get(f"{PAGE}?cause=mention&territoire=59").text
    query = re.findall(r'action="/gestion/acteurs/lot\?([^"]*)"', page)[0].replace("&amp;", "&")
    given = urlencode([("geste", "garder"), ("portee", "tous"), *form_of(page)])
    path = f"/gestion/acteurs/lot?{query}"
    with ThreadPoolExecutor(1) as pool:
        with write(desk.databases.staff) as session:
            hold(session, IMPORT_LOCK)
            answer = pool.submit(browser.ask, "POST", path, FORM, content=given)
            until(lambda: is_blocked(desk.databases.staff))
            chosen = [seen(desk, name).public_id]
            by = (session, desk.vault, OPERATOR, Author("os:essai"))
            done = many.do(*by, chosen, CONFIRM)
        assert answer.result().status_code == 409
    with write(desk.databases.staff) as session:
        by = (session, *by[1:])
        assert done.batch
        assert undoing.undo(*by, done.batch).done == 1


@pytest.mark.slow
def test_a_cause_says_how_many_are_to_decide(desk: Desk) -> None:
    browser = desk.signed_in()
    tab = re.compile(r'cause=mention[^"]*">[^<]*<span class="desk-count">(\d+)<')
    before = int(tab.findall(browser.get(f"{PAGE}?decide=non").text)[0])
    answer = do(browser, "garder", [desk.ids()["Permanence des Flandres"]])
    left = tab.findall(browser.get(f"{PAGE}?decide=non").text)
    assert int((left or ["0"])[0]) == before - 1
    every = int(tab.findall(browser.get(f"{PAGE}?decide=tous").text)[0])
    assert every >= before
    taken_back(browser, answer)


@pytest.mark.slow
def test_today_and_the_rail_count_what_is_left_to_decide(desk: Desk) -> None:
    browser = desk.signed_in()
    line = "Voisine de plus;Association;10 rue Cachée;93000;Bobigny;01 99 00 00 53;"
    run(desk.runtime, csv(line), source="voisine")
    rail = re.compile(r'href="/gestion/masques"[^>]*>Masqués<span class="desk-rail__count">(\d+)')
    today = re.compile(r'__count">(\d+)</strong>[^<]*(?:sont publiés|est publié) sans')
    before = browser.get("/gestion").text
    answer = do(browser, "garder", [desk.ids()["Voisine de plus"]])
    after = browser.get("/gestion").text
    for each in (rail, today):
        (was,), now = each.findall(before), each.findall(after) or ["0"]
        assert int(now[0]) == int(was) - 1
    taken_back(browser, answer)


def test_what_is_to_classify_perhaps_another_or_public_is_decided_elsewhere(desk: Desk) -> None:
    browser, ids = desk.signed_in(), desk.ids()
    answer = do(browser, "garder", [ids["Structure inconnue"], ids["Association libre"]])
    text = said(browser, answer)
    assert "1 refusé (à classer d’abord)" in text
    assert "1 refusé (rien ne le cache)" in text


@pytest.mark.slow
@pytest.mark.parametrize("deed", ["garder", "ecarter", "proteger"])
def test_who_does_not_work_on_an_actor_decides_nothing_of_it(desk: Desk, deed: str) -> None:
    ids = desk.ids()
    why = {"pourquoi": "essai"}
    own, state = desk.signed_in(Role.REFERENT_DEPARTEMENT), desk.signed_in(Role.REFERENT_ETAT)
    elsewhere = do(own, deed, [ids["Permanence des Flandres"]], **why)
    answer = do(state, deed, [ids["Foyer fictif"], ids["Association voisine"]], **why)
    if deed == "ecarter":
        assert (elsewhere.status_code, answer.status_code) == (403, 403)
    else:
        assert ".0.0.hors-1" in elsewhere.headers["location"]
        assert ".0.0.hors-2" in answer.headers["location"]
    admin = desk.signed_in(Role.ADMINISTRATEUR)
    assert do(admin, deed, list(ids.values()), **why).status_code == 403


def test_a_referent_of_the_state_learns_not_how_many_are_hidden_with_one(desk: Desk) -> None:
    line = "Permanence {};Association;{} rue Commune;93000;Bobigny;01 99 00 00 7{};"
    run(desk.runtime, csv(line.format("une", 4, 7), line.format("deux", 4, 8)), source="communes")
    state, ids = desk.signed_in(Role.REFERENT_ETAT), desk.ids()
    answer = do(state, "proteger", [ids["Permanence une"]], pourquoi="essai")
    assert seen(desk, "Permanence deux").level == "held"
    assert "bilan=proteger.1.0" in answer.headers["location"]


@pytest.mark.slow
@pytest.mark.parametrize("deed", ["garder", "ecarter", "archiver", "verifier", "publier"])
def test_nothing_that_is_done_to_several_shows_more_of_any(desk: Desk, deed: str) -> None:
    def levels() -> dict[UUID, Level | None]:
        with read(desk.databases.staff) as session:
            rows = session.execute(select(ActorProtected.actor_id, ActorProtected.level))
            return dict(rows.all())

    before, browser = levels(), desk.signed_in()
    answer = do(browser, deed, list(desk.ids().values()))
    after = levels()
    assert not [actor for actor in before if raised(after[actor], before[actor])]
    if "lot=" in answer.headers["location"]:
        taken_back(browser, answer)
    assert levels() == before


def test_who_learns_of_nobody_hidden_is_led_to_the_list_by_a_form_of_the_pile(desk: Desk) -> None:
    state = desk.signed_in(Role.REFERENT_ETAT)
    refused = do(state, "proteger", [desk.ids()["Association voisine"]])
    assert refused.status_code == 422
    assert not any(each in refused.text for each in ("Foyer fictif", f'action="{PAGE}"'))
    led = state.get("/gestion/acteurs/lot?depuis=masques")
    assert led.headers["location"].startswith("/gestion/acteurs?")


def test_protecting_what_is_hidden_as_much_takes_nothing_from_the_public(desk: Desk) -> None:
    home = "Foyer de plus;MECS;14 rue Basse;93000;Bobigny;01 99 00 00 54;"
    run(desk.runtime, csv(home), source="foyer")
    browser = desk.signed_in()
    answer = do(browser, "proteger", [desk.ids()["Foyer de plus"]], pourquoi="menaces")
    assert said(browser, answer) == "1 protégé."
