"""A référent applies what is theirs of a list; what touches a protection waits for a curateur."""

import re

import pytest
from sqlalchemy import select, update

from app.audit.verifying import verify
from app.models import Actor, AuditEntry, DepositLine, Revision, Role, SourceFile
from app.platform.database.sessions import read, write
from app.records import acts
from app.records.viewing import see
from app.visibility import OPERATOR
from geo.zones import paris_day
from tests.desk.bureau import Browser, Person
from tests.desk.imports.conftest import Lists
from tests.desk.imports.owning import home, left_lines, levels, office, part, pressed
from tests.desk.imports.reviewing import NAMELESS, correct, named, opened, press, row_of
from tests.makers import decide
from tests.short_lists import csv, ids, run

WHY = {"who": "essai", "why": "essai"}


@pytest.mark.slow
def test_what_touches_no_protection_is_applied_and_the_rest_waits_for_a_curateur(
    lists: Lists, referent: Person, browser: Browser
) -> None:
    page = lists.sent(browser, *named("Part"), home("Foyer de la part"), source="Part")
    before = browser.get(page).text
    assert "Un curateur décide de cette ligne" in before
    rest = part(lists, browser, page)
    assert {"Part 0", "Part 1", "Part 2"} <= lists.actors().keys()
    assert "Foyer de la part" not in lists.actors()
    assert "<strong>Un curateur décide de cette ligne</strong>" in browser.get(page).text
    curateur = lists.signed_in()
    assert re.search(r"listes? (est|sont) à appliquer", curateur.get("/gestion").text)
    assert left_lines(lists, rest) == {5}
    assert "Un référent a appliqué" in curateur.get(rest).text
    lists.apply(curateur, rest)
    lists.work()
    assert lists.state(rest) == "applied"
    assert "Foyer de la part" in lists.actors()
    assert "Un curateur a décidé du reste" in browser.get(page).text
    with read(lists.databases.staff) as session:
        file = session.get_one(SourceFile, lists.stored(rest).file_id)
        first = session.get_one(SourceFile, lists.stored(page).file_id)
        assert (file.who, file.sha256) == (str(referent.id), first.sha256)


@pytest.mark.slow
def test_history_and_journal_name_the_referent(
    lists: Lists, referent: Person, browser: Browser
) -> None:
    page = lists.sent(browser, *named("Nommée"), home("Foyer nommé", "2 rue Tue"), source="Nommée")
    part(lists, browser, page)
    with read(lists.databases.staff) as session:
        assert str(referent.id) in set(session.scalars(select(Revision.who)))
        noted = session.scalars(
            select(AuditEntry).where(AuditEntry.subject == page.rpartition("/")[2])
        )
        said = {each.action: (each.who, each.role) for each in noted}
    assert said["list_applied"] == (str(referent.id), Role.REFERENT_DEPARTEMENT)
    assert verify(lists.databases.staff, lists.vault).faults == []


@pytest.mark.slow
def test_the_journal_says_of_which_list_a_rest_is_and_who_left_it(
    lists: Lists, referent: Person, browser: Browser
) -> None:
    page = lists.sent(browser, *named("Reste"), home("Foyer du reste", "7 rue Tue"), source="Reste")
    rest = part(lists, browser, page)
    left, whole = (each.rpartition("/")[2] for each in (rest, page))
    with read(lists.databases.staff) as session:
        (noted,) = session.scalars(select(AuditEntry).where(AuditEntry.subject == left))
        said = lists.vault.open_json("audit_entry", noted.id, "detail", noted.detail)
    assert (noted.action, noted.who, noted.role) == ("list_left", str(referent.id), referent.role)
    assert said == {"de la liste": whole, "lignes": 1}
    shown = lists.signed_in(Role.ADMINISTRATEUR).get(f"/gestion/journal?objet={left}").text
    assert "Reste d’une liste laissé à un curateur" in shown
    assert f"de la liste : {whole[:8]} · lignes : 1" in shown
    assert verify(lists.databases.staff, lists.vault).faults == []


@pytest.mark.slow
def test_a_list_that_is_all_theirs_leaves_nothing(lists: Lists, browser: Browser) -> None:
    page = lists.sent(browser, *named("Entière"), source="Entière")
    assert "Un curateur décide de" not in browser.get(page).text
    assert part(lists, browser, page) == ""
    again = lists.send(browser, tuple(named("Entière")), source="Entière")
    assert again.headers["location"].startswith(page)


@pytest.mark.slow
def test_of_who_is_hidden_or_would_be_nothing_is_applied(lists: Lists, browser: Browser) -> None:
    some = named("Caché", 6)
    consented = home("Foyer consenti", "3 rue Tue", "01 96 00 00 03")
    lists.applied(lists.signed_in(), *some, consented, source="Cachée")
    known = ids(lists.runtime)
    decide(lists.runtime, acts.protect, known["Caché 0"], **WHY)
    consent = paris_day()
    with read(lists.databases.staff) as session:
        found = see(session, lists.vault, OPERATOR, Actor.protected.is_(True))
        (public_id,) = (e.public_id for e in found if e.record.name == "Foyer consenti")
    decide(lists.runtime, acts.unprotect, public_id, consent=consent, **WHY)
    changed = [each.replace("01 98 00 00 0", "01 98 00 09 0") for each in some]
    word = changed[2].replace(";ASE;", ";MECS;")
    lines = (changed[0], changed[1], word, "Inclassable;quelque chose;9 rue Tue;93000;Bobigny;;")
    page = lists.sent(
        browser, *lines, *some[3:], consented.replace("00 03", "09 03"), source="Cachée"
    )
    rest = part(lists, browser, page)
    assert left_lines(lists, rest) == {2, 4, 5, 9}
    assert levels(lists)["Caché 2"] is None
    with read(lists.databases.staff) as session:
        (phones,) = session.scalars(select(Actor.phones).where(Actor.name == "Caché 1"))
    assert phones == ["+33198000901"]


@pytest.mark.slow
def test_of_who_is_held_beside_a_home_nothing_is_applied(lists: Lists, browser: Browser) -> None:
    shelter = home("Foyer clos", "20 rue Close", "01 96 00 00 20")
    beside = office("Bureau clos", "20 rue Close", "01 98 00 76 01", "93000;Bobigny")
    some = named("Ouvert", 5)
    lists.applied(lists.signed_in(), shelter, beside, *some, source="Close")
    changed = beside.replace("76 01", "76 09")
    page = lists.sent(browser, shelter, changed, *some, source="Close")
    assert "Un curateur décide de cette ligne" in browser.get(page).text
    assert pressed(lists, browser, page) == 403
    with write(lists.databases.staff) as session:
        here = DepositLine.file_id == lists.stored(page).file_id
        session.execute(update(DepositLine).where(here).values(turns=False))
    rest = part(lists, browser, page)
    assert left_lines(lists, rest) == {3}


@pytest.mark.slow
def test_what_may_be_somebody_else_waits(lists: Lists, browser: Browser) -> None:
    known = office("Point d’écoute", "6 rue Jumelle", "01 98 00 73 20")
    run(lists.runtime, csv(known), source="Connus")
    double = known.replace("écoute", "écoute jeunes")
    page = lists.sent(browser, double, *named("Unique"), source="Jumelle")
    rest = part(lists, browser, page)
    assert left_lines(lists, rest) == {2}
    assert "Point d’écoute jeunes" not in lists.actors()
    assert "Peut-être en double" in lists.signed_in().get(f"{rest}/relire").text
    assert "Peut-être en double" not in browser.get(f"{rest}/relire").text


@pytest.mark.slow
def test_who_stands_beside_a_home_waits_and_reads_as_any_other_until_then(
    lists: Lists, browser: Browser
) -> None:
    run(lists.runtime, csv(home("Maison tue", "62 rue Muette", "01 98 00 62 20")))
    elsewhere = "Foyer lillois;MECS;61 rue Muette;59000;Lille;01 98 00 61 20;"
    run(lists.runtime, csv(elsewhere), territory="59")
    guesses = (
        office("Antenne A", "62 rue Muette", "01 98 00 69 21", "93000;Bobigny"),
        office("Antenne B", "64 rue Muette", "01 98 00 61 20", "93000;Bobigny"),
        office("Antenne C", "65 rue Muette", "01 98 00 69 23", "93000;Bobigny"),
    )
    page = lists.sent(browser, *guesses, source="Muette")
    text = browser.get(page).text + browser.get(f"{page}/relire").text
    assert "Un curateur décide de" not in text
    assert "Pour un curateur" not in text
    rest = part(lists, browser, page)
    assert left_lines(lists, rest) == {2, 3}
    assert levels(lists)["Antenne C"] is None
    assert {"Antenne A", "Antenne B"}.isdisjoint(lists.actors())


@pytest.mark.slow
def test_a_guess_that_nobody_accepted_tells_nothing(lists: Lists, browser: Browser) -> None:
    run(lists.runtime, csv(home("Maison sourde", "72 rue Sourde", "01 98 00 62 30")))
    guesses = (
        office("Sondage un", "72 rue Sourde", "01 98 00 69 31", "93000;Bobigny"),
        office("Sondage deux", "75 rue Sourde", "01 98 00 69 32", "93000;Bobigny"),
    )
    said = []
    # Their other lines resemble nobody, whatever is known: who may be somebody else waits.
    for word, guess in zip(("Gage", "Lande"), guesses, strict=True):
        page = lists.sent(browser, guess, *named(word), source=f"Sourde {word}")
        press(browser, page, f"{word} 0", "accepter")
        assert part(lists, browser, page, reste="") == ""
        said.append(lists.content(page)["handed"])
    assert said == [{}, {}]


@pytest.mark.slow
def test_a_line_that_hides_somebody_beside_it_waits(lists: Lists, browser: Browser) -> None:
    number = "01 98 00 74 00"
    own = office("Aide aux parents", "84 rue Tierce", number)
    lists.applied(lists.signed_in(), own, *named("Témoin", 5), source="Standard")
    beside = office("Permanence juridique", "82 rue Autre", number)
    run(lists.runtime, csv(beside), source="Voisins")
    run(lists.runtime, csv(home("Foyer des Iris", "80 rue Seule", number)), source="Homes")
    shared = levels(lists)["Permanence juridique"]
    moved = own.replace(number, "01 98 00 74 99")
    page = lists.sent(browser, moved, *named("Témoin", 5), source="Standard")
    rest = part(lists, browser, page)
    assert levels(lists)["Permanence juridique"] == shared
    assert left_lines(lists, rest) == {2}
    lists.apply(lists.signed_in(), rest, verifie="true")
    lists.work()
    assert (shared, levels(lists)["Permanence juridique"]) == (None, "held")


@pytest.mark.slow
def test_of_the_missing_a_hidden_one_is_not_archived(lists: Lists, browser: Browser) -> None:
    some, curateur = named("Parti", 7), lists.signed_in()
    gone = home("Foyer parti", "5 rue Tue", "01 96 00 00 05")
    lists.applied(curateur, *some, gone, source="Partie")
    page = lists.sent(browser, *some[1:], source="Partie")
    press(browser, page, "Parti 0", "accepter")
    assert "curateur en décide" in row_of(browser, page, "Foyer parti")
    assert "accepter." not in row_of(browser, page, "Foyer parti")
    lists.answer(browser, page, "accepter.tous", query="?resultat=missing")
    part(lists, browser, page)
    now = lists.actors()
    assert (now["Parti 0"], now["Foyer parti"]) == ("archived", "published")


@pytest.mark.slow
def test_lines_of_another_territory_wait(lists: Lists, browser: Browser) -> None:
    curateur = lists.signed_in()
    elsewhere = "Service lillois;ASE;1 rue Loin;59000;Lille;01 98 00 75 01;"
    page = lists.sent(curateur, *named("Mêlée"), elsewhere, source="Mêlée")
    rest = part(lists, browser, page)
    assert left_lines(lists, rest) == {5}
    assert "Service lillois" not in lists.actors()
    assert "Un curateur décide du reste" in browser.get(page).text
    assert "Un curateur décide de cette ligne" in curateur.get(page).text


@pytest.mark.slow
def test_what_was_refused_or_corrected_stays_so_in_what_is_left(
    lists: Lists, browser: Browser
) -> None:
    shelter = home("Foyer corrigé", "10 rue Tue", "01 96 00 00 10")
    page = lists.sent(browser, *named("Gardé"), shelter, NAMELESS, source="Gardée")
    where, text = opened(browser, page, 6)
    correct(browser, where, text, c0="Retrouvée", c1="MECS")
    lists.work()
    press(browser, page, "Gardé 1", "refuser")
    rest = part(lists, browser, page)
    assert left_lines(lists, rest) == {3, 5, 6}
    curateur = lists.signed_in()
    assert "Refusée" in row_of(curateur, rest, "Gardé 1")
    assert "serait caché" in row_of(curateur, rest, "Retrouvée").lower()
    lists.apply(curateur, rest)
    lists.work()
    assert {"Retrouvée", "Foyer corrigé"} <= lists.actors().keys()
    assert "Gardé 1" not in lists.actors()


@pytest.mark.slow
def test_the_lines_that_are_a_curateurs_are_marked_and_found(
    lists: Lists, browser: Browser
) -> None:
    shelter = home("Foyer marqué", "13 rue Tue", "01 96 00 00 13")
    page = lists.sent(browser, *named("Marquée"), shelter, source="Marquée")
    assert "Pour un curateur" in row_of(browser, page, "Foyer marqué")
    assert "accepter." not in row_of(browser, page, "Foyer marqué")
    assert "Pour un curateur" not in row_of(browser, page, "Marquée 0")
    found = browser.get(f"{page}/relire?etat=reserved").text
    assert "Foyer marqué" in found
    assert "Marquée 0" not in found
    curateur = lists.signed_in()
    assert "Pour un curateur" not in curateur.get(f"{page}/relire").text
    assert "accepter." in row_of(curateur, page, "Foyer marqué")


@pytest.mark.slow
def test_a_list_of_hidden_actors_alone_is_a_curateurs(lists: Lists, browser: Browser) -> None:
    shelter = home("Foyer seul", "14 rue Tue", "01 96 00 00 14")
    page = lists.sent(browser, shelter, source="Seule")
    assert "/appliquer" not in browser.get(page).text
    assert pressed(lists, browser, page) == 403
    assert lists.state(page) == "ready"


@pytest.mark.slow
def test_who_was_archived_is_shown_again_by_a_curateur(lists: Lists, browser: Browser) -> None:
    some, curateur = named("Rouvert", 7), lists.signed_in()
    lists.applied(curateur, *some, source="Rouverte")
    gone = lists.sent(curateur, *some[1:], source="Rouverte")
    press(curateur, gone, "Rouvert 0", "accepter")
    lists.apply(curateur, gone)
    lists.work()
    assert lists.actors()["Rouvert 0"] == "archived"
    page = lists.sent(browser, *some, source="Rouverte")
    rest = part(lists, browser, page)
    assert lists.actors()["Rouvert 0"] == "archived"
    lists.apply(curateur, rest)
    lists.work()
    assert lists.actors()["Rouvert 0"] == "published"
