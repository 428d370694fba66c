"""Who applies a part of a list, when, and who undoes it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from app.models import Account, Actor, Role
from app.platform.database.sessions import read, write
from app.records import acts
from tests.desk.bureau import Browser, Person
from tests.desk.imports.conftest import EVERYTHING, Lists, form_of, seen_in
from tests.desk.imports.owning import LEFT, due, home, left_lines, part, pressed
from tests.desk.imports.reviewing import named, press
from tests.makers import decide
from tests.short_lists import ids

WHY = {"who": "essai", "why": "essai"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("role", "territories", "status"),
    [
        (Role.REFERENT_DEPARTEMENT, ["59"], 404),
        (Role.REFERENT_ETAT, ["93"], 403),
        (Role.ADMINISTRATEUR, [], 403),
    ],
)
def test_nobody_else_applies_or_undoes(
    lists: Lists, role: Role, territories: list[str], status: int
) -> None:
    curateur, person = lists.signed_in(), lists.enrolled(role)
    with write(lists.databases.staff) as session:
        session.get_one(Account, person.id).territories = territories
    other, source = lists.signed_in_as(person), f"Pour {role} {territories}"
    page = lists.sent(curateur, *named(source), source=source)
    given = form_of(curateur, page) | EVERYTHING
    assert other.post(f"{page}/appliquer", data=given).status_code == status
    assert lists.state(page) == "ready"
    lists.apply(curateur, page)
    lists.work()
    given = {"vu": seen_in(curateur.get(f"{page}/defaire").text)}
    assert other.get(f"{page}/defaire").status_code == status
    assert other.post(f"{page}/defaire", data=given).status_code == status
    assert lists.state(page) == "applied"


@pytest.mark.slow
@pytest.mark.parametrize("change", ["territories", "role", "disabled_at"])
def test_whose_office_changed_meanwhile_applies_nothing(
    lists: Lists, referent: Person, browser: Browser, change: str
) -> None:
    source = f"Mutée {change}"
    page = lists.sent(browser, *named(source), source=source)
    assert lists.apply(browser, page).status_code == 303
    now = {"territories": ["59"], "role": "referent_etat", "disabled_at": lists.clock.at}
    with write(lists.databases.staff) as session:
        setattr(session.get_one(Account, referent.id), change, now[change])
    lists.work()
    assert lists.state(page) == "ready"
    assert f"{source} 0" not in lists.actors()
    curateur = lists.signed_in()
    assert "n’a plus ce territoire" in curateur.get(page).text
    lists.apply(curateur, page)
    lists.work()
    assert lists.state(page) == "applied"
    assert f"{source} 0" in lists.actors()


@pytest.mark.slow
def test_what_a_referent_gave_up_a_curateur_applies_whole(lists: Lists, browser: Browser) -> None:
    shelter = home("Foyer rendu", "6 rue Tue", "01 96 00 00 06")
    page = lists.sent(browser, *named("Rendue"), shelter, source="Rendue")
    lists.apply(browser, page)
    browser.post(f"{page}/annuler")
    lists.work()
    lists.apply(lists.signed_in(), page)
    lists.work()
    assert lists.state(page) == "applied"
    assert "Foyer rendu" in lists.actors()


@pytest.mark.slow
def test_what_changed_since_it_was_read_is_shown_and_not_applied(
    lists: Lists, browser: Browser
) -> None:
    some = named("Changé", 6)
    lists.applied(lists.signed_in(), *some, source="Changée")
    page = lists.sent(browser, some[0].replace("00 00", "00 09"), *some[1:], source="Changée")
    decide(lists.runtime, acts.protect, ids(lists.runtime)["Changé 0"], **WHY)
    lists.apply(browser, page)
    lists.work()
    assert lists.state(page) == "ready"
    assert "Rien n’a été appliqué" in browser.get(page).text
    assert "Un curateur décide de cette ligne" in browser.get(page).text
    assert lists.state(page) == "ready"


@pytest.mark.slow
def test_of_two_who_apply_at_once_one_does(lists: Lists, browser: Browser) -> None:
    curateur = lists.signed_in()
    shelter = home("Foyer couru", "7 rue Tue", "01 96 00 00 07")
    page = lists.sent(browser, *named("Courue"), shelter, source="Courue")
    given = form_of(curateur, page) | EVERYTHING
    with ThreadPoolExecutor() as pool:
        both = [pool.submit(each.post, f"{page}/appliquer", given) for each in (browser, curateur)]
    assert sorted(each.result().status_code for each in both) == [303, 409]
    lists.work()
    assert lists.state(page) == "applied"
    waits = LEFT.search(curateur.get(page).text)
    assert ("Foyer couru" in lists.actors()) is (waits is None)


@pytest.mark.slow
def test_what_is_left_is_not_theirs_to_apply(lists: Lists, browser: Browser) -> None:
    shelter = home("Foyer laissé", "8 rue Tue", "01 96 00 00 08")
    before = due(browser)
    page = lists.sent(browser, *named("Laissée"), shelter, source="Laissée")
    assert due(browser) == before + 1
    rest = part(lists, browser, page)
    assert "/appliquer" not in browser.get(rest).text + browser.get(f"{rest}/relire").text
    assert pressed(lists, browser, rest) == 403
    assert "Un curateur en décide" in browser.get(rest).text
    assert due(browser) == before
    sent = lists.send(browser, (*named("Laissée"), shelter), source="Laissée")
    assert sent.headers["location"].startswith(rest)


@pytest.mark.slow
def test_a_list_that_waits_is_counted_for_the_referent_who_may_apply_it(
    lists: Lists, browser: Browser
) -> None:
    page = lists.sent(browser, *named("Comptée"), source="Comptée")
    assert due(browser) > 0
    other = lists.enrolled(Role.REFERENT_DEPARTEMENT)
    with write(lists.databases.staff) as session:
        session.get_one(Account, other.id).territories = ["59"]
    assert due(lists.signed_in_as(other)) == 0
    part(lists, browser, page)


@pytest.mark.slow
def test_a_referent_undoes_what_they_applied_and_may_apply_it_again(
    lists: Lists, browser: Browser
) -> None:
    shelter = home("Foyer défait", "11 rue Tue", "01 96 00 00 11")
    page = lists.sent(browser, *named("Défaite"), shelter, source="Défaite")
    rest = part(lists, browser, page)
    other = lists.signed_in(Role.REFERENT_DEPARTEMENT)
    assert "Annuler cet import" not in other.get(page).text
    assert other.get(f"{page}/defaire").status_code == 403
    assert lists.undo(browser, page).status_code == 303
    assert lists.state(page) == "undone"
    assert lists.actors()["Défaite 0"] == "archived"
    assert left_lines(lists, rest) == {2, 3, 4, 5}
    again = part(lists, browser, rest)
    # Who was created and archived by it stays so.
    with read(lists.databases.staff) as session:
        states = session.scalars(select(Actor.status).where(Actor.name == "Défaite 0"))
        assert sorted(states) == ["archived", "published"]
    assert "Foyer défait" not in lists.actors()
    lists.apply(lists.signed_in(), again)
    lists.work()
    assert "Foyer défait" in lists.actors()


@pytest.mark.slow
def test_once_a_curateur_applied_the_rest_it_is_undone_first(
    lists: Lists, browser: Browser
) -> None:
    shelter, curateur = home("Foyer empilé", "12 rue Tue", "01 96 00 00 12"), lists.signed_in()
    page = lists.sent(browser, *named("Empilée"), shelter, source="Empilée")
    rest = part(lists, browser, page)
    lists.apply(curateur, rest)
    lists.work()
    assert "plus récente" in browser.get(f"{page}/defaire").text
    assert lists.undo(browser, page).status_code == 409
    assert lists.undo(browser, rest).status_code == 403
    assert lists.undo(curateur, rest).status_code == 303
    assert lists.undo(curateur, page).status_code == 303
    assert (lists.state(page), lists.state(rest)) == ("undone", "undone")


@pytest.mark.slow
def test_who_lost_a_territory_undoes_nothing_of_it(
    lists: Lists, referent: Person, browser: Browser
) -> None:
    page = lists.sent(browser, *named("Quittance"), source="Quittance")
    part(lists, browser, page)
    with write(lists.databases.staff) as session:
        session.get_one(Account, referent.id).territories = ["59"]
    assert lists.undo(lists.signed_in_as(referent), page).status_code == 404


@pytest.mark.slow
def test_a_referent_reads_how_to_come_back_to_lines_that_they_left_and_it_is_so(
    lists: Lists, browser: Browser
) -> None:
    lines = (*named("Revient"), home("Foyer du retour", "9 rue du Retour", "01 96 00 00 91"))
    page, said = lists.sent(browser, *lines, source="Revient"), "Décidez d’abord de toutes les"
    assert said in browser.get(page).text
    assert said not in lists.signed_in().get(page).text
    press(browser, page, "Revient 0", "accepter")
    rest = part(lists, browser, page, reste="")
    assert lists.send(browser, lines, source="Revient").headers["location"] == f"{rest}?deja=oui"
    assert "annulez l’import de votre part" in browser.get(rest).text
    assert pressed(lists, browser, rest) == 403
    lists.undo(browser, page)
    part(lists, browser, rest)
    assert {"Revient 0", "Revient 1", "Revient 2"} <= lists.actors().keys()
