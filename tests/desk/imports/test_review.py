"""A list is read line by line: what somebody accepted is written, and nothing else."""

import re

import pytest
from sqlalchemy import func, select

from app.audit.actions import Action
from app.models import AuditEntry, DepositLine, Role, SourceRow
from app.platform.database.sessions import read
from app.records import acts
from tests.desk.imports.conftest import Lists
from tests.desk.imports.reviewing import named, press, row_of
from tests.makers import decide
from tests.short_lists import csv, ids, run


def lines_of(lists: Lists, page: str) -> int:
    with read(lists.databases.staff) as session:
        here = DepositLine.file_id == lists.stored(page).file_id
        return session.scalars(select(func.count()).select_from(DepositLine).where(here)).one()


@pytest.mark.slow
def test_what_was_accepted_is_written_and_the_rest_changes_nothing(lists: Lists) -> None:
    browser, some = lists.signed_in(), named("Choisi", 4)
    page = lists.sent(browser, *some, source="Choisie")
    press(browser, page, "Choisi 0", "accepter")
    press(browser, page, "Choisi 1", "refuser")
    press(browser, page, "Choisi 2", "plus-tard")
    shown = browser.get(page).text
    assert "Appliquer 1 ligne acceptée" in shown
    assert "Accepter la ligne non décidée, et appliquer" in shown
    lists.apply(browser, page, reste="")
    lists.work()
    assert lists.state(page) == "applied"
    assert [name for name in lists.actors() if name.startswith("Choisi")] == ["Choisi 0"]
    assert "3</strong> lignes laissées de côté" in browser.get(page).text
    with read(lists.databases.staff) as session:
        here = SourceRow.source_file_id == lists.stored(page).file_id
        outcomes = session.scalars(select(SourceRow.outcome).where(here)).all()
    assert sorted(outcomes) == ["created", "left", "left", "left"]
    assert lines_of(lists, page) == 0
    again = lists.sent(browser, *some, source="Choisie")
    assert again != page
    assert (lists.stored(again).counts or {})["created"] == 3


@pytest.mark.slow
def test_a_decided_line_says_who_decided_and_when(lists: Lists) -> None:
    one, other, some = lists.enrolled(), lists.enrolled(), named("Signée")
    browser = lists.signed_in_as(one)
    page = lists.sent(browser, *some, source="Signatures")
    press(browser, page, "Signée 0", "accepter")
    press(lists.signed_in_as(other), page, "Signée 1", "refuser")
    first, second, none = (row_of(browser, page, f"Signée {n}") for n in range(3))
    said = "par Camille Exemple, <time"
    assert said in first
    assert said in second
    assert "par " not in none.partition("</h2>")[2].partition("</div>")[0]


@pytest.mark.slow
def test_a_changed_line_is_shown_old_and_new_with_whose_value_it_replaces(lists: Lists) -> None:
    browser, some = lists.signed_in(), named("Comparé")
    lists.applied(browser, *some, source="Comparée")
    changed = some[0].replace("01 98 00 00 00", "01 98 00 11 00")
    page = lists.sent(browser, changed, *some[1:], source="Comparée")
    row = row_of(browser, page, "Comparé 0", "?champ=phones&resultat=updated")
    assert "01 98 00 00 00" in row
    assert "01 98 00 11 00" in row
    # It was this list's own, as all of the page: their day is said once.
    assert '<del class="desk-diff__old">01 98 00 00 00</del></dd>' in row
    text = browser.get(f"{page}/relire").text
    assert re.search("l’ancienne valeur vient de cette même liste, du ../../....[.]", text)
    text = browser.get(f"{page}/relire?champ=name").text
    assert "Aucune ligne ne répond" in text
    press(browser, page, "Comparé 0", "refuser")
    lists.apply(browser, page, verifie="true")
    lists.work()
    assert lists.state(page) == "applied"
    following = lists.sent(browser, changed, *some[1:], "", source="Comparée")
    assert (lists.stored(following).counts or {})["updated"] == 1


@pytest.mark.slow
def test_words_of_hours_that_are_understood_now_are_no_blank(lists: Lists) -> None:
    browser = lists.signed_in()
    former = "au gré du vent"

    def sent(*hours: str) -> str:
        lines = [f"Heures {n};ASE;{n} rue H;93300;Bobigny;{each}" for n, each in enumerate(hours)]
        titles = "Nom;Type;Adresse;Code postal;Ville;Horaires;Description"
        data = "\n".join((titles, *lines)).encode()
        answer = lists.send(browser, data, source="Heures")
        lists.work()
        return answer.headers["location"].partition("?")[0]

    known = "lundi-vendredi 9h-17h;"
    lists.apply(browser, sent(*[f"{former};Écoute et suivi"] * 3, known), verifie="true")
    lists.work()
    some = f"{known}Ecoute", f"{former};ECOUTE  ET SUIVI", f"{former};Écoute et suivi"
    page = sent(*some, f"{former};")
    # What is only written otherwise is folded, and says how much it is.
    folded = row_of(browser, page, "Heures 1").partition("<details")
    assert "Écoute et suivi" not in folded[0]
    assert "1 valeur écrite autrement" in folded[2]
    assert "ECOUTE ET SUIVI" in folded[2]
    assert "Ecoute" in row_of(browser, page, "Heures 0").partition("<details")[0]
    row = row_of(browser, page, "Heures 0")
    assert "Du lundi au vendredi" in row
    assert former in row
    assert "effacé" not in row
    # Nor are hours that are kept as they are written: nothing of them is lost.
    row = row_of(browser, page, "Heures 3")
    assert "pas compris : gardés tels qu’écrits" in row
    assert "effacé" not in row
    assert "qui efface" not in browser.get(page).text


@pytest.mark.slow
def test_a_blank_of_what_is_read_on_a_sheet_alone_is_said_as_well(lists: Lists) -> None:
    browser = lists.signed_in()

    def sent(*named: str) -> str:
        titles = "Nom;Type;Adresse;Code postal;Ville;Téléphone;Tél directrice"
        seats = "Bureau du lin;ASE;3 rue du Lin", "Foyer Osier;MECS;9 rue Haute"
        lines = [
            f"{seat};93300;Aubervilliers;{each}" for seat, each in zip(seats, named, strict=True)
        ]
        answer = lists.send(browser, "\n".join((titles, *lines)).encode(), source="Tue")
        lists.work()
        return answer.headers["location"].partition("?")[0]

    lists.apply(
        browser,
        sent("01 98 00 70 00;Mme Petit – 06 98 00 70 02", "01 98 00 70 01;"),
        verifie="true",
    )
    lists.work()
    page = sent("01 98 00 70 00;", ";")
    open_one, home = (row_of(browser, page, each) for each in ("Bureau du lin", "Foyer Osier"))
    assert re.search(r"personnes nommées <strong[^>]*>effacé</strong>", open_one)
    assert "téléphones (effacé)" in home
    assert "70 01" not in home
    assert "les 2 lignes qui effacent une valeur" in browser.get(page).text


@pytest.mark.slow
def test_a_blank_that_erases_is_said_and_asked_for(lists: Lists) -> None:
    browser, some = lists.signed_in(), named("Vidé", 4)
    lists.applied(browser, *some, source="Vidée")
    blank = some[0].replace("01 98 00 00 00", "")
    page = lists.sent(browser, blank, *some[1:], source="Vidée")
    assert "effacé" in row_of(browser, page, "Vidé 0")
    lists.answer(browser, page, "accepter.tous")
    assert "Acceptée" not in row_of(browser, page, "Vidé 0")
    lists.apply(browser, page, effacer="", verifie="true")
    lists.work()
    assert (lists.stored(page).counts or {})["left"] == 1
    page = lists.sent(browser, blank, *some[1:], "", source="Vidée")
    lists.answer(browser, page, "accepter.tous", query="?resultat=erases")
    assert "Acceptée" in row_of(browser, page, "Vidé 0")


@pytest.mark.slow
def test_who_is_missing_is_archived_where_somebody_says_so_and_never_by_the_way(
    lists: Lists,
) -> None:
    browser, some = lists.signed_in(), named("Parti", 5)
    lists.applied(browser, *some, source="Partie")
    page = lists.sent(browser, *some[:3], source="Partie")
    assert "2 absents sans réponse" in browser.get(f"{page}/relire").text
    lists.answer(browser, page, "accepter.tous")
    text = browser.get(f"{page}/relire").text
    assert "À archiver" not in text
    # By a button that says so, of those that its page shows.
    assert "Archiver les 2 absents affichés" in text
    shown = re.findall(r'id="l-([0-9a-f-]+)"', row_of(browser, page, "Parti 3"))
    lists.answer(browser, page, "accepter.absents", vue=shown)
    assert "À archiver" in row_of(browser, page, "Parti 3")
    assert "1 absent sans réponse" in browser.get(f"{page}/relire").text
    press(browser, page, "Parti 4", "plus-tard")
    assert "absent sans réponse" not in browser.get(f"{page}/relire").text
    lists.apply(browser, page, verifie="true")
    lists.work()
    actors = lists.actors()
    assert (actors["Parti 3"], actors["Parti 4"]) == ("archived", "published")


@pytest.mark.slow
def test_lines_without_an_actor_stand_behind_those_that_somebody_decides_of(lists: Lists) -> None:
    browser, some = lists.signed_in(), named("Rangé", 3)
    lists.applied(browser, *some, source="Rangée")
    page = lists.sent(browser, *some[:2], "TOTAL;;;;;;", source="Rangée")
    text = browser.get(f"{page}/relire").text
    assert text.index("Rangé 2") < text.index("Sans acteur</")


@pytest.mark.slow
def test_before_archiving_one_is_told_of_lines_that_may_be_of_who_is_missing(lists: Lists) -> None:
    browser, some = lists.signed_in(), named("Perdu", 4)
    lists.applied(browser, *some, source="Perdue")
    page = lists.sent(browser, *some[:3], ";ASE;1 rue Perdue;93000;;;", source="Perdue")
    text = browser.get(f"{page}/relire?resultat=missing").text
    assert "Perdu 3" in text
    assert f'<a href="{page}/relire?resultat=rejected">Corrigez-la avant d’archiver</a>' in text
    assert "avant d’archiver" in browser.get(f"{page}/relire").text
    assert "avant d’archiver" not in browser.get(f"{page}/relire?resultat=rejected").text
    assert "celui qu’elle nomme" in browser.get(page).text


def test_of_who_is_hidden_no_value_is_shown_before_it_is_opened_and_that_is_noted(
    lists: Lists,
) -> None:
    browser = lists.signed_in()
    home = "Foyer relu;MECS;41 rue Relue;93000;Bobigny;01 98 00 41 00;"
    page = lists.sent(browser, home, ";ASE;42 rue Relue;93000;;;", source="Relue")
    text = browser.get(f"{page}/relire").text
    assert "Foyer relu" in text
    assert "rue Relue" not in text
    assert "sa catégorie" in text
    where = re.findall(rf'formaction="({page}/relire/[0-9a-f-]+)[?"]', text)
    assert len(where) == 2
    opened = [browser.post(each).text for each in where]
    assert "41 rue Relue" in opened[0]
    assert "42 rue Relue" in opened[1]
    with read(lists.databases.staff) as session:
        subject = page.rpartition("/")[2]
        noted = select(AuditEntry.action).where(AuditEntry.subject == subject)
        assert list(session.scalars(noted)).count(Action.LINE_READ.value) == 2


@pytest.mark.slow
def test_who_is_protected_after_a_list_was_read_is_masked_in_its_lines(lists: Lists) -> None:
    browser = lists.signed_in()
    some = named("Ensuite", 4)
    lists.applied(browser, *some, source="Masquée ensuite")
    changed = some[0].replace("01 98 00 00 00", "01 98 00 12 00")
    new = "Nouveau voisin;ASE;9 rue Suite;93300;Aubervilliers;01 98 00 13 00;"
    page = lists.sent(browser, changed, *some[1:], new, source="Masquée ensuite")
    text = browser.get(f"{page}/relire").text
    assert "01 98 00 12 00" in text
    assert "01 98 00 13 00" in text
    run(lists.runtime, csv("Foyer d’après;MECS;18 rue Après;93000;Bobigny;01 98 00 13 00;"))
    why = {"who": "essai", "why": "essai"}
    decide(lists.runtime, acts.protect, ids(lists.runtime)["Ensuite 0"], **why)
    text = browser.get(f"{page}/relire").text
    assert "01 98 00 12 00" not in text
    assert "01 98 00 13 00" not in text


@pytest.mark.slow
def test_a_referent_reads_and_decides_of_lines_of_its_own_territories(lists: Lists) -> None:
    curateur, referent = lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)
    lille = "Lille relue;Association;1 rue Relue;59000;Lille;01 98 00 14 01;"
    page = lists.sent(referent, *named("Propre", 1), lille, source="Relue à deux")
    text = referent.get(f"{page}/relire").text
    assert "Propre 0" in text
    assert "Lille" not in text
    assert "Lille relue" in curateur.get(f"{page}/relire").text
    lists.answer(referent, page, "accepter.tous")
    assert "Acceptée" in row_of(curateur, page, "Propre 0")
    assert "Acceptée" not in row_of(curateur, page, "Lille relue")


@pytest.mark.slow
def test_what_was_decided_stays_where_a_line_says_the_same_and_is_asked_anew_where_not(
    lists: Lists,
) -> None:
    browser, some = lists.signed_in(), named("Redit")
    lists.applied(browser, *some, source="Redite")
    changed = [each.replace("01 98 00 00", "01 98 00 15") for each in some]
    page = lists.sent(browser, *changed, source="Redite")
    for number in range(3):
        press(browser, page, f"Redit {number}", "accepter")
    why = {"who": "essai", "why": "essai"}
    decide(lists.runtime, acts.protect, ids(lists.runtime)["Redit 1"], **why)
    lists.apply(browser, page, verifie="true", reste="")
    lists.work()
    assert lists.state(page) == "ready"
    assert "Acceptée" in row_of(browser, page, "Redit 0")
    row = row_of(browser, page, "Redit 1")
    assert "Acceptée" not in row
    assert "n’est plus ce qui avait été lu" in row


@pytest.mark.slow
def test_many_are_accepted_at_once_and_what_was_answered_stays_answered(lists: Lists) -> None:
    browser = lists.signed_in()
    page = lists.sent(browser, *named("Ensemble", 4), source="Ensemble")
    press(browser, page, "Ensemble 1", "refuser")
    assert "Accepter les 3 lignes à décider affichées" in browser.get(f"{page}/relire").text
    lists.answer(browser, page, "accepter.tous")
    assert "Refusée" in row_of(browser, page, "Ensemble 1")
    assert "3 acceptées" in browser.get(f"{page}/relire").text


def test_without_anything_accepted_nothing_is_applied(lists: Lists) -> None:
    browser = lists.signed_in()
    page = lists.sent(browser, *named("Rien", 2), source="Rien")
    answer = lists.apply(browser, page, reste="")
    assert answer.status_code == 422
    assert "aucune ligne de cette liste n’est acceptée" in answer.text
    assert lists.state(page) == "ready"


def test_a_list_that_is_given_up_leaves_no_lines(lists: Lists) -> None:
    browser = lists.signed_in()
    page = lists.sent(browser, *named("Quitté", 2), source="Quittée")
    assert lines_of(lists, page) == 2
    browser.post(f"{page}/annuler")
    assert lines_of(lists, page) == 0
    assert browser.get(f"{page}/relire").status_code == 303
