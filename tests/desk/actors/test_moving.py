"""A doubted point is moved from the page of points, by the code of the form of its actor."""

import html
import re

import httpx
import pytest
from sqlalchemy import select

from app.models import Actor, Role
from app.platform.database.sessions import read
from app.records import acts
from tests.desk.actors.conftest import Desk
from tests.desk.actors.forms import correct, led_to, opened, send
from tests.desk.actors.test_points import PAGE, asked, confirm, doubt, names, sent, value
from tests.desk.bureau import Browser
from tests.makers import decide
from tests.short_lists import csv, run

pytestmark = pytest.mark.slow

FIELD = re.compile(r'<input (?:id="[^"]*" |type="hidden" )name="(\w+)"[^>]* ?value="([^"]*)"')


def fields(page: str, public_id: str) -> dict[str, str]:
    """What the form of a row would send as it is."""
    (form,) = re.findall(rf'action="{PAGE}/{public_id}\?[^"]*" data-place.*?</form>', page, re.S)
    return dict(FIELD.findall(form))


def moved(browser: Browser, public_id: str, lat: str, lon: str, **more: str) -> httpx.Response:
    """Move a point as it is read now."""
    given = fields(browser.get(PAGE).text, public_id) | {"lat": lat, "lon": lon} | more
    return browser.post(f"{PAGE}/{public_id}", given)


def point(desk: Desk, name: str) -> tuple[float, float, str]:
    """Where the public sees an actor."""
    at = select(Actor.point.ST_Y(), Actor.point.ST_X(), Actor.precision)
    with read(desk.databases.staff) as session:
        lat, lon, precision = session.execute(at.where(Actor.public_id == desk.ids()[name])).one()
    return round(lat, 5), round(lon, 5), precision


def test_a_point_is_moved_and_taken_back(desk: Desk) -> None:
    sent(desk, "Déplacée;81 rue Perdue")
    browser, public_id = desk.signed_in(), desk.ids()["Déplacée"]
    before = point(desk, "Déplacée")
    assert before[2] == "commune"
    answer = moved(browser, public_id, "48,91012", "2.44512")
    assert answer.headers["location"].startswith(f"{PAGE}?bilan=placer.1.0&lot=")
    assert point(desk, "Déplacée") == (48.91012, 2.44512, "address")
    assert doubt(desk, "Déplacée") is None
    page = browser.get(answer.headers["location"]).text
    assert "1 placé." in page
    assert "Corrigé" in browser.get(f"/gestion/acteurs/{public_id}/historique").text
    (path, lot) = re.findall(r'action="([^"]*annuler[^"]*)"><input [^>]*value="([^"]+)"', page)[0]
    browser.post(html.unescape(path), {"lot": lot})
    assert (point(desk, "Déplacée"), doubt(desk, "Déplacée")) == (before, "rejected")


def test_what_was_written_in_a_form_stays_when_the_point_is_moved(desk: Desk) -> None:
    sent(desk, "Commencée;82 rue Perdue")
    browser, public_id = desk.signed_in(), desk.ids()["Commencée"]
    path = f"/gestion/acteurs/{public_id}"
    send(browser, f"{path}/brouillon", opened(browser, public_id), {"acronym": "DEBUT"})
    moved(browser, public_id, "48,9101", "2,4451")
    assert "DEBUT" in browser.get(f"{path}/modifier?reprendre=1").text


def test_a_point_of_a_record_that_changed_meanwhile_is_refused_with_who_changed_it(
    desk: Desk,
) -> None:
    sent(desk, "Disputée;83 rue Perdue")
    browser, public_id = desk.signed_in(), desk.ids()["Disputée"]
    given = fields(browser.get(PAGE).text, public_id)
    other = desk.signed_in(Role.REFERENT_DEPARTEMENT)
    led_to(correct(other, public_id, acronym="D"))
    answer = browser.post(f"{PAGE}/{public_id}", given | {"lat": "48,9101", "lon": "2,4451"})
    assert answer.status_code == 409
    assert "Camille Exemple a changé cette fiche entre-temps (corrigé)" in answer.text
    assert point(desk, "Disputée")[2] == "commune"
    # The page has the record as it is now, and the next try is on that.
    again = fields(answer.text, public_id) | {"lat": "48,9101", "lon": "2,4451"}
    assert "placer.1" in browser.post(f"{PAGE}/{public_id}", again).headers["location"]


def test_two_who_look_at_one_point_do_not_undo_one_another(desk: Desk) -> None:
    sent(desk, "Regardée à deux;84 rue Perdue")
    browser, public_id = desk.signed_in(), desk.ids()["Regardée à deux"]
    given = fields(browser.get(PAGE).text, public_id)
    other = desk.signed_in(Role.REFERENT_DEPARTEMENT)
    confirm(other, [value(other, desk, "Regardée à deux")])
    answer = browser.post(f"{PAGE}/{public_id}", given | {"lat": "48,9101", "lon": "2,4451"})
    assert answer.status_code == 409
    assert "(point dit juste)" in answer.text
    assert point(desk, "Regardée à deux")[2] == "commune"


def test_what_is_no_point_of_its_commune_is_refused_on_its_row(desk: Desk) -> None:
    sent(desk, "Mal placée;85 rue Perdue")
    browser, public_id = desk.signed_in(), desk.ids()["Mal placée"]
    for lat, lon, said in (
        ("nord", "2,4451", "Coordonnées illisibles."),
        ("", "2,4451", "Coordonnées illisibles."),
        ("50,63", "3,06", "Ce point n’est pas à Bobigny."),
    ):
        answer = moved(browser, public_id, lat, lon)
        assert answer.status_code == 422, lat
        (wrong,) = re.findall(r'<div class="desk-wrong" role="alert">(.*?)</div>', answer.text)
        assert said in html.unescape(wrong)
        assert wrong in answer.text.split(f'data-actor="{public_id}"')[1].split("</li>")[0]
        assert point(desk, "Mal placée")[2] == "commune"


def test_a_point_that_is_not_to_be_looked_at_is_not_moved_from_here(desk: Desk) -> None:
    sent(desk, "Sûre d’elle;12 rue de l'Exemple", "Cachée depuis;86 rue Perdue")
    browser, sure = desk.signed_in(), desk.ids()["Sûre d’elle"]
    before = point(desk, "Sûre d’elle")
    at = {"lat": "48,9101", "lon": "2,4451"}
    seen = opened(browser, sure)["based_on"][0]
    answer = browser.post(f"{PAGE}/{sure}", at | {"vue": seen})
    assert "bilan=placer.0.0.deja-1" in answer.headers["location"]
    assert point(desk, "Sûre d’elle") == before
    outcome = decide(
        desk.runtime, acts.protect, desk.ids()["Cachée depuis"], who="essai", why="menaces"
    )
    hidden = outcome.public_id
    # Closed, or opened by who may: it has no point to move here, and none of it is on the page.
    answer = browser.post(f"{PAGE}/{hidden}", at | {"vue": "1"})
    assert "placer.0.0.hors-1" in answer.headers["location"]
    browser.post(f"/gestion/acteurs/{hidden}/ouvrir")
    seen = opened(browser, hidden)["based_on"][0]
    answer = browser.post(f"{PAGE}/{hidden}", at | {"vue": seen})
    assert "placer.0.0.deja-1" in answer.headers["location"]
    assert "Cachée depuis" not in names(browser)
    assert hidden not in browser.get(PAGE).text


def test_each_role_moves_its_own(desk: Desk) -> None:
    sent(desk, "À tous;87 rue Perdue")
    lille = "Du Nord;Association;88 rue Perdue;59000;Lille;;"
    run(desk.runtime, csv(lille), source="du Nord", territory=None)
    asked(desk)
    everybody, north = desk.ids()["À tous"], desk.ids()["Du Nord"]
    page = desk.signed_in().get(PAGE).text
    at = {"lat": "48,9101", "lon": "2,4451"}
    for role in (Role.REFERENT_DEPARTEMENT, Role.REFERENT_ETAT):
        answer = desk.signed_in(role).post(f"{PAGE}/{north}", fields(page, north) | at)
        assert "hors-1" in answer.headers["location"]
    given = fields(page, everybody) | at
    chief = desk.signed_in(Role.ADMINISTRATEUR)
    assert chief.post(f"{PAGE}/{everybody}", given).status_code == 403
    for unknown in ("0" * 16, "x", "%27"):
        answer = desk.signed_in().post(f"{PAGE}/{unknown}", given)
        assert "hors-1" in answer.headers["location"]
    state = desk.signed_in(Role.REFERENT_ETAT)
    assert "placer.1.0" in state.post(f"{PAGE}/{everybody}", given).headers["location"]
