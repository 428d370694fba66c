"""A list is applied as whoever applies it read it: what a référent may not read says nothing."""

import re

import pytest

from app.models import Role
from app.records import acts
from tests.desk.actors.forms import correct as write_sheet
from tests.desk.bureau import Browser
from tests.desk.imports.conftest import EVERYTHING, Lists, form_of
from tests.desk.imports.disputing import finess, numbered
from tests.desk.imports.reviewing import named, press
from tests.desk.imports.test_guessing_elsewhere import UUID, sent
from tests.desk.imports.test_review_secrecy import main_of
from tests.makers import decide
from tests.short_lists import csv, ids, run

WHY = {"who": "essai", "why": "essai"}
CHANGED = "Rien n’a été appliqué."
MOMENT = re.compile(r'value="2\d{3}-[^"]*"')


def read_anew(browser: Browser, page: str, *secrets: str) -> str:
    """What pages of a list say, without what tells one list from another."""
    said = "".join(main_of(browser.get(f"{page}{way}")) for way in ("", "/relire"))
    for each in secrets:
        said = said.replace(each, "…")
    return MOMENT.sub("", UUID.sub("…", said))


@pytest.mark.slow
@pytest.mark.parametrize("change", ["edited", "hidden"])
def test_a_referent_learns_nothing_of_who_changed_elsewhere_by_applying(
    lists: Lists, change: str
) -> None:
    referent, said, states = lists.signed_in(Role.REFERENT_DEPARTEMENT), [], []
    for changes in (True, False):
        source = f"Appliquée {change} {changes}"
        number, name, phone = finess(), f"Ailleurs {source}", f"01 97 02 1{int(changes)} 01"
        known = f"{number};{name};ASE;9 rue {source};59000;Lille;{phone};;"
        run(lists.runtime, numbered(known), source=f"Là-bas {source}", territory="59")
        guess = f"{number};{name};ASE;9 rue {source};59000;Lille;01 97 02 19 99;;"
        if change == "hidden":
            guess = f";Devinette {source};Association;1 rue G {source};93000;Bobigny;{phone};;"
        own = f";Service {source};ASE;2 rue {source};93000;Bobigny;;;"
        page = sent(lists, referent, source, guess, own)
        if change == "hidden":
            press(referent, page, f"Devinette {source}", "refuser")
        form = form_of(referent, page)
        if changes and change == "edited":
            answer = write_sheet(lists.signed_in(), ids(lists.runtime)[name], phones="0197020000")
            assert answer.is_redirect
        elif changes:
            decide(lists.runtime, acts.protect, ids(lists.runtime)[name], **WHY)
        referent.post(f"{page}/appliquer", data=form | EVERYTHING)
        lists.work()
        states.append(lists.state(page))
        assert f"Service {source}" in lists.actors()
        said.append(read_anew(referent, page, source, phone))
    assert states == ["applied", "applied"]
    assert said[0] == said[1]
    assert CHANGED not in said[0]


@pytest.mark.slow
@pytest.mark.parametrize("role", [Role.REFERENT_DEPARTEMENT, Role.CURATEUR])
def test_what_changed_of_an_actor_that_one_reads_is_shown_before_it_is_applied(
    lists: Lists, role: Role
) -> None:
    browser, source = lists.signed_in(role), f"Changée {role.value}"
    lists.applied(lists.signed_in(), *named(source, 6), source=source)
    lines = [each.replace("01 98 00 00 00", "01 97 03 00 09") for each in named(source, 6)]
    page = lists.sent(browser, *lines, source=source)
    form = form_of(browser, page)
    known = ids(lists.runtime)[f"{source} 0"]
    assert write_sheet(lists.signed_in(), known, phones="0197030008").is_redirect
    browser.post(f"{page}/appliquer", data=form | EVERYTHING)
    lists.work()
    assert lists.state(page) == "ready"
    assert CHANGED in browser.get(page).text


@pytest.mark.slow
def test_a_curateur_is_shown_what_changed_elsewhere(lists: Lists) -> None:
    curateur, source = lists.signed_in(), "Tout lu"
    run(lists.runtime, csv("Nord tu;ASE;1 rue Tout;59000;Lille;01 97 04 00 01;"), territory="59")
    guess = "Devinette tue;Association;2 rue Tout;93000;Bobigny;01 97 04 00 01;"
    page = lists.sent(curateur, guess, *named(source), source=source)
    press(curateur, page, "Devinette tue", "refuser")
    form = form_of(curateur, page)
    decide(lists.runtime, acts.protect, ids(lists.runtime)["Nord tu"], **WHY)
    curateur.post(f"{page}/appliquer", data=form | EVERYTHING)
    lists.work()
    assert lists.state(page) == "ready"
    assert CHANGED in curateur.get(page).text
