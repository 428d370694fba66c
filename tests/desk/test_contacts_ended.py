"""What ends what professionals wait for, who sees that something waits, and what is kept of it."""

import re
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.audit.actions import Action
from app.models import FormerAddress, Proposal, Reveal, Role
from app.operations import revoked_again
from app.platform.database.sessions import read, write
from app.records import acts
from app.records.proposals import perhaps_same, propose
from app.records.record import Origin
from app.vault.digests import index_key
from geo.zones import paris_day
from tests.desk.asked import runtime
from tests.desk.bureau import Browser, Bureau
from tests.desk.contacts import MOTIVE, asked, choose, noted, page_of, tells
from tests.desk.home import Home, sent
from tests.desk.test_operator_races import joined
from tests.makers import decide
from tests.revealed import SAID

CONTACTS = "/gestion/demandes/contacts"
AGREES = "+33199887766"


@pytest.fixture(autouse=True)
def same_day(bureau: Bureau) -> Iterator[None]:
    before = bureau.clock.at
    yield
    bureau.clock.at = before


@pytest.fixture
def asker(bureau: Bureau, place: Home) -> Browser:
    """A professional who waits for the agreement of a place."""
    choose(bureau, place, choice="asked", number=AGREES)
    browser = bureau.signed_in(Role.PROFESSIONNEL)
    assert "attend l’accord" in asked(place, browser)
    return browser


def protected_again(bureau: Bureau, place: Home) -> None:
    decide(runtime(bureau), acts.protect, place.public_id, who="essai", why="menaces")


def archived(bureau: Bureau, place: Home) -> None:
    with write(bureau.databases.staff) as session:
        writer, edit = acts.find(session, bureau.vault, place.public_id)
        by = Origin(source="staff", day=paris_day(), rank=acts.RANK_OF_STAFF)
        edit.change("status", "archived", by)
        acts.write(session, bureau.vault, writer, edit, "archive", "essai")


def moved(_: Bureau, place: Home) -> None:
    place.street = f"9 {place.street[2:]}"
    place.list()


def by_code(bureau: Bureau, place: Home) -> None:
    curateur = bureau.signed_in()
    place.opened(curateur)
    assert sent(bureau, place.code(curateur))[0] == 200


def restored(bureau: Bureau, place: Home) -> None:
    with write(bureau.databases.staff) as session:
        assert revoked_again.choices(session, bureau.vault, [str(place.id)], "essai") == 1


def made_one(bureau: Bureau, place: Home) -> None:
    joined(bureau, place)


def waiting(bureau: Bureau) -> int:
    """How many wait for an agreement, as the rail and « Aujourd’hui » count them alike."""
    page = bureau.signed_in().get("/gestion").text
    said = re.search(r"count\">(\d+)</strong> professionnels? attend", page)
    rail = re.search(r"Demandes d’accès<span class=\"desk-rail__count\">(\d+)<", page)
    count = int(said[1]) if said else 0
    assert (int(rail[1]) if rail else 0) == count
    return count


ENDS = [by_code, restored, made_one]
VOIDS = [protected_again, moved, archived]


@pytest.mark.slow
@pytest.mark.parametrize("change", ENDS)
def test_what_waits_ends_as_what_was_chosen_does(
    bureau: Bureau, place: Home, asker: Browser, change: Callable[[Bureau, Home], None]
) -> None:
    before = waiting(bureau)
    change(bureau, place)
    with read(bureau.databases.staff) as session:
        (row,) = session.scalars(select(Reveal).where(Reveal.actor_id == place.id)).all()
        assert row.ended_at is not None
    assert waiting(bureau) == before - 1
    assert "attend l’accord" not in asker.get(page_of(place)).text
    if change is not made_one:
        # By the page of doubles it is noted by that page.
        assert noted(bureau, place).count(Action.CHOICE_ENDED) == 1


@pytest.mark.parametrize("change", [*VOIDS, *ENDS])
def test_what_is_read_ends_whatever_becomes_of_its_place(
    bureau: Bureau, place: Home, change: Callable[[Bureau, Home], None]
) -> None:
    choose(bureau, place)
    browser = bureau.signed_in(Role.PROFESSIONNEL)
    former = page_of(place)
    assert tells(place, asked(place, browser)) == {"phone"}
    change(bureau, place)
    for path in {former, page_of(place)}:
        assert tells(place, browser.get(path).text) == set()
        assert browser.post(f"{path}/contact", MOTIVE).status_code in (403, 404)


@pytest.mark.slow
def test_whoever_makes_one_of_two_ends_what_was_chosen_of_them(
    bureau: Bureau, place: Home, asker: Browser
) -> None:
    other, curateur = Home(bureau), bureau.signed_in()
    with write(bureau.databases.staff) as session:
        found = perhaps_same(place.id, other.id, "même adresse postale")
        propose(session, bureau.vault, index_key(session, bureau.vault), [found])
        of_it = select(Proposal.id).where(Proposal.actor_id == place.id, Proposal.about == "same")
        pair = f"/gestion/doublons/{session.scalars(of_it).one()}"
    for each in (place, other):
        each.opened(curateur)
    seen = re.search(r'name="vu" value="([^"]*)"', curateur.get(pair).text)
    assert seen is not None
    assert curateur.post(pair, {"reponse": "reunir", "vu": seen[1]}).status_code == 303
    assert noted(bureau, place).count(Action.CHOICE_ENDED) == 1
    assert "attend l’accord" not in asker.get(page_of(place)).text


@pytest.mark.slow
def test_who_waits_is_counted_for_curateurs_and_named_to_no_other(
    bureau: Bureau, place: Home, asker: Browser
) -> None:
    assert waiting(bureau) >= 1
    for role in (Role.REFERENT_DEPARTEMENT, Role.REFERENT_ETAT, Role.ADMINISTRATEUR):
        assert "l’accord d’un lieu" not in bureau.signed_in(role).get("/gestion").text


@pytest.mark.slow
@pytest.mark.parametrize("change", [protected_again, moved])
def test_a_choice_that_is_void_is_to_be_asked_anew(
    bureau: Bureau, place: Home, change: Callable[[Bureau, Home], None]
) -> None:
    choose(bureau, place)
    curateur = bureau.signed_in()
    form = f"{place.page}/professionnels"
    assert form not in curateur.get(CONTACTS).text
    change(bureau, place)
    form = f"{place.page}/professionnels"
    assert form in curateur.get(CONTACTS).text
    assert f'href="{CONTACTS}#choix"' in curateur.get("/gestion").text
    choose(bureau, place, choice="never", on=SAID)
    assert form not in curateur.get(CONTACTS).text


@pytest.mark.slow
def test_a_file_of_an_account_says_number_and_day_of_a_place_and_no_more(
    bureau: Bureau, place: Home
) -> None:
    choose(bureau, place, choice="asked", number=AGREES)
    person, chief = bureau.enrolled(Role.PROFESSIONNEL), bureau.enrolled()
    browser, curateur = bureau.signed_in_as(person), bureau.signed_in_as(chief)
    asked(place, browser)
    (path,) = re.findall(rf"{CONTACTS}/[\w-]+", curateur.get(CONTACTS).text.split(place.word)[1])[
        :1
    ]
    assert curateur.post(path, {"reponse": "donner"}).headers["location"].endswith("fait=donne")
    with read(bureau.databases.staff) as session:
        (row,) = session.scalars(select(Reveal).where(Reveal.actor_id == place.id)).all()
    for who in (browser, curateur):
        said = who.post("/gestion/compte/donnees")
        lines = [each for each in said.json()["journal"] if "ontact" in each["geste"]]
        assert {(each["objet"], each["detail"]) for each in lines} == {
            ("", f"numéro : {row.number}")
        }
        for known in (str(place.id), place.public_id, place.word):
            assert known not in said.text
    (contact,) = browser.post("/gestion/compte/donnees").json()["contacts_demandes"]
    assert set(contact) == {
        *("numero", "motif", "motif_pour_l_adresse"),
        *("demande_le", "donne_le", "adresse_donnee_le"),
    }
    assert contact["demande_le"] == contact["donne_le"] == paris_day(bureau.clock.at).isoformat()
    assert contact["motif"] == "Mettre un enfant à l’abri maintenant"


def test_the_number_in_a_childs_file_leads_to_what_was_given(bureau: Bureau, place: Home) -> None:
    choose(bureau, place)
    numbers = []
    for _ in range(2):
        browser = bureau.signed_in(Role.PROFESSIONNEL)
        [number] = set(re.findall(r"M23-\w{4}-\w{4}", asked(place, browser)))
        numbers.append(number)
    browser.post(f"{page_of(place)}/adresse", {"motif": "bring"})
    journal = bureau.signed_in(Role.ADMINISTRATEUR)
    page = journal.get(f"/gestion/journal?objet=%20{numbers[1].lower()}").text
    table = page.split("<tbody")[1].split("</tbody")[0]
    assert (table.count(f"numéro : {numbers[1]}"), numbers[0] in table) == (2, False)
    assert "Contact d’un lieu donné" in table
    assert "Adresse d’un lieu donnée" in table
    assert "<table" not in journal.get("/gestion/journal?objet=M23-AAAA-AAAA").text


def test_the_journal_says_in_french_what_was_chosen_and_asked(bureau: Bureau, place: Home) -> None:
    curateur = bureau.signed_in()
    given = {
        "choix": "direct",
        "jour": f"{paris_day(bureau.clock.at):%d/%m/%Y}",
        "comment": "Écrit",
    }
    assert curateur.post(f"{place.opened(curateur)}/professionnels", given).status_code == 303
    asked(place, bureau.signed_in(Role.PROFESSIONNEL))
    restored(bureau, place)
    page = bureau.signed_in(Role.ADMINISTRATEUR).get(f"/gestion/journal?objet={place.id}").text
    for said in (
        *("par : l’opérateur", "dit le : ", "choix : directement", "porte d’entrée : non"),
        *("motif : Mettre un enfant à l’abri maintenant", "par : restauration d’une sauvegarde"),
    ):
        assert said in page
    for raw in ("on : ", "by : ", " : shelter", " : restored"):
        assert raw not in page


def test_the_address_of_an_actor_that_was_joined_leads_on_as_its_sheet_does(
    bureau: Bureau, home: Home
) -> None:
    former = uuid4().hex[:16]
    row = {"public_id": former, "actor_id": Home(bureau).id, "target": home.public_id}
    with write(bureau.databases.staff) as session:
        session.add(FormerAddress(**row))
    browser = bureau.signed_in(Role.PROFESSIONNEL)
    led = browser.get(f"/pro/acteurs/{former}")
    assert (led.status_code, led.headers["location"]) == (308, page_of(home))
    decide(runtime(bureau), acts.protect, home.public_id, who="essai", why="Foyer.")
    with write(bureau.databases.staff) as session:
        # Whatever led there, nobody is led to whom something hides.
        session.get_one(FormerAddress, former).target = home.public_id
    assert browser.get(f"/pro/acteurs/{former}").status_code == 404
