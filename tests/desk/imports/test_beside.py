"""Whom a list hides beside its homes: by name to a curateur who opens them, and to nobody else."""

import json
import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import select

from app.models import AuditEntry, Deposit, Role
from app.platform.database.sessions import read, write
from app.records import acts
from app.records.opening import OPEN_FOR
from tests.desk.bureau import Browser
from tests.desk.imports.conftest import Lists
from tests.makers import decide
from tests.serving import unnumbered
from tests.short_lists import csv, ids, run

OPENS = "Montrer qui {} à côté"
NAMED = re.compile(r'<a href="/gestion/acteurs/[0-9a-f]{16}">([^<]+)</a> <span[^>]*>([^<]+)</span>')


def office(name: str, street: str, phone: str = "") -> str:
    return f"{name};Association;{street};93000;Bobigny;{phone};"


def home(name: str, street: str, phone: str = "") -> str:
    return f"{name};MECS;{street};93000;Bobigny;{phone};"


def beside_a_home(lists: Lists, browser: Browser, word: str, digit: int, name: str = "") -> str:
    """A list of which a home stands beside two known actors: one of its own lines, and another."""
    street, phone = f"{digit}5 rue {word}", f"01 97 00 0{digit} 01"
    listed = office(f"Permanence {word}", street)
    lists.applied(browser, listed, source=word)
    run(
        lists.runtime, csv(office(f"Écoute {word}", f"1 rue Loin {word}", phone)), source="Ailleurs"
    )
    return lists.sent(
        browser, listed, home(name or f"Foyer Xylo {digit}", street, phone), source=word
    )


def section(text: str) -> str:
    return text.split('aria-labelledby="masques"')[1].split("</section>")[0]


@pytest.mark.slow
def test_a_curateur_reads_them_once_they_are_opened_each_with_what_it_would_lose(
    lists: Lists,
) -> None:
    browser = lists.signed_in()
    page = beside_a_home(lists, browser, "Iris", 1)
    shut = browser.get(page).text
    assert "2 acteurs connus partagent" in shut
    assert OPENS.format("serait masqué") in shut
    for name in ("Permanence Iris", "Écoute Iris"):
        assert name not in shut
    answer = browser.post(f"{page}/a-cote")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{page}#masques")
    mine, others = section(browser.get(page).text).split("Dans cette liste")[1].split("Hors de")
    assert NAMED.findall(mine) == [("Permanence Iris", "perdrait son adresse")]
    assert NAMED.findall(others) == [("Écoute Iris", "perdrait son adresse, un téléphone")]
    with read(lists.databases.staff) as session:
        subject = AuditEntry.subject == page.rpartition("/")[2]
        actions = list(session.scalars(select(AuditEntry.action).where(subject)))
    assert actions.count("beside_read") == 1
    before, lists.clock.at = lists.clock.at, datetime.now(UTC) + OPEN_FOR
    shut = browser.get(page).text
    lists.clock.at = before
    assert "Écoute Iris" not in shut


@pytest.mark.slow
def test_one_that_bears_the_name_of_the_home_loses_it_as_well(lists: Lists) -> None:
    browser = lists.signed_in()
    page = beside_a_home(lists, browser, "Ajonc", 8, "Foyer Ajonc")
    browser.post(f"{page}/a-cote")
    said = dict(NAMED.findall(section(browser.get(page).text)))
    assert said["Permanence Ajonc"] == "perdrait son adresse, une partie de son nom"


@pytest.mark.slow
def test_one_who_opened_them_shows_them_to_nobody_else(lists: Lists) -> None:
    browser, colleague = lists.signed_in(), lists.signed_in()
    referent = lists.signed_in(Role.REFERENT_DEPARTEMENT)
    page = beside_a_home(lists, browser, "Lilas", 2)
    before = referent.get(page).text
    assert browser.post(f"{page}/a-cote").status_code == 303
    assert "Écoute Lilas" in browser.get(page).text
    assert "Écoute Lilas" not in colleague.get(page).text
    assert referent.get(page).text == before
    assert OPENS.format("serait masqué") in colleague.get(page).text


@pytest.mark.slow
@pytest.mark.parametrize("role", [each for each in Role if each is not Role.CURATEUR])
def test_nobody_else_opens_them_nor_learns_whether_there_are_any(lists: Lists, role: Role) -> None:
    browser, other = lists.signed_in(), lists.signed_in(role)
    word = f"Mauve {role}"
    with_some = beside_a_home(lists, browser, word, 3)
    alone = lists.sent(
        browser, home(f"Foyer seul {role}", f"1 rue Seule {role}"), source=f"Seul {role}"
    )
    answers = [other.post(f"{page}/a-cote") for page in (with_some, alone)]
    assert [each.status_code for each in answers] == [403, 403]
    said = {unnumbered(each.text).replace(with_some, alone) for each in answers}
    assert len(said) == 1
    shown = other.get(with_some)
    assert f"Écoute {word}" not in shown.text
    assert "à côté" not in shown.text
    assert browser.post(f"{alone.rpartition('/')[0]}/{UUID(int=1)}/a-cote").status_code == 404


@pytest.mark.slow
def test_what_a_referent_reads_is_the_same_whether_they_are_stored_or_not(lists: Lists) -> None:
    browser, referent = lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)
    page = beside_a_home(lists, browser, "Tilleul", 4)
    before = referent.get(page).text
    content = lists.content(page)
    assert len(content.pop("beside")) == 2
    deposit = lists.stored(page).file_id
    with write(lists.databases.staff) as session:
        # As a former release stored it.
        sealed = lists.vault.seal_json("deposit", deposit, "content", content)
        session.get_one(Deposit, deposit).content = sealed
    assert referent.get(page).text == before
    assert OPENS.format("serait masqué") not in browser.get(page).text


@pytest.mark.slow
def test_a_page_stores_them_sealed_and_by_ids_and_forgets_who_is_erased(lists: Lists) -> None:
    browser = lists.signed_in()
    page = beside_a_home(lists, browser, "Menthe", 5)
    deposit = lists.stored(page)
    assert "Menthe" not in json.dumps(lists.content(page)["beside"], ensure_ascii=False)
    with read(lists.databases.staff) as session:
        actor = lists.content(page)["beside"][0]["actor"]
        raw = session.scalar(select(Deposit.content).where(Deposit.file_id == deposit.file_id))
    assert raw is not None
    assert actor.encode() not in raw
    with write(lists.databases.staff) as session:
        content = lists.content(page)
        content["beside"][0]["actor"] = ""
        sealed = lists.vault.seal_json("deposit", deposit.file_id, "content", content)
        session.get_one(Deposit, deposit.file_id).content = sealed
    browser.post(f"{page}/a-cote")
    assert len(NAMED.findall(section(browser.get(page).text))) == 1


@pytest.mark.slow
def test_once_it_is_applied_and_undone_they_are_named_where_they_are_opened(lists: Lists) -> None:
    browser, referent = lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)
    page = beside_a_home(lists, browser, "Genêt", 6)
    lists.apply(browser, page, verifie="true")
    lists.work()
    assert lists.state(page) == "applied"
    text = browser.get(page).text
    assert OPENS.format("a été masqué") in text
    assert "Écoute Genêt" not in text
    foreseen = browser.get(f"{page}/defaire").text
    assert OPENS.format("resterait masqué") in foreseen
    assert "Écoute Genêt" not in foreseen
    answer = browser.post(f"{page}/a-cote", data={"retour": "defaire"})
    assert answer.headers["location"] == f"{page}/defaire#caches"
    assert ">Écoute Genêt</a>" in browser.get(f"{page}/defaire").text
    assert ("Écoute Genêt", "a perdu son adresse, un téléphone") in NAMED.findall(
        section(browser.get(page).text)
    )
    before = referent.get(page).text
    assert "Écoute Genêt" not in before
    lists.undo(browser, page)
    assert lists.state(page) == "undone"
    stays = browser.get(page).text.split('id="caches"')[1].split("</section>")[0]
    assert ">Écoute Genêt</a>" in stays
    other = lists.signed_in()
    shut = other.get(page).text
    assert "Écoute Genêt" not in shut
    assert OPENS.format("reste masqué") in shut
    assert "Écoute Genêt" not in referent.get(page).text


@pytest.mark.slow
def test_one_that_a_person_showed_since_is_said_to_be_hidden_no_more(lists: Lists) -> None:
    browser = lists.signed_in()
    page = beside_a_home(lists, browser, "Cèdre", 7)
    lists.apply(browser, page, verifie="true")
    lists.work()
    given = {"who": "essai", "why": "essai", "consent": None}
    decide(lists.runtime, acts.unprotect, ids(lists.runtime)["Écoute Cèdre"], **given)
    browser.post(f"{page}/a-cote")
    said = dict(NAMED.findall(section(browser.get(page).text)))
    assert said["Écoute Cèdre"].endswith("plus masqué aujourd’hui")
    assert said["Permanence Cèdre"] == "a perdu son adresse"
