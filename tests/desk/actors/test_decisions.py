"""What is proposed is decided on one page, by curateurs, and what was done can be taken back."""

import re
from datetime import date
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select, update

from app.gazetteer.load import cached_gazetteer
from app.models import Proposal, Revision, Role
from app.platform.database.sessions import read, write
from app.records.causes import Cause
from app.records.history import History
from app.records.proposals import Proposed, perhaps_same, propose, waiting
from app.records.viewing import Seen, see
from app.records.writing import Writer
from app.vault.digests import index_key
from app.visibility import OPERATOR
from tests.desk.actors.conftest import Desk
from tests.desk.actors.forms import correct
from tests.desk.actors.test_protecting import ask, listed, shelter
from tests.desk.actors.test_sheet import journal
from tests.desk.bureau import Browser
from tests.short_lists import HEADER, run

PAGE = "/gestion/propositions"
NAME = "Maison des droits"


def pair(desk: Desk, number: int) -> UUID:
    """Two associations that may be one; return the proposal."""
    seat = f"{number} rue Haute;93000;Bobigny;01 99 00 02 {number:02}"
    for name, mail in (("Antenne", "a"), ("Maison des droits", "b")):
        line = f"{name} {number};Association;{seat};{mail}@example.org"
        data = f"{HEADER}\r\n{line}".encode("cp1252")
        run(desk.runtime, data, source=f"{mail} {number}", territory=None)
    with write(desk.databases.staff) as session:
        known = {each.record.name: each.actor_id for each in see(session, desk.vault, OPERATOR)}
        ids = known[f"Antenne {number}"], known[f"Maison des droits {number}"]
        found = [perhaps_same(*ids, "même adresse")]
        propose(session, desk.vault, index_key(session, desk.vault), found)
    return proposed(desk, "same", f"Maison des droits {number}")


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


def test_two_are_made_one_and_two_again(desk: Desk) -> None:
    proposal = pair(desk, 11)
    browser = desk.signed_in()
    assert "Maison des droits 11" in browser.get(PAGE).text
    before = journal(desk, "proposal_decided")
    answer = browser.post(f"{PAGE}/{proposal}", data={"reponse": "reunir"})
    assert answer.status_code == 303
    page = browser.get(answer.headers["location"]).text
    assert "réunies en une seule" in page
    assert re.search(rf'action="{PAGE}/{proposal}/defaire"', page)
    browser.post(f"{PAGE}/{proposal}/defaire", data={"quoi": "reunies"})
    assert proposed(desk, "same", "Maison des droits 11") == proposal
    browser.post(f"{PAGE}/{proposal}", data={"reponse": "separer"})
    assert "Maison des droits 11" not in browser.get(PAGE).text
    assert journal(desk, "proposal_decided") == before + 3
    noted = desk.signed_in(Role.ADMINISTRATEUR).get("/gestion/journal?geste=proposal_decided").text
    for said in ("un seul acteur", "annulé", "deux acteurs"):
        assert f"réponse : {said}" in noted


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


def doubtful(desk: Desk, number: int) -> UUID:
    """Two that may be one, of which the second is hidden until somebody says."""
    proposal = pair(desk, number)
    actor_id = only(desk, f"{NAME} {number}").actor_id
    other = only(desk, f"Antenne {number}").actor_id
    with write(desk.databases.staff) as session:
        gazetteer = cached_gazetteer(session.connection())
        writer = Writer(session, desk.vault, index_key(session, desk.vault), gazetteer)
        (edit,) = writer.stored([actor_id]).values()
        edit.causes = (Cause(why="duplicate", what=str(other), since=date(2026, 1, 1)),)
        writer.settle({actor_id: edit}, History(session, desk.vault, "essai", "edit"))
        session.execute(update(Proposal).filter_by(id=proposal).values(actor_id=actor_id))
        detail = {"other": str(other), "because": "essai"}
        sealed = desk.vault.seal_json("proposal", proposal, "detail", detail)
        session.execute(update(Proposal).filter_by(id=proposal).values(detail=sealed))
    return proposal


def only(desk: Desk, name: str) -> Seen:
    with read(desk.databases.staff) as session:
        found = see(session, desk.vault, OPERATOR)
        return next(each for each in found if each.record.name == name)


def test_two_that_were_parted_wait_again_and_the_second_is_hidden_again(desk: Desk) -> None:
    proposal, browser = doubtful(desk, 21), desk.signed_in()
    assert only(desk, f"{NAME} 21").level == "unlisted"
    # Nobody publishes by it what they have not read.
    for word in ("separer", "reunir"):
        refused = browser.post(f"{PAGE}/{proposal}", data={"reponse": word})
        assert (refused.status_code, "Ouvrez d’abord" in refused.text) == (403, True)
    assert only(desk, f"{NAME} 21").level == "unlisted"
    browser.post(f"/gestion/acteurs/{desk.ids()[f'{NAME} 21']}/ouvrir")
    what = decided(browser, proposal, "separer")
    assert only(desk, f"{NAME} 21").level is None
    assert back(browser, proposal, what).status_code == 303
    assert only(desk, f"{NAME} 21").level == "unlisted"
    assert proposed(desk, "same", f"{NAME} 21") == proposal
    assert back(browser, proposal, what).status_code == 409
    # What somebody published by itself since then is left to them.
    what = decided(browser, proposal, "separer")
    correct(browser, desk.ids()[f"{NAME} 21"], acronym="MD")
    answer = back(browser, proposal, what)
    assert (answer.status_code, "entre-temps" in answer.text) == (409, True)
    assert only(desk, f"{NAME} 21").level is None


def test_a_join_is_taken_back_with_its_proposal_alone(desk: Desk) -> None:
    proposal, browser = pair(desk, 22), desk.signed_in()
    decided(browser, proposal, "reunir")
    actor = only(desk, "Antenne 22")
    with read(desk.databases.staff) as session:
        of = select(Revision.batch_id).where(Revision.actor_id == actor.actor_id)
        batch = session.scalars(of.order_by(Revision.number.desc()).limit(1)).one()
    path = f"/gestion/acteurs/{actor.public_id}"
    browser.post(f"{path}/ouvrir")
    answer = browser.post(f"{path}/annuler", data={"lot": str(batch)})
    assert "pas_annule" in answer.headers["location"]
    assert only(desk, "Antenne 22").record.status == "archived"


def test_a_refusal_is_taken_back(desk: Desk) -> None:
    proposal, browser = accord(desk, "Foyer refusé"), desk.signed_in()
    what = decided(browser, proposal, "refuser")
    assert back(browser, proposal, what).status_code == 303
    assert proposed(desk, "consent", "Foyer refusé") == proposal
    assert 400 <= back(browser, proposal, what).status_code < 500


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


def test_what_was_decided_of_two_is_said_in_words_in_their_history(desk: Desk) -> None:
    proposal = pair(desk, 17)
    browser = desk.signed_in()
    browser.post(f"{PAGE}/{proposal}", data={"reponse": "reunir"})
    both = [f"/gestion/acteurs/{desk.ids()[f'{name} 17']}" for name in ("Antenne", NAME)]
    for address in both:
        browser.post(f"{address}/ouvrir")
    texts = [browser.get(f"{address}/historique").text for address in both]
    assert all("· Réuni à un autre" in text for text in texts)
    browser.post(f"{PAGE}/{proposal}/defaire", data={"quoi": "reunies"})
    browser.post(f"{PAGE}/{proposal}", data={"reponse": "separer"})
    text = ""
    for name in ("Antenne", NAME):
        address = f"/gestion/acteurs/{desk.ids()[f'{name} 17']}"
        browser.post(f"{address}/ouvrir")
        text += browser.get(f"{address}/historique").text
    assert "· Distingué d’un autre" in text
    assert not re.search("<h2>Version [0-9]+ · [a-z]", text)
    causes = re.findall(r"Causes de la protection</th><td[^>]*>(.*?)</td><td[^>]*>(.*?)</td>", text)
    assert all(before != after for before, after in causes)
    assert not [each for row in causes for each in row if each.isdecimal()]


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
    for answer in (browser.get(f"{PAGE}/{number}"), browser.post(f"{PAGE}/{number}")):
        assert answer.status_code == 404
        assert "Page introuvable" in answer.text
        assert "proposal" not in answer.text


@pytest.mark.parametrize("reponse", ["reunir", "separer", "archiver", "refuser", "x", ""])
def test_what_nobody_proposed_cannot_be_decided(desk: Desk, reponse: str) -> None:
    answer = desk.signed_in().post(f"{PAGE}/{uuid4()}", data={"reponse": reponse})
    assert 400 <= answer.status_code < 500
    answer = desk.signed_in().post(f"{PAGE}/{uuid4()}/defaire", data={"quoi": "archive"})
    assert 400 <= answer.status_code < 500
