"""What is proposed is decided on one page, by curateurs, and what was done can be taken back."""

import re
from uuid import UUID, uuid4

import pytest

from app.models import Role
from app.platform.database.sessions import read, write
from app.records.proposals import perhaps_same, propose, waiting
from app.records.viewing import see
from app.vault.digests import index_key
from app.visibility import OPERATOR
from tests.desk.actors.conftest import Desk
from tests.desk.actors.test_protecting import ask, shelter
from tests.desk.actors.test_sheet import journal
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
    assert "12/03/2026" in browser.get(PAGE).text
    assert browser.post(f"{PAGE}/{proposal}", data={"reponse": "refuser"}).status_code == 303
    assert "Foyer d’accord" not in browser.get(PAGE).text
    again = browser.post(f"{PAGE}/{proposal}", data={"reponse": "refuser"})
    assert again.status_code in {400, 404, 409}


def test_what_a_colleague_asks_stands_first(desk: Desk) -> None:
    shelter(desk, "Foyer demandé")
    first = desk.signed_in()
    ask(desk, first, "Foyer demandé")
    assert "Votre demande" in first.get(PAGE).text
    assert "attend un second regard" in first.get("/gestion").text
    assert "Foyer demandé" in desk.signed_in().get(PAGE).text


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.CURATEUR}))
def test_nobody_else_reads_or_decides(desk: Desk, role: Role) -> None:
    browser = desk.signed_in(role)
    assert browser.get(PAGE).status_code == 403
    assert browser.post(f"{PAGE}/{uuid4()}", data={"reponse": "refuser"}).status_code == 403
    assert browser.post(f"{PAGE}/{uuid4()}/defaire", data={"quoi": "archive"}).status_code == 403


@pytest.mark.parametrize("reponse", ["reunir", "separer", "archiver", "refuser", "x", ""])
def test_what_nobody_proposed_cannot_be_decided(desk: Desk, reponse: str) -> None:
    answer = desk.signed_in().post(f"{PAGE}/{uuid4()}", data={"reponse": reponse})
    assert 400 <= answer.status_code < 500
    answer = desk.signed_in().post(f"{PAGE}/{uuid4()}/defaire", data={"quoi": "archive"})
    assert 400 <= answer.status_code < 500
