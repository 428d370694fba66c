"""The point of an actor in its form: the geocoder's answer beside it, and what is never asked."""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from threading import Event
from time import monotonic

import httpx
import pytest
from sqlalchemy import select

from app.geocoding.batch import geocode
from app.models import Actor, AuditEntry, Role
from app.places.geocoding import PATIENCE
from app.platform.database.sessions import read
from app.records.sheets import read_sheet
from app.visibility import OPERATOR
from tests.desk.actors.conftest import Desk
from tests.desk.actors.forms import correct, fields, led_to, opened, send, wrong
from tests.desk.actors.test_form import note_opened, record
from tests.desk.bureau import Browser
from tests.geocoding.geocoder_peer import LON, Peer, geocoder_peer, latitude

FREE, HOME, UNKNOWN = "Association libre", "Foyer fictif", "Structure inconnue"
NEW = "/gestion/acteurs/nouveau"
PLACE = {"address": "44 rue Neuve", "postcode": "93000", "city": "Bobigny", "territory": "93"}
CLUB = PLACE | {"name": "Club du coin", "category": "association"}


@pytest.fixture
def peer(desk: Desk) -> Iterator[Peer]:
    """The geocoder of the desk, in this process."""
    with geocoder_peer("HTTP/1.0") as peer:
        settings = desk.settings.model_copy(update={"geocoder_url": peer.url})
        state = desk.app.state
        state.desk = replace(state.desk, settings=settings)
        try:
            yield peer
        finally:
            state.desk = replace(state.desk, settings=desk.settings)


@pytest.fixture
def curateur(desk: Desk) -> Browser:
    return desk.signed_in(Role.CURATEUR)


def located(browser: Browser, public_id: str, **changes: object) -> httpx.Response:
    given = opened(browser, public_id)
    answer = send(browser, f"/gestion/acteurs/{public_id}/situer", given, changes)
    assert answer.status_code == 200, answer.text
    return answer


def said(answer: httpx.Response) -> str:
    """The words of what the geocoder answered, or why it was not asked."""
    part = answer.text.partition('id="ou"')[2].partition("desk-abreast")[0]
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", part)).split())


def refusals(desk: Desk) -> int:
    with read(desk.databases.staff) as session:
        of = select(AuditEntry.id).where(AuditEntry.action == "lookup_refused")
        return len(session.scalars(of).all())


@pytest.mark.slow
def test_the_answer_stands_beside_what_was_entered(
    desk: Desk, curateur: Browser, peer: Peer
) -> None:
    answer = located(curateur, desk.ids()[FREE], address="12 rue du Test", acronym="ESSAI")
    assert "Vous avez écrit 12 rue du Test, 93300 Aubervilliers" in said(answer)
    assert "Le géocodeur répond" in said(answer)
    assert "Ressemblance 97 %, à" in said(answer)
    assert "du centre de la commune" in said(answer)
    assert fields(answer)["acronym"] == ["ESSAI"]
    (asked,) = peer.seen
    assert "Association" not in asked
    assert "citycode=93001" in asked


@pytest.mark.slow
def test_the_point_of_an_answer_is_taken_saved_and_stays(
    desk: Desk, curateur: Browser, peer: Peer
) -> None:
    public_id = desk.ids()[FREE]
    answer = located(curateur, public_id, address="12 rue du Test")
    value = answer.text.split('name="point" value="')[1].split('"')[0]
    path = f"/gestion/acteurs/{public_id}/situer"
    taken = send(curateur, path, fields(answer), {"point": value})
    assert len(peer.seen) == 1
    assert fields(taken)["lat"] == [str(latitude(12)).replace(".", ",").ljust(8, "0")]
    led_to(send(curateur, f"/gestion/acteurs/{public_id}/modifier", fields(taken), {}))
    after = record(desk, FREE)
    assert (after.lon, after.lat) == (LON, latitude(12))
    # As any other field of a person: the nightly round neither asks for it nor moves it.
    with read(desk.databases.staff) as session:
        sheet = read_sheet(session, desk.vault, OPERATOR, "x", public_id, desk.clock.at)
        assert sheet.provenance
        assert sheet.provenance["lat"].source == "staff"
        point = select(Actor.id).where(Actor.public_id == public_id)
        actor = session.scalars(point).one()
    peer.asked.clear()
    settings = desk.settings.model_copy(update={"geocoder_url": peer.url})
    geocode(desk.databases.staff, desk.vault, settings, "essai", only=[actor])
    assert peer.asked == []
    again = located(curateur, public_id)
    assert "au même endroit que le point actuel" in said(again)


def test_a_point_elsewhere_is_refused_with_a_sentence(desk: Desk, curateur: Browser) -> None:
    answer = correct(curateur, desk.ids()[FREE], lat="50,6292", lon="3,0573")
    assert answer.status_code == 422
    assert "Ce point n’est pas à Aubervilliers" in wrong(answer)["lon"]
    assert "lat" not in wrong(answer)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("3 rue Inconnue", "ne connaît pas cette adresse"),
        ("3 rue Perdue", "ne connaît que la commune"),
        ("3 rue Douteuse", "dans une autre commune que celle demandée"),
        ("3 rue Douteuse", "hors du département de cet acteur"),
        ("", "Écrivez d’abord l’adresse"),
    ],
)
def test_an_odd_answer_is_said(
    desk: Desk, curateur: Browser, peer: Peer, address: str, sentence: str
) -> None:
    answer = located(curateur, desk.ids()[FREE], address=address)
    assert sentence in said(answer)
    assert ("Prendre ce point" in said(answer)) == (address == "3 rue Perdue")


@pytest.mark.slow
@pytest.mark.parametrize("status", [429, 500, 404])
def test_a_geocoder_that_fails_loses_nothing(
    desk: Desk, curateur: Browser, peer: Peer, status: int
) -> None:
    peer.status = lambda: status
    answer = located(curateur, desk.ids()[FREE], address="9 rue du Test", acronym="PANNE")
    assert "placez le point à la main" in said(answer)
    assert fields(answer)["acronym"] == ["PANNE"]
    assert fields(answer)["address"] == ["9 rue du Test"]


@pytest.mark.slow
def test_a_geocoder_that_is_slow_is_not_waited_for(
    desk: Desk, curateur: Browser, peer: Peer
) -> None:
    open_at_last = Event()

    def wait() -> None:
        open_at_last.wait(20)

    peer.before = wait
    started = monotonic()
    try:
        answer = located(curateur, desk.ids()[FREE], address="9 rue du Test")
    finally:
        open_at_last.set()
    assert monotonic() - started < 3 * PATIENCE
    assert "Le géocodeur ne répond pas" in said(answer)


@pytest.mark.slow
@pytest.mark.parametrize(
    "entered",
    [
        {"category": "mecs"},
        {"name": "Foyer des Chênes"},
        {"address": "10 rue Cachée"},
        {"phones": "01 99 00 00 10"},
        {"category": ""},
    ],
)
def test_a_new_actor_that_would_be_hidden_is_never_asked_for(
    desk: Desk, curateur: Browser, peer: Peer, entered: dict[str, str]
) -> None:
    before = refusals(desk)
    answer = send(curateur, f"{NEW}/situer", fields(curateur.get(NEW)), CLUB | entered)
    assert answer.status_code == 200
    assert peer.seen == []
    assert "envoyée à personne" in said(answer) or "Écrivez d’abord" in said(answer)
    assert "Prendre ce point" not in answer.text
    # Whoever learns of it that something is hidden beside is noted.
    beside = not {"address", "phones"}.isdisjoint(entered)
    assert refusals(desk) == before + beside
    hidden = "mecs" in entered.values() or "name" in entered
    assert ("data-point=" in answer.text) != hidden


def test_a_new_actor_is_asked_for(desk: Desk, curateur: Browser, peer: Peer) -> None:
    answer = send(curateur, f"{NEW}/situer", fields(curateur.get(NEW)), CLUB)
    assert "Prendre ce point" in said(answer)
    assert len(peer.seen) == 1


@pytest.mark.slow
@pytest.mark.parametrize("name", [HOME, UNKNOWN])
def test_a_hidden_actor_has_neither_map_nor_button(
    desk: Desk, curateur: Browser, peer: Peer, name: str
) -> None:
    public_id = desk.ids()[name]
    path = f"/gestion/acteurs/{public_id}/situer"
    assert curateur.post(path, {"name": "Autre"}).status_code == 303
    led_to(correct(curateur, desk.ids()[FREE], acronym=f"OUV {name[:4]}"))
    note_opened(desk, curateur, public_id)
    for changes in ({}, {"category": "association", "name": "Service calme"}):
        answer = located(curateur, public_id, **changes)
        assert "envoyée à personne" in said(answer)
        assert "Situer l’adresse" not in answer.text
        assert "data-point" not in answer.text
        assert "built/point" not in answer.text
    assert peer.seen == []


@pytest.mark.slow
def test_a_referent_of_the_state_has_public_addresses_alone_looked_up(
    desk: Desk, peer: Peer
) -> None:
    state, before = desk.signed_in(Role.REFERENT_ETAT), refusals(desk)
    public_id = desk.ids()[FREE]
    assert "Le géocodeur répond" in said(located(state, public_id))
    assert len(peer.seen) == 1
    # One sentence whatever stands there: to try addresses tells nothing.
    sentences = {
        said(located(state, public_id, address=address))
        for address in ("10 rue Cachée", "77 rue Vide")
    }
    (sentence,) = sentences
    assert "Enregistrez d’abord" in sentence
    assert len(peer.seen) == 1
    assert refusals(desk) == before
