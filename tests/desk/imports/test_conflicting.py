"""A line that says otherwise than its actor is shown beside it, and answered before it counts."""

import re

import pytest

from app.models import Source, SourceFile
from app.platform.database.sessions import write
from tests.desk.actors.forms import correct
from tests.desk.imports.conftest import Lists
from tests.desk.imports.disputing import (
    DISPUTES,
    NUMBERED,
    applied,
    disputed,
    finess,
    in_dispute,
    line,
    numbered,
    origins,
    outcomes,
    record,
    sent,
)
from tests.desk.imports.reviewing import press, row_of
from tests.short_lists import ids, run

# Where the page of an applied list leads to what nobody answered.
WHAT_WAITS = f'<li><a href="{DISPUTES}">Désaccords</a>'


@pytest.mark.slow
def test_a_line_that_only_says_otherwise_ends_as_conflicting(lists: Lists) -> None:
    _, page = in_dispute(lists, "Dite autrement")
    browser = lists.signed_in()
    assert outcomes(lists, page) == {"conflicting": 1}
    assert "1</strong> en désaccord avec la fiche" in browser.get(page).text
    for query in ("?resultat=conflicting", "?champ=phones", "?etat=none"):
        row = row_of(browser, page, "Dite autrement", query)
        # Once above all of them, where no others are shown.
        assert ("En désaccord avec la fiche" in row) is ("conflicting" not in query)
        for said in (
            "01 97 00 00 01",
            "A Dite autrement, ",
            "rang 10, de deux sources de même rang, la valeur déjà là reste",
            "rang 10",
            "01 97 00 00 02",
            "B Dite autrement, ",
            "Garder la fiche",
            "Prendre la liste",
            "Plus tard",
        ):
            assert said in row, said
        assert re.findall('data-key="([^x])"', row) == ["r", "a", "t"]


@pytest.mark.slow
def test_a_line_that_changes_something_else_is_changed_and_shows_what_it_disputes(
    lists: Lists,
) -> None:
    number, _ = in_dispute(lists, "Changée aussi")
    browser = lists.signed_in()
    both = line(number, "Changée aussi", "01 97 00 00 02", "https://aussi.example.org")
    page = sent(lists, browser, both, source="B Changée aussi")
    assert outcomes(lists, page) == {"updated": 1}
    row = row_of(browser, page, "Changée aussi", "?resultat=updated&champ=phones")
    assert "aussi.example.org" in row
    assert "01 97 00 00 02" in row
    assert "accepter cette ligne n’y change rien" in row
    assert "Prendre la liste" not in row
    press(browser, page, "Changée aussi", "accepter")
    applied(lists, browser, page)
    assert record(lists, "Changée aussi").phones == ("+33197000001",)
    assert disputed(browser, "Changée aussi")


@pytest.mark.slow
def test_what_is_taken_is_written_over_a_higher_rank_as_decided_by_a_person(
    lists: Lists,
) -> None:
    number, page = in_dispute(lists, "Prise")
    browser = lists.signed_in()
    press(browser, page, "Prise", "accepter")
    assert "Valeur de la liste prise" in row_of(browser, page, "Prise")
    applied(lists, browser, page)
    assert outcomes(lists, page) == {"updated": 1}
    assert record(lists, "Prise").phones == ("+33197000002",)
    assert origins(lists, "Prise")["phones"] == "staff 100"
    # Neither what was replaced nor what was taken is asked about.
    assert not disputed(browser, "Prise")
    again = line(number, "Prise", "01 97 00 00 01", "https://prise.example.org")
    run(lists.runtime, numbered(again), source="A Prise")
    assert not disputed(browser, "Prise")
    third = sent(lists, browser, line(number, "Prise", "01 97 00 00 03"), source="A Prise")
    assert "01 97 00 00 03" in row_of(browser, third, "Prise")
    assert "ce que le bureau écrit l’emporte" in row_of(browser, third, "Prise")


@pytest.mark.slow
def test_what_stays_is_asked_no_more_until_the_list_says_another_thing(lists: Lists) -> None:
    number, page = in_dispute(lists, "Gardée")
    browser = lists.signed_in()
    press(browser, page, "Gardée", "refuser")
    assert "Valeur de la fiche gardée" in row_of(browser, page, "Gardée")
    assert "Appliquer 1 ligne décidée" in browser.get(page).text
    applied(lists, browser, page)
    assert outcomes(lists, page) == {"conflicting": 1}
    assert record(lists, "Gardée").phones == ("+33197000001",)
    assert not disputed(browser, "Gardée")
    # It said that one waits, of which none did.
    assert f'{WHAT_WAITS} <span class="desk-muted">1<' not in browser.get(page).text
    # The same value beside another change, then another value.
    same = line(number, "Gardée", "01 97 00 00 02", "https://gardee.example.org")
    following = sent(lists, browser, same, source="B Gardée")
    assert outcomes(lists, following) == {"updated": 1}
    assert "01 97 00 00 02" not in row_of(browser, following, "Gardée")
    press(browser, following, "Gardée", "accepter")
    applied(lists, browser, following)
    unchanged = sent(lists, browser, same, "", source="B Gardée")
    assert outcomes(lists, unchanged) == {"unchanged": 1}
    other = same.replace("01 97 00 00 02", "01 97 00 00 03")
    last = sent(lists, browser, other, source="B Gardée")
    assert outcomes(lists, last) == {"conflicting": 1}


@pytest.mark.slow
def test_another_list_that_nobody_read_is_still_asked_about(lists: Lists) -> None:
    number, page = in_dispute(lists, "À trois")
    other = line(number, "À trois", "01 97 00 00 04")
    run(lists.runtime, numbered(other), source="C À trois")
    browser = lists.signed_in()
    page = sent(lists, browser, line(number, "À trois", "01 97 00 00 02"), "", source="B À trois")
    press(browser, page, "À trois", "refuser")
    applied(lists, browser, page)
    shown = browser.get(DISPUTES).text
    assert "01 97 00 00 04" in shown
    row = next(each for each in shown.split("<tr ") if "À trois" in each)
    assert "01 97 00 00 02" not in row


@pytest.mark.slow
def test_what_is_put_off_or_not_answered_stays_a_disagreement(lists: Lists) -> None:
    browser = lists.signed_in()
    for name, deed in (("Remise", "plus-tard"), ("Sans réponse", "")):
        _, page = in_dispute(lists, name)
        if deed:
            press(browser, page, name, deed)
        assert lists.apply(browser, page, verifie="true").status_code == 303
        lists.work()
        assert lists.state(page) == "applied"
        assert outcomes(lists, page) == {"conflicting": 1}
        assert record(lists, name).phones == ("+33197000001",)
        assert disputed(browser, name)
        assert f'{WHAT_WAITS} <span class="desk-muted">1 en désaccord' in browser.get(page).text


@pytest.mark.slow
def test_what_its_only_list_says_otherwise_than_a_person_is_not_lost_once_put_off(
    lists: Lists,
) -> None:
    number, name, browser = finess(), "Corrigée seule", lists.signed_in()
    run(lists.runtime, numbered(line(number, name, "01 97 00 00 01")), source=f"A {name}")
    assert correct(browser, ids(lists.runtime)[name], phones="01 97 00 00 05").is_redirect
    assert not disputed(browser, name)
    page = sent(lists, browser, line(number, name, "01 97 00 00 06"), source=f"A {name}")
    assert outcomes(lists, page) == {"conflicting": 1}
    press(browser, page, name, "plus-tard")
    applied(lists, browser, page)
    assert disputed(browser, name)


@pytest.mark.slow
def test_accepting_all_the_rest_takes_nothing_over_a_record(lists: Lists) -> None:
    _, page = in_dispute(lists, "Tout accepter")
    browser = lists.signed_in()
    for deed in ("accepter.tous", "accepter.page", "refuser.tous"):
        lists.answer(browser, page, deed)
        assert "Valeur de la" not in row_of(browser, page, "Tout accepter")
    query = "?resultat=conflicting"
    assert (
        "Garder la fiche pour la ligne à décider affichée"
        in browser.get(f"{page}/relire{query}").text
    )
    lists.answer(browser, page, "refuser.tous", query=query)
    assert "Valeur de la fiche gardée" in row_of(browser, page, "Tout accepter")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("field", "other"),
    [("Nom", {}), ("Catégorie", {"category": "CRIP"}), ("Adresse", {"street": "9 rue Autre"})],
    ids=["name", "category", "address"],
)
def test_of_what_is_not_taken_as_it_is_only_the_record_may_stay(
    lists: Lists, field: str, other: dict[str, str]
) -> None:
    number, name = finess(), f"Formulaire {field}"
    run(lists.runtime, numbered(line(number, name)), source=f"A {name}")
    browser = lists.signed_in()
    said = line(number, name if other else f"Autre {field}", **other)
    page = sent(lists, browser, said, source=f"B {name}")
    row = row_of(browser, page, name)
    assert field in row
    assert "Prendre la liste" not in row
    actor = ids(lists.runtime)[name]
    assert f'href="/gestion/acteurs/{actor}/modifier"' in row
    press(browser, page, name, "accepter")
    assert "Valeur de la" not in row_of(browser, page, name)
    press(browser, page, name, "refuser")
    applied(lists, browser, page)
    assert not disputed(browser, name)
    assert lists.undo(browser, page).status_code == 303
    assert lists.state(page) == "undone"
    assert "staff 100" not in origins(lists, name).values()


@pytest.mark.slow
def test_undoing_gives_back_what_was_chosen_and_whose_it_was(lists: Lists) -> None:
    browser = lists.signed_in()
    for name, deed in (("Défaite prise", "accepter"), ("Défaite gardée", "refuser")):
        number, page = in_dispute(lists, name)
        before, whose = record(lists, name), origins(lists, name)
        press(browser, page, name, deed)
        applied(lists, browser, page)
        assert origins(lists, name) != whose
        lists.undo(browser, page)
        assert lists.state(page) == "undone"
        assert record(lists, name) == before
        assert origins(lists, name) == whose
        again = sent(lists, browser, line(number, name, "01 97 00 00 02"), source=f"B {name}")
        assert outcomes(lists, again) == {"conflicting": 1}


@pytest.mark.slow
def test_undoing_gives_back_whose_an_open_state_was(lists: Lists) -> None:
    number, name, browser = finess(), "État gardé", lists.signed_in()
    head = f"{NUMBERED};État"
    run(
        lists.runtime, f"{head}\r\n{line(number, name)};ouvert".encode("cp1252"), source=f"A {name}"
    )
    first = sent(lists, browser, line(finess(), "Autre état"), source=f"B {name}")
    with write(lists.databases.staff) as session:
        file = session.get_one(SourceFile, lists.stored(first).file_id)
        session.get_one(Source, file.source_id).rank = 8
    whose = origins(lists, name)
    closed = f"{head}\r\n{line(number, name)};fermé".encode("cp1252")
    answer = lists.send(browser, closed, source=f"B {name}")
    lists.work()
    page = answer.headers["location"].partition("?")[0]
    assert outcomes(lists, page) == {"conflicting": 1}
    assert "rang 10, plus haut" in row_of(browser, page, name)
    assert "archivé" in row_of(browser, page, name)
    press(browser, page, name, "refuser")
    applied(lists, browser, page)
    assert record(lists, name).status == "published"
    assert origins(lists, name) != whose
    assert "Restent archivés" not in browser.get(f"{page}/defaire").text
    lists.undo(browser, page)
    assert lists.state(page) == "undone"
    assert record(lists, name).status == "published"
    assert origins(lists, name) == whose


@pytest.mark.slow
def test_a_record_that_somebody_corrects_meanwhile_is_read_anew(lists: Lists) -> None:
    _, page = in_dispute(lists, "Entre-temps")
    browser = lists.signed_in()
    press(browser, page, "Entre-temps", "accepter")
    actor = ids(lists.runtime)["Entre-temps"]
    assert correct(browser, actor, phones="01 97 00 00 09").is_redirect
    lists.apply(browser, page, verifie="true")
    lists.work()
    assert lists.state(page) == "ready"
    row = row_of(browser, page, "Entre-temps")
    assert "n’est plus ce qui avait été lu" in row
    assert "01 97 00 00 09" in row
    assert "Valeur de la" not in row
    assert record(lists, "Entre-temps").phones == ("+33197000009",)
