"""A list is deposited at the desk, read by the worker, and shown before anything is written."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.jobs import depositing
from app.lists.planning import plan
from app.models import Actor, AuditEntry, Deposit, Role, SourceFile
from app.platform.database.sessions import read
from tests.desk.bureau import TERRITORIES
from tests.desk.imports.conftest import HERE, Lists, count
from tests.desk.imports.reviewing import press
from tests.short_lists import APART, ASE, CRIP, NEIGHBOUR, SHELTER, csv, run

OTHER = "Liste d’ailleurs"
LILLE = "Foyer de Lille;MECS;3 rue Autre;59000;Lille;01 99 00 00 20;"
ALLOWED = (Role.CURATEUR, Role.REFERENT_DEPARTEMENT)


@pytest.mark.parametrize("role", Role)
def test_who_sends_lists_sees_the_page_and_sends_one(lists: Lists, role: Role) -> None:
    browser = lists.signed_in(role)
    allowed = role in ALLOWED
    assert browser.get(HERE).status_code == (200 if allowed else 403)
    answer = lists.send(browser, (CRIP,), source=f"De {role}")
    assert answer.status_code == (303 if allowed else 403)


def test_who_is_not_signed_in_sends_nothing_however_large(lists: Lists) -> None:
    before = count(lists, SourceFile)
    answer = lists.send(lists.browser(), b"x" * 19_000_000)
    assert answer.status_code == 401
    assert "Session terminée" in answer.text
    assert count(lists, SourceFile) == before


@pytest.mark.slow
def test_a_list_is_read_and_nothing_is_written_to_actors(lists: Lists) -> None:
    browser, before = lists.signed_in(), count(lists, Actor)
    answer = lists.send(browser, (CRIP, ASE, SHELTER, NEIGHBOUR), source="Lue")
    page = answer.headers["location"]
    assert "Ouverture du fichier" in browser.get(page).text
    assert "<progress" in browser.get(page).text
    lists.work()
    assert (lists.state(page), count(lists, Actor)) == ("ready", before)
    text = browser.get(page).text
    assert "Ce que cette liste changerait" in text
    assert ", Seine-Saint-Denis, liste complète" in text
    assert f'<a href="{page}/relire?resultat=created"><strong>4</strong> nouveaux</a>' in text
    assert "<strong>2</strong> masqués" in text
    assert "Foyer fictif" in text
    assert "ligne 4" in text
    assert ">Téléphone</th><td>téléphone</td>" in text
    assert 'value="Lue"' in browser.get(HERE).text
    assert "À appliquer" in browser.get(HERE).text


def test_what_is_wrong_is_said_with_its_line_and_values_of_hidden_lines_are_masked(
    lists: Lists,
) -> None:
    browser = lists.signed_in()
    odd = "Service ouvert;Association;1 rue A;93000;Bobigny;12;"
    hidden = "Foyer à revoir;MECS;1 rue B;93000;Bobigny;99;"
    page = lists.sent(browser, odd, hidden, ";ASE;1 rue C;93000;Bobigny;;", source="À revoir")
    problems = {each["line"]: each for each in lists.content(page)["problems"]}
    assert (problems[2]["value"], problems[2]["masked"]) == ("12", False)
    assert (problems[3]["value"], problems[3]["masked"]) == ("", True)
    assert problems[4]["fatal"]
    text = browser.get(page).text
    assert "Lignes refusées" in text
    assert "masquée" in text


@pytest.mark.slow
def test_who_is_masked_is_counted_as_they_are_named_and_who_was_public_is_looked_at_first(
    lists: Lists,
) -> None:
    browser, source = lists.signed_in(), "Masqués comptés"
    known, new = (f"Foyer {n} compté;MECS;{n} rue Comptée;93000;Bobigny;;" for n in range(2))
    open_one = "Bureau compté;Association;12 rue Comptée;93000;Bobigny;;"
    lists.applied(browser, known, open_one, source=source)
    page = lists.sent(browser, known, new, open_one, CRIP, source=source)
    text = browser.get(page).text
    assert "<strong>2</strong> masqués" in text
    masked = text.partition('id="masques"')[2].partition("</section>")[0]
    assert masked.count("<li>") == 1
    assert "Un masqué de cette liste l’était déjà" in masked
    accept = re.compile(r'<button class="(button[^"]*)" type="submit" name="reste"')
    # Who is new is hidden by being accepted, and waits for a person afterwards.
    said = accept.search(text)
    assert said
    assert said[1] == "button"
    hidden = open_one.replace("Association", "MECS")
    page = lists.sent(browser, known, new, hidden, CRIP, source=source)
    said = accept.search(browser.get(page).text)
    assert said
    assert said[1] == "button button--quiet"
    press(browser, page, "Bureau compté", "accepter")
    said = accept.search(browser.get(page).text)
    assert said
    assert said[1] == "button"


@pytest.mark.parametrize(
    "given", [{"source": ""}, {"source": "x" * 121}, {"territoire": "99"}, {"source": "a\x00b"}]
)
def test_what_is_missing_is_said_and_what_was_given_stays(
    lists: Lists, given: dict[str, str]
) -> None:
    before = count(lists, SourceFile)
    answer = lists.send(lists.signed_in(), (CRIP,), **({"portee": "partielle"} | given))
    assert answer.status_code == 422
    assert "Dépôt à compléter" in answer.text
    assert 'value="partielle" checked' in answer.text
    assert count(lists, SourceFile) == before


def test_a_name_that_was_copied_from_a_text_is_a_name(lists: Lists) -> None:
    browser = lists.signed_in()
    answer = lists.send(browser, (CRIP,), source="Copiée\u00a0: Nord\u202f2")
    assert answer.status_code == 303, answer.text
    assert "<h1>Copiée : Nord 2</h1>" in browser.get(answer.headers["location"]).text


@pytest.mark.slow
def test_a_referent_sends_lists_of_their_territories_alone(lists: Lists) -> None:
    browser = lists.signed_in(Role.REFERENT_DEPARTEMENT)
    assert TERRITORIES[Role.REFERENT_DEPARTEMENT] == ["93"]
    for code in ("59", ""):
        assert lists.send(browser, (CRIP,), territoire=code).status_code == 422
    curateur = lists.signed_in()
    theirs = lists.sent(curateur, CRIP, source="Du 93")
    elsewhere = lists.sent(curateur, LILLE, source=OTHER, territoire="59")
    national = lists.sent(curateur, LILLE, CRIP, source="Nationale", territoire="")
    assert browser.get(theirs).status_code == 200
    for hidden in (elsewhere, national):
        assert browser.get(hidden).status_code == 404
        assert browser.post(f"{hidden}/annuler").status_code == 404
        assert lists.apply(browser, hidden).status_code == 404
    assert OTHER not in browser.get(HERE).text
    assert "Du 93" in browser.get(HERE).text


@pytest.mark.slow
def test_of_lines_of_other_territories_a_referent_reads_nothing(lists: Lists) -> None:
    browser, curateur = lists.signed_in(Role.REFERENT_DEPARTEMENT), lists.signed_in()
    run(lists.runtime, csv(LILLE), source="déjà connue", territory="59")
    near = "Foyer proche;MECS;7 rue Z;93000;Bobigny;01 99 00 00 71;"
    page = lists.sent(browser, LILLE, near, source="Mêlée")
    text = browser.get(page).text
    assert "Foyer proche" in browser.get(f"{page}/relire").text
    assert "Foyer proche" not in text
    assert "Foyer de Lille" not in text
    assert "<strong>0</strong> modifié" in text
    assert "1</strong> nouveau" in text
    assert "1 ligne lue" in text
    assert "autre territoire" not in text
    assert "2 lignes lues" in curateur.get(page).text


@pytest.mark.slow
def test_a_referent_learns_of_no_neighbour_elsewhere(lists: Lists) -> None:
    phone = "01 99 00 00 77"
    run(lists.runtime, csv(f"Voisin du 59;Association;9 rue Y;59000;Lille;{phone};"),
        source="voisins", territory="59")  # fmt: skip
    browser, curateur = lists.signed_in(Role.REFERENT_DEPARTEMENT), lists.signed_in()
    page = lists.sent(
        browser, f"Foyer du bord;MECS;8 rue X;93000;Bobigny;{phone};", source="Au bord"
    )
    assert "voisin masqué" in curateur.get(page).text
    assert "1 acteur connu partage une adresse" in curateur.get(page).text
    assert "Voisin du 59" not in browser.get(page).text
    assert "voisin masqué" not in browser.get(page).text
    assert "acteur connu" not in browser.get(page).text


@pytest.mark.slow
def test_a_list_that_cannot_be_read_says_why_and_is_refused(lists: Lists) -> None:
    browser = lists.signed_in()
    answer = lists.send(browser, b"%PDF-1.4 rien", name="liste.pdf", source="Un PDF")
    lists.work()
    page = answer.headers["location"]
    assert (lists.state(page), lists.stored(page).error) == ("refused", "UnknownEnding")
    text = browser.get(page).text
    assert "n’est pas d’un format lu ici" in text
    assert "Aucun acteur n’a été changé" in text
    # Whoever mended it sends it again, under its name.
    for role in (Role.CURATEUR, Role.REFERENT_DEPARTEMENT):
        each = lists.signed_in(role)
        again = re.search(r'href="([^"]+)">Déposer la liste suivante<', each.get(page).text)
        assert again
        assert 'value="Un PDF"' in each.get(again[1]).text
    nameless = ";MECS;10 rue Secrète;93000;Bobigny;01 99 00 00 10;"
    page = lists.sent(browser, nameless, source="Sans nom")
    assert lists.state(page) == "refused"
    assert "Secrète" not in browser.get(page).text
    assert "Lignes refusées" in browser.get(page).text
    assert "Lignes refusées" in lists.signed_in(Role.REFERENT_DEPARTEMENT).get(page).text


def test_cancelling_stops_what_is_read(lists: Lists, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = lists.signed_in()
    page = lists.send(browser, (CRIP,), source="Arrêtée").headers["location"]
    note = depositing.Progress.__call__

    def cancel_first(progress: depositing.Progress, done: int, lines: int) -> None:
        browser.post(f"{page}/annuler")
        note(progress, done, lines)

    monkeypatch.setattr(depositing.Progress, "__call__", cancel_first)
    lists.work()
    assert lists.state(page) == "cancelled"
    assert lists.stored(page).counts is None
    assert "abandonnée" in browser.get(page).text
    assert browser.post(f"{page}/annuler").status_code == 409


def test_cancelling_while_it_is_planned_stays_cancelled(
    lists: Lists, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = lists.signed_in()
    page = lists.send(browser, (CRIP,), source="Comparée").headers["location"]

    def cancel_first(*given: Any) -> object:
        browser.post(f"{page}/annuler")
        return plan(*given)

    monkeypatch.setattr("app.jobs.depositing.plan", cancel_first)
    lists.work()
    assert lists.state(page) == "cancelled"


@pytest.mark.slow
def test_progress_is_written_while_a_list_is_read(
    lists: Lists, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = lists.signed_in()
    monkeypatch.setattr(depositing, "EACH", 0.0)
    lines = tuple(f"Service {n};ASE;{n} rue P;93000;Bobigny;;" for n in range(1_200))
    page = lists.send(browser, lines, source="Longue").headers["location"]
    seen: list[str] = []
    note = depositing.Progress.__call__

    def look(progress: depositing.Progress, done: int, lines: int) -> None:
        note(progress, done, lines)
        seen.append(browser.get(page).text)

    monkeypatch.setattr(depositing.Progress, "__call__", look)
    lists.work()
    assert "Lecture : 41 %" in seen[1]
    assert 'value="41" max="100"' in seen[1]


def test_an_error_of_ours_is_noted_by_its_class_alone(
    lists: Lists, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = lists.signed_in()
    page = lists.send(browser, (CRIP,), source="En panne").headers["location"]

    def fail(*_: object) -> None:
        raise ValueError("10 rue Cachée")

    with monkeypatch.context() as patch:
        patch.setattr("app.jobs.depositing.plan", fail)
        with pytest.raises(ValueError, match="Cachée"):
            lists.work()
    assert (lists.state(page), lists.stored(page).error) == ("checking", "ValueError")
    text = browser.get(page).text
    assert "ValueError" in text
    assert "Cachée" not in text
    depositing.check(lists.runtime, UUID(page.rpartition("/")[2]))
    assert (lists.state(page), lists.stored(page).error) == ("ready", None)


def test_who_may_know_a_list_reads_its_name_and_nobody_else(lists: Lists) -> None:
    lists.sent(lists.signed_in(), CRIP, source="Foyer Secret 59", territoire="59")
    with read(lists.databases.staff) as session:
        assert b"Foyer Secret" not in b"".join(
            each.content or b"" for each in session.scalars(select(Deposit))
        )
        journal = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "list_deposited")
        ).all()
    assert journal
    for each in journal:
        detail = lists.vault.open("audit_entry", each.id, "detail", each.detail)
        assert detail == b"{}"


def test_an_unknown_address_leads_nowhere(lists: Lists) -> None:
    browser = lists.signed_in()
    for path in (f"{HERE}/{uuid4()}", f"{HERE}/x"):
        assert browser.get(path).status_code in (404, 422)


def test_a_partial_list_counts_nobody_missing(lists: Lists) -> None:
    browser = lists.signed_in()
    run(lists.runtime, csv(CRIP, ASE, APART), source="Par parties")
    whole = lists.sent(browser, CRIP, source="Par parties")
    part = lists.sent(browser, CRIP, "", source="Par parties", portee="partielle")
    assert (lists.stored(whole).counts or {})["missing"] == 2
    assert (lists.stored(part).counts or {})["missing"] == 0
    assert "La liste est partielle" in browser.get(part).text


@pytest.mark.slow
def test_a_list_that_waits_stands_before_those_that_came_since(lists: Lists) -> None:
    browser = lists.signed_in()
    waits = lists.sent(browser, CRIP, source="Attend d’être appliquée")
    lists.applied(browser, ASE, source="Appliquée depuis")
    rows = re.findall(rf'<a href="({HERE}/[0-9a-f-]{{36}})">([^<]+)', browser.get(HERE).text)
    names = [name for _, name in rows]
    assert (waits, "Attend d’être appliquée") in rows
    assert names.index("Attend d’être appliquée") < names.index("Appliquée depuis")
