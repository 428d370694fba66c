"""What a line says otherwise than its actor gives nobody away, and shows nobody once taken."""

import re

import pytest
from sqlalchemy import select, text

from app.models import DepositLine, Role
from app.platform.database.sessions import read
from app.records import acts
from tests.desk.actors.forms import correct
from tests.desk.imports.conftest import Lists
from tests.desk.imports.disputing import (
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
from tests.desk.imports.owning import part
from tests.desk.imports.reviewing import press, row_of
from tests.desk.imports.test_review_secrecy import main_of
from tests.makers import decide
from tests.short_lists import csv, ids, run


@pytest.mark.slow
def test_of_who_is_hidden_no_value_is_shown_and_nothing_is_chosen(lists: Lists) -> None:
    # Numbers of its own: who shares one with a home is hidden beside it.
    number, _ = in_dispute(lists, "Tue depuis", ("01 97 00 07 01", "01 97 00 07 02"))
    curateur, referent = lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)
    # Of a home the last list is right, unless a person wrote it.
    actor = ids(lists.runtime)["Tue depuis"]
    assert correct(curateur, actor, phones="01 97 00 00 06").is_redirect
    decide(lists.runtime, acts.protect, actor, who="essai", why="essai")
    page = sent(
        lists, curateur, line(number, "Tue depuis", "01 97 00 00 05"), source="B Tue depuis"
    )
    assert outcomes(lists, page) == {"conflicting": 1}
    for browser in (curateur, referent):
        row = row_of(browser, page, "Tue depuis")
        assert "01 97 00 00 0" not in row
        assert "téléphones" in row
        for offered in ("Garder la fiche", "Prendre la liste", "Plus tard"):
            assert offered not in row
        for deed in ("accepter", "refuser", "plus-tard"):
            press(browser, page, "Tue depuis", deed)
        with read(lists.databases.staff) as session:
            here = DepositLine.file_id == lists.stored(page).file_id
            assert session.scalar(select(DepositLine.decision).where(here)) is None
    applied(lists, curateur, page)
    assert record(lists, "Tue depuis").phones == ("+33197000006",)


def test_a_withheld_contact_is_neither_shown_nor_taken(lists: Lists) -> None:
    number, name = finess(), "Portable tu"
    run(lists.runtime, numbered(line(number, name, "01 97 00 00 01")), source="A tu")
    head = f"{NUMBERED};Portable (ne pas diffuser)"
    body = f"{line(number, name, '01 97 00 00 02')};06 97 00 00 03"
    browser = lists.signed_in()
    answer = lists.send(browser, f"{head}\r\n{body}".encode("cp1252"), source="B tu")
    lists.work()
    page = answer.headers["location"].partition("?")[0]
    row = row_of(browser, page, name)
    assert "97000003" not in re.sub(r"\s", "", row)
    assert "Prendre la liste" not in row


@pytest.mark.slow
def test_a_referent_applies_what_they_chose_of_an_actor_of_their_own(lists: Lists) -> None:
    browser = lists.signed_in(Role.REFERENT_DEPARTEMENT)
    for name, deed, phone in (
        ("À soi prise", "accepter", "+33197000002"),
        ("À soi gardée", "refuser", "+33197000001"),
    ):
        _, page = in_dispute(lists, name)
        press(browser, page, name, deed)
        assert part(lists, browser, page, reste="") == ""
        assert record(lists, name).phones == (phone,)
        assert origins(lists, name)["phones"] == "staff 100"
        assert not disputed(browser, name)
        lists.undo(browser, page)
        assert lists.state(page) == "undone"
        assert record(lists, name).phones == ("+33197000001",)


@pytest.mark.slow
def test_a_referent_learns_of_no_hidden_actor_by_what_a_list_says_otherwise(lists: Lists) -> None:
    run(lists.runtime, csv("Foyer sondé;MECS;3 rue Sondée;93000;Bobigny;01 97 00 03 00;"))
    browser = lists.signed_in(Role.REFERENT_DEPARTEMENT)
    number, name = finess(), "Sondée autrement"
    run(lists.runtime, numbered(line(number, name, "01 97 00 03 01")), source="A sondée")
    said = []
    for phone in ("01 97 00 03 02", "01 97 00 03 00"):
        page = sent(lists, browser, line(number, name, phone), source=f"B {phone}")
        row = row_of(browser, page, name).partition("</li>")[0]
        assert phone in row
        said.append(re.sub(r"01 97 00 03 0\d|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "…", row))
    assert said[0] == said[1]
    # Where it would hide its actor, a curateur decides, as of a line that changes one.
    press(browser, page, name, "accepter")
    rest = part(lists, browser, page, reste="")
    assert record(lists, name).phones == ("+33197000301",)
    curateur = lists.signed_in()
    row = row_of(curateur, rest, name)
    assert "Ses valeurs sont masquées" not in row
    assert "01 97 00 03 00" not in row
    assert "Prendre la liste" not in row


@pytest.mark.slow
def test_what_somebody_took_may_hide_their_actor_and_shows_nobody(lists: Lists) -> None:
    _, page = in_dispute(lists, "Prise et tue", ("01 97 00 08 01", "01 97 00 08 02"))
    curateur = lists.signed_in()
    press(curateur, page, "Prise et tue", "accepter")
    # Since it was read a home has that phone.
    run(lists.runtime, csv("Foyer d’après;MECS;4 rue Tue;93000;Bobigny;01 97 00 08 02;"))
    applied(lists, curateur, page)
    assert outcomes(lists, page) == {"updated": 1}
    assert record(lists, "Prise et tue").phones == ("+33197000802",)
    assert "+33197000802" not in public_phones(lists, "Prise et tue")


def public_phones(lists: Lists, name: str) -> list[str]:
    with lists.databases.public.connect() as connection:
        statement = text("SELECT phones FROM actor WHERE name = :name")
        return [phone for row in connection.execute(statement, {"name": name}) for phone in row[0]]


@pytest.mark.slow
def test_a_referent_learns_nothing_of_actors_elsewhere_by_guessing_what_they_are(
    lists: Lists,
) -> None:
    number, name, city = finess(), "Ailleurs deviné", "9 rue Loin;59000;Lille"
    known = f"{number};{name};ASE;{city};01 97 00 09 01;;"
    run(lists.runtime, numbered(known), source="A ailleurs", territory="59")
    curateur = lists.signed_in()
    assert correct(curateur, ids(lists.runtime)[name], phones="01 97 00 09 02").is_redirect
    browser = lists.signed_in(Role.REFERENT_DEPARTEMENT)
    said, pages = [], []
    for phone in ("01 97 00 09 02", "01 97 00 09 03"):
        guess = f"{number};{name};ASE;;;;{phone};;"
        page = sent(lists, browser, guess, source=f"B {phone}")
        ways = ("", "/relire", "/relire?resultat=conflicting", "/relire?champ=phones")
        text = [main_of(browser.get(f"{page}{way}")) for way in ways]
        said.append([re.sub(r"01 97 00 09 0\d", "…", each) for each in text])
        pages.append(page)
    assert said[0] == said[1]
    assert [outcomes(lists, page) for page in pages] == [{"unchanged": 1}, {"conflicting": 1}]
    assert "1</strong> en désaccord avec la fiche" in curateur.get(pages[1]).text
