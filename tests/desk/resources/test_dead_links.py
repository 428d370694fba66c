"""Addresses that answer no more, as the desk lists them until somebody corrects them."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete

from app.cataloguing.links import Heard, due, note
from app.models import ResourceLink, Role
from app.platform.database.sessions import write
from tests.desk.bureau import Browser
from tests.desk.resources.room import HERE, Room, id_of, sent, words
from tests.resource_contents import document

pytestmark = pytest.mark.slow

DEAD = f"{HERE}/liens-morts"


def look(room: Room, **answers: int | None) -> None:
    """Note what addresses answer, by their last word."""
    with write(room.bureau.databases.staff) as session:
        session.execute(delete(ResourceLink))
        for link in due(session, room.bureau.vault, datetime.now(UTC)):
            word = link.url.rpartition("/")[2]
            if word in answers:
                note(session, link, Heard("dead", answers[word]), datetime.now(UTC))


def waits(browser: Browser) -> int:
    """What the rail counts in the room of resources."""
    line = browser.get("/gestion").text.split('href="/gestion/ressources"')[1].split("</a>")[0]
    return int("".join(each for each in line if each.isdecimal()) or 0)


def test_a_dead_address_is_listed_with_what_it_answered_until_it_is_corrected(room: Room) -> None:
    curateur = room.curateur()
    assert "Aucun lien mort" in words(curateur.get(DEAD))
    urls = [f"https://exemple.fr/{word}" for word in ("partie", "muette", "vive")]
    pages = [room.published(document(title=f"Mène à {url}", url=url)) for url in urls]
    before = waits(curateur)
    look(room, partie=404, muette=None)
    assert waits(curateur) == before + 2
    assert "2 ressources mènent à une page qui n’est plus" in words(curateur.get("/gestion"))
    shown = curateur.get(DEAD)
    assert "page introuvable (404)" in words(shown)
    assert "aucune réponse" in words(shown)
    assert f'{urls[0]}" rel="noopener noreferrer' in shown.text
    assert id_of(pages[2]) not in shown.text
    assert f"{pages[0]}/modifier" in shown.text
    assert "Liens morts 2" in words(curateur.get(HERE))
    new = sent(document(title="Corrigée", url="https://exemple.fr/la"), based_on="1")
    assert curateur.post(f"{pages[0]}/modifier", new | {"what": "publier"}).status_code == 303
    assert "Liens morts 1" in words(curateur.get(DEAD))
    assert id_of(pages[0]) not in curateur.get(DEAD).text
    assert waits(curateur) == before + 1


def test_who_works_here_reads_dead_links_and_nobody_else(room: Room) -> None:
    page = room.published(document(title="Lue par des référents", url="https://exemple.fr/lue"))
    look(room, lue=410)
    for role in (Role.REFERENT_DEPARTEMENT, Role.REFERENT_ETAT):
        browser = room.bureau.signed_in(role)
        assert id_of(page) in browser.get(DEAD).text
        assert waits(browser) == 0
    assert room.bureau.signed_in(Role.ADMINISTRATEUR).get(DEAD).status_code == 403
