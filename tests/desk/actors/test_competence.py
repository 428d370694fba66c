"""Who is competent where is said at the desk: by name, by list, for all of a territory."""

import html
import re
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import delete, insert, select, update

from app.models import Actor, Commune, Competence, Role, Source
from app.places.resolution import read_place
from app.platform.database.sessions import read, write
from app.search.competence import who_acts
from app.search.gaps import differences, gaps
from app.search.holders import functions, read_holdings
from app.search.sheets import read_sheet
from importers import vocabulary
from tests.desk.actors.conftest import Desk
from tests.desk.actors.forms import correct
from tests.desk.bureau import Browser
from tests.short_lists import HEADER, csv, run

PAGE = "/gestion/competence/93"
BOBIGNY, SAINT_DENIS, MONTREUIL = "93008", "93066", "93048"
HOUSE = "Maison des solidarités A;Maison des solidarités;1 rue Une;93000;Bobigny;01 99 00 00 51;"
OTHER = "Maison des solidarités B;Maison des solidarités;2 rue Deux;93000;Bobigny;01 99 00 00 52;"
COURTS = (
    "Tribunal A;Tribunal;3 rue Trois;93000;Bobigny;01 99 00 00 53;",
    "Tribunal B;Tribunal;4 rue Quatre;93000;Bobigny;01 99 00 00 54;",
)
OFFICE, COURT = "solidarites", "justice"


@pytest.fixture(scope="module", autouse=True)
def sent(desk: Desk) -> None:
    run(desk.runtime, csv(HOUSE, OTHER, *COURTS), source="maisons")
    with read(desk.databases.staff) as session:
        found = dict(session.execute(select(Actor.name, Actor.category)).all())
    assert found["Maison des solidarités A"] == OFFICE
    assert found["Tribunal A"] == COURT


@pytest.fixture
def registers(desk: Desk) -> Iterator[None]:
    """One register gives Saint-Denis to a court, another one to the other."""
    ids = desk.ids()
    with write(desk.databases.staff) as session:
        for register, name in (("annuaire", "Tribunal A"), ("tribunaux", "Tribunal B")):
            said = {"commune_code": SAINT_DENIS, "category": COURT, "register": register}
            session.execute(
                insert(Competence).values(**said, key=name.encode(), public_id=ids[name])
            )
    yield
    with write(desk.databases.staff) as session:
        session.execute(delete(Competence))


def listed(desk: Desk, line: str, covers: str) -> None:
    """Send an actor in a list that says what it covers."""
    text = f"{HEADER};Zone couverte\r\n{line};{covers}"
    run(desk.runtime, text.encode("cp1252"), source=line.partition(";")[0])


def option(browser: Browser, public_id: str, function: str = OFFICE) -> str:
    """The value of an actor in the form: with the revision that the page shows."""
    page = browser.get(f"{PAGE}?fonction={function}").text
    (found,) = re.findall(rf'<option value="({public_id}\.\d+)"', page)
    return str(found)


def says(
    browser: Browser, desk: Desk, name: str, deed: str = "ajouter", **more: str
) -> httpx.Response:
    function = more.pop("fonction", OFFICE)
    actor = more.pop("acteur", "") or option(browser, desk.ids()[name], function)
    return browser.post(PAGE, {"fonction": function, "acteur": actor, "geste": deed, **more})


def has(desk: Desk, name: str, function: str = OFFICE) -> set[str]:
    """The communes that an actor has, as a visitor would find for each of them."""
    wanted = next(each for each in functions() if each.code == function)
    with read(desk.databases.public) as session:
        found = read_holdings(session, wanted, "93").communes
    return {each.code for each in found if name in {holder.name for holder in each.holders}}


def acting(desk: Desk, commune: str, category: str) -> list[tuple[str, bool]]:
    with read(desk.databases.public) as session:
        found = who_acts(session, read_place(session, commune).area, desk.clock())
    line = next(each for each in found if category in (*each.role.categories, *each.role.sectors))
    return [(card.name, card.doubted) for card in line.actors if card.category.code == category]


def undo(browser: Browser, answer: httpx.Response) -> httpx.Response:
    """Press « Annuler » on the page that an answer leads to."""
    page = browser.get(answer.headers["location"]).text
    ((path, lot),) = re.findall(r'formaction="([^"]*annuler[^"]*)" [^>]*value="([^"]+)"', page)
    return browser.post(html.unescape(path), {"lot": lot})


@pytest.mark.slow
def test_what_is_said_is_public_at_once_in_history_and_undone(desk: Desk) -> None:
    browser, name = desk.signed_in(Role.REFERENT_DEPARTEMENT), "Maison des solidarités A"
    assert has(desk, name) == set()
    # A name, a code, and one that many départements have.
    answer = says(browser, desk, name, liste="Bobigny\n93048 ; saint denis")
    assert answer.status_code == 303, answer.text
    assert has(desk, name) == {BOBIGNY, MONTREUIL, SAINT_DENIS}
    assert acting(desk, SAINT_DENIS, OFFICE) == [(name, False)]
    assert "dit au bureau le" in browser.get(answer.headers["location"]).text
    history = browser.get(f"/gestion/acteurs/{desk.ids()[name]}/historique").text
    assert "Corrigé" in history
    assert undo(browser, answer).headers["location"].endswith("fait=annule")
    assert has(desk, name) == set()


def test_communes_are_added_to_and_taken_from_what_is_there(desk: Desk) -> None:
    browser, name = desk.signed_in(), "Maison des solidarités A"
    says(browser, desk, name, liste="Bobigny\nMontreuil")
    says(browser, desk, name, commune=SAINT_DENIS)
    says(browser, desk, name, "retirer", commune=MONTREUIL)
    assert has(desk, name) == {BOBIGNY, SAINT_DENIS}
    says(browser, desk, name, "retirer", tout="oui")
    assert has(desk, name) == set()


def test_of_a_whole_territory_one_commune_can_be_taken(desk: Desk) -> None:
    browser, name = desk.signed_in(), "Maison des solidarités B"
    with read(desk.databases.staff) as session:
        statement = select(Commune.code).where(Commune.territory_code == "93")
        everything = set(session.scalars(statement))
    says(browser, desk, name, tout="oui")
    assert has(desk, name) == everything
    says(browser, desk, name, "retirer", commune=BOBIGNY)
    assert has(desk, name) == everything - {BOBIGNY}
    says(browser, desk, name, "retirer", tout="oui")
    # All of this territory is in one intercommunality.
    with read(desk.databases.staff) as session:
        epci = session.scalar(select(Commune.epci_code).where(Commune.code == BOBIGNY))
        members = set(session.scalars(statement.where(Commune.epci_code == epci)))
    says(browser, desk, name, epci=epci or "")
    assert has(desk, name) == members
    says(browser, desk, name, "retirer", tout="oui")


def test_one_commune_more_leaves_the_territory_to_whom_the_law_gives_it(desk: Desk) -> None:
    browser, name = desk.signed_in(), "CRIP d'exemple"
    before = has(desk, name, "crip")
    assert len(before) > 10
    says(browser, desk, name, fonction="crip", commune=BOBIGNY)
    assert has(desk, name, "crip") == before


def test_a_person_decides_between_two_registers_and_that_is_undone(
    desk: Desk, registers: None
) -> None:
    browser, code = desk.signed_in(Role.REFERENT_DEPARTEMENT), "justice"
    assert acting(desk, SAINT_DENIS, COURT) == [("Tribunal A", True), ("Tribunal B", True)]
    page = browser.get(f"{PAGE}?fonction={code}").text
    assert "deux sources diffèrent pour 1 commune" in page
    values = re.findall(r'name="decide" value="([^"]+)"', page)
    assert len(values) == 2
    chosen = next(each for each in values if desk.ids()["Tribunal B"] in each)
    answer = browser.post(PAGE, {"fonction": code, "decide": chosen})
    assert answer.status_code == 303, answer.text
    assert acting(desk, SAINT_DENIS, COURT) == [("Tribunal B", False)]
    with read(desk.databases.staff) as session:
        assert not [each for each in differences(session, "93") if each.commune == SAINT_DENIS]
    undo(browser, answer)
    assert acting(desk, SAINT_DENIS, COURT) == [("Tribunal A", True), ("Tribunal B", True)]


def test_a_court_of_a_register_for_which_a_person_decides_stands_before_lists(desk: Desk) -> None:
    browser = desk.signed_in(Role.REFERENT_DEPARTEMENT)
    listed(desk, "Tribunal L;Tribunal;5 rue Cinq;93000;Bobigny;01 99 00 00 55;", BOBIGNY)
    line = csv("Tribunal R;Tribunal;6 rue Six;93000;Bobigny;01 99 00 00 56;")
    run(desk.runtime, line, source="registre")
    with write(desk.databases.staff) as session:
        newest = select(Source.id).order_by(Source.created_at.desc()).limit(1)
        of_register = update(Source).where(Source.id == newest.scalar_subquery())
        session.execute(of_register.values(register="annuaire"))
    assert acting(desk, BOBIGNY, COURT) == [("Tribunal L", False)]
    answer = says(browser, desk, "Tribunal R", fonction=COURT, commune=BOBIGNY)
    with read(desk.databases.staff) as session:
        register = select(Actor.register).where(Actor.name == "Tribunal R")
        assert session.scalar(register) == "annuaire"
    assert acting(desk, BOBIGNY, COURT) == [("Tribunal R", False)]
    assert BOBIGNY in has(desk, "Tribunal R", COURT)
    assert BOBIGNY not in has(desk, "Tribunal L", COURT)
    undo(browser, answer)
    assert acting(desk, BOBIGNY, COURT) == [("Tribunal L", False)]


@pytest.mark.slow
def test_what_a_list_says_of_other_communes_is_no_decision(desk: Desk, registers: None) -> None:
    browser, name = desk.signed_in(Role.REFERENT_DEPARTEMENT), "Tribunal M"
    listed(
        desk,
        "Tribunal M;Tribunal;7 rue Sept;93000;Bobigny;01 99 00 00 57;",
        f"{SAINT_DENIS}, {BOBIGNY}",
    )
    doubted = [("Tribunal A", True), ("Tribunal B", True), (name, False)]
    assert acting(desk, SAINT_DENIS, COURT) == doubted
    for deed, commune in (("ajouter", MONTREUIL), ("retirer", BOBIGNY)):
        says(browser, desk, name, deed, fonction=COURT, commune=commune)
        assert acting(desk, SAINT_DENIS, COURT) == doubted, deed
    assert has(desk, name, COURT) == {SAINT_DENIS, MONTREUIL}
    wanted = next(each for each in functions() if each.code == COURT)
    with read(desk.databases.public) as session:
        found = read_holdings(session, wanted, "93").communes
        area = read_place(session, SAINT_DENIS).area
        cards = [card for each in who_acts(session, area, desk.clock()) for card in each.actors]
        sheet = read_sheet(session, vocabulary.load(), desk.ids()[name], desk.clock())
    said = {each.code: one.said_on for each in found for one in each.holders if one.name == name}
    assert said[SAINT_DENIS] is None
    assert said[MONTREUIL] is not None
    assert next(each for each in cards if each.name == name).covers_said_on is None
    assert sheet.said_for == ("Montreuil",)
    # Of what the list said before, a person takes it up one by one.
    says(browser, desk, name, fonction=COURT, commune=SAINT_DENIS)
    assert acting(desk, SAINT_DENIS, COURT) == [(name, False)]
    says(browser, desk, name, "retirer", fonction=COURT, tout="oui")
    assert acting(desk, SAINT_DENIS, COURT) == doubted[:2]


def test_the_form_of_an_actor_decides_for_what_it_adds_alone(desk: Desk) -> None:
    browser, name = desk.signed_in(), "Maison des solidarités C"
    line = f"{name};Maison des solidarités;8 rue Huit;93000;Bobigny;01 99 00 00 58;"
    listed(desk, line, f"{SAINT_DENIS}, {BOBIGNY}")
    for covered, said in (
        (f"{SAINT_DENIS}\n{BOBIGNY}\n{MONTREUIL}", [MONTREUIL]),
        (f"{SAINT_DENIS}\n{MONTREUIL}", [MONTREUIL]),
        (SAINT_DENIS, []),
    ):
        answer = correct(browser, desk.ids()[name], coverage=covered)
        assert answer.status_code == 303, answer.text
        with read(desk.databases.public) as session:
            column = Actor.__table__.c
            statement = select(column.communes_said).where(column.name == name)
            assert session.scalar(statement) == said
    says(browser, desk, name, "retirer", tout="oui")


def test_all_of_a_territory_stands_before_registers_and_lists(desk: Desk, registers: None) -> None:
    browser = desk.signed_in(Role.REFERENT_DEPARTEMENT)
    answer = says(browser, desk, "Tribunal B", fonction=COURT, tout="oui")
    assert acting(desk, SAINT_DENIS, COURT) == [("Tribunal B", False)]
    assert SAINT_DENIS not in has(desk, "Tribunal A", COURT)
    assert ">Deux sources diffèrent<" not in browser.get(f"{PAGE}?fonction={COURT}").text
    undo(browser, answer)
    assert acting(desk, SAINT_DENIS, COURT) == [("Tribunal A", True), ("Tribunal B", True)]
    answer = says(browser, desk, "Maison des solidarités A", tout="oui")
    assert acting(desk, BOBIGNY, OFFICE) == [("Maison des solidarités A", False)]
    undo(browser, answer)


def test_the_page_and_the_command_name_the_same_gaps(desk: Desk, registers: None) -> None:
    with read(desk.databases.staff) as session:
        missing = list(gaps(session, "93"))
        for function in functions():
            found = read_holdings(session, function, "93").communes
            own = {each.commune for each in missing if each.role == function}
            assert {each.code for each in found if not each.holders} == own, function.code


def test_who_says_it_on_a_page_that_is_old_is_refused_with_what_they_chose(desk: Desk) -> None:
    browser, name = desk.signed_in(), "Maison des solidarités A"
    old = option(browser, desk.ids()[name])
    other = desk.signed_in(Role.REFERENT_DEPARTEMENT)
    says(other, desk, name, commune=MONTREUIL)
    answer = says(browser, desk, name, acteur=old, commune=BOBIGNY, liste="Pantin", tout="oui")
    assert answer.status_code == 409
    assert "a changé la fiche de Maison des solidarités A entre-temps (corrigé)" in answer.text
    assert re.search(rf'value="{BOBIGNY}" checked', answer.text)
    assert ">Pantin</textarea>" in answer.text
    assert 'name="tout" value="oui" checked' in answer.text
    assert BOBIGNY not in has(desk, name)
    says(browser, desk, name, "retirer", tout="oui")


@pytest.mark.slow
def test_what_is_no_commune_of_the_territory_is_named_and_nothing_is_saved(desk: Desk) -> None:
    browser, name = desk.signed_in(), "Maison des solidarités B"
    for text in ("Lille", "59350", "Nulle-Part", "<b>x</b>", "Bobigny\nParis"):
        answer = says(browser, desk, name, liste=text)
        assert answer.status_code == 422, text
        assert "<b>x" not in answer.text
        assert has(desk, name) == set()
    eleven = says(browser, desk, name, liste="\n".join(f"Nulle-Part {n}" for n in range(11)))
    assert re.search(r"» et 1 autre\b", eleven.text)
    assert says(browser, desk, name).status_code == 422
    assert says(browser, desk, name, epci="999").status_code == 422


def test_another_territory_and_another_role_say_nothing(desk: Desk) -> None:
    referent, name = desk.signed_in(Role.REFERENT_DEPARTEMENT), "Maison des solidarités A"
    assert referent.get("/gestion/competence/59").status_code == 404
    given = {"acteur": option(referent, desk.ids()[name]), "fonction": OFFICE, "tout": "oui"}
    assert referent.post("/gestion/competence/59", given).status_code == 404
    state = desk.signed_in(Role.REFERENT_ETAT)
    assert desk.ids()[name] not in re.findall(r'<option value="(\w+)\.', state.get(PAGE).text)
    assert state.post(PAGE, given).status_code in (403, 404)
    assert desk.signed_in(Role.ADMINISTRATEUR).get(PAGE).status_code == 403
    assert has(desk, name) == set()


@pytest.mark.slow
def test_who_is_hidden_is_not_on_the_page_and_gets_no_commune(desk: Desk) -> None:
    browser, ids = desk.signed_in(), desk.ids()
    for name in ("Foyer fictif", "Association voisine"):
        for function in functions():
            assert ids[name] not in browser.get(f"{PAGE}?fonction={function.code}").text
        given = {"acteur": f"{ids[name]}.1", "fonction": OFFICE, "commune": BOBIGNY}
        assert browser.post(PAGE, given).status_code in (403, 404, 409)


def test_what_becomes_protected_has_its_communes_no_more_in_public(desk: Desk) -> None:
    browser, name = desk.signed_in(), "Maison des solidarités B"
    says(browser, desk, name, commune=BOBIGNY)
    public_id = desk.ids()[name]
    assert has(desk, name) == {BOBIGNY}
    answer = browser.post(f"/gestion/acteurs/{public_id}/proteger", {"pourquoi": "essai"})
    assert answer.status_code == 303, answer.text
    with read(desk.databases.public) as session:
        column = Actor.__table__.c
        statement = select(column.covers_communes, column.communes_said, column.covers_said_on)
        rows = session.execute(statement.where(Actor.__table__.c.protected)).all()
    assert rows
    assert all(row == ([], [], None) for row in rows)
    assert name not in browser.get(f"{PAGE}?fonction={OFFICE}").text


def test_hostile_values_are_no_fault(desk: Desk) -> None:
    browser = desk.signed_in()
    for value in ("\0", "x" * 41, "’ OR 1=1", "%00", "../.."):
        given = {"acteur": value, "fonction": value, "decide": value, "liste": value}
        assert browser.post(PAGE, given).status_code in (404, 409, 422), value
    assert browser.get(f"{PAGE}?fonction=%00&acteur=%00").status_code in (200, 400, 422)
    assert browser.get("/gestion/competence/%00").status_code in (400, 404, 422)


def test_the_sheet_leads_to_the_page_with_its_actor_chosen(desk: Desk) -> None:
    browser, public_id = desk.signed_in(), desk.ids()["Maison des solidarités A"]
    page = browser.get(f"/gestion/acteurs/{public_id}").text
    (path,) = re.findall(r'href="(/gestion/competence/[^"]+)"', page)
    assert f'<option value="{public_id}.' in (shown := browser.get(html.unescape(path)).text)
    assert re.search(rf'<option value="{public_id}\.\d+" selected>', shown)
    hidden = browser.get(f"/gestion/acteurs/{desk.ids()['Foyer fictif']}").text
    assert "/gestion/competence/" not in hidden.split("</nav>", 1)[1]
