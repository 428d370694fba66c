"""Collections, situations, words and issuing bodies, as a curateur arranges them."""

import re

import httpx
import pytest
from sqlalchemy import text

from app.audit.actions import Action
from app.models import Role
from tests.desk.bureau import Browser
from tests.desk.resources.room import HERE, NAMES_HOME, Room, id_of, words
from tests.resource_contents import document

COLLECTIONS, SITUATIONS = f"{HERE}/collections", f"{HERE}/situations"
WORDS, BODIES = f"{HERE}/mots", f"{HERE}/organismes"


def created(browser: Browser, title: str) -> str:
    answer = browser.post(COLLECTIONS, {"titre": title})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


def seen_at(browser: Browser, page: str, start: str = "<main") -> str:
    """Return what a form says of what it was based on; start: what stands before it."""
    found = re.search(r'name="vu" value="(\w+)"', browser.get(page).text.partition(start)[2])
    assert found
    return found[1]


def saved(browser: Browser, page: str, **given: object) -> httpx.Response:
    sent = {"titre": "Collection", "resume": "", "vu": seen_at(browser, page, "<form"), **given}
    return browser.post(page, sent)


def seen(room: Room, view: str) -> str:
    """What visitors may read of a view."""
    with room.bureau.databases.public.connect() as connection:
        rows = connection.execute(text(f"SELECT v::text FROM {view} v"))
        return "\n".join(rows.scalars())


@pytest.mark.slow
def test_a_collection_is_put_in_order_with_notes_and_read_once_published(room: Room) -> None:
    curateur = room.curateur()
    one = room.published(document(title="Premier de la collection"))
    two = room.published(document(title="Second de la collection"))
    page = created(curateur, "Retour de fugue d’essai")
    assert saved(curateur, page, ajouter="premier de la").status_code == 303
    address = f"https://carte.exemple.fr/ressources/{id_of(two)}/second"
    given = {"ressource": [id_of(one)], "note": ["À lire d’abord"]}
    assert saved(curateur, page, ajouter=address, **given).status_code == 303
    assert "À lire d’abord" not in seen(room, "resource_collection_entry")
    both = {"ressource": [id_of(one), id_of(two)], "note": ["À lire d’abord", ""]}
    answer = saved(curateur, page, publiee="true", geste="monter:1", **both)
    assert answer.status_code == 303
    shown = curateur.get(page).text
    assert shown.index("Second de la") < shown.index("Premier de la")
    assert "À lire d’abord" in seen(room, "resource_collection_entry")
    assert saved(curateur, page, geste="enlever:0", **both).status_code == 303
    assert id_of(one) not in seen(room, "resource_collection_entry")
    assert room.noted() == Action.RESOURCE_ARRANGED


@pytest.mark.parametrize("field", ["titre", "resume", "note"])
def test_a_collection_that_names_a_home_is_not_saved(room: Room, field: str) -> None:
    curateur = room.curateur()
    one = room.published(document(title=f"Neutre {field}"))
    page = created(curateur, f"Sans nom de lieu {field}")
    given: dict[str, object] = {"ressource": [id_of(one)], "publiee": "true"}
    given[field] = [NAMES_HOME] if field == "note" else NAMES_HOME
    answer = saved(curateur, page, **given)
    assert answer.status_code == 422
    assert "Cachée" in answer.text
    assert "Cachée" not in seen(room, "resource_collection")
    assert curateur.post(COLLECTIONS, {"titre": NAMES_HOME}).status_code == 422


def test_a_home_that_two_texts_name_together_is_laid_on_neither(room: Room) -> None:
    curateur = room.curateur()
    ids = [id_of(room.published(document(title=f"Voisine {each}"))) for each in (1, 2)]
    page = created(curateur, "Tout à fait neutre")
    said = words(saved(curateur, page, ressource=ids, note=["Au 10", "rue Cachée"]), 422)
    assert "Lus ensemble, ces textes nomment un lieu ou un contact caché" in said
    assert "« Tout à fait neutre »" not in said


def test_a_resource_that_no_reader_has_is_in_no_collection(room: Room) -> None:
    curateur = room.curateur()
    draft = room.written(curateur, document(title="Jamais publiée"))
    page = created(curateur, "Sans brouillon")
    assert saved(curateur, page, ajouter="jamais publiée").status_code == 422
    assert saved(curateur, page, ressource=[id_of(draft)]).status_code == 303
    assert "Jamais publiée" not in curateur.get(page).text


def test_a_collection_is_removed_and_its_address_is_no_more(room: Room) -> None:
    curateur = room.curateur()
    page = created(curateur, "À supprimer")
    assert created(curateur, "À supprimer") == f"{page}-2"
    assert curateur.post(f"{page}/enlever", {"vu": seen_at(curateur, page)}).status_code == 303
    assert curateur.get(page).status_code == 404


@pytest.mark.slow
def test_three_resources_at_most_stand_beside_a_situation(room: Room) -> None:
    curateur = room.curateur()
    pages = [room.published(document(title=f"À côté {each}")) for each in "abcd"]
    ids = [id_of(each) for each in pages]

    def put(**given: object) -> httpx.Response:
        sent = {"vu": seen_at(curateur, SITUATIONS, 'id="situation-1"'), **given}
        return curateur.post(f"{SITUATIONS}/1", sent)

    for each in ids[:3]:
        shown = curateur.get(SITUATIONS).text.split('id="situation-1"')[1].split("</section>")[0]
        there = re.findall(r'name="ressource" value="(\w+)"', shown)
        assert put(ressource=there, ajouter=each).status_code == 303
    answer = put(ressource=ids[:3], ajouter=ids[3])
    assert "Trois ressources au plus" in words(answer, 422)
    assert put(ressource=ids[:3], geste="monter:2").status_code == 303
    assert f"(1,2,{ids[2]})" in seen(room, "resource_of_situation")
    assert curateur.post(f"{SITUATIONS}/9999", {}).status_code == 404


def test_words_of_a_group_find_each_other_and_a_word_stands_in_one(room: Room) -> None:
    curateur = room.curateur()
    given = {"mots": "zorglonde\nzorglubique\n"}
    assert curateur.post(WORDS, given).status_code == 303
    assert "zorglubique" in seen(room, "resource_synonym")
    again = curateur.post(WORDS, {"mots": "zorglonde\nautre mot"})
    assert "déjà dans le groupe" in words(again, 422)
    for wrong in ("zorgseul", "zorgbis\nle", "zorgte\nzorgtes"):
        assert curateur.post(WORDS, {"mots": wrong}).status_code == 422
    group = re.search(
        r'name="groupe" value="(\d+)">(?:(?!</form>).)*zorglonde', curateur.get(WORDS).text, re.S
    )
    assert group
    seen_now = seen_at(curateur, WORDS, f'name="groupe" value="{group[1]}"')
    empty = {"groupe": group[1], "mots": "", "vu": seen_now}
    assert curateur.post(WORDS, empty).status_code == 303
    assert "zorglonde" not in seen(room, "resource_synonym")


@pytest.mark.slow
def test_a_body_has_other_names_and_none_of_another_one(room: Room) -> None:
    curateur = room.curateur()
    room.published(document(title="De deux", bodies=["Premier organisme", "Second organisme"]))
    one = f"{BODIES}/premier-organisme"
    given = {"nom": "Premier organisme", "variantes": "P. O.\nPremier org."}
    start = f'action="{one}"'
    given["vu"] = seen_at(curateur, BODIES, start)
    assert curateur.post(one, given).status_code == 303
    assert "P. O." in curateur.get(BODIES).text
    page = room.published(document(title="Sous un autre nom", bodies=["premier ORG."]))
    assert "Premier organisme" in seen(room, "resource").split("Sous un autre nom")[1][:400]
    assert room.is_read(page)
    given |= {"variantes": "second organisme", "vu": seen_at(curateur, BODIES, start)}
    taken = curateur.post(one, given)
    assert "déjà un nom" in words(taken, 422)
    assert curateur.post(f"{BODIES}/inconnu", given).status_code == 409
    named = curateur.post(one, {"nom": NAMES_HOME, "variantes": ""})
    assert named.status_code == 422


@pytest.mark.parametrize("path", [COLLECTIONS, SITUATIONS, WORDS, BODIES])
def test_only_a_curateur_arranges(room: Room, path: str) -> None:
    assert room.curateur().get(path).status_code == 200
    for role in (Role.REFERENT_DEPARTEMENT, Role.REFERENT_ETAT, Role.ADMINISTRATEUR):
        assert room.bureau.signed_in(role).get(path).status_code == 403


@pytest.mark.slow
def test_of_several_that_words_are_found_in_one_is_chosen(room: Room) -> None:
    curateur = room.curateur()
    pages = [
        room.published(document(title=f"Zorgalivre, tome {number}", bodies=["Éditions Zorg"]))
        for number in (1, 2)
    ]
    made = curateur.post(f"{HERE}/collections", {"titre": "Tomes"}).headers["location"]
    collection = made.partition("?")[0]
    for path in (collection, f"{HERE}/situations/3"):
        given = {"titre": "Tomes", "ajouter": "zorgalivre"}
        start = f'action="{path}"'
        given["vu"] = seen_at(curateur, collection if path == collection else SITUATIONS, start)
        answer = curateur.post(path, given)
        shown = words(answer, 422)
        assert "Plusieurs ressources" in shown
        for page in pages:
            assert f'href="{page}"' in answer.text
        assert "Zorgalivre, tome 2 Éditions Zorg" in shown
        chosen = curateur.post(path, given | {"choisie": id_of(pages[1])})
        assert chosen.status_code == 303
        shown = words(curateur.get(chosen.headers["location"]))
        assert "tome 2" in shown
        assert "tome 1" not in shown
