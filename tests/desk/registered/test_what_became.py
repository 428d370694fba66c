"""What became of an event, or of a backup, is told to who comes, and keeps nobody from leaving."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from app.announcing import letters
from app.jobs.receiving import receive_all
from app.models import AgendaRecord, AgendaRegistration, Role, Withdrawal
from app.operations import revoked_again
from app.platform.database.sessions import write
from app.registrations import registering
from app.runtime.staff import Runtime
from tests.desk.access_asked import mails
from tests.desk.bureau import Bureau
from tests.desk.registered.coming import CHANGES, ask, at, comes, event, leaves, rows
from tests.makers_agenda import (
    BEGINS,
    LINK,
    by_a_lost_key,
    cancelled,
    changed,
    publish,
    withdrawn,
    written_otherwise,
)


@pytest.mark.slow
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


@pytest.mark.slow
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
        record.content = written_otherwise(record.content)
    mail = ask(bureau, event(runtime, title="Autre"))
    assert [each["To"] for each in mails(bureau)] == [mail]


def test_a_crowd_of_an_event_that_does_not_open_fills_no_round(
    bureau: Bureau, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "AT_ONCE", 2)
    broken, other = event(runtime), event(runtime, title="Autre")
    for _ in range(3):
        ask(bureau, broken)
    mail = ask(bureau, other)
    receive_all(runtime)
    with write(bureau.databases.staff) as session:
        # They go first, as who comes does.
        crowd = text(
            "UPDATE agenda_registration SET confirmed_at = received_at WHERE record_id ="
            " (SELECT id FROM agenda_record WHERE public_id = :broken)"
        )
        session.execute(crowd, {"broken": broken})
        of_it = select(AgendaRecord).where(AgendaRecord.public_id == broken)
        record = session.scalars(of_it).one()
        record.content = written_otherwise(record.content)
    assert [each["To"] for each in mails(bureau)] == [mail]


def test_an_address_that_does_not_open_keeps_no_other_from_its_mail(
    bureau: Bureau, runtime: Runtime
) -> None:
    event_id = event(runtime)
    for _ in range(2):
        ask(bureau, event_id)
    receive_all(runtime)
    first, second = rows(bureau)
    with write(bureau.databases.staff) as session:
        row = session.get_one(AgendaRegistration, first.id)
        # By a key that nobody gave back.
        row.content = by_a_lost_key(row.content)
    assert len(mails(bureau)) == 1
    assert {each.id: each.letter for each in rows(bureau)} == {first.id: "", second.id: "asked"}


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


@pytest.mark.slow
def test_the_desk_reads_how_many_come_and_not_who(bureau: Bureau, runtime: Runtime) -> None:
    event_id = event(runtime)
    where = comes(bureau, event_id)
    page = bureau.signed_in(Role.CURATEUR).get(f"/gestion/agenda/{event_id}").text
    assert "1 inscrit pour le moment" in page
    assert str(where["To"]) not in page
