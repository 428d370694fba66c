"""Registrations for events: limits of their own, since whole offices ask from one network."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from app.inbox.message import Correction, EventAsked, Message
from app.inbox.putting import InboxFull, Lock
from app.inbox.putting import put as put_in
from app.platform.database.engines import Databases
from app.platform.database.sessions import write
from tests.meanwhile import in_one_hour

MESSAGE = Correction(actor="0123456789abcdef", wrong="phone", right="01 99 00 00 09")
HERE = "192.0.2.0/24"


def put(inbox: Engine, lock: Lock, network: str, message: Message) -> None:
    with write(inbox) as session:
        put_in(session, lock, network, message)


def coming(who: str, event: str = "0123456789abcdef") -> EventAsked:
    return EventAsked(event=event, mail=f"{who}@example.org")


REGISTRATIONS = """
INSERT INTO public.inbox_message (network, box, registers)
SELECT decode(lpad(to_hex(mod(n, {networks})), 32, '0'), 'hex'),
    decode(repeat('00', {bytes}), 'hex'), decode(lpad(to_hex(n), 32, 'a'), 'hex')
FROM generate_series(1, {most}) AS n
"""


def test_an_office_registers_from_one_network_and_stops_no_other_message(
    databases: Databases, inbox: Engine, lock: Lock
) -> None:
    in_one_hour(databases.staff)
    with inbox.begin() as connection:
        connection.exec_driver_sql(REGISTRATIONS.format(networks=1, bytes=48, most=640))
    for number in range(30):
        put(inbox, lock, HERE, coming(f"agent{number}"))
    # The limits of other messages are their own.
    for _ in range(20):
        put(inbox, lock, HERE, MESSAGE)
    with pytest.raises(InboxFull):
        put(inbox, lock, HERE, MESSAGE)
    put(inbox, lock, HERE, coming("encore"))
    with databases.staff.connect() as connection:
        stored = connection.scalars(text("SELECT DISTINCT registers FROM inbox_message")).all()
    assert stored == [None]


def test_one_address_is_put_down_for_one_event_three_times_an_hour(
    databases: Databases, inbox: Engine, lock: Lock
) -> None:
    in_one_hour(databases.staff)
    for spelled in ("camille", "Camille", "CAMILLE"):
        put(inbox, lock, HERE, coming(spelled))
    with pytest.raises(InboxFull):
        put(inbox, lock, "198.51.100.0/24", coming("camille"))
    put(inbox, lock, HERE, coming("camille", "fedcba9876543210"))


@pytest.mark.parametrize(
    ("networks", "most", "full"),
    [(1, 700, False), (1, 701, True), (3, 1_500, False), (3, 1_501, True)],
)
def test_registrations_are_bounded_by_network_and_in_all(
    databases: Databases, inbox: Engine, networks: int, most: int, full: bool
) -> None:
    in_one_hour(databases.staff)
    flood = REGISTRATIONS.format(networks=networks, bytes=48, most=most)
    with inbox.connect() as connection:
        if full:
            with pytest.raises(DBAPIError, match="inbox is full"):
                connection.exec_driver_sql(flood)
        else:
            connection.exec_driver_sql(flood)


@pytest.mark.parametrize(
    "statement",
    [
        REGISTRATIONS.format(networks=1, bytes=1_501, most=1),
        "INSERT INTO public.inbox_message (network, box, registers) VALUES"
        " (decode(repeat('00', 16), 'hex'), decode(repeat('00', 48), 'hex'), 'short')",
    ],
)
def test_what_is_no_registration_is_refused_by_the_database(inbox: Engine, statement: str) -> None:
    with inbox.connect() as connection, pytest.raises(DBAPIError) as refused:
        connection.exec_driver_sql(statement)
    assert getattr(refused.value.orig, "sqlstate", "") == "23514"
