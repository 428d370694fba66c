"""Pages that visitors propose, as a curateur decides of them."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from app.audit.actions import Action
from app.inbox.message import ProposedLink
from app.inbox.opening import publish_key
from app.inbox.putting import put, read_lock
from app.models import AuditEntry, Role
from app.platform.database.sessions import read, write
from tests.desk.bureau import Browser
from tests.desk.resources.room import HERE, NAMES_HOME, Room, words
from tests.resource_contents import document

PROPOSED = f"{HERE}/proposees"


def propose(room: Room, title: str, url: str = "https://exemple.fr/propose", why: str = "") -> None:
    """Leave a page in the inbox, as a visitor does."""
    databases = room.bureau.databases
    with write(databases.staff) as session:
        publish_key(session, room.bureau.vault)
    with read(databases.public) as session:
        lock = read_lock(session)
    assert lock is not None
    assert databases.inbox is not None
    with write(databases.inbox) as session:
        put(session, lock, "192.0.2.0/24", ProposedLink(url=url, title=title, why=why))


def line_of(browser: Browser, title: str) -> str:
    """Return the line of a page that waits."""
    lines = browser.get(PROPOSED).text.split('<li class="desk-review__line"')
    return next(each.split("</li>")[0] for each in lines if title in each)


def address_of(line: str) -> str:
    found = re.search(rf'action="({PROPOSED}/[0-9a-f-]+)"', line)
    assert found
    return found[1]


def masked_one(browser: Browser) -> str:
    """Return the address of the one page that names somebody hidden."""
    return address_of(line_of(browser, "Proposition masquée"))


@pytest.mark.slow
def test_a_page_that_is_accepted_leads_to_the_form_of_a_draft(room: Room) -> None:
    curateur = room.curateur()
    assert "Rien n’est proposé" in words(curateur.get(PROPOSED))
    propose(room, "Guide proposé", why="Pour les éducateurs")
    assert "Proposées 1" in words(curateur.get(HERE))
    assert "1 page est proposée par un visiteur" in words(curateur.get("/gestion"))
    line = line_of(curateur, "Guide proposé")
    assert 'href="https://exemple.fr/propose" rel="noopener noreferrer' in line
    assert "Pour les éducateurs" in line
    answer = curateur.post(address_of(line), {"reponse": "accepter"})
    form = answer.headers["location"]
    assert form.endswith("/modifier?fait=acceptee")
    assert "complétez-le" in words(curateur.get(form))
    assert 'value="Guide proposé"' in curateur.get(form).text
    assert 'value="https://exemple.fr/propose"' in curateur.get(form).text
    page = form.removesuffix("/modifier?fait=acceptee")
    assert "Pour les éducateurs" in words(curateur.get(f"{page}/historique"))
    assert room.status(page) == "draft"
    assert not room.is_read(page)
    assert "Guide proposé" not in curateur.get(PROPOSED).text


def test_a_page_that_is_left_is_gone_and_decided_once(room: Room) -> None:
    first, second = room.curateur(), room.curateur()
    propose(room, "Publicité")
    address = address_of(line_of(second, "Publicité"))
    assert "fait=ecartee" in first.post(address, {"reponse": "ecarter"}).headers["location"]
    for answer in ("accepter", "ecarter"):
        assert "Déjà décidé" in words(second.post(address, {"reponse": answer}), 404)
    assert "Publicité" not in second.get(f"{HERE}?onglet=brouillons").text


@pytest.mark.slow
def test_a_page_that_is_left_waits_again_within_the_hour_by_who_left_it(room: Room) -> None:
    person, other = room.bureau.enrolled(Role.CURATEUR), room.curateur()
    curateur = room.bureau.signed_in_as(person)
    propose(room, "Écartée trop vite")
    address = address_of(line_of(curateur, "Écartée trop vite"))
    undo, given = f"{PROPOSED}/annuler", {"proposition": address.rpartition("/")[2]}
    left = curateur.post(address, {"reponse": "ecarter"}).headers["location"]
    assert f'action="{undo}"' in curateur.get(left).text
    assert f'action="{undo}"' not in other.get(left).text
    assert "Décision gardée" in words(other.post(undo, given), 409)
    assert "fait=attend" in curateur.post(undo, given).headers["location"]
    assert "Écartée trop vite" in words(other.get(PROPOSED))
    assert f'action="{undo}"' not in curateur.get(left).text
    assert curateur.post(undo, given).status_code == 409
    left = curateur.post(address, {"reponse": "ecarter"}).headers["location"]
    room.bureau.clock.pass_by(minutes=61)
    later = room.bureau.signed_in_as(person)
    assert f'action="{undo}"' not in later.get(left).text
    assert later.post(undo, given).status_code == 409


@pytest.mark.slow
def test_what_is_there_already_is_named_unless_its_title_is_masked(room: Room) -> None:
    writer, curateur = room.curateur(), room.curateur()
    url = "https://exemple.fr/deja-la"
    there = room.published(document(title="Guide déjà là", url=url))
    propose(room, "Guide déjà là", url=url)
    line = line_of(curateur, url)
    assert there in line
    assert "peut-être déjà ici" in line
    hidden = room.written(writer, document(title=NAMES_HOME, url="https://exemple.fr/cachee"))
    propose(room, NAMES_HOME, url="https://exemple.fr/cachee")
    assert curateur.post(f"{masked_one(curateur)}/ouvrir").status_code == 303
    line = line_of(curateur, "https://exemple.fr/cachee")
    # That it is close would tell what it is called.
    assert hidden not in line
    assert "peut-être déjà ici" not in line
    wrote = line_of(writer, "Proposition masquée")
    assert writer.post(f"{address_of(wrote)}/ouvrir").status_code == 303
    assert f'href="{hidden}">{NAMES_HOME}' in line_of(writer, "https://exemple.fr/cachee")
    assert curateur.post(address_of(line), {"reponse": "ecarter"}).status_code == 303


def test_what_is_no_page_of_the_web_stays_until_it_is_left(room: Room) -> None:
    curateur = room.curateur()
    propose(room, "Sans page", url="javascript:alert(1)")
    line = line_of(curateur, "Sans page")
    assert "javascript" not in "".join(re.findall(r'href="([^"]*)"', line))
    # What cannot be done is not offered.
    assert 'value="accepter"' not in line
    assert "aucune page du web" in line
    answer = curateur.post(address_of(line), {"reponse": "accepter"})
    assert "Adresse inutilisable" in words(answer, 409)
    assert curateur.post(address_of(line), {"reponse": "ecarter"}).status_code == 303


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.CURATEUR}))
def test_only_a_curateur_decides_of_proposals(room: Room, role: Role) -> None:
    propose(room, f"Vu par {role}")
    address = address_of(line_of(room.curateur(), f"Vu par {role}"))
    browser = room.bureau.signed_in(role)
    assert browser.get(PROPOSED).status_code == 403
    assert browser.post(address, {"reponse": "ecarter"}).status_code == 403
    assert "Proposées" not in browser.get(HERE).text


def noted_of(room: Room, address: str) -> list[str]:
    """Return what the journal says that anybody did with a page that is proposed."""
    with read(room.bureau.databases.staff) as session:
        of_it = AuditEntry.subject == address.rpartition("/")[2]
        return list(session.scalars(select(AuditEntry.action).where(of_it)))


@pytest.mark.slow
@pytest.mark.parametrize("where", ["title", "url", "why"])
def test_words_that_name_a_home_are_opened_first_and_that_is_noted(room: Room, where: str) -> None:
    curateur, other = room.curateur(), room.curateur()
    said = {"title": "Sans nom", "url": "https://exemple.fr/nomme", "why": ""}
    text = "https://exemple.fr/10-rue-cachee-bobigny" if where == "url" else NAMES_HOME
    propose(room, **said | {where: text})
    address = masked_one(curateur)
    for shown in (text, "https://exemple.fr/nomme"):
        assert shown not in curateur.get(PROPOSED).text
    refused = curateur.post(address, {"reponse": "accepter"})
    assert "À lire d’abord" in words(refused, 409)
    assert text not in refused.text
    assert noted_of(room, address) == []
    assert curateur.post(f"{address}/ouvrir").headers["location"].startswith(PROPOSED)
    assert noted_of(room, address) == [Action.RESOURCE_READ]
    assert text in unescape(curateur.get(PROPOSED).text)
    assert text not in other.get(PROPOSED).text
    assert other.post(address, {"reponse": "ecarter"}).status_code == 303
    assert "Déjà décidé" in words(other.post(f"{address}/ouvrir"), 404)
    assert noted_of(room, address) == [Action.RESOURCE_READ]
