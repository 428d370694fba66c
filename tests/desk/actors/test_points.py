"""Points that the geocoder doubted are looked at by a person, once, and none of who is hidden."""

import html
import re
from collections.abc import Sequence
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import func, select, text

from app.geocoding.batch import geocode
from app.models import Actor, ActorProtected, AuditEntry, Role
from app.models.job import Job
from app.platform.database.sessions import read, write
from app.platform.queue.deferring import defer
from app.records import acts
from tests.desk.actors.conftest import Desk
from tests.desk.actors.forms import correct, led_to, opened, send
from tests.desk.bureau import ORIGIN, Browser
from tests.geocoding.geocoder_peer import geocoder_peer
from tests.makers import decide
from tests.short_lists import csv, run

PAGE = "/gestion/points"
FORM = {"Origin": ORIGIN, "Content-Type": "application/x-www-form-urlencoded"}
TO = "UPDATE jobs.procrastinate_jobs SET status ="
VALUE = re.compile(r'name="acteur" value="([0-9a-f]{16}\.[0-9a-f]{16})"')


def sent(desk: Desk, *lines: str) -> None:
    """Send associations, "name;street", and ask the geocoder for them."""
    rows = [f"{line};93000;Bobigny;;".replace(";", ";Association;", 1) for line in lines]
    run(desk.runtime, csv(*rows), source=lines[0], territory=None)
    asked(desk)


def asked(desk: Desk) -> list[str]:
    """Ask the geocoder for what waits; return what it saw."""
    with geocoder_peer("HTTP/1.0") as peer:
        settings = desk.settings.model_copy(update={"geocoder_url": peer.url})
        geocode(desk.databases.staff, desk.vault, settings, "essai")
        return peer.asked


def doubt(desk: Desk, name: str) -> str | None:
    """What is stored of the point of an actor."""
    with read(desk.databases.staff) as session:
        of = (
            select(ActorProtected.point_doubt)
            .join(Actor)
            .where(Actor.public_id == desk.ids()[name])
        )
        return session.scalars(of).one()


def names(browser: Browser, query: str = "") -> list[str]:
    page = browser.get(f"{PAGE}?{query}").text
    return re.findall(r'<strong>([^<]+)</strong></a> <span class="desk-tag">', html.unescape(page))


def value(browser: Browser, desk: Desk, name: str) -> str:
    page = browser.get(PAGE).text
    return next(str(each) for each in VALUE.findall(page) if each.startswith(desk.ids()[name]))


def confirm(browser: Browser, values: Sequence[str], query: str = "") -> httpx.Response:
    content = urlencode([("acteur", each) for each in values])
    return browser.ask("POST", f"{PAGE}?{query}", FORM, content=content)


def test_nothing_to_look_at_says_so(desk: Desk) -> None:
    text = desk.signed_in().get(PAGE).text
    assert "Chaque point est à sa place." in text
    assert "points sur la carte" not in desk.signed_in().get("/gestion").text


def test_while_the_geocoder_has_not_answered_no_point_is_said_to_be_in_its_place(
    desk: Desk,
) -> None:
    browser = desk.signed_in()
    with write(desk.databases.staff) as session:
        defer(session, Job.GEOCODE)
    for state, said in (
        ("todo", "attendent encore la réponse du géocodeur"),
        ("doing", "attendent encore la réponse du géocodeur"),
        ("failed", "Le géocodeur n’a pas répondu"),
        ("succeeded", "Chaque point est à sa place."),
    ):
        with write(desk.databases.staff) as session:
            # As the worker does it.
            for each in ("doing", state) if state in ("failed", "succeeded") else (state,):
                session.execute(text(f"{TO} '{each}', lock = NULL"))
        page = browser.get(PAGE).text
        assert said in page
        assert ("Chaque point est à sa place." in page) is (state == "succeeded")
    with write(desk.databases.staff) as session:
        session.execute(text("DELETE FROM jobs.procrastinate_jobs"))


def test_each_doubt_is_shown_with_what_the_geocoder_said(desk: Desk) -> None:
    sent(desk, "Sûre;12 rue de l'Exemple", "À la voie;13 rue Étendue", "Douteuse;14 rue Douteuse",
         "Perdue;15 rue Perdue", "Inconnue;16 rue Inconnue")  # fmt: skip
    browser = desk.signed_in()
    assert set(names(browser)) == {"À la voie", "Douteuse", "Perdue", "Inconnue"}
    page = html.unescape(browser.get(PAGE).text)
    for said in (
        *("Ce numéro n’est pas connu : le point est celui de la voie.", "13 rue Étendue"),
        *("Étendue 93000 Bobigny", "Ressemblance 97\u00a0%.", "dans une autre commune"),
        *("Le point est resté au centre de la commune.", "ne trouve pas cette adresse"),
    ):
        assert said in page, said
    assert names(browser, "point=voie") == ["À la voie"]
    assert set(names(browser, "point=introuvable")) == {"Perdue", "Inconnue"}
    assert names(browser, "territoire=59") == []
    assert "Aucun point n’est à vérifier ici." in browser.get(f"{PAGE}?territoire=59").text
    today = browser.get("/gestion").text
    assert "4</strong> points sur la carte sont à vérifier" in today
    assert f'href="{PAGE}">Ouvrir' in today
    rail = r'href="/gestion/points"[^>]*>Points à vérifier<span class="desk-rail__count">4<'
    assert re.search(rail, today)


def test_a_point_that_is_found_meanwhile_keeps_nobody_from_saving(desk: Desk) -> None:
    run(desk.runtime, csv("Placée;Association;17 rue Sûre;93000;Bobigny;;"), source="Placée")
    browser, public_id = desk.signed_in(), desk.ids()["Placée"]
    begun = opened(browser, public_id)
    assert "17 rue Sûre" in asked(desk)
    history = browser.get(f"/gestion/acteurs/{public_id}/historique").text
    assert "Version 2" in history, "the point"
    path = f"/gestion/acteurs/{public_id}"
    answer = send(browser, f"{path}/modifier", begun, {"phones": "01 99 00 00 78"})
    assert led_to(answer)["fait"] == "enregistre"


@pytest.mark.slow
def test_a_point_that_a_person_says_is_right_returns_with_another_address_alone(
    desk: Desk,
) -> None:
    sent(desk, "Regardée;21 rue Douteuse", "Regardée aussi;22 rue Étendue")
    browser = desk.signed_in()
    values = [value(browser, desk, each) for each in ("Regardée", "Regardée aussi")]
    answer = confirm(browser, values, "territoire=93")
    assert answer.headers["location"].startswith(f"{PAGE}?territoire=93&bilan=confirmer.2")
    assert "2 confirmés." in browser.get(answer.headers["location"]).text
    assert not {"Regardée", "Regardée aussi"} & set(names(browser))
    with read(desk.databases.staff) as session:
        noted = session.scalar(select(func.count()).select_from(AuditEntry).filter_by(
            action="point_confirmed"))  # fmt: skip
    assert noted == 2
    public_id = desk.ids()["Regardée"]
    assert "Point dit juste" in browser.get(f"/gestion/acteurs/{public_id}/historique").text
    # What else is corrected, and the next list, leave it; another address does not.
    led_to(correct(browser, public_id, acronym="R"))
    assert doubt(desk, "Regardée") is None
    assert asked(desk) == []
    led_to(correct(browser, public_id, address="23 rue Douteuse"))
    assert doubt(desk, "Regardée") is None
    asked(desk)
    assert doubt(desk, "Regardée") == "review"
    led_to(correct(browser, public_id, lat="48,91", lon="2,44"))
    assert doubt(desk, "Regardée") is None
    assert "Regardée" not in names(browser)


@pytest.mark.slow
def test_one_alone_is_confirmed_whatever_is_checked_and_taken_back(desk: Desk) -> None:
    sent(desk, "Seule;31 rue Douteuse", "Cochée;32 rue Douteuse")
    browser = desk.signed_in()
    one, other = (value(browser, desk, each) for each in ("Seule", "Cochée"))
    answer = browser.post(f"{PAGE}?point=douteux", {"seul": one, "acteur": other})
    page = browser.get(answer.headers["location"]).text
    assert "1 confirmé." in page
    assert (doubt(desk, "Seule"), doubt(desk, "Cochée")) == (None, "review")
    (path, lot) = re.findall(r'action="([^"]*annuler[^"]*)"><input [^>]*value="([^"]+)"', page)[0]
    answer = browser.post(html.unescape(path), {"lot": lot})
    assert answer.headers["location"].startswith(f"{PAGE}?point=douteux&bilan=annuler.1")
    assert doubt(desk, "Seule") == "review"
    assert "Seule" in names(browser)


@pytest.mark.slow
def test_an_answer_that_changed_since_it_was_read_is_not_confirmed(desk: Desk) -> None:
    sent(desk, "Changeante;41 rue Douteuse")
    browser = desk.signed_in()
    read_before = value(browser, desk, "Changeante")
    correct(browser, desk.ids()["Changeante"], address="42 rue Douteuse")
    asked(desk)
    answer = confirm(browser, [read_before])
    assert "1 refusé (changé depuis)" in browser.get(answer.headers["location"]).text
    assert doubt(desk, "Changeante") == "review"
    now = value(browser, desk, "Changeante")
    assert "confirmer.1" in confirm(browser, [now, "0" * 16 + "." + "0" * 16]).headers["location"]
    assert "deja-1" in confirm(browser, [now]).headers["location"]
    assert confirm(browser, ["x", ""]).status_code == 422


def test_the_form_shows_the_doubt_beside_the_map(desk: Desk) -> None:
    sent(desk, "Dans le formulaire;51 rue Douteuse")
    browser, public_id = desk.signed_in(), desk.ids()["Dans le formulaire"]
    page = browser.get(PAGE).text
    assert f'href="/gestion/acteurs/{public_id}/modifier?champ=lat#ou"' in page
    page = browser.get(f"/gestion/acteurs/{public_id}/modifier?champ=lat").text
    assert 'form="point-juste">Le point est juste' in page
    (seul,) = re.findall('name="seul" value="([^"]+)"', page)
    assert "confirmer.1" in browser.post(PAGE, {"seul": seul}).headers["location"]
    assert "point-juste" not in browser.get(f"/gestion/acteurs/{public_id}/modifier").text


@pytest.mark.slow
def test_the_form_shows_the_answer_that_did_not_become_the_point(desk: Desk) -> None:
    sent(desk, "Refusée;52 rue Perdue", "Ailleurs;53 rue Douteuse", "À sa voie;54 rue Étendue")
    browser, ids = desk.signed_in(), desk.ids()

    def form(name: str) -> str:
        return html.unescape(browser.get(f"/gestion/acteurs/{ids[name]}/modifier?champ=lat").text)

    page = form("Refusée")
    (at,) = re.findall(r'class="desk-located" data-lat="([^"]+)" data-lon="([^"]+)"', page)
    assert "la réponse du géocodeur est le cercle sur la carte" in page
    assert f'name="point" value="{at[0]} {at[1]}" data-take' in page
    # In another département it is seen, and not to be taken.
    page = form("Ailleurs")
    assert 'class="desk-located" data-lat=' in page
    assert "son point ne peut pas être pris" in page
    # What did become the point is no other place.
    page = form("À sa voie")
    assert "Ce point est à vérifier" in page
    assert "data-take" not in page
    led_to(correct(browser, ids["Refusée"], lat=at[0], lon=at[1]))
    assert doubt(desk, "Refusée") is None


def test_what_is_hidden_since_has_no_point_to_look_at(desk: Desk) -> None:
    sent(desk, "Bientôt cachée;61 rue Douteuse")
    browser = desk.signed_in()
    known = value(browser, desk, "Bientôt cachée")
    outcome = decide(
        desk.runtime, acts.protect, desk.ids()["Bientôt cachée"], who="essai", why="menaces"
    )
    assert doubt(desk, "Bientôt cachée") is None
    assert "Bientôt cachée" not in names(browser)
    answer = confirm(browser, [known, f"{outcome.public_id}.{known[17:]}"])
    assert "confirmer.0" in answer.headers["location"]
    browser.post(f"/gestion/acteurs/{outcome.public_id}/ouvrir")
    page = browser.get(f"/gestion/acteurs/{outcome.public_id}/modifier").text
    assert "Ce point est à vérifier" not in page


@pytest.mark.slow
def test_each_role_looks_at_its_own(desk: Desk) -> None:
    sent(desk, "Association du coin;71 rue Douteuse")
    row = "CRIP du coin;CRIP;72 rue Douteuse;93000;Bobigny;;"
    elsewhere = "Association du Nord;Association;73 rue Perdue;59000;Lille;;"
    run(desk.runtime, csv(row, elsewhere), source="du coin", territory=None)
    asked(desk)
    here = {"Association du coin", "CRIP du coin"}
    assert here | {"Association du Nord"} <= set(names(desk.signed_in()))
    referent, state = desk.signed_in(Role.REFERENT_DEPARTEMENT), desk.signed_in(Role.REFERENT_ETAT)
    assert here <= set(names(referent))
    assert "Association du Nord" not in names(referent)
    assert set(names(state)) & {*here, "Association du Nord"} == {"Association du coin"}
    crip = value(referent, desk, "CRIP du coin")
    assert "hors-1" in confirm(state, [crip]).headers["location"]
    north = value(desk.signed_in(), desk, "Association du Nord")
    assert "hors-1" in confirm(referent, [north]).headers["location"]
    chief = desk.signed_in(Role.ADMINISTRATEUR)
    assert (chief.get(PAGE).status_code, confirm(chief, [crip]).status_code) == (403, 403)


def test_a_referent_of_the_state_learns_nothing_of_the_point_of_a_hidden_actor(desk: Desk) -> None:
    sent(desk, "Autrefois publique;74 rue Douteuse")
    decide(desk.runtime, acts.protect, desk.ids()["Autrefois publique"], who="essai", why="essai")
    hidden = desk.ids()["Autrefois publique"]
    state, referent = desk.signed_in(Role.REFERENT_ETAT), desk.signed_in(Role.REFERENT_DEPARTEMENT)
    assert "hors-1" in confirm(state, [f"{hidden}.{'0' * 16}"]).headers["location"]
    assert "deja-1" in confirm(referent, [f"{hidden}.{'0' * 16}"]).headers["location"]
