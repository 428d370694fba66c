"""The contact of a protected place: to whom, by its operator's choice, and until when."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.accounts import ending, people
from app.audit.actions import Action
from app.models import Actor, ActorProtected, Reveal, Role, Withdrawal
from app.operations import revoked_again
from app.platform.database.sessions import read, write
from app.records import acts
from geo.zones import paris_day
from importers.phones import one_phone
from tests.desk.asked import runtime
from tests.desk.bureau import Browser, Bureau, Person
from tests.desk.contacts import MOTIVE, asked, choose, noted, page_of, tells
from tests.desk.home import Home, sent
from tests.makers import decide


@pytest.fixture(autouse=True)
def same_day(bureau: Bureau) -> Iterator[None]:
    """The journal has its own clock, by which a record is open for a quarter of an hour."""
    before = bureau.clock.at
    yield
    bureau.clock.at = before


def read_by_somebody(bureau: Bureau, place: Home) -> tuple[Browser, Person]:
    """A professional who reads the telephone and the address of a place."""
    choose(bureau, place)
    person = bureau.enrolled(Role.PROFESSIONNEL)
    browser = bureau.signed_in_as(person)
    assert tells(place, asked(place, browser)) == {"phone"}
    assert browser.post(f"{page_of(place)}/adresse", {"motif": "bring"}).status_code == 303
    page = browser.get(page_of(place))
    assert tells(place, page.text) == {"phone", "name", "street"}
    assert page.headers["cache-control"] == "no-store"
    return browser, person


def test_nothing_is_told_of_a_place_whose_operator_chose_nothing(
    bureau: Bureau, place: Home
) -> None:
    browser = bureau.signed_in(Role.PROFESSIONNEL)
    page = browser.get(page_of(place)).text
    assert "ne donne pas son contact" in page
    assert 'href="tel:119"' in page
    assert tells(place, page) == set()
    refused = browser.post(f"{page_of(place)}/contact", MOTIVE)
    assert refused.status_code == 403
    assert 'href="tel:119"' in refused.text
    assert 'href="tel:17"' in refused.text
    assert tells(place, refused.text) == set()
    with read(bureau.databases.staff) as session:
        asked_of = select(func.count()).select_from(Reveal).where(Reveal.actor_id == place.id)
        assert session.scalar(asked_of) == 0


@pytest.mark.slow
def test_a_telephone_comes_first_and_an_address_with_a_second_motive(
    bureau: Bureau, place: Home
) -> None:
    choose(bureau, place)
    browser = bureau.signed_in(Role.PROFESSIONNEL)
    assert tells(place, browser.get(page_of(place)).text) == set()
    for motive in ({}, {"motif": "curiosity"}, {"motif": "bring"}):
        assert browser.post(f"{page_of(place)}/contact", motive).status_code == 422
    assert browser.post(f"{page_of(place)}/adresse", {"motif": "bring"}).status_code == 409
    page = asked(place, browser)
    assert tells(place, page) == {"phone"}
    assert "M23-" in page
    assert browser.post(f"{page_of(place)}/adresse", MOTIVE).status_code == 422
    assert tells(place, browser.get(page_of(place)).text) == {"phone"}
    assert browser.post(f"{page_of(place)}/adresse", {"motif": "bring"}).status_code == 303
    assert tells(place, browser.get(page_of(place)).text) == {"phone", "name", "street"}
    # Pressed twice, it is one.
    asked(place, browser)
    browser.post(f"{page_of(place)}/adresse", {"motif": "danger"})
    assert noted(bureau, place)[-2:] == [Action.CONTACT_REVEALED, Action.ADDRESS_REVEALED]
    assert tells(place, bureau.signed_in(Role.PROFESSIONNEL).get(page_of(place)).text) == set()


def chosen_otherwise(bureau: Bureau, place: Home, _: Person) -> None:
    choose(bureau, place, choice="never", now=bureau.clock.at + timedelta(seconds=1))


def chosen_again(bureau: Bureau, place: Home, _: Person) -> None:
    choose(bureau, place, now=bureau.clock.at + timedelta(seconds=1))


def a_new_number(bureau: Bureau, place: Home, _: Person) -> None:
    place.list("01 99 77 66 55")


def made_secret(bureau: Bureau, place: Home, _: Person) -> None:
    given = {"who": "essai", "why": "menaces", "secret": True}
    decide(runtime(bureau), acts.protect, place.public_id, **given)


def protected_again(bureau: Bureau, place: Home, _: Person) -> None:
    decide(runtime(bureau), acts.protect, place.public_id, who="essai", why="menaces")


def hidden_by_its_operator(bureau: Bureau, place: Home, _: Person) -> None:
    curateur = bureau.signed_in()
    place.opened(curateur)
    assert sent(bureau, place.code(curateur))[0] == 200


def disabled(bureau: Bureau, _: Home, person: Person) -> None:
    with write(bureau.databases.staff) as session:
        ending.disable(session, people.get(session, person.id), bureau.clock.at)


def signed_out(bureau: Bureau, _: Home, person: Person) -> None:
    with write(bureau.databases.staff) as session:
        ending.end_sessions(session, person.id, bureau.clock.at)


def ended(bureau: Bureau, place: Home, person: Person) -> None:
    browser = bureau.signed_in_as(person)
    assert browser.post(f"{page_of(place)}/fin").headers["location"] == "/pro"


@pytest.mark.slow
@pytest.mark.parametrize(
    "change",
    [
        *(chosen_otherwise, chosen_again, a_new_number, made_secret, protected_again),
        *(hidden_by_its_operator, disabled, signed_out, ended),
    ],
)
def test_what_is_told_ends_at_once(
    bureau: Bureau, place: Home, change: Callable[[Bureau, Home, Person], None]
) -> None:
    browser, person = read_by_somebody(bureau, place)
    before = page_of(place)
    change(bureau, place, person)
    for path in {before, page_of(place)}:
        assert tells(place, browser.get(path).text) == set()


def test_what_is_told_ends_after_a_day(bureau: Bureau, place: Home) -> None:
    _, person = read_by_somebody(bureau, place)
    bureau.clock.pass_by(hours=23, minutes=59)
    assert tells(place, bureau.signed_in_as(person).get(page_of(place)).text)
    bureau.clock.pass_by(minutes=1)
    page = bureau.signed_in_as(person).get(page_of(place)).text
    assert tells(place, page) == set()
    assert "Demander son contact" in page


@pytest.mark.slow
def test_a_choice_of_before_the_operator_hid_the_place_counts_no_more(
    bureau: Bureau, place: Home
) -> None:
    choose(bureau, place)
    curateur = bureau.signed_in()
    place.opened(curateur)
    assert sent(bureau, place.code(curateur))[0] == 200
    browser = bureau.signed_in(Role.PROFESSIONNEL)
    assert browser.post(f"{page_of(place)}/contact", MOTIVE).status_code == 403
    place.opened(curateur)
    form = f"{place.page}/professionnels"
    assert 'value="never" checked' in curateur.get(form).text
    given = {
        "choix": "direct",
        "jour": f"{paris_day(bureau.clock.at):%d/%m/%Y}",
        "comment": "courrier",
    }
    assert "masqué ce lieu par son code" in curateur.post(form, given).text
    assert browser.post(f"{page_of(place)}/contact", MOTIVE).status_code == 403


@pytest.mark.slow
@pytest.mark.parametrize("change", [protected_again, made_secret])
def test_whoever_asks_as_a_place_is_protected_reads_nothing_afterwards(
    bureau: Bureau, place: Home, change: Callable[[Bureau, Home, Person], None]
) -> None:
    choose(bureau, place)
    person = bureau.enrolled(Role.PROFESSIONNEL)
    browsers = [bureau.signed_in_as(person) for _ in range(4)]
    page, begin = page_of(place), Barrier(len(browsers) + 1)

    def ask(browser: Browser) -> None:
        begin.wait()
        browser.post(f"{page}/contact", MOTIVE)
        browser.post(f"{page}/adresse", {"motif": "bring"})
        browser.get(page)

    with ThreadPoolExecutor() as pool:
        asking = [pool.submit(ask, browser) for browser in browsers]
        begin.wait()
        change(bureau, place, person)
        for path in {page, page_of(place)}:
            assert tells(place, browsers[0].get(path).text) == set()
        for each in asking:
            each.result()
    for path in {page, page_of(place)}:
        assert browsers[0].post(f"{path}/contact", MOTIVE).status_code in (403, 404)
        assert tells(place, browsers[0].get(path).text) == set()


@pytest.mark.slow
def test_one_place_is_read_at_a_time(bureau: Bureau, place: Home) -> None:
    browser, _ = read_by_somebody(bureau, place)
    other = Home(bureau)
    decide(runtime(bureau), acts.protect, other.public_id, who="essai", why="Foyer d’exemple.")
    choose(bureau, other)
    assert tells(other, asked(other, browser)) == {"phone"}
    assert tells(place, browser.get(page_of(place)).text) == set()


@pytest.mark.slow
def test_ten_are_told_in_a_day_and_no_more(bureau: Bureau, place: Home) -> None:
    choose(bureau, place)
    person = bureau.enrolled(Role.PROFESSIONNEL)
    browser = bureau.signed_in_as(person)
    for _ in range(10):
        assert tells(place, asked(place, browser)) == {"phone"}
        assert browser.post(f"{page_of(place)}/fin").status_code == 303
    refused = browser.post(f"{page_of(place)}/contact", MOTIVE)
    assert refused.status_code == 429
    assert 'href="tel:119"' in refused.text
    assert tells(place, refused.text) == set()
    bureau.clock.pass_by(hours=24, minutes=1)
    again = bureau.signed_in_as(person)
    assert tells(place, asked(place, again)) == {"phone"}


def test_of_an_entry_no_address_is_told(bureau: Bureau, place: Home) -> None:
    choose(bureau, place, entry=True, number="+33199887766")
    browser = bureau.signed_in(Role.PROFESSIONNEL)
    page = asked(place, browser)
    assert "porte d’entrée" in page
    assert 'href="tel:+33199887766"' in page
    assert "Afficher l’adresse" not in page
    assert browser.post(f"{page_of(place)}/adresse", {"motif": "bring"}).status_code == 403
    assert tells(place, browser.get(page_of(place)).text) == set()


@pytest.mark.slow
@pytest.mark.parametrize("choice", [None, "never", "direct", "direct entry", "direct again"])
def test_an_address_that_another_hidden_place_has_is_told_if_both_chose_it(
    bureau: Bureau, place: Home, choice: str | None
) -> None:
    other = Home(bureau)
    other.street = place.street
    other.list()
    decide(runtime(bureau), acts.protect, other.public_id, who="essai", why="Foyer d’exemple.")
    if choice:
        entry = choice == "direct entry"
        number = "+33199887766" if entry else None
        choose(bureau, other, choice=choice.split()[0], entry=entry, number=number)
    if choice == "direct again":
        decide(runtime(bureau), acts.protect, other.public_id, who="essai", why="Menaces.")
    choose(bureau, place)
    browser = bureau.signed_in(Role.PROFESSIONNEL)
    assert tells(place, asked(place, browser)) == {"phone"}
    assert browser.post(f"{page_of(place)}/adresse", {"motif": "bring"}).status_code == 303
    page = browser.get(page_of(place)).text
    assert ("street" in tells(place, page)) == (choice == "direct")
    assert ("aucune adresse" in page) == (choice != "direct")


@pytest.mark.parametrize("is_public", [True, False])
def test_an_address_is_told_that_is_hidden_of_another_for_this_place_alone(
    bureau: Bureau, place: Home, is_public: bool
) -> None:
    other = Home(bureau)
    other.street = place.street
    other.list()
    with read(bureau.databases.staff) as session:
        level = select(ActorProtected.level).where(ActorProtected.actor_id == other.id)
        assert session.scalars(level).one() == "held"
    if not is_public:
        # As its operator's code leaves it, until what hides it is written.
        with write(bureau.databases.staff) as session:
            session.execute(update(Actor).where(Actor.id == other.id).values(status="secret"))
    choose(bureau, place)
    browser = bureau.signed_in(Role.PROFESSIONNEL)
    asked(place, browser)
    browser.post(f"{page_of(place)}/adresse", {"motif": "bring"})
    assert ("street" in tells(place, browser.get(page_of(place)).text)) is is_public


def test_a_secret_place_answers_as_one_that_is_none(bureau: Bureau, place: Home) -> None:
    choose(bureau, place)
    made_secret(bureau, place, bureau.enrolled(Role.PROFESSIONNEL))
    browser = bureau.signed_in(Role.PROFESSIONNEL)
    answers = [browser.get(page_of(place)), browser.get("/pro/acteurs/rien")]
    answers += [browser.post(f"{page_of(place)}/contact", MOTIVE)]
    assert {answer.status_code for answer in answers} == {404}
    bodies = {answer.text.split("donnez ce numéro")[0] for answer in answers}
    assert len(bodies) == 1
    assert 'href="tel:119"' in bodies.pop()


def test_a_public_actor_is_read_where_everybody_reads_it(bureau: Bureau, home: Home) -> None:
    page = bureau.signed_in(Role.PROFESSIONNEL).get(page_of(home)).text
    assert "cet acteur est public" in page


def test_the_staff_ask_for_nothing_here(bureau: Bureau, place: Home) -> None:
    choose(bureau, place)
    assert bureau.signed_in().get(page_of(place)).status_code == 403
    assert bureau.signed_in().post(f"{page_of(place)}/contact", MOTIVE).status_code == 403


def test_a_number_beside_the_name_of_a_person_is_not_told(bureau: Bureau, place: Home) -> None:
    phone = one_phone(place.phone)
    assert phone is not None

    def withhold(session: Any, vault: Any, public_id: str) -> Any:
        writer, edit = acts.find(session, vault, public_id)
        acts.withhold(edit, {phone}, bureau.clock.at.date())
        return acts.write(session, vault, writer, edit, "edit", "essai")

    with write(bureau.databases.staff) as session:
        withhold(session, bureau.vault, place.public_id)
    choose(bureau, place)
    page = asked(place, bureau.signed_in(Role.PROFESSIONNEL))
    assert tells(place, page) == set()
    assert "aucun téléphone" in page


def test_a_choice_that_was_taken_back_does_not_come_back_by_a_restoration(
    bureau: Bureau, place: Home
) -> None:
    choose(bureau, place)
    chosen_otherwise(bureau, place, bureau.enrolled(Role.PROFESSIONNEL))
    with write(bureau.databases.staff) as session:
        noted_of = select(Withdrawal.what).where(Withdrawal.subject == str(place.id))
        assert "choice" in session.scalars(noted_of).all()
    # As the backup has it.
    choose(bureau, place, now=bureau.clock.at + timedelta(seconds=2))
    with write(bureau.databases.staff) as session:
        subjects = [str(place.id)]
        assert revoked_again.choices(session, bureau.vault, subjects, "essai") == 1
    browser = bureau.signed_in(Role.PROFESSIONNEL)
    assert browser.post(f"{page_of(place)}/contact", MOTIVE).status_code == 403
