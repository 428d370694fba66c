"""What lists say otherwise than a record is shown side by side, chosen once, and stays chosen."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import func, select, update

from app.models import Role, SourceFile
from app.platform.database.sessions import read, write
from app.records.viewing import see
from app.visibility import OPERATOR
from tests.desk.actors.conftest import Desk
from tests.desk.actors.forms import correct
from tests.desk.actors.test_many import FORM
from tests.desk.bureau import Browser
from tests.short_lists import CRIP, SHELTER, csv, run

PAGE = "/gestion/desaccords"
HEADER = "FINESS;Nom;Catégorie;Adresse;Code postal;Commune;Téléphone;Courriel"


def numbered(*lines: str) -> bytes:
    """A list whose lines have national numbers, so that another one names the same actors."""
    numbers = ("930000484", "930000492")
    body = map(";".join, zip(numbers, lines, strict=True))
    return "\r\n".join((HEADER, *body)).encode("cp1252")


@pytest.fixture(scope="module")
def two_lists(desk: Desk) -> Desk:
    """Two lists that say otherwise of an open actor and of a shelter."""
    line, home = CRIP.replace("CRIP d'", "Cellule d'"), SHELTER.replace("Foyer", "Abri")
    run(desk.runtime, numbered(line, home), source="liste A", territory="93")
    other = line.replace("00 01", "00 09").replace("1 rue de l'Exemple", "7 rue Autre")
    run(desk.runtime, numbered(other, home.replace("00 10", "00 77")), source="liste B")
    return desk


def phones(desk: Desk) -> tuple[str, ...]:
    with read(desk.databases.staff) as session:
        found = see(session, desk.vault, OPERATOR)
        (seen,) = [each for each in found if each.record.name == "Cellule d'exemple"]
    return seen.record.phones


def form_of(browser: Browser, field: str, actor: str) -> dict[str, str]:
    """What the page has a browser send of a field, but the answer."""
    forms = browser.get(PAGE).text.split("<form ")[1:]
    found = (dict(re.findall(r'name="(acteur|champ|liste|vu)" value="([^"]*)"', f)) for f in forms)
    return next(each for each in found if (each.get("champ"), each.get("acteur")) == (field, actor))


def choose(browser: Browser, desk: Desk, answer: str, field: str) -> httpx.Response:
    given = form_of(browser, field, desk.ids()["Cellule d'exemple"])
    return browser.post(PAGE, data={**given, "reponse": answer})


def test_both_values_are_shown_with_their_list_and_nothing_of_a_protected_one(
    two_lists: Desk,
) -> None:
    text = two_lists.signed_in().get(PAGE).text
    for said in ("01 99 00 00 01", "01 99 00 00 09", "7 rue Autre", "liste A", "liste B", "rang"):
        assert said in text
    assert "Abri fictif" in text
    assert not re.search("99 ?00 ?00 ?(77|10)", text)
    own = two_lists.signed_in(Role.REFERENT_DEPARTEMENT).get(PAGE).text
    assert "01 99 00 00 09" in own


def test_today_says_that_lists_disagree_to_who_may_choose(two_lists: Desk) -> None:
    link = f'href="{PAGE}">Ouvrir'
    for role in (Role.CURATEUR, Role.REFERENT_DEPARTEMENT):
        text = two_lists.signed_in(role).get("/gestion").text
        assert "2</strong> acteurs dont une liste dit autre chose que la fiche" in text
        assert link in text
    for role in (Role.REFERENT_ETAT, Role.ADMINISTRATEUR):
        assert link not in two_lists.signed_in(role).get("/gestion").text


def test_what_is_chosen_stays_chosen(two_lists: Desk) -> None:
    browser = two_lists.signed_in()
    taken = choose(browser, two_lists, "prendre", "phones").headers["location"]
    assert "fait=pris&lot=" in taken
    assert phones(two_lists) == ("+33199000009",)
    assert choose(browser, two_lists, "garder", "address").is_redirect
    text = browser.get(f"{PAGE}?fait=garde").text
    assert "La valeur de la fiche est gardée." in text
    assert "7 rue Autre" not in text
    assert "+33199000009" not in text
    actor = two_lists.ids()["Cellule d'exemple"]
    history = browser.get(f"/gestion/acteurs/{actor}/historique")
    assert "Désaccord entre listes tranché" in history.text
    assert "valeur de la liste prise" in history.text
    assert "plusieurs à la fois" not in history.text


@pytest.mark.slow
def test_a_choice_is_taken_back_and_waits_again(desk: Desk) -> None:
    actor = given_apart(desk, "Service revenu", "930000641", "01 99 00 00 65;;", "revenu")
    browser = desk.signed_in()
    sent = form_of(browser, "phones", actor) | {"reponse": "prendre", "territoire": "93"}
    page = browser.get(browser.post(PAGE, data=sent).headers["location"]).text
    (path,) = re.findall(rf'action="({PAGE}/annuler[^"]*)"', page)
    (lot,) = re.findall('name="lot" value="([^"]+)"', page)
    assert path.endswith("?territoire=93")
    answer = browser.post(path, data={"lot": lot})
    assert answer.headers["location"] == f"{PAGE}?fait=annule&territoire=93"
    assert form_of(browser, "phones", actor)
    assert (
        browser.post(path, data={"lot": lot}).headers["location"].startswith(f"{PAGE}?fait=reste")
    )
    sent = form_of(browser, "phones", actor) | {"reponse": "garder"}
    page = browser.get(browser.post(PAGE, data=sent).headers["location"]).text
    (lot,) = re.findall('name="lot" value="([^"]+)"', page)
    browser.post(path, data={"lot": lot})
    assert form_of(browser, "phones", actor)


def test_what_is_over_protected_or_of_others_is_refused(two_lists: Desk) -> None:
    source = "00000000-0000-0000-0000-000000000000"
    ids = two_lists.ids()
    for name, field in (("Abri fictif", "phones"), ("Cellule d'exemple", "name")):
        given = {"acteur": ids[name], "champ": field, "liste": source, "reponse": "prendre"}
        given["vu"] = "0" * 64
        assert two_lists.signed_in().post(PAGE, data=given).status_code == 409
        for role in (Role.REFERENT_ETAT, Role.ADMINISTRATEUR):
            assert two_lists.signed_in(role).post(PAGE, data=given).status_code == 403
            assert two_lists.signed_in(role).get(PAGE).status_code == 403


def test_lists_that_agree_leave_nothing_to_choose(desk: Desk) -> None:
    run(desk.runtime, csv(CRIP), source="encore")
    assert desk.signed_in(Role.REFERENT_DEPARTEMENT).get(PAGE).status_code == 200


WITHHELD = "06 99 00 00 03"


def given_apart(desk: Desk, name: str, number: str, cell: str, source: str) -> str:
    """Import an actor that two lists know; return its public id."""
    head = f"{HEADER};Portable (ne pas diffuser)"
    line = f"{number};{name};ASE;9 rue Ouverte;93000;Bobigny;{{}}"
    for origin, phone in ((source, "01 99 00 00 61;;"), (f"{source} autre", cell)):
        run(desk.runtime, f"{head}\r\n{line.format(phone)}".encode("cp1252"), source=origin)
    return desk.ids()[name]


def test_what_a_list_withholds_is_neither_shown_nor_published(desk: Desk) -> None:
    cell = f"01 99 00 00 62;;{WITHHELD}"
    actor = given_apart(desk, "Service discret", "930000500", cell, "discret")
    browser = desk.signed_in()
    page = browser.get(PAGE).text
    row = next(each for each in page.split("<tr ") if f'id="d-{actor}-' in each)
    assert "contact non public" in row
    assert "699000003" not in re.sub(r"\s", "", row)
    assert f"/gestion/acteurs/{actor}/modifier" in row
    assert 'value="prendre"' not in row
    given = form_of(browser, "phones", actor)
    assert browser.post(PAGE, data={**given, "reponse": "prendre"}).status_code == 409
    assert browser.post(PAGE, data={**given, "reponse": "garder"}).is_redirect
    with read(desk.databases.staff) as session:
        seen = next(each for each in see(session, desk.vault, OPERATOR) if each.public_id == actor)
    assert seen.record.phones == ("+33199000061",)
    assert "+33699000003" in seen.record.unpublished


def test_what_changed_since_it_was_read_is_not_settled(desk: Desk) -> None:
    actor = given_apart(desk, "Service changeant", "930000518", "01 99 00 00 63;;", "changeant")
    browser = desk.signed_in()
    given = form_of(browser, "phones", actor)
    given_apart(desk, "Service changeant", "930000518", "01 99 00 00 64;;", "changeant")
    refused = browser.post(PAGE, data={**given, "reponse": "prendre"})
    assert refused.status_code == 409
    assert "Désaccord déjà tranché" in refused.text
    now = form_of(browser, "phones", actor)
    assert browser.post(PAGE, data={**now, "reponse": "prendre"}).is_redirect


def test_no_more_is_opened_than_the_page_shows(
    two_lists: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, finess in (("Maison des ados", "930000526"), ("Point écoute", "930000534")):
        given_apart(two_lists, name, finess, f"01 99 00 00 {finess[-2:]};;", name)
    browser = two_lists.signed_in()
    assert "plus de" not in browser.get(PAGE).text
    monkeypatch.setattr("app.desk.conflicts.routes.MOST", 1)
    monkeypatch.setattr("app.lists.conflicts.OPENED_AT_ONCE", 1)
    text = browser.get(PAGE).text
    assert "plus de 1" in text
    assert text.count("<tr data-row") == 1


def test_the_page_is_narrowed_by_a_territory_as_the_list_is(two_lists: Desk) -> None:
    actor = given_apart(two_lists, "Service d'ici", "930000542", "01 99 00 00 72;;", "ici")
    browser = two_lists.signed_in()
    assert actor in browser.get(f"{PAGE}?territoire=93").text
    assert actor not in browser.get(f"{PAGE}?territoire=59").text
    given = form_of(browser, "phones", actor) | {"reponse": "garder", "territoire": "93"}
    assert browser.post(PAGE, data=given).headers["location"].endswith("territoire=93")


def received_days_later(desk: Desk, days: int) -> None:
    """Make the last file as if it had come some days after today."""
    with write(desk.databases.staff) as session:
        last = select(SourceFile.id).order_by(SourceFile.received_at.desc()).limit(1)
        at = func.now() + timedelta(days=days)
        session.execute(
            update(SourceFile).where(SourceFile.id == last.scalar_subquery()).values(received_at=at)
        )


def send(desk: Desk, name: str, number: str, phone: str, source: str, days: int = 0) -> None:
    line = f"{number};{name};ASE;19 rue Ouverte;93000;Bobigny;{phone};"
    run(desk.runtime, f"{HEADER}\r\n{line}".encode("cp1252"), source=source)
    received_days_later(desk, days)


@pytest.mark.slow
def test_a_value_that_was_refused_is_asked_no_more_and_another_one_is(desk: Desk) -> None:
    name, number = "Service constant", "930000559"
    send(desk, name, number, "01 99 00 00 81", "constante A")
    send(desk, name, number, "01 99 00 00 82", "constante B")
    browser, actor = desk.signed_in(), desk.ids()[name]
    given = form_of(browser, "phones", actor)
    assert browser.post(PAGE, data={**given, "reponse": "garder"}).is_redirect
    for days in (1, 2):
        send(desk, name, number, "01 99 00 00 82", "constante B", days)
        assert actor not in browser.get(PAGE).text
    # What another list says was never refused, nor what the same one says now.
    send(desk, name, number, "01 99 00 00 82", "constante C", 3)
    given = form_of(browser, "phones", actor)
    assert browser.post(PAGE, data={**given, "reponse": "garder"}).is_redirect
    assert actor not in browser.get(PAGE).text
    send(desk, name, number, "01 99 00 00 83", "constante B", 4)
    given = form_of(browser, "phones", actor)
    assert browser.post(PAGE, data={**given, "reponse": "garder"}).is_redirect
    # It goes back to what a person refused first.
    send(desk, name, number, "01 99 00 00 82", "constante B", 5)
    assert actor not in browser.get(PAGE).text


def test_what_a_list_says_later_on_the_day_of_a_decision_is_asked(desk: Desk) -> None:
    name, number = "Service du jour", "930000567"
    send(desk, name, number, "01 99 00 00 84", "jour A")
    send(desk, name, number, "01 99 00 00 85", "jour B")
    browser, actor = desk.signed_in(), desk.ids()[name]
    given = form_of(browser, "phones", actor)
    assert browser.post(PAGE, data={**given, "reponse": "prendre"}).is_redirect
    assert actor not in browser.get(PAGE).text
    send(desk, name, number, "01 99 00 00 86", "jour A")
    assert "01 99 00 00 86" in browser.get(PAGE).text


def test_a_list_that_comes_while_a_person_chooses_is_not_refused_unseen(desk: Desk) -> None:
    name, number = "Service pressé", "930000575"
    send(desk, name, number, "01 99 00 00 87", "presse A")
    send(desk, name, number, "01 99 00 00 88", "presse B")
    browser, actor = desk.signed_in(), desk.ids()[name]
    given = form_of(browser, "phones", actor)
    send(desk, name, number, "01 99 00 00 89", "presse C")
    assert browser.post(PAGE, data={**given, "reponse": "garder"}).status_code == 409
    assert "01 99 00 00 89" in browser.get(PAGE).text


@pytest.mark.slow
def test_what_a_person_corrects_by_hand_answers_the_lists_of_then(desk: Desk) -> None:
    name, number = "Service corrigé", "930000583"
    send(desk, name, number, "01 99 00 00 91", "main A")
    send(desk, name, number, "01 99 00 00 92", "main B")
    browser, actor = desk.signed_in(), desk.ids()[name]
    assert actor in browser.get(PAGE).text
    assert correct(browser, actor, phones="01 99 00 00 93").is_redirect
    for source, phone in (("main A", "01 99 00 00 91"), ("main B", "01 99 00 00 92")):
        send(desk, name, number, phone, source, 1)
        assert actor not in browser.get(PAGE).text
    send(desk, name, number, "01 99 00 00 94", "main A", 2)
    assert "01 99 00 00 94" in browser.get(PAGE).text


def test_lists_that_disagree_about_protected_sheets_alone_do_not_agree(desk: Desk) -> None:
    line = "590000402;Abri du Nord;MECS;3 rue Celée;59000;Lille;01 99 00 00 2{};"
    for number, source in ((1, "Nord A"), (2, "Nord B")):
        data = f"{HEADER}\r\n{line.format(number)}".encode("cp1252")
        run(desk.runtime, data, source=source, territory="59")
    text = desk.signed_in().get(f"{PAGE}?territoire=59").text
    assert "Abri du Nord" in text
    assert "sont d’accord" not in text
    assert f'action="/gestion/acteurs/{desk.ids()["Abri du Nord"]}/ouvrir"' in text
    assert "sont d’accord ici" in desk.signed_in().get(f"{PAGE}?territoire=75").text


SEVERAL = f"{PAGE}/plusieurs"
KEEP_ALL = re.compile(r'name="choix" value="([^"]+)" form="plusieurs"')


def several(browser: Browser, answer: str, chosen: list[str], **more: str) -> httpx.Response:
    """Answer several disagreements as a form of the page does."""
    given = [("reponse", answer), *more.items(), *(("choix", each) for each in chosen)]
    return browser.ask("POST", SEVERAL, FORM, content=urlencode(given))


@pytest.mark.slow
def test_several_are_answered_at_once_as_they_were_read_and_taken_back(desk: Desk) -> None:
    for number in (1, 2):
        first = f"01 99 00 01 {number}0;;"
        given_apart(desk, f"Service pluriel {number}", f"9300008{number}0", first, f"p{number}")
    hidden = given_apart(desk, "Service tu", "930000830", f"01 99 00 01 30;;{WITHHELD}", "p3")
    browser, ids = desk.signed_in(), desk.ids()
    chosen = [each for each in KEEP_ALL.findall(browser.get(PAGE).text) if ".phones." in each]
    mine = [each for each in chosen if any(ids[f"Service pluriel {n}"] in each for n in (1, 2))]
    shown = several(browser, "prendre", [*mine, next(e for e in chosen if hidden in e)]).text
    assert "2 désaccords" in shown
    assert "1 autre est laissé" in shown
    assert "01 99 00 01 10" in shown
    assert "Service tu" not in shown
    # Another list comes before it is confirmed.
    given_apart(desk, "Service pluriel 2", "930000820", "01 99 00 01 29;;", "p2")
    answer = several(browser, "prendre", mine, confirme="true")
    assert numbers_of(desk, "Service pluriel 1") == ("+33199000110",)
    assert numbers_of(desk, "Service pluriel 2") == ("+33199000061",)
    (lot,) = re.findall("lot=([0-9a-f-]{36})", answer.headers["location"])
    said = browser.get(answer.headers["location"]).text.partition("<table")[0]
    assert "1 valeur de liste est prise." in said
    assert "1 désaccord est laissé" in said
    assert re.search("Service pluriel 2</a> : téléphones", said)
    assert "Service pluriel 1" not in said
    assert browser.post(f"{PAGE}/annuler", data={"lot": lot}).is_redirect
    assert numbers_of(desk, "Service pluriel 1") == ("+33199000061",)
    assert several(browser, "garder", mine, confirme="true").is_redirect
    assert ids["Service pluriel 1"] not in browser.get(PAGE).text


def test_of_several_none_is_protected_or_of_others(two_lists: Desk) -> None:
    ids, source = two_lists.ids(), "00000000-0000-0000-0000-000000000000"
    wrong = [f"{ids['Abri fictif']}.phones.{source}.{'0' * 32}", "x", "x.y.z.t"]
    browser = two_lists.signed_in()
    assert "Aucun" in several(browser, "garder", wrong).text
    assert several(browser, "garder", wrong, confirme="true").status_code == 409
    assert several(browser, "garder", ["x"] * 101).status_code == 422
    for role in (Role.REFERENT_ETAT, Role.ADMINISTRATEUR):
        assert several(two_lists.signed_in(role), "garder", wrong).status_code == 403


def numbers_of(desk: Desk, name: str) -> tuple[str, ...]:
    with read(desk.databases.staff) as session:
        found = see(session, desk.vault, OPERATOR)
        return next(each.record.phones for each in found if each.record.name == name)
