"""A member comes to what is for the network by their account, and leaves it by one press."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import update

from app.accounts import rights
from app.audit.journal import Author
from app.models import Account, Role
from app.network import members
from app.platform.database.sessions import write
from app.registrations import registering
from app.runtime.staff import Runtime
from tests.desk.access_asked import mails
from tests.desk.bureau import Browser, Bureau, Person
from tests.desk.registered.coming import PLACE, ask, at, comes, event, link_of, rows
from tests.makers_agenda import BEGINS, LINK, cancelled, changed, withdrawn
from tests.networked import joins
from tests.networked import leaves as leaves_network

NETWORK = {"audience": "reseau"}
ADMIN = Author("os:essai")
Member = tuple[Person, Browser]


@pytest.fixture
def member(bureau: Bureau, runtime: Runtime) -> Callable[[], Member]:
    def join() -> Member:
        person = bureau.enrolled(Role.PROFESSIONNEL)
        joins(runtime, person.id, bureau.clock.at)
        return person, bureau.signed_in_as(person)

    return join


def page_of(event_id: str) -> str:
    return f"/pro/agenda/{event_id}"


def registers(browser: Browser, event_id: str) -> str:
    """Press the button, and return the page that follows."""
    answer = browser.post(f"{page_of(event_id)}/inscription", {})
    assert answer.status_code == 303
    return str(browser.get(answer.headers["location"]).text)


def test_a_member_is_told_where_is_reminded_and_leaves_by_their_page(
    bureau: Bureau, runtime: Runtime, member: Callable[[], Member]
) -> None:
    person, browser = member()
    event_id = event(runtime, **NETWORK)
    before = browser.get(page_of(event_id)).text
    assert ">S’inscrire<" in before
    assert LINK not in before
    page = registers(browser, event_id)
    assert "Vous êtes inscrit" in page
    assert LINK not in page
    (where,) = mails(bureau)
    assert where["To"] == person.mail
    assert where["Subject"] == "Votre inscription"
    for said in (PLACE, LINK, "Repérer et orienter"):
        assert said in where.get_content()
    # Twice is once.
    registers(browser, event_id)
    assert len(rows(bureau)) == 1
    assert mails(bureau) == []
    at(bureau, BEGINS - timedelta(hours=24))
    browser = bureau.signed_in_as(person)
    (reminder,) = mails(bureau)
    assert reminder["Subject"] == "Rappel de votre inscription"
    answer = browser.post(f"{page_of(event_id)}/annuler", {})
    after = browser.get(answer.headers["location"]).text
    assert "est annulée" in after
    assert ">S’inscrire<" in after
    assert rows(bureau) == []


def test_the_link_of_the_mail_names_the_event_and_leaves_it_without_a_session(
    bureau: Bureau, runtime: Runtime, member: Callable[[], Member]
) -> None:
    event_id = event(runtime, **NETWORK)
    registers(member()[1], event_id)
    (where,) = mails(bureau)
    browser = bureau.browser()
    assert "Repérer et orienter" in browser.get(link_of(where)).text
    assert "C’est effacé" in browser.post(link_of(where), {"reponse": "non"}).text
    assert rows(bureau) == []


def test_who_registered_as_a_visitor_comes_once(
    bureau: Bureau, runtime: Runtime, member: Callable[[], Member]
) -> None:
    person, browser = member()
    event_id = event(runtime)
    ask(bureau, event_id, person.mail)
    assert len(mails(bureau)) == 1
    registers(browser, event_id)
    (where,) = mails(bureau)
    assert LINK in where.get_content()
    (row,) = rows(bureau)
    assert row.account_id == person.id


@pytest.mark.parametrize("end", ["excluded", "left", "disabled"])
def test_who_is_no_member_any_more_is_sent_nothing_and_gives_their_place_back(
    bureau: Bureau, runtime: Runtime, member: Callable[[], Member], end: str
) -> None:
    person, browser = member()
    event_id = event(runtime, capacity=1, **NETWORK)
    registers(browser, event_id)
    where = mails(bureau)[0] if end == "left" else None
    with write(bureau.databases.staff) as session:
        if end == "excluded":
            members.exclude(session, bureau.vault, ADMIN, person.id, bureau.clock.at)
        elif end == "disabled":
            lost = update(Account).where(Account.id == person.id)
            session.execute(lost.values(disabled_at=bureau.clock.at))
    if where is not None:
        leaves_network(runtime, person.id)
        assert "Repérer et orienter" not in bureau.browser().get(link_of(where)).text
    assert mails(bureau) == []
    other, browser = member()
    assert "Vous êtes inscrit" in registers(browser, event_id)
    assert [each.account_id for each in rows(bureau)] == [other.id]
    assert [each["To"] for each in mails(bureau)] == [other.mail]


def test_who_has_not_joined_is_led_to_the_charter_and_registers_for_nothing(
    bureau: Bureau, runtime: Runtime
) -> None:
    browser, event_id = bureau.signed_in(Role.PROFESSIONNEL), event(runtime, **NETWORK)
    page = browser.get(page_of(event_id)).text
    assert "/pro/reseau/charte" in page
    assert ">S’inscrire<" not in page
    assert browser.post(f"{page_of(event_id)}/inscription", {}).status_code == 403
    assert rows(bureau) == []


@pytest.mark.parametrize("became", ["closed", "cancelled", "over", "withdrawn"])
def test_nobody_registers_for_what_takes_nobody(
    bureau: Bureau, runtime: Runtime, member: Callable[[], Member], became: str
) -> None:
    event_id = event(runtime, **NETWORK)
    if became == "closed":
        changed(runtime, event_id, registers=False, **NETWORK)
    elif became == "cancelled":
        cancelled(runtime, event_id)
    elif became == "withdrawn":
        withdrawn(runtime, event_id)
    else:
        at(bureau, BEGINS + timedelta(hours=3))
    _, browser = member()
    answer = browser.post(f"{page_of(event_id)}/inscription", {})
    assert answer.status_code == (404 if became == "withdrawn" else 409)
    assert rows(bureau) == []


def test_visitors_register_for_nothing_that_is_for_the_network(
    bureau: Bureau, runtime: Runtime
) -> None:
    ask(bureau, event(runtime, **NETWORK))
    assert mails(bureau) == []
    assert rows(bureau) == []


def test_of_two_who_take_the_last_place_one_does(
    bureau: Bureau, runtime: Runtime, member: Callable[[], Member]
) -> None:
    event_id = event(runtime, capacity=1, **NETWORK)
    browsers = [member()[1] for _ in range(4)]

    def press(browser: Browser) -> int:
        return int(browser.post(f"{page_of(event_id)}/inscription", {}).status_code)

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(press, browsers))
    assert answers == [303, 409, 409, 409]
    assert len(rows(bureau)) == 1
    full = member()[1].post(f"{page_of(event_id)}/inscription", {})
    assert "Toutes les places sont prises" in full.text
    assert "Repérer et orienter" in full.text


def test_somebody_who_presses_twice_at_once_comes_once(
    bureau: Bureau, runtime: Runtime, member: Callable[[], Member]
) -> None:
    event_id, (_, browser) = event(runtime, **NETWORK), member()
    with ThreadPoolExecutor(4) as pool:
        pressed = [
            pool.submit(browser.post, f"{page_of(event_id)}/inscription", {}) for _ in range(4)
        ]
    assert {each.result().status_code for each in pressed} == {303}
    assert len(rows(bureau)) == 1


def test_who_leaves_frees_nobody_else_s_place(
    bureau: Bureau, runtime: Runtime, member: Callable[[], Member]
) -> None:
    event_id, (_, browser) = event(runtime), member()
    comes(bureau, event_id)
    registers(browser, event_id)
    _, other = member()
    for path in (page_of(event_id), page_of("x"), "/pro/agenda/%00"):
        assert other.post(f"{path}/annuler", {}).status_code == 303
    assert len(rows(bureau)) == 2


def test_a_deleted_account_leaves_no_registration(
    bureau: Bureau, runtime: Runtime, member: Callable[[], Member]
) -> None:
    person, browser = member()
    registers(browser, event(runtime, **NETWORK))
    with write(bureau.databases.staff) as session:
        rights.remove(session, session.get_one(Account, person.id))
    assert rows(bureau) == []


def test_an_event_of_three_months_ago_is_forgotten_with_who_came(
    bureau: Bureau, runtime: Runtime, member: Callable[[], Member]
) -> None:
    registers(member()[1], event(runtime, **NETWORK))
    for days, left in ((1, 1), (90, 1), (94, 0)):
        with write(bureau.databases.staff) as session:
            registering.forget_old(session, BEGINS + timedelta(days=days))
        assert len(rows(bureau)) == left
