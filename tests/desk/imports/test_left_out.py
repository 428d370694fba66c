"""Lines of a list that wait: nobody is shown or closed because of one that is left out."""

import pytest
from sqlalchemy import select, update

from app.models import Actor, ActorProtected, Source, SourceRecord
from app.platform.database.sessions import read, write
from app.records import acts
from tests.desk.imports.conftest import Lists
from tests.desk.imports.reviewing import named, press, row_of
from tests.makers import decide
from tests.short_lists import csv, ids, run

pytestmark = pytest.mark.slow

HOME, BESIDE = "Foyer des Lilas", "Service du seuil"


def at(street: str, name: str, category: str, number: int) -> str:
    return f"{name};{category};{street};93300;Aubervilliers;01 97 00 00 {number:02};"


def levels(lists: Lists) -> dict[str, str | None]:
    """How much of each actor is hidden, by its public name."""
    with read(lists.databases.staff) as session:
        columns = select(Actor.name, ActorProtected.level)
        asked = columns.join(ActorProtected, ActorProtected.actor_id == Actor.id)
        return dict(session.execute(asked.where(Actor.status == "published")).all())


def test_who_stands_beside_a_home_that_waits_waits_as_well(lists: Lists) -> None:
    browser, street = lists.signed_in(), "4 rue du Seuil"
    some = (at(street, HOME, "MECS", 1), at(street, BESIDE, "Association", 2))
    page = lists.sent(browser, *some, *named("Autre", 2), source="Seuil")
    press(browser, page, BESIDE, "accepter")
    press(browser, page, "Autre 0", "accepter")
    lists.apply(browser, page, reste="")
    lists.work()
    assert lists.state(page) == "applied"
    assert BESIDE not in levels(lists)
    assert "Autre 0" in levels(lists)
    again = lists.sent(browser, *some, *named("Autre", 2), source="Seuil")
    lists.apply(browser, again, verifie="true")
    lists.work()
    assert levels(lists)[BESIDE] == "held"


def test_several_doubts_and_homes_are_applied_as_they_were_read(lists: Lists) -> None:
    browser, street = lists.signed_in(), "6 rue des Doutes"
    known = [at(f"{n} rue Double", f"Relais {n} Nord", "Association", 10 + n) for n in range(4)]
    run(lists.runtime, csv(*known), source="Connus")
    close = [each.replace(" Nord", " du Nord") for each in known]
    homes = [at(street, f"Foyer Jumeau {n}", "MECS", 20 + n) for n in range(3)]
    beside = at(street, "Permanence", "Association", 30)
    page = lists.sent(browser, *close, *homes, beside, source="Doutes")
    assert (lists.stored(page).counts or {})["doubtful"] == 4
    lists.apply(browser, page)
    lists.work()
    assert lists.state(page) == "applied"


def test_whom_a_register_named_is_closed_by_no_list_unless_somebody_says_so(lists: Lists) -> None:
    browser, some = lists.signed_in(), named("Inscrit", 6)
    run(lists.runtime, csv(*some), source="Registre")
    lists.applied(browser, *some, source="Inscrits")
    run(lists.runtime, csv(*some[1:]), source="Registre")
    ended = (
        select(SourceRecord.source_id)
        .join(Actor, Actor.id == SourceRecord.actor_id)
        .where(Actor.name == "Inscrit 0", SourceRecord.missing_since.is_not(None))
    )
    with write(lists.databases.staff) as session:
        session.execute(update(Source).where(Source.id.in_(ended)).values(register="finess"))
    page = lists.sent(browser, *some[1:], source="Inscrits")
    lists.apply(browser, page, verifie="true")
    lists.work()
    assert lists.state(page) == "applied"
    assert "Inscrit 0" in levels(lists)


def test_who_changed_since_they_were_to_be_archived_is_asked_about_again(lists: Lists) -> None:
    browser, some = lists.signed_in(), named("Quitté", 6)
    lists.applied(browser, *some, source="Quittée")
    page = lists.sent(browser, *some[1:], source="Quittée")
    press(browser, page, "Quitté 0", "accepter")
    known = ids(lists.runtime)["Quitté 0"]
    decide(lists.runtime, acts.classify, known, "crip", who="essai", why="essai")
    lists.apply(browser, page, verifie="true", reste="")
    lists.work()
    assert lists.state(page) == "ready"
    assert "n’est plus ce qui" in row_of(browser, page, "Quitté 0")
