"""A resource is written, looked at, put aside, saved, corrected and restored."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.models import Role
from tests.desk.bureau import ORIGIN
from tests.desk.resources.room import (
    HERE,
    NAMES_HOME,
    Room,
    id_of,
    page_of,
    publish,
    sent,
    words,
)
from tests.resource_contents import document, sheet

NEW = f"{HERE}/nouvelle"


def test_the_form_of_each_thing_to_write_is_offered(room: Room) -> None:
    browser = room.curateur()
    offered = browser.get(NEW).text
    for form in ("document", "fiche", "pratique", "formation", "etude"):
        assert f"{NEW}?genre={form}" in offered
        assert browser.get(f"{NEW}?genre={form}").status_code == 200
    assert browser.get(f"{NEW}?genre=autre").status_code == 422


def test_what_is_written_is_a_draft_that_its_page_shows_as_readers_would_see_it(
    room: Room,
) -> None:
    browser = room.curateur()
    page = room.written(browser, sheet(title="Brouillon montré"))
    shown = browser.get(page).text
    assert "<strong>Accueillir</strong> sans reproche" in shown
    assert "À ne jamais faire" in shown
    assert "Exemple, non validé" in shown
    assert "Brouillon montré" in browser.get(f"{HERE}?onglet=brouillons").text
    assert not room.is_read(page)


def test_a_preview_saves_nothing_and_loses_nothing(room: Room) -> None:
    browser = room.curateur()
    given = sent(document(title="Aperçu seul", summary="Un **résumé**."))
    answer = browser.post(f"{NEW}/apercu?genre=document", given)
    shown = words(answer)
    assert "rien n’est enregistré" in shown
    assert 'value="Aperçu seul"' in answer.text
    assert "Aperçu seul" not in browser.get(f"{HERE}?onglet=brouillons").text


def test_one_more_step_is_a_button_that_works_without_a_script(room: Room) -> None:
    browser = room.curateur()
    page = browser.get(f"{NEW}?genre=fiche").text
    assert page.count('name="steps.text"') == 1
    assert "Ajouter une étape" in page
    given = sent(sheet(title="Deux étapes"), what="plus:steps")
    more = browser.post(f"{NEW}/ligne?genre=fiche", given).text
    assert more.count('name="steps.text"') == 3
    assert 'value="Deux étapes"' in more
    raised = browser.post(f"{NEW}/ligne?genre=fiche", given | {"what": "monter:steps:1"}).text
    assert raised.index("Prévenir la cellule") < raised.index("**Accueillir**")
    odd = browser.post(f"{NEW}/ligne?genre=fiche", given | {"what": "monter:title:x"})
    assert odd.status_code == 200


def test_what_is_wrong_is_said_beside_its_field_with_all_that_was_written(room: Room) -> None:
    given = sent(document(title="Faux numéro"), isbn="9780306406158")
    answer = room.curateur().post(f"{NEW}?genre=document", given)
    assert answer.status_code == 422
    assert 'href="#isbn"' in answer.text
    assert 'value="9780306406158"' in answer.text
    assert 'value="Faux numéro"' in answer.text


def test_a_draft_is_its_writers_alone_and_is_gone_once_saved(room: Room) -> None:
    browser, other = room.curateur(), room.curateur()
    given = sent(document(title="Mis de côté"))
    assert browser.post(f"{NEW}/brouillon?genre=document", given).status_code == 204
    assert "Vous aviez commencé" in browser.get(f"{NEW}?genre=fiche").text
    assert "Vous aviez commencé" not in other.get(f"{NEW}?genre=fiche").text
    resumed = browser.get(f"{NEW}?genre=document&reprendre=true").text
    assert 'value="Mis de côté"' in resumed
    room.written(browser, document(title="Enregistré"))
    assert "Vous aviez commencé" not in browser.get(f"{NEW}?genre=fiche").text


def test_a_button_puts_a_draft_aside_and_another_forgets_it(room: Room) -> None:
    browser = room.curateur()
    page = room.written(browser, document(title="Version une"))
    given = sent(document(title="À moitié"), based_on="1", what="brouillon")
    answer = browser.post(f"{page}/brouillon", given)
    assert "fait=cote" in answer.headers["location"]
    assert 'value="À moitié"' in browser.get(f"{page}/modifier?reprendre=true").text
    assert 'value="Version une"' in browser.get(f"{page}/modifier").text
    assert browser.post(f"{page}/brouillon/oublier").status_code == 303
    assert "Vous aviez commencé" not in browser.get(f"{page}/modifier").text


def test_a_draft_that_is_put_aside_is_said_once_and_later_by_its_title(room: Room) -> None:
    browser = room.curateur()
    given = sent(document(title="À finir"), what="brouillon")
    answer = browser.post(f"{NEW}/brouillon?genre=document", given)
    aside = words(browser.get(answer.headers["location"]))
    assert "mis de côté : vous seul le retrouvez. Reprendre Oublier" in aside
    assert "Vous aviez commencé" not in aside
    for path in (HERE, NEW):
        assert "Vous aviez commencé « À finir » le" in words(browser.get(path))
    assert browser.post(f"{NEW}/brouillon/oublier").status_code == 303


def test_whoever_is_second_reads_what_the_first_wrote_and_loses_nothing(room: Room) -> None:
    first, second = room.curateur(), room.curateur()
    page = room.written(first, document(title="Au début"))
    mine = sent(document(title="La mienne"), based_on="1")
    faster = first.post(f"{page}/modifier", sent(document(title="Avant"), based_on="1"))
    assert faster.status_code == 303
    answer = second.post(f"{page}/modifier", mine)
    assert "changée entre-temps" in words(answer, 409)
    assert 'value="La mienne"' in answer.text
    assert ">Avant<" in answer.text
    assert page_of(second.post(f"{page}/modifier", mine | {"based_on": "2"})) == page


def test_history_says_who_did_what_and_a_former_version_is_restored(room: Room) -> None:
    browser = room.curateur()
    page = room.written(browser, document(title="Première"))
    given = sent(document(title="Seconde"), based_on="1", note="Titre corrigé")
    assert browser.post(f"{page}/modifier", given).status_code == 303
    history = words(browser.get(f"{page}/historique"))
    assert "« Titre corrigé »" in history
    assert "Camille Exemple" in history
    assert "Première" in browser.get(f"{page}?version=1").text
    answer = browser.post(f"{page}/retablir", {"version": "1"})
    assert "fait=retablie" in answer.headers["location"]
    assert "Première" in browser.get(page).text


def test_of_what_one_button_does_at_once_the_last_stands_on_top_of_a_history(room: Room) -> None:
    browser = room.curateur()
    page = room.written(browser, what="demander")
    asked = words(browser.get(f"{page}/historique"))
    assert asked.index("Publication demandée") < asked.index("Enregistrée")
    assert "La reprendre comme brouillon" in words(browser.get(page))


def test_a_link_is_published_from_one_screen(room: Room) -> None:
    browser = room.curateur()
    given: dict[str, Any] = {
        "url": "https://exemple.fr/rapport",
        "title": "Un lien publié",
        "bodies": "Organisme d’exemple",
        "year": "2024",
        "type": "rapport",
        "themes": ["fugue"],
        "what": "publier",
    }
    # Enter in a field presses the first button: it publishes nothing half written.
    buttons = re.findall(r'name="what" value="(\w+)"', browser.get(f"{HERE}/lien").text)
    assert buttons == ["enregistrer", "publier", "enregistrer"]
    answer = browser.post(f"{HERE}/lien", given)
    assert "fait=publie" in answer.headers["location"]
    assert room.is_read(page_of(answer))
    wrong = browser.post(f"{HERE}/lien", given | {"url": "", "title": ""})
    # All at once, and each is led to.
    said = words(wrong, 422)
    assert "Donnez l’adresse" in said
    assert said.count("à remplir") == 1
    assert 'href="#url"' in wrong.text
    assert 'href="#title"' in wrong.text
    assert 'value="2024"' in wrong.text


def test_an_address_that_readers_have_is_added_again_once_that_was_seen(room: Room) -> None:
    there = room.published(document(title="Déjà lu", url="https://www.exemple.fr/deja/?utm_x=1"))
    browser = room.curateur()
    given = {"url": "https://exemple.fr/deja", "title": "Autre titre", "type": "guide"}
    given |= {"what": "publier", "nouveau": str(uuid4())}
    asked = browser.post(f"{HERE}/lien", given)
    assert "Cette adresse est déjà ici : Déjà lu" in words(asked, 409)
    assert f'href="{there}"' in asked.text
    assert 'value="Autre titre"' in asked.text
    (seen,) = re.findall(r'name="vue" value="(\w+)"', asked.text)
    answer = browser.post(f"{HERE}/lien", given | {"vue": seen})
    assert room.is_read(page_of(answer))
    # Whoever presses a button twice is not asked about what the first time made.
    again = browser.post(f"{HERE}/lien", given | {"vue": seen})
    assert page_of(again) == page_of(answer)


def test_who_asks_by_a_link_waits_for_a_curateur(room: Room) -> None:
    referent = room.bureau.signed_in(Role.REFERENT_ETAT)
    given = {"url": "https://exemple.fr/guide", "title": "Demandé", "type": "guide"}
    answer = referent.post(f"{HERE}/lien", given | {"what": "demander"})
    assert "Un curateur le relit avant publication" in referent.get(answer.headers["location"]).text
    page = page_of(answer)
    assert not room.is_read(page)
    # What its reader has come for is the first thing to press.
    first = '<button class="button" type="submit">Publier cette version'
    reader = room.curateur()
    assert first in reader.get(page).text
    done = reader.get(publish(reader, page).headers["location"])
    assert "Revenir à « À relire »" in words(done)
    # A button that a form of theirs does not have.
    other = {"url": "https://exemple.fr/autre", "what": "publier"}
    assert referent.post(f"{HERE}/lien", given | other).status_code == 403


@pytest.mark.slow
def test_a_new_version_waits_beside_the_one_that_readers_have(room: Room) -> None:
    page = room.published(document(title="Lue par tous"))
    browser = room.curateur()
    given = sent(document(title="Pas encore lue"), based_on="1")
    assert browser.post(f"{page}/modifier", given).status_code == 303
    assert "la dernière n’est pas publiée" in words(browser.get(page))
    assert "Pas encore lue" in browser.get(f"{HERE}?onglet=brouillons").text
    assert "Lue par tous" in browser.get(f"{HERE}?onglet=publiees&q=lue").text
    publish(browser, page, 2)
    assert "Pas encore lue" in browser.get(f"{HERE}?onglet=publiees&q=encore").text
    assert id_of(page) in browser.get(f"{HERE}?onglet=publiees").text


def test_a_link_on_one_screen_forgets_no_draft_of_a_form(room: Room) -> None:
    browser = room.curateur()
    given = sent(sheet(title="Fiche commencée"))
    assert browser.post(f"{NEW}/brouillon?genre=fiche", given).status_code == 204
    link = {
        "url": "https://exemple.fr/lien",
        "title": "Lien",
        "bodies": "Organisme",
        "year": "2024",
        "type": "rapport",
    }
    assert browser.post(f"{HERE}/lien", link).status_code == 303
    assert "Vous aviez commencé" in browser.get(f"{NEW}?genre=fiche").text


@pytest.mark.parametrize(
    ("tab", "next_step"),
    [
        ("a-relire", "Ce dont quelqu’un demande la publication"),
        ("brouillons", "« Nouvelle ressource »"),
        ("a-revoir", "Trente jours avant son terme"),
        ("retirees", "Un curateur retire une ressource depuis sa page"),
    ],
)
def test_a_list_that_is_empty_says_what_comes_there(room: Room, tab: str, next_step: str) -> None:
    assert next_step in words(room.referent().get(f"{HERE}?onglet={tab}"))


def test_what_may_be_a_hidden_place_is_not_said_to_be_one(room: Room) -> None:
    near = document(title="Près d’un mot", summary="Le foyer ouvre en mai. Il est au 4 rue Neuve.")
    curateur = room.curateur()
    answer = curateur.get(f"{room.written(curateur, near, what='publier')}?fait=retenue")
    said = words(answer)
    assert said.count("nomme un lieu ou un contact caché") == 1
    assert said.count("nomme un lieu ou un contact caché, ou pourrait le faire") == 1


@pytest.mark.parametrize("named", ["undefined", "unicode_escape"])
def test_a_form_in_parts_that_says_how_it_is_written_is_not_read(room: Room, named: str) -> None:
    part = b'--a\r\nContent-Disposition: form-data; name="title"\r\n\r\n\\ud800\r\n--a--\r\n'
    headers = {
        "Origin": ORIGIN,
        "Content-Type": f"multipart/form-data; boundary=a; Charset={named}",
    }
    path = f"{HERE}/nouvelle/apercu?genre=document"
    answer = room.curateur().ask("POST", path, headers, content=part)
    assert "ne se lit pas" in words(answer, 422)


@pytest.mark.parametrize("path", [f"{HERE}/%00", f"{HERE}/collections/a%00", f"{HERE}?q=%00"])
def test_a_sign_that_no_text_has_is_no_fault_of_the_service(room: Room, path: str) -> None:
    assert room.curateur().get(path).status_code in {200, 404, 422}


def test_who_publishes_a_version_twice_makes_one_edition_of_it(room: Room) -> None:
    page = room.written(room.curateur(), document(title="Publiée deux fois"))
    for curateur in (room.curateur(), room.curateur()):
        assert "fait=publie" in publish(curateur, page).headers["location"]
    assert words(room.curateur().get(f"{page}/historique")).count("Version 1 · Publiée") == 1


def test_a_note_that_names_a_home_is_read_by_a_colleague_who_opens_it(room: Room) -> None:
    writer, other = room.curateur(), room.curateur()
    page = room.written(writer, document(title="Avec une note"))
    more = sent(document(title="Avec une autre note"), based_on="1", note=NAMES_HOME)
    assert writer.post(f"{page}/modifier", more).status_code == 303
    history = f"{page}/historique"
    assert NAMES_HOME in words(writer.get(history))
    assert NAMES_HOME not in words(other.get(history))
    assert other.post(f"{page}/ouvrir").status_code == 303
    assert room.noted() == "resource_read"
    assert NAMES_HOME in words(other.get(history))


def test_of_two_versions_that_were_published_at_one_moment_readers_have_the_last(
    room: Room,
) -> None:
    page, curateur = room.published(document(title="D’abord")), room.curateur()
    more = sent(document(title="Ensuite"), based_on="1")
    assert curateur.post(f"{page}/modifier", more).status_code == 303
    publish(room.curateur(), page, 2)
    assert "Ensuite" in words(room.referent().get(page))


def number_of(page: httpx.Response) -> str:
    """Return by what the form of a new resource is known when it is sent."""
    [number] = re.findall(r'name="nouveau" value="([^"]+)"', page.text)
    return str(number)


def test_a_form_that_is_sent_twice_makes_one_resource_and_with_other_words_another(
    room: Room,
) -> None:
    curateur, address = room.curateur(), f"{NEW}?genre=document"
    given = sent(document(title="Envoyée deux fois"), nouveau=number_of(curateur.get(address)))
    with ThreadPoolExecutor(2) as threads:
        [first, again] = threads.map(lambda _: page_of(curateur.post(address, given)), range(2))
    assert first == again
    other = page_of(curateur.post(address, given | {"title": "Envoyée autrement"}))
    assert other != first
    assert "Envoyée autrement" in words(curateur.get(other))
    assert page_of(room.curateur().post(address, given)) not in {first, other}


def test_a_link_that_is_sent_twice_makes_one_resource(room: Room) -> None:
    curateur, address = room.curateur(), f"{HERE}/lien"
    given = {"url": "https://exemple.fr/deux-fois", "title": "Lien envoyé deux fois"}
    given |= {"type": "etude", "what": "publier", "nouveau": number_of(curateur.get(address))}
    pages = [page_of(curateur.post(address, given)) for _ in range(2)]
    assert pages[0] == pages[1]
    assert words(curateur.get(f"{pages[0]}/historique")).count("Version 1 · Publiée") == 1
