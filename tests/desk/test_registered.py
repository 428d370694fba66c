"""Who comes to an event: asked by mail, confirmed, told where, reminded, and gone by one press."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from uuid import uuid4

import pytest
from sqlalchemy import delete, select, text

from app.announcing import letters
from app.inbox.message import EventAsked
from app.jobs.receiving import receive_all
from app.models import AccessMail, Actor, AgendaRecord, AgendaRegistration, Role, Withdrawal
from app.operations import revoked_again
from app.platform.database.sessions import read, write
from app.registrations import registering
from app.runtime.staff import Runtime
from tests.desk.access_asked import mails, put_message
from tests.desk.asked import runtime as runtime_of
from tests.desk.bureau import ORIGIN, Bureau
from tests.makers_agenda import (
    BEGINS,
    LINK,
    WRITTEN,
    announced,
    cancelled,
    changed,
    publish,
    withdrawn,
)
from tests.short_lists import SHELTER, csv, run

PLACE, TITLE = "Salle Hugo, Pantin", "Repérer et orienter"
CHANGES: dict[str, dict[str, object]] = {
    "narrowed": {"registers": True, "audience": "reseau"},
    "closed": {"registers": False},
}


@pytest.fixture
def runtime(bureau: Bureau) -> Iterator[Runtime]:
    before = bureau.clock.at
    bureau.clock.at = WRITTEN + timedelta(days=1)
    yield runtime_of(bureau)
    bureau.clock.at = before
    with write(bureau.databases.staff) as session:
        session.execute(delete(AgendaRecord))
        session.execute(delete(AccessMail))


def at(bureau: Bureau, moment: datetime) -> None:
    bureau.clock.at = moment


def event(runtime: Runtime, **fields: object) -> str:
    return announced(runtime, registers=True, place=PLACE, **fields)


def ask(bureau: Bureau, event_id: str, mail: str = "") -> str:
    """Ask for a place as public pages do; return the address."""
    mail = mail or f"{uuid4().hex[:10]}@example.org"
    put_message(bureau, EventAsked(event=event_id, mail=mail))
    # As it would be received at this moment of the clock.
    with write(bureau.databases.staff) as session:
        moved = text("UPDATE inbox_message SET received_at = :now")
        session.execute(moved, {"now": bureau.clock.at})
    return mail


def link_of(mail: EmailMessage) -> str:
    (found,) = re.findall(rf"{ORIGIN}(/connexion/inscription/\S+)", mail.get_content())
    return str(found)


def comes(bureau: Bureau, event_id: str) -> EmailMessage:
    """Ask, confirm, and return the mail that says where."""
    ask(bureau, event_id)
    (asked,) = mails(bureau)
    assert bureau.browser().post(link_of(asked), {"reponse": "oui"}).status_code == 200
    bureau.clock.pass_by(minutes=1)
    (where,) = mails(bureau)
    return where


def leaves(bureau: Bureau, mail: EmailMessage, *, named: bool = True) -> None:
    """Leave by the link of a mail what takes nobody now; its page names it, if it may be read."""
    browser, link = bureau.browser(), link_of(mail)
    page = browser.get(link).text
    assert (TITLE in page) == named
    assert "Oui, je viens" not in page
    assert "Effacer mon adresse" in page
    before = len(rows(bureau))
    assert browser.post(link, {"reponse": "oui"}).status_code == 410
    assert "C’est effacé" in browser.post(link, {"reponse": "non"}).text
    assert len(rows(bureau)) == before - 1
    assert browser.get(link).status_code == 410


def rows(bureau: Bureau) -> list[AgendaRegistration]:
    with read(bureau.databases.staff) as session:
        return list(session.scalars(select(AgendaRegistration)))


def test_somebody_confirms_is_told_where_and_leaves(bureau: Bureau, runtime: Runtime) -> None:
    mail = ask(bureau, event(runtime, title="Titre sentinelle"))
    (asked,) = mails(bureau)
    assert (asked["To"], asked["Subject"]) == (mail, "Votre inscription à confirmer")
    assert "Titre sentinelle" in asked.get_content()
    for secret in (PLACE, LINK):
        assert secret not in asked.get_content()
    assert mails(bureau) == []
    browser = bureau.browser()
    page = browser.get(link_of(asked))
    assert "Titre sentinelle" in page.text
    assert "Oui, je viens" in page.text
    assert rows(bureau)[0].confirmed_at is None
    answer = browser.post(link_of(asked), {"reponse": "oui"})
    assert "Vous êtes inscrit" in answer.text
    assert LINK not in answer.text
    (where,) = mails(bureau)
    assert where["Subject"] == "Votre inscription"
    assert PLACE in where.get_content()
    assert LINK in where.get_content()
    # The link of the mail before is over, and so is that of nobody.
    for over in (link_of(asked), "/connexion/inscription/x", f"/connexion/inscription/{'x' * 43}"):
        assert browser.get(over).status_code == 410
        assert browser.post(over, {"reponse": "non"}).status_code == 410
    assert "Annuler mon inscription" in browser.get(link_of(where)).text
    assert "C’est effacé" in browser.post(link_of(where), {"reponse": "non"}).text
    assert rows(bureau) == []
    assert browser.get(link_of(where)).status_code == 410
    assert mails(bureau) == []


def test_no_mail_says_where_a_home_is(bureau: Bureau, runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    with read(bureau.databases.staff) as session:
        home = session.scalars(select(Actor.id).where(Actor.protected)).first()
    where = comes(bureau, announced(runtime, registers=True, actor=home, place="10 rue Cachée"))
    assert LINK in where.get_content()
    assert "Cach" not in where.get_content()


def test_the_last_place_is_given_once(bureau: Bureau, runtime: Runtime) -> None:
    event_id = event(runtime, capacity=1)
    ask(bureau, event_id)
    ask(bureau, event_id)
    first, second = mails(bureau)
    browser = bureau.browser()
    assert browser.post(link_of(first), {"reponse": "oui"}).status_code == 200
    full = browser.post(link_of(second), {"reponse": "oui"})
    assert full.status_code == 409
    assert "Complet" in full.text
    (where,) = mails(bureau)
    browser.post(link_of(where), {"reponse": "non"})
    assert browser.post(link_of(second), {"reponse": "oui"}).status_code == 200


@pytest.mark.parametrize("fields", [{"registers": False}, {"audience": "reseau"}])
def test_nobody_registers_for_what_does_not_take_it(
    bureau: Bureau, runtime: Runtime, fields: dict[str, object]
) -> None:
    ask(bureau, announced(runtime, **({"registers": True} | fields)))
    ask(bureau, "0" * 16)
    assert mails(bureau) == []
    assert rows(bureau) == []


def test_who_asks_again_and_again_is_sent_one_mail_a_day_and_three_in_all(
    bureau: Bureau, runtime: Runtime
) -> None:
    events = [event(runtime, title=f"Titre {n}") for n in range(5)]
    mail = ask(bureau, events[0])
    assert len(mails(bureau)) == 1
    ask(bureau, events[0], mail)
    # A mailbox has other spellings.
    ask(bureau, events[0], mail.replace("@", "+1@"))
    assert mails(bureau) == []
    assert len(rows(bureau)) == 1
    for each in events[1:]:
        ask(bureau, each, mail)
    assert len(mails(bureau)) + len(mails(bureau)) == 2
    bureau.clock.pass_by(hours=25)
    ask(bureau, events[0], mail)
    assert len(mails(bureau)) == 3


def test_who_comes_is_written_to_first_then_who_asked_last_and_who_waits_keeps_nobody(
    bureau: Bureau, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = [event(runtime, title=f"Titre {n}") for n in range(4)]
    first = ask(bureau, events[0])
    (asked,) = mails(bureau)
    bureau.browser().post(link_of(asked), {"reponse": "oui"})
    former = ask(bureau, events[0])
    receive_all(runtime)
    bureau.clock.pass_by(minutes=1)
    later = ask(bureau, events[0])
    receive_all(runtime)
    for each in events:
        bureau.clock.pass_by(minutes=1)
        many = ask(bureau, each, "beaucoup@example.org")
        receive_all(runtime)
    monkeypatch.setattr(letters, "AT_ONCE", 1)
    sent = [each["To"] for _ in range(7) for each in mails(bureau)]
    assert sent == [first, many, many, many, later, former]


def test_a_stranger_who_asks_for_an_address_that_comes_ends_no_link(
    bureau: Bureau, runtime: Runtime
) -> None:
    event_id = event(runtime)
    where = comes(bureau, event_id)
    bureau.clock.pass_by(hours=25)
    ask(bureau, event_id, str(where["To"]))
    assert mails(bureau) == []
    assert "Annuler mon inscription" in bureau.browser().get(link_of(where)).text


def test_who_comes_is_reminded_once(bureau: Bureau, runtime: Runtime) -> None:
    comes(bureau, event(runtime))
    at(bureau, BEGINS - timedelta(days=3))
    assert mails(bureau) == []
    at(bureau, BEGINS - timedelta(hours=24))
    (reminded,) = mails(bureau)
    assert reminded["Subject"] == "Rappel de votre inscription"
    assert LINK in reminded.get_content()
    assert mails(bureau) == []
    assert "Annuler" in bureau.browser().get(link_of(reminded)).text


def test_who_comes_is_told_where_it_is_now(bureau: Bureau, runtime: Runtime) -> None:
    event_id = event(runtime)
    where = comes(bureau, event_id)
    assert "remplace" not in where.get_content()
    changed(runtime, event_id, registers=True, place=PLACE, title="Autre titre")
    assert mails(bureau) == []
    bureau.clock.pass_by(hours=1)
    changed(runtime, event_id, registers=True, place="Salle Zola")
    (again,) = mails(bureau)
    assert "ceci remplace notre dernier message" in again.get_content()
    assert "Salle Zola" in again.get_content()
    assert mails(bureau) == []


def test_who_comes_is_told_that_it_is_off(bureau: Bureau, runtime: Runtime) -> None:
    event_id = event(runtime)
    comes(bureau, event_id)
    ask(bureau, event_id)
    cancelled(runtime, event_id, "Intervenante absente.")
    (off,) = mails(bureau)
    assert "Intervenante absente." in off.get_content()
    assert LINK not in off.get_content()
    assert mails(bureau) == []
    leaves(bureau, off)


def test_of_what_is_over_nobody_is_told_that_it_is_off(bureau: Bureau, runtime: Runtime) -> None:
    event_id = event(runtime)
    comes(bureau, event_id)
    at(bureau, BEGINS + timedelta(days=1))
    cancelled(runtime, event_id)
    assert mails(bureau) == []


def test_who_was_told_that_it_is_off_is_told_that_it_takes_place_after_all(
    bureau: Bureau, runtime: Runtime
) -> None:
    event_id = event(runtime)
    comes(bureau, event_id)
    cancelled(runtime, event_id)
    assert len(mails(bureau)) == 1
    withdrawn(runtime, event_id)
    assert mails(bureau) == []
    publish(runtime, event_id)
    (again,) = mails(bureau)
    assert LINK in again.get_content()
    assert mails(bureau) == []


def test_of_an_event_that_readers_lost_nothing_is_sent(bureau: Bureau, runtime: Runtime) -> None:
    event_id = event(runtime)
    where = comes(bureau, event_id)
    ask(bureau, event_id)
    with write(bureau.databases.staff) as session:
        session.execute(text("DELETE FROM agenda_event"))
    assert mails(bureau) == []
    at(bureau, BEGINS - timedelta(hours=24))
    assert mails(bureau) == []
    leaves(bureau, where, named=False)


@pytest.mark.parametrize("became", ["narrowed", "closed", "past"])
def test_whoever_registered_leaves_whatever_became_of_the_event(
    bureau: Bureau, runtime: Runtime, became: str
) -> None:
    event_id = event(runtime)
    where = comes(bureau, event_id)
    if became == "past":
        at(bureau, BEGINS + timedelta(days=1))
    else:
        changed(runtime, event_id, **CHANGES[became])
    leaves(bureau, where, named=became != "narrowed")


@pytest.mark.parametrize("fields", CHANGES.values())
def test_of_an_event_that_takes_nobody_now_no_mail_asks_to_confirm(
    bureau: Bureau, runtime: Runtime, fields: dict[str, object]
) -> None:
    closed, other = event(runtime), event(runtime, title="Autre")
    ask(bureau, closed)
    receive_all(runtime)
    changed(runtime, closed, **fields)
    mail = ask(bureau, other)
    assert [each["To"] for each in mails(bureau)] == [mail]


def test_who_comes_to_what_is_for_the_network_now_is_written_to_no_more(
    bureau: Bureau, runtime: Runtime
) -> None:
    narrowed, other = event(runtime), event(runtime, title="Autre")
    comes(bureau, narrowed)
    changed(runtime, narrowed, **CHANGES["narrowed"])
    where = comes(bureau, other)
    at(bureau, BEGINS - timedelta(hours=24))
    assert [each["To"] for each in mails(bureau)] == [where["To"]]


def test_an_event_that_does_not_open_keeps_no_mail_of_others(
    bureau: Bureau, runtime: Runtime
) -> None:
    broken = event(runtime)
    ask(bureau, broken)
    with write(bureau.databases.staff) as session:
        (record,) = session.scalars(select(AgendaRecord)).all()
        record.content = record.content[:-1] + bytes([record.content[-1] ^ 1])
    mail = ask(bureau, event(runtime, title="Autre"))
    assert [each["To"] for each in mails(bureau)] == [mail]


def test_addresses_are_sealed_and_forgotten(bureau: Bureau, runtime: Runtime) -> None:
    event_id = event(runtime)
    comes(bureau, event_id)
    unconfirmed = ask(bureau, event_id)
    mails(bureau)
    with bureau.databases.staff.connect() as connection:
        stored = connection.execute(text("SELECT r::text FROM agenda_registration r")).scalars()
        assert unconfirmed not in "\n".join(stored)
    for later, left in (
        (bureau.clock.at + timedelta(days=2), 2),
        (bureau.clock.at + timedelta(days=4), 1),
        (BEGINS + timedelta(days=90), 1),
        (BEGINS + timedelta(days=94), 0),
    ):
        with write(bureau.databases.staff) as session:
            registering.forget_old(session, later)
        assert len(rows(bureau)) == left


def test_a_restored_backup_brings_nobody_back(bureau: Bureau, runtime: Runtime) -> None:
    comes(bureau, event(runtime))
    (row,) = rows(bureau)
    with write(bureau.databases.staff) as session:
        assert revoked_again.registrations(session, bureau.vault, [str(row.id)], "essai") == 1
        noted = select(Withdrawal.subject).where(Withdrawal.what == "registration")
        assert str(row.id) in session.scalars(noted).all()


def test_the_desk_reads_how_many_come_and_not_who(bureau: Bureau, runtime: Runtime) -> None:
    event_id = event(runtime)
    where = comes(bureau, event_id)
    page = bureau.signed_in(Role.CURATEUR).get(f"/gestion/agenda/{event_id}").text
    assert "1 inscrit pour le moment" in page
    assert str(where["To"]) not in page
