"""Several actors at once: counted, noted, undone, and never shown if something hides them."""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import select

from app.models import Actor, AuditEntry, Role
from app.platform.database.sessions import read
from app.records.viewing import see
from app.visibility import OPERATOR
from tests.desk.actors.conftest import LILLE, UNKNOWN, Desk
from tests.desk.bureau import ORIGIN, Browser
from tests.short_lists import csv, run

FORM = {"Origin": ORIGIN, "Content-Type": "application/x-www-form-urlencoded"}
DRAFTS = ("Brouillon un;Association;21 rue Ouverte;93000;Bobigny;01 99 00 00 41;",
          "Brouillon deux;Association;22 rue Ouverte;93000;Bobigny;01 99 00 00 42;")  # fmt: skip


def do(
    browser: Browser, deed: str, ids: Sequence[str], category: str = "", query: str = ""
) -> httpx.Response:
    given = [("geste", deed), ("categorie", category), *(("acteur", each) for each in ids)]
    return browser.ask("POST", f"/gestion/acteurs/lot?{query}", FORM, content=urlencode(given))


def said(browser: Browser, answer: httpx.Response) -> str:
    """What the list says after a deed."""
    assert answer.status_code == 303, answer.text
    page = browser.get(answer.headers["location"]).text
    (text,) = re.findall(r'role="status">\s*<p>(.*?)</p>', page)
    return str(text)


def taken_back(browser: Browser, answer: httpx.Response) -> str:
    (lot,) = re.findall("lot=([0-9a-f-]{36})", answer.headers["location"])
    return said(browser, browser.post("/gestion/acteurs/lot/annuler", data={"lot": lot}))


def record(desk: Desk, name: str) -> tuple[str, str, str, object]:
    """Category, status, level and day of verification of an actor."""
    with read(desk.databases.staff) as session:
        found = see(session, desk.vault, OPERATOR)
        (seen,) = [each for each in found if each.record.name == name]
    return seen.record.category, seen.record.status, seen.level or "", seen.record.verified_on


@pytest.mark.slow
def test_actors_are_verified_counted_noted_and_taken_back(desk: Desk) -> None:
    ids, browser = desk.ids(), desk.signed_in()
    names = ("CRIP d'exemple", "ASE d'exemple", "Foyer fictif")
    answer = do(browser, "verifier", [ids[each] for each in names] * 2, query="q=exemple")
    assert answer.headers["location"].startswith("/gestion/acteurs?q=exemple&bilan=")
    assert said(browser, answer) == "3 vérifiés."
    assert all(record(desk, each)[3] is not None for each in names)
    with read(desk.databases.staff) as session:
        noted = set(session.scalars(select(AuditEntry.subject).filter_by(action="actor_verified")))
        known = select(Actor.id).where(Actor.public_id.in_([ids[each] for each in names]))
        assert noted == {str(each) for each in session.scalars(known)}
    again = do(browser, "verifier", [ids[names[0]], "0" * 16])
    assert said(browser, again).startswith("Aucun vérifié, 1 refusé (déjà ainsi), 1 refusé (hors")
    assert taken_back(browser, answer) == "3 remis comme avant."
    assert all(record(desk, each)[3] is None for each in names)
    assert "Aucun remis" in taken_back(browser, answer)


def test_drafts_that_nothing_hides_are_published_and_no_other(desk: Desk) -> None:
    run(desk.runtime, csv(*DRAFTS), source="brouillons", draft=True)
    ids, browser = desk.ids(), desk.signed_in()
    names = ("Brouillon un", "Brouillon deux", "Foyer fictif", "Structure inconnue",
             "Association voisine", "CRIP d'exemple")  # fmt: skip
    answer = do(browser, "publier", [ids[each] for each in names])
    text = said(browser, answer)
    assert text.startswith("2 publiés, ")
    assert "2 refusés (caché" in text
    assert "1 refusé (à classer d’abord)" in text
    assert "1 refusé (déjà ainsi)" in text
    assert desk.status(ids["Brouillon un"]) == "published"
    assert record(desk, "Foyer fictif")[2] == "neutral"
    assert "2 remis" in taken_back(browser, answer)
    assert desk.status(ids["Brouillon un"]) == "draft"


def test_actors_are_archived_and_taken_back(desk: Desk) -> None:
    ids, browser = desk.ids(), desk.signed_in()
    answer = do(browser, "archiver", [ids["Association libre"], ids["Foyer de Lille"]])
    assert said(browser, answer) == "2 archivés."
    assert desk.status(ids["Association libre"]) == "archived"
    taken_back(browser, answer)
    assert desk.status(ids["Association libre"]) == "published"
    # Whatever was done in between, what hid it hides it.
    assert record(desk, "Foyer de Lille")[2] == "neutral"
    assert record(desk, "Association voisine")[2] == "held"


def test_a_class_is_given_published_where_nothing_hides_and_stays_after_the_next_list(
    desk: Desk,
) -> None:
    ids, browser = desk.ids(), desk.signed_in()
    answer = do(browser, "classer", [ids["Structure inconnue"]], "association")
    assert said(browser, answer) == "1 classé."
    assert record(desk, "Structure inconnue")[:3] == ("association", "published", "")
    changed = UNKNOWN.replace("00 30", "00 31")
    run(desk.runtime, csv(LILLE, changed), territory=None)
    assert record(desk, "Structure inconnue")[:3] == ("association", "published", "")


def test_taking_a_class_back_hides_again(desk: Desk) -> None:
    line = "Chose inconnue;Truc;9 rue Ouverte;93000;Bobigny;01 99 00 00 33;"
    run(desk.runtime, csv(line), source="autre")
    browser = desk.signed_in()
    answer = do(browser, "classer", [desk.ids()["Chose inconnue"]], "association")
    assert record(desk, "Chose inconnue")[2] == ""
    taken_back(browser, answer)
    assert record(desk, "Chose inconnue")[:1] + record(desk, "Chose inconnue")[2:3] == (
        "a_classer",
        "unlisted",
    )


@pytest.mark.slow
@pytest.mark.parametrize("deed", ["verifier", "archiver", "publier", "classer"])
def test_who_does_not_work_on_an_actor_changes_nothing_of_it(desk: Desk, deed: str) -> None:
    ids = desk.ids()
    before = {name: record(desk, name) for name in ids}
    one, other = desk.signed_in(Role.REFERENT_DEPARTEMENT), desk.signed_in(Role.REFERENT_ETAT)
    assert "1 refusé (hors" in said(one, do(one, deed, [ids["Foyer de Lille"]], "mecs"))
    # One of the State: what is hidden, and what is neither an association nor steers.
    theirs = ["Foyer fictif", "CRIP d'exemple", "Association voisine"]
    category = "association"
    answer = do(other, deed, [ids[each] for each in theirs], category)
    assert "3 refusés (hors" in said(other, answer)
    answer = do(other, deed, [ids["Association libre"]], "mecs")
    if deed == "classer":
        assert "1 refusé (hors" in said(other, answer)
    else:
        before["Association libre"] = record(desk, "Association libre")
    assert {name: record(desk, name) for name in ids} == before
    admin = desk.signed_in(Role.ADMINISTRATEUR)
    assert do(admin, deed, list(ids.values()), "crip").status_code == 403


@pytest.mark.parametrize(
    ("deed", "ids", "category"),
    [("", ["0" * 16], ""), ("verifier", [], ""), ("classer", ["0" * 16], "rien"),
     ("unprotect", ["0" * 16], ""), ("verifier", ["0" * 16] * 300, "")],
)  # fmt: skip
def test_what_is_incomplete_or_too_much_is_refused(
    desk: Desk, deed: str, ids: list[str], category: str
) -> None:
    assert do(desk.signed_in(), deed, ids, category).status_code == 422


def test_ids_that_are_none_are_counted_and_harm_nothing(desk: Desk) -> None:
    browser = desk.signed_in()
    given = ["\x00", "' OR 1=1", "é" * 50, "0" * 16]
    assert "refusé" in said(browser, do(browser, "verifier", given))


def test_two_at_once_do_it_once(desk: Desk) -> None:
    ids = desk.ids()
    browsers = [desk.signed_in(), desk.signed_in()]
    with ThreadPoolExecutor(2) as pool:
        answers = list(
            pool.map(lambda each: do(each, "verifier", [ids["ASE d'exemple"]]), browsers)
        )
    found = sorted(each.headers["location"].split("bilan=")[1][:12] for each in answers)
    assert found == ["verifier.0.0", "verifier.1.0"]


def test_what_somebody_else_did_is_not_taken_back(desk: Desk) -> None:
    ids, browser, other = desk.ids(), desk.signed_in(), desk.signed_in()
    answer = do(browser, "archiver", [ids["CRIP d'exemple"]])
    (lot,) = re.findall("lot=([0-9a-f-]{36})", answer.headers["location"])
    other.post("/gestion/acteurs/lot/annuler", data={"lot": lot})
    assert desk.status(ids["CRIP d'exemple"]) == "archived"
    taken_back(browser, answer)


def test_an_address_says_no_outcome_of_its_own(desk: Desk) -> None:
    browser = desk.signed_in()
    for given in ("verifier.1.0.<b>", "effacer.3.0", "verifier.99999.0", "x" * 500):
        page = browser.get(f"/gestion/acteurs?{urlencode({'bilan': given})}").text
        assert 'role="status"' not in page
