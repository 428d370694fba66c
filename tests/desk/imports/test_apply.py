"""A curateur applies a list as they read it, once; what looks like another list is asked about."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text

from app.audit.verifying import verify
from app.geocoding.batch import geocode
from app.lists.applying import write_planned
from app.models import AuditEntry, DepositLine, Revision, Role, SourceFile, SourceRow
from app.platform.database.sessions import read, write
from app.records import acts
from geo.zones import paris_day
from tests.desk.imports.conftest import EVERYTHING, Lists, count, form_of
from tests.geocoding.geocoder_peer import geocoder_peer
from tests.makers import decide
from tests.short_lists import APART, ASE, CRIP, NEIGHBOUR, SHELTER, csv, ids, run

LINES = tuple(f"Service {n};ASE;{n} rue P;93000;Bobigny;01 99 00 01 {n:02};" for n in range(10))


def named(prefix: str, count: int = 10) -> list[str]:
    """Lines of actors of which no other test has one."""
    return [f"{prefix} {n};ASE;{n + 1} rue {prefix};93300;Aubervilliers;;" for n in range(count)]


def jobs(lists: Lists) -> list[str]:
    statement = text("SELECT task_name FROM jobs.procrastinate_jobs ORDER BY id")
    with read(lists.databases.staff) as session:
        return list(session.scalars(statement))


@pytest.mark.slow
def test_a_list_is_applied_as_it_was_read_and_noted(lists: Lists) -> None:
    browser = lists.signed_in()
    page = lists.sent(browser, CRIP, SHELTER, source="Appliquée")
    answer = lists.apply(browser, page)
    assert answer.headers["location"] == page
    assert lists.state(page) == "applying"
    assert "Application en cours" in browser.get(page).text
    lists.work()
    assert lists.state(page) == "applied"
    assert {"CRIP d'exemple", "Foyer fictif"} <= lists.actors().keys()
    page_text = browser.get(page).text
    assert "Ce que cette liste a changé" in page_text
    assert "Qui a été masqué" in page_text
    assert {"purge", "geocode"} <= set(jobs(lists))
    with read(lists.databases.staff) as session:
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.subject == page.rpartition("/")[2])
        ).all()
        actions = [each.action for each in sorted(entries, key=lambda each: each.number)]
        assert actions == ["list_deposited", "list_applied"]
    assert verify(lists.databases.staff, lists.vault).faults == []


@pytest.mark.slow
def test_history_names_who_applied_a_list(lists: Lists) -> None:
    sender, person = lists.signed_in(Role.REFERENT_DEPARTEMENT), lists.enrolled()
    page = lists.sent(sender, *named("Signé", 1), source="Signée")
    lists.apply(lists.signed_in_as(person), page)
    lists.work()
    with read(lists.databases.staff) as session:
        assert str(person.id) in set(session.scalars(select(Revision.who)))
        sent = session.get_one(SourceFile, lists.stored(page).file_id)
        assert sent.who != str(person.id)


def test_a_list_that_waits_is_counted_for_who_applies_it(lists: Lists) -> None:
    referent = lists.signed_in(Role.REFERENT_DEPARTEMENT)
    page = lists.sent(referent, *named("Attendue", 1), source="Attendue")
    assert "Vous appliquez ce qui est à vous" in referent.get(page).text
    curateur = lists.signed_in()
    today = curateur.get("/gestion").text
    assert re.search(r"listes? (est|sont) à appliquer", today)
    assert re.search(r'href="/gestion/imports"[^>]*>Listes<span class="desk-rail__count">', today)
    assert re.search(r"listes? (est|sont) à appliquer", referent.get("/gestion").text)


@pytest.mark.slow
def test_what_changed_since_it_was_read_is_shown_and_not_applied(lists: Lists) -> None:
    browser = lists.signed_in()
    lines = named("Bougé", 2)
    page = lists.sent(browser, *lines, source="Bougée")
    run(lists.runtime, csv(lines[0]), source="une autre")
    lists.apply(browser, page)
    lists.work()
    assert lists.state(page) == "ready"
    text_now = browser.get(page).text
    assert "Rien n’a été appliqué" in text_now
    assert "<strong>1</strong> nouveau" in text_now
    lists.apply(browser, page)
    lists.work()
    assert lists.state(page) == "applied"
    assert "Rien n’a été appliqué" not in browser.get(page).text


@pytest.mark.slow
def test_a_point_that_is_found_since_it_was_read_changes_nothing_of_it(lists: Lists) -> None:
    browser = lists.signed_in()
    before = "Situé;ASE;33 rue Sûre;93000;Bobigny;;"
    run(lists.runtime, csv(before), source="Située")
    page = lists.sent(browser, before.replace(";;", ";01 99 00 06 33;"), source="Située")
    written = count(lists, Revision)
    with geocoder_peer("HTTP/1.0") as peer:
        settings = lists.settings.model_copy(update={"geocoder_url": peer.url})
        geocode(lists.databases.staff, lists.vault, settings, "essai")
    assert count(lists, Revision) > written
    lists.apply(browser, page, verifie="true")
    lists.work()
    assert lists.state(page) == "applied"


@pytest.mark.slow
def test_what_a_person_wrote_since_it_was_read_is_shown_though_the_counts_are_the_same(
    lists: Lists,
) -> None:
    browser = lists.signed_in()
    line = "Corrigé;ASE;1 rue Corrigée;93000;Bobigny;01 99 00 06 01;corrige@example.org"
    lists.applied(browser, line, source="Corrigée")
    page = lists.sent(browser, line.replace("06 01", "06 02"), source="Corrigée")
    before = lists.stored(page).counts
    public_id, why = ids(lists.runtime)["Corrigé"], {"who": "essai", "why": "essai"}
    decide(lists.runtime, acts.hide_contact, public_id, "corrige@example.org", **why)
    lists.apply(browser, page, verifie="true")
    lists.work()
    assert (lists.state(page), lists.stored(page).counts) == ("ready", before)
    assert "Rien n’a été appliqué" in browser.get(page).text
    lists.apply(browser, page, verifie="true")
    lists.work()
    assert lists.state(page) == "applied"


@pytest.mark.slow
def test_another_actor_than_was_read_is_not_written_though_the_counts_are_the_same(
    lists: Lists,
) -> None:
    browser = lists.signed_in()
    one, other = named("Échangé", 2)
    lists.applied(browser, one, other, source="Échangée")
    changed = one.replace(";;", ";01 99 00 06 03;")
    page = lists.sent(browser, changed, other, source="Échangée")
    # The same counts: now the other line is the one that changes.
    run(lists.runtime, csv(changed, other.replace(";;", ";01 99 00 06 04;")), source="Échangée")
    lists.apply(browser, page, verifie="true")
    lists.work()
    assert lists.state(page) == "ready"
    assert (lists.stored(page).counts or {})["updated"] == 1
    assert "Rien n’a été appliqué" in browser.get(page).text


def test_a_list_that_is_read_one_day_is_applied_the_next(
    lists: Lists, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = lists.signed_in()
    home = "Foyer de nuit;MECS;19 rue Nuit;93000;Bobigny;01 99 00 06 05;"
    beside = "Bureau de nuit;Association;19 rue Nuit;93000;Bobigny;;"
    run(lists.runtime, csv(beside), source="de jour")
    page = lists.sent(browser, home, beside, *named("Nuit", 3), source="De nuit")
    day = paris_day() + timedelta(days=1)
    for module in ("app.lists.planning", "app.records.lines", "app.records.writing"):
        monkeypatch.setattr(f"{module}.paris_day", lambda: day)
    lists.apply(browser, page)
    lists.work()
    assert lists.state(page) == "applied"


@pytest.mark.slow
def test_counts_add_up_to_the_lines_of_the_file(lists: Lists) -> None:
    browser, lines = lists.signed_in(), named("Somme", 5)
    known = "Antenne Somme;Association;6 rue Totale;93000;Bobigny;01 98 00 66 00;"
    lists.applied(browser, *lines, known, source="Somme")
    other = "Somme dite;ASE;88 rue Somme;93300;Aubervilliers;01 99 00 06 {};"
    run(lists.runtime, csv(other.format("07")), source="une autre somme")
    changed = lines[0].replace(";;", ";01 99 00 06 06;")
    renamed = known.replace("Antenne Somme", "Permanence Somme").replace("6 rue", "6, R.")
    new, nameless = "Somme neuve;ASE;77 rue Somme;93300;Aubervilliers;;", ";ASE;1 rue A;93000;;;"
    sent = (changed, *lines[1:3], new, renamed, other.format("08"), nameless, ";;;;;;")
    page = lists.sent(browser, *sent, source="Somme")
    each = lists.stored(page)
    found = each.counts or {}
    what = ("created", "updated", "unchanged", "conflicting", "rejected", "ignored")
    # The doubtful one is new, as long as nobody says that it is no other.
    assert [found[name] for name in what] == [2, 1, 2, 1, 1, 1]
    assert found["doubtful"] == 1
    assert sum(found[name] for name in what) == each.lines == len(sent)
    # No line is one that is missing: two that the list names no more, and the renamed one.
    assert found["missing"] == 3
    with read(lists.databases.staff) as session:
        rows = session.execute(
            select(DepositLine.outcome, func.count())
            .where(DepositLine.file_id == each.file_id)
            .group_by(DepositLine.outcome)
        )
        stands = {outcome: number for outcome, number in rows if outcome != "ignored"}
    assert stands == {
        **{"created": 1, "doubtful": 1, "updated": 1, "conflicting": 1, "rejected": 1},
        "missing": 3,
    }
    of_lines = sum(number for outcome, number in stands.items() if outcome != "missing")
    assert of_lines + found["unchanged"] + found["ignored"] == each.lines


def test_who_read_an_older_plan_applies_nothing(lists: Lists) -> None:
    browser = lists.signed_in()
    page = lists.sent(browser, *named("Ancien", 1), source="Ancienne")
    for seen in ("2026-01-01T00:00:00+00:00", "hier", "2026-01-01T00:00:00"):
        answer = browser.post(f"{page}/appliquer", data={"vu": seen} | EVERYTHING)
        assert answer.status_code in (409, 422)
    assert lists.state(page) == "ready"


def test_two_that_apply_at_once_apply_once(lists: Lists) -> None:
    one, other = lists.signed_in(), lists.signed_in()
    page = lists.sent(one, *named("Double", 1), source="Double")
    given = form_of(one, page) | EVERYTHING
    assert one.post(f"{page}/appliquer", data=given).status_code == 303
    assert other.post(f"{page}/appliquer", data=given).status_code == 409
    lists.work()
    with read(lists.databases.staff) as session:
        rows = select(func.count()).where(SourceRow.source_file_id == lists.stored(page).file_id)
        assert session.scalars(rows).one() == 1


@pytest.mark.slow
def test_of_two_versions_that_wait_the_second_is_read_anew(lists: Lists) -> None:
    browser, lines = lists.signed_in(), named("Version", 3)
    first = lists.sent(browser, *lines, source="Versions")
    second = lists.sent(browser, *lines[:2], source="Versions")
    for page in (first, second):
        lists.apply(browser, page)
    lists.work()
    assert (lists.state(first), lists.state(second)) == ("applied", "ready")
    assert (lists.stored(second).counts or {})["missing"] == 1
    lists.apply(browser, second, verifie="true")
    lists.work()
    assert lists.state(second) == "applied"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("there", "changed", "asked"),
    [(10, 0, False), (8, 0, False), (7, 0, True), (10, 3, False), (10, 4, True)],
)
def test_what_looks_like_another_list_asks_for_a_look(
    lists: Lists, there: int, changed: int, asked: bool
) -> None:
    browser, source = lists.signed_in(), f"Parts {there} {changed}"
    lines = named(source)
    lists.applied(browser, *lines, source=source)
    sent = [
        line.replace(";;", ";01 99 00 02 02;") if number < changed else line
        for number, line in enumerate(lines[:there])
    ]
    page = lists.sent(browser, *sent, "", source=source)
    said = f"J’ai vérifié : c’est bien la liste de {source}"
    assert (said in browser.get(page).text) is asked
    answer = lists.apply(browser, page)
    assert answer.status_code == (422 if asked else 303)
    if asked:
        assert "Liste à vérifier" in answer.text
        assert lists.state(page) == "ready"
        assert lists.apply(browser, page, verifie="true").status_code == 303


def test_a_first_list_asks_for_no_look(lists: Lists) -> None:
    page = lists.sent(lists.signed_in(), *named("Première"), source="Première")
    assert "J’ai vérifié" not in lists.signed_in().get(page).text


def test_one_that_is_to_be_applied_is_held_back(lists: Lists) -> None:
    browser = lists.signed_in()
    page = lists.sent(browser, *named("Retenue", 1), source="Retenue")
    lists.apply(browser, page)
    assert "Ne pas appliquer" in browser.get(page).text
    browser.post(f"{page}/annuler")
    lists.work()
    assert lists.state(page) == "ready"
    assert "Retenue 0" not in lists.actors()


def test_one_that_is_held_back_while_it_is_written_is_not_written(
    lists: Lists, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = lists.signed_in()
    page = lists.sent(browser, *named("Rattrapée", 1), source="Rattrapée")
    lists.apply(browser, page)

    def hold_back(*given: Any) -> None:
        write_planned(*given)
        browser.post(f"{page}/annuler")

    monkeypatch.setattr("app.jobs.depositing.write_planned", hold_back)
    lists.work()
    assert lists.state(page) == "ready"
    assert "Rattrapée 0" not in lists.actors()


@pytest.mark.slow
def test_the_version_before_is_taken_again_once_a_newer_one_was_applied(lists: Lists) -> None:
    browser, lines = lists.signed_in(), named("Retour", 3)
    first = lists.applied(browser, *lines, source="Retour")
    assert lists.send(browser, tuple(lines), source="Retour").headers["location"].startswith(first)
    lists.applied(browser, *lines[:2], source="Retour")
    again = lists.send(browser, tuple(lines), source="Retour").headers["location"]
    assert not again.startswith(first)


def test_bytes_that_are_stored_no_more_are_not_applied(lists: Lists) -> None:
    browser = lists.signed_in()
    page = lists.sent(browser, *named("Vidée", 1), source="Vidée")
    with write(lists.databases.staff) as session:
        session.get_one(SourceFile, lists.stored(page).file_id).content = None
    lists.apply(browser, page)
    lists.work()
    assert lists.state(page) == "refused"
    assert "n’est plus conservé" in browser.get(page).text


def test_a_neighbour_that_a_list_hides_is_counted_and_not_named_beside_the_home(
    lists: Lists,
) -> None:
    browser = lists.signed_in()
    run(lists.runtime, csv(APART, NEIGHBOUR, ASE), source="avant")
    home = "Foyer nouveau;MECS;10 rue Cachée;93000;Bobigny;01 99 00 00 13;"
    page = lists.sent(browser, home, source="Voisine")
    shown = browser.get(page).text
    assert "Foyer nouveau" in shown
    assert "Association voisine" not in shown
    assert "Association voisine" not in json.dumps(lists.content(page))
    hidden = (lists.stored(page).counts or {})["hidden_beside"]
    assert ("acteur connu partage" in shown) is bool(hidden)
