"""Two people who arrange the same: whoever saves second sees what the first one saved."""

import re

import httpx
import pytest

from tests.desk.bureau import Browser
from tests.desk.resources.room import HERE, Room, id_of, words
from tests.resource_contents import document

COLLECTIONS, SITUATIONS = f"{HERE}/collections", f"{HERE}/situations"
WORDS, BODIES = f"{HERE}/mots", f"{HERE}/organismes"


def seen_in(answer: httpx.Response, start: str) -> str:
    """Return what a form says of what it was based on; start: what stands before it."""
    found = re.search(r'name="vu" value="(\w+)"', answer.text.partition(start)[2])
    assert found
    return found[1]


def send(browser: Browser, page: str, **given: object) -> httpx.Response:
    return browser.post(page, given)


def refused(answer: httpx.Response, *said: str) -> None:
    """Check that a form was based on something else, and says what is there now."""
    shown = words(answer, 409)
    assert "Changé entre-temps" in shown
    present = shown.partition("En place à présent")[2]
    for each in said:
        assert each in present


@pytest.mark.slow
def test_a_collection_that_two_arrange_is_not_lost(room: Room) -> None:
    first, second = room.curateur(), room.curateur()
    one, two = (
        id_of(room.published(document(title=f"{each} à ranger"))) for each in ("Un", "Deux")
    )
    made = send(first, COLLECTIONS, titre="À deux")
    page = made.headers["location"].partition("?")[0]
    seen = seen_in(first.get(page), "<form")
    theirs = {"titre": "À deux mains", "resume": "Du premier", "ressource": [one], "note": ["Lire"]}
    assert send(first, page, vu=seen, **theirs).status_code == 303
    # Of a button that is pressed twice.
    assert send(first, page, vu=seen, **theirs).status_code == 303
    mine = {"titre": "Du second", "ressource": [two], "note": ["À moi"], "ajouter": "mots du titre"}
    for vu in (seen, ""):
        answer = send(second, page, vu=vu, **(mine | {"ajouter": ""}))
        refused(answer, "À deux mains", "Du premier", "Un à ranger : Lire")
    assert 'value="Du second"' in answer.text
    assert f'value="{two}"' in answer.text
    assert 'value="À moi"' in answer.text
    gone = send(second, f"{page}/enlever", vu=seen)
    assert "Changé entre-temps" in words(gone, 409)
    mine |= {"ajouter": "", "vu": seen_in(answer, "<form")}
    assert send(second, page, **mine).status_code == 303
    assert "Du second" in words(first.get(page))


def test_what_is_wrong_does_not_hide_that_somebody_else_saved(room: Room) -> None:
    first, second = room.curateur(), room.curateur()
    page = send(first, COLLECTIONS, titre="Sans titre").headers["location"].partition("?")[0]
    seen = seen_in(first.get(page), "<form")
    assert send(first, page, vu=seen, titre="Autre titre").status_code == 303
    wrong = send(second, page, vu=seen, titre="")
    assert wrong.status_code == 422
    refused(send(second, page, vu=seen_in(wrong, "<form"), titre="Le mien"), "Autre titre")


@pytest.mark.slow
def test_what_two_put_beside_a_situation_is_not_lost(room: Room) -> None:
    first, second = room.curateur(), room.curateur()
    one, two = (id_of(room.published(document(title=f"{each} à côté"))) for each in ("Une", "Deux"))
    page, start = f"{SITUATIONS}/2", 'id="situation-2"'
    seen = seen_in(first.get(SITUATIONS), start)
    assert send(first, page, vu=seen, ajouter=one).status_code == 303
    refused(send(second, page, vu=seen, ajouter=two), "Une à côté")
    answer = send(second, page, vu=seen, ressource=[two], ajouter="d’autres mots")
    assert answer.status_code == 422
    answer = send(second, page, vu=seen, ressource=[two])
    refused(answer, "Une à côté", "Deux à côté", "Enregistrer cet ordre")
    again = send(second, page, vu=seen_in(answer, start), ressource=[two, one])
    assert again.status_code == 303


def test_words_that_two_write_are_not_lost(room: Room) -> None:
    first, second = room.curateur(), room.curateur()
    assert send(first, WORDS, mots="zorgamot\nzorgabel").status_code == 303
    text = first.get(WORDS).text
    (group,) = re.findall(r'name="groupe" value="(\d+)"(?:(?!</form>).)*zorgamot', text, re.S)[-1:]
    start = f'name="groupe" value="{group}"'
    seen = seen_in(first.get(WORDS), start)
    theirs = {"groupe": group, "mots": "zorgamot\nzorgaven", "vu": seen}
    assert send(first, WORDS, **theirs).status_code == 303
    mine = {"groupe": group, "mots": "zorgamot\nzorgamien"}
    answer = send(second, WORDS, **mine, vu=seen)
    refused(answer, "zorgaven", "zorgamien")
    seen = seen_in(answer, start)
    assert send(first, WORDS, groupe=group, mots="", vu=seen).status_code == 303
    gone = send(second, WORDS, **mine, vu=seen)
    refused(gone, "rien", "zorgamien")
    assert start not in gone.text


def test_names_of_a_body_that_two_write_are_not_lost(room: Room) -> None:
    first, second = room.curateur(), room.curateur()
    room.published(document(title="D’un organisme", bodies=["Organisme à deux"]))
    page = f"{BODIES}/organisme-a-deux"
    start = f'action="{page}"'
    seen = seen_in(first.get(BODIES), start)
    theirs = {"nom": "Organisme à deux", "variantes": "O. D.", "vu": seen}
    assert send(first, page, **theirs).status_code == 303
    answer = send(second, page, nom="Organisme des deux", variantes="", vu=seen)
    refused(answer, "O. D.")
    assert 'value="Organisme des deux"' in answer.text
    mine = {"nom": "Organisme des deux", "variantes": "", "vu": seen_in(answer, start)}
    assert send(second, page, **mine).status_code == 303


@pytest.mark.slow
def test_a_collection_that_somebody_removed_meanwhile_is_created_again_as_it_was_written(
    room: Room,
) -> None:
    first, second = room.curateur(), room.curateur()
    one = id_of(room.published(document(title="Une à garder")))
    page = send(first, COLLECTIONS, titre="Supprimée").headers["location"].partition("?")[0]
    seen = seen_in(first.get(page), "<form")
    assert send(first, f"{page}/enlever", vu=seen).status_code == 303
    mine = {"titre": "La mienne", "resume": "Mon résumé", "ressource": [one], "note": ["À lire"]}
    for others in ({}, {"ajouter": "mots que rien ne dit"}):
        gone = send(second, page, vu=seen, **mine, **others)
        shown = words(gone, 409)
        assert "Supprimée entre-temps" in shown
        assert "Mon résumé" in shown
        assert "Une à garder" in shown
        assert 'value="La mienne"' in gone.text
        assert 'value="À lire"' in gone.text
    assert "Titre à remplir" in words(send(second, f"{page}/creer", **mine | {"titre": ""}), 422)
    again = send(second, f"{page}/creer", **mine, publiee="true")
    made = second.get(again.headers["location"])
    assert "Mon résumé" in words(made)
    assert 'value="À lire"' in made.text
    assert "pas encore publiée" not in words(made)
    assert second.get(page).status_code == 404


def test_what_somebody_wrote_of_a_body_that_is_gone_is_shown(room: Room) -> None:
    curateur = room.curateur()
    answer = send(curateur, f"{BODIES}/disparu", nom="Organisme disparu", variantes="O. D.\nDisp.")
    shown = words(answer, 409)
    assert "Organisme introuvable" in shown
    said = shown.partition("Ce que vous écriviez Nom")[2]
    assert "Organisme disparu" in said
    assert "O. D. Disp." in said
