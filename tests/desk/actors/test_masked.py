"""Many hidden actors decided at once: what is decided is asked no more, and nothing is shown."""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from urllib.parse import parse_qsl, urlencode
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select

from app.audit.journal import Author
from app.models import ActorProtected, AuditEntry, Role
from app.models.protected import Level
from app.platform.database.sessions import IMPORT_LOCK, hold, read, write
from app.records import acts, many, undoing
from app.records.causes import Cause, active, raised
from app.records.many_hidden import CONFIRM
from app.records.viewing import Seen, see
from app.visibility import OPERATOR
from tests.desk.actors.conftest import LILLE, UNKNOWN, Desk
from tests.desk.actors.test_many import FORM, said, taken_back
from tests.desk.actors.test_many_found import form_of
from tests.desk.bureau import Browser
from tests.meanwhile import is_blocked, until
from tests.short_lists import APART, ASE, CRIP, HEADER, NEIGHBOUR, SHELTER, csv, run

PAGE = "/gestion/masques"
ALL = (CRIP, ASE, SHELTER, NEIGHBOUR, APART, LILLE, UNKNOWN)
DESCRIBED = f"{HEADER};Description"
DOUBTFUL = "Association en doute;Association;31 rue Ouverte;93000;Bobigny;01 99 00 00 51;;{}"
BESIDE = "Association double doute;Association;10 rue Cachée;93000;Bobigny;01 99 00 00 52;;{}"
SAYS = "Propose un hébergement"


def described(*lines: str) -> bytes:
    return "\r\n".join((DESCRIBED, *lines)).encode("cp1252")


def seen(desk: Desk, name: str) -> Seen:
    with read(desk.databases.staff) as session:
        (found,) = [e for e in see(session, desk.vault, OPERATOR) if e.record.name == name]
    return found


def whys(desk: Desk, name: str) -> set[str]:
    return {each.why for each in active(seen(desk, name).causes)}


def do(browser: Browser, deed: str, ids: Sequence[str], **more: str) -> httpx.Response:
    given = [("geste", deed), *more.items(), *(("acteur", each) for each in ids)]
    where = "/gestion/acteurs/lot?depuis=masques&masque=oui&decide=non"
    return browser.ask("POST", where, FORM, content=urlencode(given))


def shown(browser: Browser, query: str = "") -> str:
    """The page without what it says of other actors in a reason."""
    answer = browser.get(f"{PAGE}?{query}")
    assert answer.status_code == 200
    return "".join(re.findall(r"<strong>(.*?)</strong>", answer.text))


def test_what_is_to_stay_hidden_leaves_the_pile_and_the_public_reads_what_it_read(
    desk: Desk,
) -> None:
    browser, ids = desk.signed_in(), desk.ids()
    names = ("Foyer fictif", "Association voisine")
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
    history = browser.get(f"/gestion/acteurs/{ids['Foyer fictif']}/historique").text
    assert "Gardé caché" in history


def test_a_list_that_says_the_same_asks_no_more_and_a_new_cause_does(desk: Desk) -> None:
    browser = desk.signed_in()
    assert "Foyer fictif" not in shown(browser)
    run(desk.runtime, csv(*ALL), territory=None)
    newer = [SHELTER.replace("00 10", "00 18"), NEIGHBOUR.replace("00 11", "00 19")]
    run(desk.runtime, csv(CRIP, ASE, *newer, APART, LILLE, UNKNOWN), territory=None)
    run(desk.runtime, csv(*newer), source="une autre liste")
    assert not any(each in shown(browser) for each in ("Foyer fictif", "Association voisine"))
    # Nothing says any more why it is hidden: who decided that it stays so is not asked either.
    category = newer[0].replace(";MECS;", ";Association;")
    run(desk.runtime, csv(CRIP, ASE, category, newer[1], APART, LILLE, UNKNOWN), territory=None)
    assert "Foyer fictif" not in shown(browser)
    assert seen(desk, "Foyer fictif").level == "neutral"
    run(
        desk.runtime,
        described(f"{newer[1]};Structure confidentielle, ne pas diffuser son adresse"),
        source="une autre liste",
    )
    assert "Association voisine" in shown(browser)
    run(desk.runtime, csv(*ALL), territory=None)


def test_what_was_kept_hidden_is_taken_back(desk: Desk) -> None:
    browser, ids = desk.signed_in(), desk.ids()
    before = seen(desk, "Foyer de Lille")
    answer = do(browser, "garder", [ids["Foyer de Lille"]])
    assert "Foyer de Lille" not in shown(browser)
    assert "déjà ainsi" in said(browser, do(browser, "garder", [ids["Foyer de Lille"]]))
    assert taken_back(browser, answer) == "1 remis comme avant."
    assert "Foyer de Lille" in shown(browser)
    assert seen(desk, "Foyer de Lille").causes == before.causes


def test_all_of_a_cause_is_decided_as_it_was_read(desk: Desk) -> None:
    browser = desk.signed_in()
    path = f"{PAGE}?cause=categorie&territoire=59"
    page = browser.get(path).text
    query = re.findall(r'action="/gestion/acteurs/lot\?([^"]*)"', page)[0].replace("&amp;", "&")
    given = [("geste", "garder"), ("portee", "tous"), *form_of(page)]
    answer = browser.ask("POST", f"/gestion/acteurs/lot?{query}", FORM, content=urlencode(given))
    assert said(browser, answer) == "1 gardé caché."
    back = dict(parse_qsl(answer.headers["location"].split("?")[1]))
    assert (back["cause"], back["territoire"], back["decide"]) == ("categorie", "59", "non")
    again = browser.ask("POST", f"/gestion/acteurs/lot?{query}", FORM, content=urlencode(given))
    assert again.status_code == 409
    taken_back(browser, answer)


def test_what_is_found_is_looked_up_once_nobody_else_writes(desk: Desk) -> None:
    browser, name = desk.signed_in(), "Foyer de Lille"
    page = browser.get(f"{PAGE}?cause=categorie&territoire=59").text
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


def test_a_cause_says_how_many_are_to_decide(desk: Desk) -> None:
    browser = desk.signed_in()
    tab = re.compile(r'cause=categorie[^"]*">[^<]*<span class="desk-count">(\d+)<')
    before = int(tab.findall(browser.get(f"{PAGE}?decide=non").text)[0])
    answer = do(browser, "garder", [desk.ids()["Foyer de Lille"]])
    left = tab.findall(browser.get(f"{PAGE}?decide=non").text)
    assert int((left or ["0"])[0]) == before - 1
    every = int(tab.findall(browser.get(f"{PAGE}?decide=tous").text)[0])
    assert every >= before
    taken_back(browser, answer)


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


def test_a_doubt_is_set_aside_only_where_something_else_hides_as_much(desk: Desk) -> None:
    run(desk.runtime, described(DOUBTFUL.format(SAYS), BESIDE.format(SAYS)), source="doutes")
    browser, ids = desk.signed_in(), desk.ids()
    names = ("Association en doute", "Association double doute", "Association voisine")
    assert whys(desk, names[0]) == {"mention"}
    assert whys(desk, names[1]) == {"mention", "beside"}
    answer = do(browser, "ecarter", [ids[each] for each in names])
    text = said(browser, answer)
    assert text.startswith("1 doute écarté, ")
    assert "1 refusé (caché par ce seul doute" in text
    assert "1 refusé (sans doute à écarter)" in text
    assert (seen(desk, names[0]).level, whys(desk, names[0])) == ("held", {"mention"})
    assert (seen(desk, names[1]).level, whys(desk, names[1])) == ("held", {"beside"})
    # The same list and a newer one say it again.
    run(desk.runtime, described(DOUBTFUL.format(SAYS), BESIDE.format(SAYS)), source="doutes")
    newer = BESIDE.replace(";;{}", ";ecrire@example.org;{}").format(SAYS)
    run(desk.runtime, described(DOUBTFUL.format(SAYS), newer), source="doutes")
    assert whys(desk, names[1]) == {"beside"}
    # Whoever lifts its protection later reads that somebody had a doubt.
    assert "(écarté le" in browser.get(f"{PAGE}?decide=tous").text
    assert "1 refusé (changé depuis)" in taken_back(browser, answer)


def test_a_doubt_that_was_set_aside_comes_back_where_that_is_taken_back(desk: Desk) -> None:
    name = "Association à revoir"
    line = BESIDE.replace("Association double doute", name).replace("00 52", "00 55")
    run(desk.runtime, described(line.format(SAYS)), source="à revoir")
    browser, before = desk.signed_in(), seen(desk, name)
    answer = do(browser, "ecarter", [before.public_id])
    assert said(browser, answer) == "1 doute écarté."
    assert (seen(desk, name).level, whys(desk, name)) == ("held", {"beside"})
    assert taken_back(browser, answer) == "1 remis comme avant."
    assert seen(desk, name).causes == before.causes


@pytest.mark.parametrize("other", ["unclassified", "duplicate"])
def test_a_doubt_stays_where_what_else_hides_is_answered_without_opening(
    desk: Desk, other: str
) -> None:
    name = f"Sous doute {other}"
    line = DOUBTFUL.replace("Association en doute", name).replace("31 rue", f"{len(other)}9 rue")
    line = line.replace("00 51", f"00 {len(other)}9").format(SAYS)
    word = "Machin" if other == "unclassified" else "Association"
    run(desk.runtime, described(line.replace(";Association;", f";{word};")), source=other)
    if other == "duplicate":
        with write(desk.databases.staff) as session:
            writer, edit = acts.find(session, desk.vault, seen(desk, name).public_id)
            double = Cause(why="duplicate", what=str(uuid4()), since=date(2026, 1, 1))
            edit.causes = (*edit.causes, double)
            acts.write(session, desk.vault, writer, edit, "update", "essai")
    assert whys(desk, name) == {"mention", other}
    browser, before = desk.signed_in(), seen(desk, name)
    answer = do(browser, "ecarter", [before.public_id])
    assert "1 refusé (caché par ce seul doute" in said(browser, answer)
    assert seen(desk, name).causes == before.causes
    if other == "unclassified":
        do(browser, "classer", [before.public_id], categorie="association")
        assert seen(desk, name).level == "held"


def test_several_are_protected_with_a_reason_and_by_one_gesture_never_shown_again(
    desk: Desk,
) -> None:
    lines = [DOUBTFUL.replace("en doute", f"d’accueil {each}").replace("31 rue", f"4{each} rue")
             for each in (1, 2)]  # fmt: skip
    lines = [line.replace("00 51", f"00 6{each}") for each, line in enumerate(lines)]
    run(desk.runtime, described(*(each.format(SAYS) for each in lines)), source="accueil")
    browser, ids = desk.signed_in(), desk.ids()
    names = [each for each in ids if each.startswith("Association d’accueil")]
    chosen = [ids[each] for each in names]
    assert len(chosen) == 2
    refused = do(browser, "proteger", chosen)
    assert (refused.status_code, "La raison manque" in refused.text) == (422, True)
    assert refused.text.count(" checked>") == len(chosen)
    assert f'action="{PAGE}"' in refused.text
    answer = do(browser, "proteger", chosen, pourquoi="appel de la directrice")
    assert said(browser, answer).startswith("2 protégés. 2 fiches en moins")
    assert "lot=" not in answer.headers["location"]
    for name in names:
        assert seen(desk, name).level == "neutral"
        assert seen(desk, name).public_id not in chosen
    with read(desk.databases.staff) as session:
        batches = session.scalars(select(AuditEntry).filter_by(action="actor_protected")).all()
    assert len(batches) == 2
    # A list says them open again.
    run(desk.runtime, described(*(each.format("") for each in lines)), source="accueil")
    assert {seen(desk, name).level for name in names} == {"neutral"}
    assert not any(each in shown(browser) for each in names)


def test_what_is_to_classify_perhaps_another_or_public_is_decided_elsewhere(desk: Desk) -> None:
    browser, ids = desk.signed_in(), desk.ids()
    answer = do(browser, "garder", [ids["Structure inconnue"], ids["Association libre"]])
    text = said(browser, answer)
    assert "1 refusé (à classer d’abord)" in text
    assert "1 refusé (rien ne le cache)" in text


@pytest.mark.parametrize("deed", ["garder", "ecarter", "proteger"])
def test_who_does_not_work_on_an_actor_decides_nothing_of_it(desk: Desk, deed: str) -> None:
    ids = desk.ids()
    why = {"pourquoi": "essai"}
    own, state = desk.signed_in(Role.REFERENT_DEPARTEMENT), desk.signed_in(Role.REFERENT_ETAT)
    elsewhere = do(own, deed, [ids["Foyer de Lille"]], **why)
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
