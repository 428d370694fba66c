"""Catalogues at the desk: read, looked at, decided line by line, applied and undone."""

import json
import re

import pytest
from sqlalchemy import select

from app.desk.resources.import_routes import FILE_MAX
from app.models import ResourceRecord, Role
from app.operations.erasure_register import erased_resources, register_path
from app.platform.database.sessions import read
from tests.desk.bureau import Browser
from tests.desk.resources.catalogues import IMPORTS, apply, ask_to_apply, like, line, planned, send
from tests.desk.resources.room import HERE, NAMES_HOME, Room, id_of, words
from tests.resource_contents import document


def undo(room: Room, browser: Browser, page: str) -> None:
    assert browser.post(f"{page}/annuler").headers["location"] == page
    room.carried_out(page)


def opened(browser: Browser, page: str, title: str) -> str:
    """Return the page of a resource that a catalogue wrote."""
    row = next(
        each
        for each in browser.get(page).text.split('<li class="desk-review__line"')
        if title in each
    )
    found = re.search(rf'href="({HERE}/[0-9a-f]{{16}})"', row)
    assert found
    return found[1]


@pytest.mark.slow
def test_a_catalogue_is_read_and_nothing_is_written_before_it_is_confirmed(room: Room) -> None:
    curateur = room.curateur()
    page = planned(
        curateur,
        line("Guide importé", auteurs=["Organisme d’exemple"], resume="En une phrase.", cote="x"),
        line(""),
    )
    shown = words(curateur.get(page))
    assert "Nouvelles 1" in shown
    assert "Inutilisables 1" in shown
    assert "Guide importé" in shown
    assert "Organisme d’exemple, 2020" in shown
    assert "En une phrase." in shown
    assert "Champs non repris cote" in shown
    wrong = words(curateur.get(f"{page}?voir=inutilisables"))
    assert "ligne 2 Le titre manque" in wrong
    assert "déposez-le de nouveau" in wrong
    assert "catalogue.json en attente 2" in words(curateur.get(IMPORTS))
    assert "Guide importé" not in curateur.get(f"{HERE}?onglet=a-relire").text


def test_what_is_applied_waits_to_be_read_and_leads_to_each_resource(room: Room) -> None:
    curateur = room.curateur()
    page = planned(curateur, line("Appliqué sans publier"))
    answer = apply(room, curateur, page)
    assert answer.headers["location"] == page
    shown = words(curateur.get(page))
    assert "1 ressource écrite" in shown
    assert "nouvelle, laissée à relire" in shown
    assert "Ce qui n’est pas publié attend : le relire" in shown
    # What is written is shown once.
    assert "Nouvelles" not in shown
    resource = opened(curateur, page, "Appliqué sans publier")
    assert room.status(resource) == "waiting"
    assert not room.is_read(resource)


def test_what_its_reader_lets_be_published_is_unless_it_names_a_home(room: Room) -> None:
    curateur = room.curateur()
    page = planned(curateur, line("Publié tout de suite"), line("Nomme", resume=NAMES_HOME))
    assert apply(room, curateur, page, publier="true").status_code == 303
    shown = words(curateur.get(page))
    assert "2 ressources écrites, dont 1 publiée et 1 retenue" in shown
    assert room.is_read(opened(curateur, page, "Publié tout de suite"))
    held = opened(curateur, page, ">Nomme<")
    assert room.status(held) == "held"
    assert not room.is_read(held)


def test_what_is_there_already_is_changed_field_by_field(room: Room) -> None:
    curateur = room.curateur()
    there = room.published(document(title="Champ par champ", isbn="9780306406157", year=2019))
    page = planned(curateur, line("Champ par champ", isbn="9780306406157", annee=2021, pages=12))
    shown = words(curateur.get(page))
    assert there in curateur.get(page).text
    assert "Mises à jour 1" in shown
    assert "Année Avant : 2019 Après : 2021" in shown
    assert "Pages" in shown


def test_the_words_that_change_inside_a_long_text_are_marked_alone(room: Room) -> None:
    curateur = room.curateur()
    isbn, said = "9782070368228", "Ce que l’on prépare avant le retour <d’un> mineur."
    room.published(document(title="Mot à mot", isbn=isbn, summary=said))
    given = line("Mot à mot", isbn=isbn, resume=said.replace("avant", "bien avant"), pages=12)
    shown = curateur.get(planned(curateur, given)).text
    assert '<ins class="desk-diff__new"> bien</ins> avant le retour &lt;d’un&gt; mineur.' in shown
    assert '<ins class="desk-diff__new">12</ins>' in shown


@pytest.mark.slow
def test_a_doubtful_line_is_left_out_unless_its_reader_decides(room: Room) -> None:
    curateur = room.curateur()
    there = room.published(like("Signes d’alerte chez les jeunes"))
    same = line("Signes d’alerte chez les jeunes", auteurs=["Un autre"], resume="Autre résumé.")
    page = planned(curateur, same)
    shown = curateur.get(page).text
    assert "À décider" in shown
    assert there in shown
    choices = re.findall(r'<option value="1:(\w+)"', shown)
    assert choices == ["update", "skip", "create"]
    assert apply(room, curateur, page).status_code == 303
    left = words(curateur.get(page))
    assert "aucune ressource écrite" in left
    assert "Laissées de côté 1" in left
    assert "À décider" not in left
    again = planned(curateur, same)
    assert again != page
    assert apply(room, curateur, again, choix="1:update").status_code == 303
    assert "mise à jour, laissée à relire" in words(curateur.get(again))
    assert "Autre résumé." in curateur.get(there).text


def test_two_answers_for_one_resource_are_asked_again(room: Room) -> None:
    curateur = room.curateur()
    room.published(like("Deux réponses pour une fiche"))
    titles = ("Deux réponses pour une fiches", "Deux réponse pour une fiche")
    page = planned(curateur, *(line(title, auteurs=["Un autre"]) for title in titles))
    answer = apply(room, curateur, page, choix=["1:update", "2:update"])
    said = words(answer, 409)
    assert "Les lignes 1 et 2 mettraient à jour la même ressource : rien n’est écrit." in said
    assert "À décider 2" in said
    assert apply(room, curateur, page, choix="1:update").status_code == 303


def test_a_plan_that_was_made_anew_is_not_applied_unread(room: Room) -> None:
    first, second = room.curateur(), room.curateur()
    lines = (line("Par deux à la fois"), line("Par deux encore"))
    one, other = planned(first, *lines), planned(second, *lines)
    assert one != other
    read = second.get(other).text
    assert apply(room, first, one).status_code == 303
    assert apply(room, second, other, read).status_code == 303
    shown = words(second.get(other))
    assert "Des ressources ont changé depuis que ce plan est fait : rien n’est écrit." in shown
    assert "Inchangées 2" in shown
    # Made anew since: what was read before says another thing.
    assert "Plan à relire" in words(apply(room, second, other, read), 409)


@pytest.mark.slow
def test_the_worker_writes_it_once_while_its_page_says_so(room: Room) -> None:
    first, second = room.curateur(), room.curateur()
    page = planned(first, line("Écrit par le travail"))
    read = second.get(page).text
    assert ask_to_apply(first, page).headers["location"] == page
    answer = first.get(page)
    assert "en cours d’écriture" in words(answer)
    assert "data-follow" in answer.text
    assert "Écrit par le travail" not in words(answer)
    assert "déjà en cours d’écriture" in words(ask_to_apply(second, page, read), 409)
    assert "déjà en cours d’écriture" in words(second.post(f"{page}/abandonner"), 409)
    room.carried_out(page)
    room.carried_out(page)
    assert "1 ressource écrite" in words(first.get(page))
    assert first.post(f"{page}/annuler").headers["location"] == page
    assert "en cours d’annulation" in words(first.get(page))
    assert "1 ressource écrite" in words(first.get(page))
    room.carried_out(page)
    room.carried_out(page)
    assert "effacée depuis" in words(first.get(page))


def test_what_somebody_else_decided_is_said_on_its_page(room: Room) -> None:
    first, second = room.curateur(), room.curateur()
    page = planned(first, line("Décidé deux fois"))
    read = second.get(page).text
    assert apply(room, first, page).status_code == 303
    assert "Cet import est déjà appliqué" in words(apply(room, second, page, read), 409)
    assert "déjà appliqué" in words(second.post(f"{page}/abandonner"), 409)
    undo(room, first, page)
    assert "déjà annulé" in words(second.post(f"{page}/annuler"), 409)


def test_the_same_file_leads_to_the_plan_that_waits(room: Room) -> None:
    curateur = room.curateur()
    data = json.dumps([line("Déposé deux fois")]).encode()
    page = send(curateur, data).headers["location"]
    room.bureau.clock.pass_by(minutes=1)
    again = send(curateur, data, "autre nom.json").headers["location"]
    assert again == f"{page}?fait=attendait"
    assert "déjà déposé ce fichier" in words(curateur.get(again))
    assert curateur.post(f"{page}/abandonner").headers["location"] == f"{page}?fait=abandonne"
    assert "abandonné" in words(curateur.get(page))
    assert send(curateur, data).headers["location"] != page


@pytest.mark.slow
def test_an_import_is_undone_but_for_what_somebody_changed_since(room: Room) -> None:
    curateur = room.curateur()
    page = planned(curateur, line("Repris"), line("Publié depuis"))
    assert apply(room, curateur, page).status_code == 303
    stays = opened(curateur, page, "Publié depuis")
    assert curateur.post(f"{stays}/publier", {"version": "1"}).status_code == 303
    gone = opened(curateur, page, "Repris")
    undo(room, curateur, page)
    shown = words(curateur.get(page))
    assert "Restées comme elles sont" in shown
    assert "effacée depuis" in shown
    assert curateur.get(gone).status_code == 404
    assert room.is_read(stays)
    with read(room.bureau.databases.staff) as session:
        wanted = ResourceRecord.public_id == id_of(gone)
        erased = session.scalars(select(ResourceRecord.id).where(wanted)).one()
    # No restored backup brings it back.
    assert erased in erased_resources(register_path(room.bureau.settings))


def test_what_cannot_be_read_says_why_beside_the_form(room: Room) -> None:
    curateur = room.curateur()
    for data, said, name in (
        (b"{", "JSON valable", "catalogue.json"),
        (b'{"autre": 1}', "liste d’objets", "catalogue.json"),
        (b"", "vide", "catalogue.json"),
        (b"x;y\n1;2\n", "Titre", "catalogue.csv"),
        (b"%PDF-1.7", "« catalogue.pdf » n’est pas d’un format lu ici", "catalogue.pdf"),
        (b"%PDF-1.7", "lu ici : .json, .xlsx", "catalogue.pdf"),
        (b" " * FILE_MAX + b"[]", "5 Mo", "catalogue.json"),
        (json.dumps([line(f"n° {each}") for each in range(501)]).encode(), "500", "c.json"),
    ):
        answer = send(curateur, data, name)
        shown = words(answer, 422)
        assert said in shown, data[:20]
        problem = shown.partition("Fichier refusé")[2].partition("Derniers catalogues")[0]
        assert "JSON, ou un tableau XLSX" in problem
        assert 'name="fichier"' in answer.text
    missing = curateur.post(IMPORTS, {})
    assert "il manque le fichier" in words(missing, 422)


def test_many_lines_are_shown_by_fifty(room: Room) -> None:
    curateur = room.curateur()
    names = [f"{each:02}{'abcdefghij'[each % 10]} {hash_of(each)}" for each in range(60)]
    page = planned(curateur, *(line(name) for name in names))
    assert curateur.get(page).text.count('<li class="desk-review__line"') == 50
    assert curateur.get(f"{page}?voir=nouvelles&page=2").text.count('id="n-') == 10
    assert curateur.get(f"{page}?voir=nouvelles&page=9").status_code == 200


def hash_of(number: int) -> str:
    """Return a word that no other number has, nor one close to it."""
    return "".join(chr(97 + (number * step) % 26) * 3 for step in (3, 5, 7, 11))


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.CURATEUR}))
def test_only_a_curateur_imports(room: Room, role: Role) -> None:
    page = planned(room.curateur(), line(f"Pas de {role}"))
    browser = room.bureau.signed_in(role)
    for path in (IMPORTS, page):
        assert browser.get(path).status_code == 403
    assert send(browser, b"[]").status_code == 403
    for deed in ("appliquer", "abandonner", "annuler"):
        assert browser.post(f"{page}/{deed}", {"vu": "x"}).status_code == 403
    assert id_of(page) not in browser.get("/gestion").text
