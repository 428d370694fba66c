"""All that is left of a list is accepted at once: nothing that somebody refused, or put off, is."""

import pytest

from app.models import Role
from app.records import acts
from tests.desk.imports.choosing import choose, sent
from tests.desk.imports.conftest import Lists, form_of
from tests.desk.imports.reviewing import NAMELESS, correct, named, opened, press
from tests.desk.imports.test_hidden_meanwhile import WHY, guesses
from tests.desk.imports.test_review_secrecy import main_of
from tests.makers import decide
from tests.short_lists import csv, ids, run

REST = "Accepter {}, et appliquer"


@pytest.mark.slow
@pytest.mark.parametrize("role", [Role.REFERENT_DEPARTEMENT, Role.CURATEUR])
def test_what_is_refused_or_put_off_stays_and_is_counted(lists: Lists, role: Role) -> None:
    browser, source = lists.signed_in(role), f"Reste {role.value}"
    page = lists.sent(browser, *named(source, 5), source=source)
    for number, deed in enumerate(("refuser", "refuser", "plus-tard")):
        press(browser, page, f"{source} {number}", deed)
    text = main_of(browser.get(page))
    assert "3 lignes restent de côté : 2 refusées, 1 remise à plus tard." in text
    assert REST.format("les 2 lignes non décidées") in text
    assert lists.apply(browser, page).status_code == 303
    lists.work()
    assert lists.state(page) == "applied"
    assert {each for each in lists.actors() if source in each} == {f"{source} 3", f"{source} 4"}
    assert "<strong>3</strong> lignes laissées de côté" in main_of(browser.get(page))


@pytest.mark.slow
def test_what_somebody_refused_stays_though_it_says_something_else_since(lists: Lists) -> None:
    browser, source = lists.signed_in(), "Refusée relue"
    page = sent(lists, browser, csv(*named(source, 4)), source)
    press(browser, page, f"{source} 0", "refuser")
    press(browser, page, f"{source} 1", "plus-tard")
    assert choose(browser, page, {"telephone": ""}).status_code == 303
    lists.work()
    text = main_of(browser.get(page))
    assert "2 lignes restent de côté" in text
    assert "2 à relire</a>, qui ne disent plus" in text
    assert REST.format("les 2 lignes non décidées") in text
    assert "Accepter les 2 lignes à décider affichées" in browser.get(f"{page}/relire").text
    assert lists.answer(browser, page, "accepter.tous").status_code == 303
    assert lists.apply(browser, page).status_code == 303
    lists.work()
    assert {each for each in lists.actors() if source in each} == {f"{source} 2", f"{source} 3"}


@pytest.mark.slow
def test_what_a_referent_refused_is_accepted_with_no_rest_once_who_is_beside_it_is_hidden(
    lists: Lists,
) -> None:
    phone, source = "01 98 00 48 01", "Refusée à côté"
    run(lists.runtime, csv(f"Antenne 48;ASE;48 rue Tue;59000;Lille;{phone};"), territory="59")
    curateur, referent = lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)
    page = lists.sent(referent, *guesses(source, phone), NAMELESS, source=source)
    press(referent, page, f"Devinette {source}", "refuser")
    decide(lists.runtime, acts.protect, ids(lists.runtime)["Antenne 48"], **WHY)
    where, text = opened(referent, page, 4)
    assert correct(referent, where, text, c0=f"Nommée {source}").status_code == 303
    lists.work()
    # By the page of its lines as well: all that are found.
    assert lists.answer(curateur, page, "accepter.tous").status_code == 303
    form = form_of(curateur, page) | {"reste": "true"}
    assert curateur.post(f"{page}/appliquer", data=form).status_code == 303
    lists.work()
    assert f"Nommée {source}" in lists.actors()
    assert f"Devinette {source}" not in lists.actors()
