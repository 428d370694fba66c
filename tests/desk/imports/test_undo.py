"""An applied list is undone: what it changed is as it was, and nothing is published by that."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from app.audit.verifying import verify
from app.models import (
    Actor,
    ActorProtected,
    AuditEntry,
    FormerTie,
    Proposal,
    Revision,
    Role,
    SourceFile,
    SourceRecord,
    SourceRow,
)
from app.models import Provenance as StoredProvenance
from app.platform.database.sessions import read, write
from app.records import acts
from app.records.edits import correct
from app.records.past import steps
from app.records.record import Origin
from app.records.sealed import open_provenance, open_record
from app.records.viewing import see
from app.visibility import OPERATOR
from geo.zones import paris_day
from tests.desk.imports.conftest import Lists, count
from tests.makers import decide
from tests.short_lists import csv, ids, run

pytestmark = pytest.mark.slow

WHY = {"who": "essai", "why": "essai"}


def line(name: str, number: int = 1, phone: str = "", category: str = "ASE") -> str:
    return f"{name};{category};{number} rue {name};93300;Aubervilliers;{phone};"


def stored(lists: Lists) -> dict[UUID, tuple[Any, Any, Any]]:
    """What every actor is: its record, where its fields come from, and its level."""
    statement = select(ActorProtected, StoredProvenance.fields).join(
        StoredProvenance, StoredProvenance.actor_id == ActorProtected.actor_id
    )
    with read(lists.databases.staff) as session:
        return {
            each.actor_id: (
                open_record(lists.vault, each.actor_id, each.record).model_dump(),
                open_provenance(lists.vault, each.actor_id, fields),
                each.level,
            )
            for each, fields in session.execute(statement)
        }


def ties(lists: Lists) -> set[tuple[Any, ...]]:
    with read(lists.databases.staff) as session:
        columns = SourceRecord.__table__.columns
        return {tuple(row) for row in session.execute(select(*columns))}


def public(lists: Lists) -> dict[str, Any]:
    """What a visitor reads of every actor, by its address."""
    with lists.databases.public.connect() as connection:
        rows = connection.execute(text("SELECT * FROM actor WHERE status = 'published'"))
        return {row.public_id: row for row in rows}


@pytest.fixture
def source(request: pytest.FixtureRequest) -> str:
    """A source of one test alone."""
    return f"Source {request.node.name}"


def test_undoing_right_after_is_as_if_it_had_not_been(lists: Lists, source: str) -> None:
    browser = lists.signed_in()
    first = (line("Avant", 1, "01 99 00 11 01"), line("Parti", 2), line("Stable", 3))
    lists.applied(browser, *first, source=source)
    before, tied = stored(lists), ties(lists)
    page = lists.applied(
        browser,
        line("Avant", 1, "01 99 00 11 02"),
        line("Stable", 3),
        line("Neuf", 4),
        source=source,
    )
    assert stored(lists) != before
    shown = browser.get(f"{page}/defaire").text
    assert "<strong>1</strong> acteur rétabli" in shown
    assert "<strong>1</strong> créé par la liste, archivé" in shown
    assert lists.undo(browser, page).headers["location"] == page
    assert lists.state(page) == "undone"
    after = stored(lists)
    assert {actor: after[actor] for actor in before} == before
    assert ties(lists) == tied
    (created,) = after.keys() - before.keys()
    assert after[created][0]["status"] == "archived"
    shown = browser.get(page).text
    assert "Ce que l’annulation a fait" in shown
    assert "puis annulée le" in shown
    assert count(lists, FormerTie) > 0


def test_the_same_file_again_makes_the_same_plan(lists: Lists, source: str) -> None:
    browser = lists.signed_in()
    lists.applied(browser, line("Replan", 1, "01 99 00 12 01"), line("Replan B", 2), source=source)
    changed = (line("Replan", 1, "01 99 00 12 02"), line("Replan C", 3))
    page = lists.applied(browser, *changed, source=source)
    counted = lists.stored(page).counts
    lists.undo(browser, page)
    again = lists.sent(browser, *changed, source=source)
    assert again != page
    assert lists.stored(again).counts == counted
    lists.apply(browser, again, verifie="true")
    lists.work()
    assert lists.actors()["Replan C"] == "published"
    # One was archived by the first import's undoing, one is of today.
    with read(lists.databases.staff) as session:
        named = session.scalars(select(Actor.status).where(Actor.name == "Replan C")).all()
    assert sorted(named) == ["archived", "published"]


def test_who_was_edited_since_is_left_and_named(lists: Lists, source: str) -> None:
    browser = lists.signed_in()
    names = ("Corrigée depuis", "Autre liste")
    lists.applied(browser, *(line(name, phone="01 99 00 13 01") for name in names), source=source)
    page = lists.applied(
        browser,
        *(line(name, phone="01 99 00 13 02") for name in (*names, "Neuve corrigée")),
        source=source,
    )
    by_name = ids(lists.runtime)
    for name in ("Corrigée depuis", "Neuve corrigée"):
        decide(lists.runtime, acts.protect, by_name[name], secret=False, **WHY)
    run(lists.runtime, csv(line("Autre liste", 1) + "autre@example.org"), source=f"{source} bis")
    before = stored(lists)
    foreseen = browser.get(f"{page}/defaire").text
    lists.undo(browser, page)
    shown = browser.get(page).text
    for said in (foreseen, shown):
        assert "<strong>3</strong> modifiés ou nommés depuis, laissés" in said
        for name in (*names, "Neuve corrigée"):
            assert f">{name}</a>" in said
    assert stored(lists) == before


def test_what_a_list_hid_stays_hidden_and_is_said(lists: Lists, source: str) -> None:
    browser = lists.signed_in()
    plain = line("Montré avant", 1, "01 99 00 14 01")
    lists.applied(browser, plain, source=source)
    shown_before = public(lists)
    page = lists.applied(browser, line("Montré avant", 1, "01 99 00 14 01", "MECS"), source=source)
    assert "Montré avant" not in ids(lists.runtime)
    foreseen = browser.get(f"{page}/defaire").text
    assert "Restent masqués" in foreseen
    lists.undo(browser, page)
    assert "Montré avant" not in ids(lists.runtime)
    assert "Restent masqués" in browser.get(page).text
    assert (
        not public(lists).keys()
        - shown_before.keys()
        - {each.public_id for each in public(lists).values() if each.protected}
    )


def test_who_was_archived_by_a_list_stays_so_and_is_named(lists: Lists, source: str) -> None:
    browser = lists.signed_in()
    lists.applied(browser, line("Reste", 1), line("Fermé par elle", 2), source=source)
    page = lists.sent(browser, line("Reste", 1), source=source)
    assert "Ils restent publiés" in browser.get(page).text
    lists.answer(browser, page, "accepter.tous", query="?resultat=missing")
    assert "Aucune ligne à décider" in browser.get(f"{page}/relire").text
    lists.apply(browser, page, verifie="true")
    lists.work()
    assert lists.actors()["Fermé par elle"] == "archived"
    assert "Ils restent publiés" not in browser.get(page).text
    assert "Restent archivés" in browser.get(f"{page}/defaire").text
    lists.undo(browser, page)
    assert lists.actors()["Fermé par elle"] == "archived"
    assert ">Fermé par elle</a>" in browser.get(page).text


def test_who_was_archived_by_an_undone_list_is_reopened_if_nobody_wrote_since(
    lists: Lists, source: str
) -> None:
    browser = lists.signed_in()
    names = ("Rouvert", "Repris", "Caché depuis")
    some = [line(name, number) for number, name in enumerate(names, start=2)]
    lists.applied(browser, line("Là", 1), *some, source=source)
    page = lists.sent(browser, line("Là", 1), source=source)
    lists.answer(browser, page, "accepter.tous", query="?resultat=missing")
    lists.apply(browser, page, verifie="true")
    lists.work()
    assert browser.post(f"{page}/rouvrir").status_code == 409
    lists.undo(browser, page)
    assert "Rouvrir ces 3 acteurs" in browser.get(page).text
    with write(lists.databases.staff) as session:
        seen = {each.record.name: each.public_id for each in see(session, lists.vault, OPERATOR)}
        acts.protect(
            session, lists.vault, seen["Caché depuis"], secret=False, who="essai", why="essai"
        )
        writer, edit = acts.find(session, lists.vault, seen["Repris"])
        by = Origin(source="staff", day=paris_day(), rank=acts.RANK_OF_STAFF)
        correct(edit, {"description": "Corrigé depuis"}, by)
        acts.write(session, lists.vault, writer, edit, "update", "essai")
    assert lists.signed_in(Role.REFERENT_DEPARTEMENT).post(f"{page}/rouvrir").status_code == 403
    answer = browser.post(f"{page}/rouvrir")
    assert answer.status_code == 303
    assert [lists.actors()[name] for name in names] == ["published", "archived", "archived"]
    text = browser.get(answer.headers["location"]).text
    assert "est rouvert" in text
    assert "Rouvrir ces 2 acteurs" in text
    assert ">Rouvert</a>" not in text.partition('id="fermes"')[2].partition("</section>")[0]


def test_two_lists_are_undone_the_last_one_first(lists: Lists, source: str) -> None:
    browser = lists.signed_in()
    lists.applied(browser, line("Pile", 1, "01 99 00 15 01"), source=source)
    states = [(stored(lists), ties(lists))]
    pages = []
    for number in (2, 3):
        pages.append(
            lists.applied(browser, line("Pile", 1, f"01 99 00 15 0{number}"), source=source)
        )
        states.append((stored(lists), ties(lists)))
    assert "plus récente" in browser.get(f"{pages[0]}/defaire").text
    answer = lists.undo(browser, pages[0])
    assert answer.status_code == 409
    assert lists.state(pages[0]) == "applied"
    assert (stored(lists), ties(lists)) == states[2]
    lists.undo(browser, pages[1])
    assert (stored(lists), ties(lists)) == states[1]
    lists.undo(browser, pages[0])
    assert (stored(lists), ties(lists)) == states[0]


def test_it_is_undone_once(lists: Lists, source: str) -> None:
    browser = lists.signed_in()
    page = lists.applied(browser, line("Une fois"), source=source)
    seen = lists.stored(page).at.isoformat()
    assert lists.undo(browser, page).status_code == 303
    before = count(lists, Revision)
    answer = browser.post(f"{page}/defaire", data={"vu": seen})
    assert answer.status_code == 409
    assert "déjà été annulée" in answer.text
    assert browser.get(f"{page}/defaire").status_code == 303
    lists.work()
    assert count(lists, Revision) == before


def test_a_newer_list_that_is_applied_meanwhile_is_not_lost(lists: Lists, source: str) -> None:
    browser = lists.signed_in()
    page = lists.applied(browser, line("Doublée", 1, "01 99 00 16 01"), source=source)
    seen = lists.stored(page).at.isoformat()
    assert browser.post(f"{page}/defaire", data={"vu": seen}).status_code == 303
    assert "Annulation en cours" in browser.get(page).text
    run(lists.runtime, csv(line("Doublée", 1, "01 99 00 16 02")), source=source)
    before = stored(lists)
    lists.work()
    assert lists.state(page) == "applied"
    assert "plus récente" in browser.get(page).text
    assert stored(lists) == before


def test_no_line_and_no_revision_is_lost_and_history_says_why(lists: Lists, source: str) -> None:
    browser = lists.signed_in()
    page = lists.applied(browser, line("Racontée", 1), source=source)
    revisions, rows = count(lists, Revision), count(lists, SourceRow)
    lists.undo(browser, page)
    assert count(lists, SourceRow) == rows
    assert count(lists, Revision) == revisions + 1
    with read(lists.databases.staff) as session:
        actor = session.scalars(select(Actor.id).where(Actor.name == "Racontée")).one()
        (last, _) = steps(session, lists.vault, OPERATOR, actor, masked=False)
        entries = session.scalars(
            select(AuditEntry.action)
            .where(AuditEntry.subject == page.rpartition("/")[2])
            .order_by(AuditEntry.number)
        ).all()
    assert last.label == "Import d’une liste annulé"
    assert last.why.startswith("annulation de l’import du ")
    assert list(entries) == ["list_deposited", "list_applied", "list_undone"]
    assert verify(lists.databases.staff, lists.vault).faults == []


def test_two_lines_of_one_actor_are_both_taken_back(lists: Lists, source: str) -> None:
    browser = lists.signed_in()
    said = "Deux fois;ASE;8 rue Double;93300;Aubervilliers;01 99 00 17 01;"
    lists.applied(browser, said, source=source)
    before = stored(lists)
    twice = (said.replace("17 01", "17 02"), said.replace("17 01", "17 03"))
    page = lists.applied(browser, *twice, source=source)
    lists.undo(browser, page)
    after = stored(lists)
    assert {actor: after[actor] for actor in before} == before


def test_an_accord_that_a_list_proposed_is_withdrawn(lists: Lists, source: str) -> None:
    browser = lists.signed_in()
    header = "Nom;Catégorie;Adresse;Code postal;Commune;Accord de publication"
    row = "Foyer d’accord;MECS;4 rue Accord;93300;Aubervilliers;oui"
    answer = lists.send(browser, f"{header}\r\n{row}".encode(), source=source)
    page = answer.headers["location"]
    lists.work()
    lists.apply(browser, page)
    lists.work()
    asked = count(lists, Proposal)
    lists.undo(browser, page)
    assert count(lists, Proposal) == asked - 1


def test_only_a_curateur_undoes(lists: Lists, source: str) -> None:
    curateur, referent = lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)
    page = lists.applied(curateur, line("Gardée"), source=source)
    assert "Annuler cet import" not in referent.get(page).text
    assert referent.get(f"{page}/defaire").status_code == 403
    seen = {"vu": lists.stored(page).at.isoformat()}
    assert referent.post(f"{page}/defaire", data=seen).status_code == 403
    lists.undo(curateur, page)
    shown = referent.get(page).text
    assert "puis annulée le" in shown
    assert "Ce que l’annulation a fait" not in shown


def test_one_of_which_nothing_is_stored_is_not_undone(lists: Lists, source: str) -> None:
    browser = lists.signed_in()
    page = lists.applied(browser, line("Ancienne"), source=source)
    with write(lists.databases.staff) as session:
        session.get_one(SourceFile, lists.stored(page).file_id).imported_at = None
    assert "n’est pas conservé" in browser.get(f"{page}/defaire").text
    assert lists.undo(browser, page).status_code == 410
