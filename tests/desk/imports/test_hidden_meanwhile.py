"""Somebody is hidden beside a line that was decided of: a curateur alone reads it anew."""

import re

import pytest

from app.models import Role
from app.records import acts
from tests.desk.bureau import Browser
from tests.desk.imports.conftest import Lists
from tests.desk.imports.reviewing import NAMELESS, correct, named, opened, press, row_of
from tests.desk.imports.test_review_secrecy import main_of
from tests.makers import decide
from tests.short_lists import csv, ids, run

WHY = {"who": "essai", "why": "essai"}
REREAD = "elle est à relire"
OTHER = NAMELESS.replace("1 rue", "2 rue")
TAKE_BACK = "Annuler la décision"
ANSWERS = {"refuser": "reject", "accepter": "accept", "plus-tard": "later"}
QUERIES = ("", "?etat=none", "?etat=reject", "?etat=accept", "?resultat=created", "?etat=reserved")
PHONES = {"refuser": "01", "accepter": "02", "plus-tard": "03", "connu": "04"}


def guesses(source: str, phone: str, *, known: bool = False) -> list[str]:
    """Two lines that differ by whose phone they guess; known: as they stood before."""
    phones = {"Devinette": phone, "Innocente": "01 98 00 45 99"}
    return [
        f"{name} {source};Association;{n} rue {source};93300;Aubervilliers;"
        f"{'01 98 00 46 0' + str(n) if known else given};"
        for n, (name, given) in enumerate(phones.items(), 1)
    ]


def shown(browser: Browser, page: str) -> str:
    """What pages say of decisions, without what tells one reading from another."""
    said = [main_of(browser.get(f"{page}/relire{each}")) for each in QUERIES]
    return re.sub(r"/imports/[0-9a-f-]+", "", "".join([*said, main_of(browser.get(page))]))


@pytest.mark.slow
@pytest.mark.parametrize("case", PHONES)
def test_a_referent_learns_nothing_by_what_is_to_be_read_anew(lists: Lists, case: str) -> None:
    phone, deed = f"01 98 00 45 {PHONES[case]}", "accepter" if case == "connu" else case
    hidden, source = f"Antenne du Nord {case}", f"Relue {case}"
    run(lists.runtime, csv(f"{hidden};ASE;45 rue {case};59000;Lille;{phone};"), territory="59")
    curateur, referent = lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)
    if case == "connu":
        lists.applied(curateur, *guesses(source, phone, known=True), *named(case), source=source)
    more = named(case) if case == "connu" else []
    page = lists.sent(referent, *guesses(source, phone), *more, NAMELESS, OTHER, source=source)
    guess, other = (f"{name} {source}" for name in ("Devinette", "Innocente"))
    for name in (guess, other):
        press(referent, page, name, deed)
    decide(lists.runtime, acts.protect, ids(lists.runtime)[hidden], **WHY)
    where, text = opened(referent, page, 4 + len(more))
    assert correct(referent, where, text, c0=f"Nommée {source}").status_code == 303
    lists.work()
    assert lists.state(page) == "ready"
    said = shown(referent, page)
    assert f"Nommée {source}" in said
    assert REREAD not in said
    rows = [row_of(referent, page, name) for name in (guess, other)]
    assert all(TAKE_BACK in row for row in rows)
    assert row_of(referent, page, guess, f"?etat={ANSWERS[deed]}")
    assert REREAD in row_of(curateur, page, guess)
    assert TAKE_BACK not in row_of(curateur, page, guess)
    assert TAKE_BACK in row_of(curateur, page, other)
    assert row_of(curateur, page, guess, "?etat=none")
    # Read once more it is still to be decided of by a curateur, and by nobody else.
    where, text = opened(referent, page, 5 + len(more))
    assert correct(referent, where, text, c0=f"Renommée {source}").status_code == 303
    lists.work()
    assert REREAD in row_of(curateur, page, guess)
    press(referent, page, guess, "annuler")
    assert REREAD not in shown(referent, page)


@pytest.mark.slow
def test_a_curateur_applies_no_line_beside_which_somebody_was_hidden_since(lists: Lists) -> None:
    run(lists.runtime, csv("Antenne tue;ASE;47 rue Tue;59000;Lille;01 98 00 47 01;"))
    curateur, referent = lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)
    source = "Non lue"
    page = lists.sent(referent, *guesses(source, "01 98 00 47 01"), source=source)
    guess, other = (f"{name} {source}" for name in ("Devinette", "Innocente"))
    for name in (guess, other):
        press(referent, page, name, "accepter")
    decide(lists.runtime, acts.protect, ids(lists.runtime)["Antenne tue"], **WHY)
    for _ in range(2):
        lists.apply(curateur, page, reste="false", effacer="false")
        lists.work()
    assert lists.state(page) == "applied"
    assert other in lists.actors()
    assert guess not in lists.actors()
