"""What is proposed is decided on one page, by curateurs, and what was done can be taken back."""

import re
from uuid import UUID, uuid4

import httpx
import pytest

from app.models import Role
from app.platform.database.sessions import read, write
from app.records.proposals import Proposed, propose, waiting
from app.records.viewing import Seen, see
from app.vault.digests import index_key
from app.visibility import OPERATOR
from tests.desk.actors.conftest import Desk
from tests.desk.actors.test_protecting import ask, listed, shelter
from tests.desk.bureau import Browser
from tests.short_lists import HEADER, run

PAGE = "/gestion/propositions"
NAME = "Maison des droits"


def accord(desk: Desk, name: str) -> UUID:
    """A shelter whose list says that its operator agrees; return the proposal."""
    line = f"{name};MECS;{len(name)} rue Basse;93000;Bobigny;;;12/03/2026"
    data = f"{HEADER};Accord de publication\r\n{line}".encode("cp1252")
    run(desk.runtime, data, source=name, territory=None)
    return proposed(desk, "consent", name)


def proposed(desk: Desk, about: str, name: str) -> UUID:
    with read(desk.databases.staff) as session:
        found = waiting(session, desk.vault, OPERATOR)
    names = {each.id: {each.record.name, each.other and each.other.name} for each in found}
    (proposal,) = (each.id for each in found if each.about == about and name in names[each.id])
    return proposal


def decided(browser: Browser, proposal: UUID, answer: str) -> str:
    """Answer a proposal; return what the button of the next page sends."""
    page = browser.get(
        browser.post(f"{PAGE}/{proposal}", data={"reponse": answer}).headers["location"]
    ).text
    found = re.search(rf'action="{PAGE}/{proposal}/defaire"><input [^>]* value="(\w+)">', page)
    assert found
    return str(found[1])


def back(browser: Browser, proposal: UUID, what: str) -> httpx.Response:
    return browser.post(f"{PAGE}/{proposal}/defaire", data={"quoi": what})


def only(desk: Desk, name: str) -> Seen:
    with read(desk.databases.staff) as session:
        found = see(session, desk.vault, OPERATOR)
        return next(each for each in found if each.record.name == name)


def test_a_refusal_is_taken_back(desk: Desk) -> None:
    proposal, browser = accord(desk, "Foyer refusé"), desk.signed_in()
    what = decided(browser, proposal, "refuser")
    assert back(browser, proposal, what).status_code == 303
    assert proposed(desk, "consent", "Foyer refusé") == proposal
    assert 400 <= back(browser, proposal, what).status_code < 500


@pytest.mark.slow
def test_an_archiving_is_not_taken_back_of_whom_somebody_hid_since(desk: Desk) -> None:
    listed(desk, "Fermée depuis")
    actor, browser = only(desk, "Fermée depuis"), desk.signed_in()
    with write(desk.databases.staff) as session:
        found = Proposed("closed", actor.actor_id, "fermée", {"siret": actor.record.siret})
        propose(session, desk.vault, index_key(session, desk.vault), [found])
    proposal = proposed(desk, "closed", "Fermée depuis")
    what = decided(browser, proposal, "archiver")
    back(browser, proposal, what)
    assert only(desk, "Fermée depuis").record.status == "published"
    what = decided(browser, proposal, "archiver")
    given = {"pourquoi": "menaces", "secret": "true"}
    browser.post(f"/gestion/acteurs/{actor.public_id}/proteger", data=given)
    assert back(browser, proposal, what).status_code == 409
    assert only(desk, "Fermée depuis").record.status == "secret"


def test_where_a_closed_one_went_is_said_with_its_days(desk: Desk) -> None:
    listed(desk, "Antenne déménagée")
    actor, browser = only(desk, "Antenne déménagée"), desk.signed_in()
    detail = {
        "siret": actor.record.siret,
        "closed_on": "2026-03-31",
        "moved_to": "73282932000082",
        "moved_on": "2026-03-15",
    }
    with write(desk.databases.staff) as session:
        found = [Proposed("closed", actor.actor_id, "déménagée", detail)]
        propose(session, desk.vault, index_key(session, desk.vault), found)
    proposal = proposed(desk, "closed", "Antenne déménagée")
    said = "fermé depuis le 31/03/2026, repris par un autre organisme le 15/03/2026"
    page = browser.get(PAGE).text
    assert f"{said} : SIRET 73282932000082. Appelez avant d’archiver, et corrigez" in page
    decided(browser, proposal, "refuser")
    assert said not in browser.get(PAGE).text


def test_an_accord_is_refused_for_good(desk: Desk) -> None:
    proposal = accord(desk, "Foyer d’accord")
    browser = desk.signed_in()
    assert "12/03/2026" not in browser.get(PAGE).text
    browser.post(f"/gestion/acteurs/{desk.ids()['Foyer d’accord']}/ouvrir")
    assert "12/03/2026" in browser.get(PAGE).text
    assert browser.post(f"{PAGE}/{proposal}", data={"reponse": "refuser"}).status_code == 303
    assert "Foyer d’accord" not in browser.get(PAGE).text
    again = browser.post(f"{PAGE}/{proposal}", data={"reponse": "refuser"})
    assert again.status_code in {400, 404, 409}


@pytest.mark.slow
def test_what_a_colleague_asks_stands_first(desk: Desk) -> None:
    shelter(desk, "Foyer demandé")
    first = desk.signed_in()
    address = ask(desk, first, "Foyer demandé")
    assert "Votre demande attend un autre curateur" in first.get(PAGE).text
    assert "Accord écrit vu" in first.get(PAGE).text
    # What somebody wrote of a masked one is read once it is open.
    second = desk.signed_in()
    assert "Foyer demandé" in second.get(PAGE).text
    for path in (PAGE, address):
        assert "Accord écrit vu" not in second.get(path).text
    second.post(f"{address}/ouvrir")
    for path in (PAGE, address):
        assert "Accord écrit vu" in second.get(path).text


@pytest.mark.slow
def test_what_somebody_asks_waits_for_another_and_not_for_them(desk: Desk) -> None:
    shelter(desk, "Foyer d’un autre regard")
    first, second = desk.signed_in(), desk.signed_in()
    before = rail(first), rail(second)
    address = ask(desk, first, "Foyer d’un autre regard")
    assert (rail(first), rail(second)) == (before[0], before[1] + 1)
    assert "second regard" in second.get("/gestion").text
    assert "Votre demande attend un autre curateur" in first.get(address).text
    for other in desk.ids().keys() & {"Foyer demandé"}:
        second.post(f"/gestion/acteurs/{desk.ids()[other]}/lever/refuser")
    assert "second regard" not in first.get("/gestion").text


def rail(browser: Browser) -> int:
    """Return how many proposals wait, as the menu says it."""
    page = browser.get(PAGE).text.partition(f'href="{PAGE}"')[2].partition("</a>")[0]
    (count,) = re.findall(r'desk-rail__count">(\d+)', page) or [0]
    return int(count)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.CURATEUR}))
def test_nobody_else_reads_or_decides(desk: Desk, role: Role) -> None:
    browser = desk.signed_in(role)
    assert browser.get(PAGE).status_code == 403
    assert browser.post(f"{PAGE}/{uuid4()}", data={"reponse": "refuser"}).status_code == 403
    assert browser.post(f"{PAGE}/{uuid4()}/defaire", data={"quoi": "archive"}).status_code == 403


@pytest.mark.parametrize("number", ["0", "x", "%00", "00000000-0000-0000-0000-00000000000"])
def test_an_address_that_names_no_proposal_is_a_page_that_is_not_there(
    desk: Desk, number: str
) -> None:
    browser = desk.signed_in()
    for answer in (browser.post(f"{PAGE}/{number}"), browser.post(f"{PAGE}/{number}/defaire")):
        assert answer.status_code == 404
        assert "Page introuvable" in answer.text
        assert "proposal" not in answer.text


@pytest.mark.parametrize("reponse", ["reunir", "archiver", "refuser", "x", ""])
def test_what_nobody_proposed_cannot_be_decided(desk: Desk, reponse: str) -> None:
    answer = desk.signed_in().post(f"{PAGE}/{uuid4()}", data={"reponse": reponse})
    assert 400 <= answer.status_code < 500
    answer = desk.signed_in().post(f"{PAGE}/{uuid4()}/defaire", data={"quoi": "archive"})
    assert 400 <= answer.status_code < 500
