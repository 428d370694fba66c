"""What visitors write: sealed for the desk, limited by the database, and read by no other login."""

from collections.abc import Callable
from threading import Thread

import pytest
from nacl.public import PrivateKey, SealedBox
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from app.inbox.message import Correction, Message, ProposedLink
from app.inbox.opening import NAME, open_message, opener, publish_key
from app.inbox.putting import InboxFull, Lock, NotPut, read_lock
from app.inbox.putting import put as put_in
from app.platform.database.engines import Databases, make_engine
from app.platform.database.sessions import read, write
from app.runtime.public import InboxLoginTooStrong, refuse_strong_logins
from app.runtime.staff import Runtime
from app.vault.digests import secret
from app.vault.rotation import rotate, status
from app.vault.sealing import Vault
from tests.meanwhile import in_one_hour

MESSAGE = Correction(actor="0123456789abcdef", wrong="phone", right="01 99 00 00 09")
HERE = "192.0.2.0/24"
PUT = text("INSERT INTO public.inbox_message (network, box) VALUES (:network, :box)")


def put(inbox: Engine, lock: Lock, network: str, message: Message) -> None:
    with write(inbox) as session:
        put_in(session, lock, network, message)


def boxes(databases: Databases) -> list[bytes]:
    with databases.staff.connect() as connection:
        found = connection.scalars(text("SELECT box FROM inbox_message ORDER BY received_at"))
        return [bytes(each) for each in found]


def opened(databases: Databases, vault: Vault) -> list[Message | None]:
    with read(databases.staff) as session:
        box = opener(session, vault)
        return [open_message(box, each) for each in boxes(databases)]


def test_the_desk_opens_what_a_visitor_wrote(
    databases: Databases, vault: Vault, inbox: Engine, lock: Lock
) -> None:
    put(inbox, lock, HERE, MESSAGE)
    assert opened(databases, vault) == [MESSAGE]
    assert b"01 99" not in boxes(databases)[0]


def test_the_longest_link_that_somebody_proposes_goes_through(
    databases: Databases, vault: Vault, inbox: Engine, lock: Lock
) -> None:
    link = ProposedLink(url="\U0001f499" * 700, title="\U0001f499" * 200, why="\U0001f499" * 500)
    put(inbox, lock, HERE, link)
    assert opened(databases, vault) == [link]


def test_no_desk_has_made_a_key_yet(worker_databases: Databases) -> None:
    with read(worker_databases.public) as session:
        assert read_lock(session) is None


def test_the_pair_of_keys_is_made_once_and_outlives_the_sealing_keys(
    runtime: Runtime, vault: Vault
) -> None:
    databases = runtime.databases
    assert databases.inbox is not None
    with write(databases.staff) as session:
        publish_key(session, vault)
    with read(databases.public) as session:
        before = read_lock(session)
    assert before is not None
    put(databases.inbox, before, HERE, MESSAGE)
    fresh = Vault("fresh", {"fresh": bytes(range(32)), **vault.keys})
    owner = make_engine(runtime.owner_url)
    rotate(owner, fresh, lambda done, total: None)
    owner.dispose()
    alone = Vault("fresh", {"fresh": bytes(range(32))})
    with write(databases.staff) as session:
        publish_key(session, alone)
    with read(databases.public) as session:
        assert read_lock(session) == before
    assert opened(databases, alone) == [MESSAGE]
    assert not status(databases.staff, alone).unopened


def test_the_network_of_a_message_is_nowhere_in_clear(
    databases: Databases, inbox: Engine, lock: Lock
) -> None:
    for network in (HERE, HERE, "198.51.100.0/24"):
        put(inbox, lock, network, MESSAGE)
    with databases.staff.connect() as connection:
        found = connection.scalars(text("SELECT network FROM inbox_message ORDER BY received_at"))
        networks = [bytes(each) for each in found]
    assert networks[0] == networks[1] != networks[2]
    assert not any(b"192" in each or b"198" in each for each in networks)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM public.inbox_message",
        "SELECT count(*) FROM public.inbox_message",
        "SELECT * FROM public.inbox_count",
        "SELECT * FROM public.inbox_key",
        "SELECT * FROM open.inbox_key",
        "SELECT * FROM open.actor",
        "SELECT * FROM public.actor_protected",
        "UPDATE public.inbox_message SET box = box",
        "UPDATE public.inbox_count SET count = 0",
        "DELETE FROM public.inbox_message",
        "DELETE FROM public.inbox_count",
        "TRUNCATE public.inbox_message",
        "INSERT INTO public.inbox_message (network, box) VALUES (:network, :box) RETURNING id",
        "INSERT INTO public.inbox_message (id, network, box)"
        " VALUES (gen_random_uuid(), :network, :box)",
        "INSERT INTO public.inbox_message (received_at, network, box)"
        " VALUES (now() - interval '1 year', :network, :box)",
        "INSERT INTO public.inbox_message (unreadable, network, box) VALUES (true, :network, :box)",
        "INSERT INTO public.inbox_message (network, box) VALUES (:network, :box)"
        " ON CONFLICT (id) DO UPDATE SET box = excluded.box",
        "INSERT INTO public.inbox_key (public, stamp) VALUES (:network, :box)",
        "COPY public.inbox_message TO STDOUT",
        "COPY public.inbox_message FROM '/etc/passwd'",
        "CREATE TEMP TABLE mine (x int)",
        "CREATE TABLE public.mine (x int)",
        "SELECT public.limit_inbox()",
        "ALTER TABLE public.inbox_message DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT pg_advisory_lock(230023)",
        "SET ROLE postgres",
    ],
)
def test_the_login_of_the_inbox_is_refused_all_but_adding(
    worker_databases: Databases, statement: str
) -> None:
    assert worker_databases.inbox is not None
    given = {"network": bytes(16), "box": bytes(48)}
    with worker_databases.inbox.connect() as connection, pytest.raises(DBAPIError) as refused:
        connection.execute(text(statement), given if ":box" in statement else {})
    assert getattr(refused.value.orig, "sqlstate", "") in {"42501", "42P01", "0A000"}


@pytest.mark.parametrize(
    ("network", "box"),
    [
        (bytes(15), bytes(48)),
        (bytes(17), bytes(48)),
        (bytes(16), bytes(47)),
        (bytes(16), b"x" * 6_001),
    ],
    ids=["short network", "long network", "short box", "large box"],
)
def test_what_is_no_box_is_refused_by_the_database(
    worker_databases: Databases, network: bytes, box: bytes
) -> None:
    assert worker_databases.inbox is not None
    refused = pytest.raises(DBAPIError, match="violates check")
    with worker_databases.inbox.connect() as connection, refused:
        connection.execute(PUT, {"network": network, "box": box})


def test_one_network_is_stopped_and_others_still_write(
    databases: Databases, inbox: Engine, lock: Lock
) -> None:
    in_one_hour(databases.staff)
    for _ in range(20):
        put(inbox, lock, HERE, MESSAGE)
    with pytest.raises(InboxFull):
        put(inbox, lock, HERE, MESSAGE)
    put(inbox, lock, "198.51.100.0/24", MESSAGE)
    assert len(boxes(databases)) == 21


FLOOD = """
INSERT INTO public.inbox_message (network, box)
SELECT decode(lpad(to_hex(n), 32, '0'), 'hex'), decode(repeat('00', 48), 'hex')
FROM generate_series(1, {most}) AS n
"""


def test_a_stolen_login_cannot_flood_by_many_networks_nor_in_one_statement(
    databases: Databases, inbox: Engine, lock: Lock
) -> None:
    in_one_hour(databases.staff)
    with inbox.connect() as connection, pytest.raises(DBAPIError, match="inbox is full"):
        connection.exec_driver_sql(FLOOD.format(most=201))
    with inbox.begin() as connection:
        connection.exec_driver_sql(FLOOD.format(most=200))
    with pytest.raises(InboxFull):
        put(inbox, lock, HERE, MESSAGE)
    assert len(boxes(databases)) == 200


def test_a_transaction_that_began_before_the_flood_counts_it(
    databases: Databases, inbox: Engine
) -> None:
    in_one_hour(databases.staff)
    with inbox.connect().execution_options(isolation_level="REPEATABLE READ") as early:
        early.exec_driver_sql("SELECT 1")
        with inbox.begin() as connection:
            connection.exec_driver_sql(FLOOD.format(most=200))
        with pytest.raises(DBAPIError):
            early.exec_driver_sql(FLOOD.format(most=1))
    assert len(boxes(databases)) == 200


def test_the_next_hour_begins_at_nothing(
    cluster: object, runtime: Runtime, lock: Lock, inbox: Engine
) -> None:
    with inbox.begin() as connection:
        connection.exec_driver_sql(FLOOD.format(most=200))
    owner = make_engine(runtime.owner_url)
    with owner.begin() as connection:
        connection.execute(text("UPDATE inbox_count SET hour = hour - interval '1 hour'"))
    put(inbox, lock, HERE, MESSAGE)
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM inbox_count")) == 2
    owner.dispose()


def _at_once(*deeds: Callable[[], None]) -> None:
    threads = [Thread(target=deed) for deed in deeds]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def test_two_at_once_are_both_taken_and_both_counted(
    databases: Databases, vault: Vault, inbox: Engine, lock: Lock
) -> None:
    _at_once(*[lambda: put(inbox, lock, HERE, MESSAGE)] * 4)
    assert opened(databases, vault) == [MESSAGE] * 4


@pytest.mark.slow
def test_who_holds_a_transaction_open_is_waited_for_no_longer_than_a_moment(
    databases: Databases, inbox: Engine, lock: Lock
) -> None:
    with inbox.connect() as thief:
        thief.exec_driver_sql(FLOOD.format(most=1))
        # It is not full: nobody is told to wait for an hour.
        with pytest.raises(NotPut) as refused:
            put(inbox, lock, HERE, MESSAGE)
        assert type(refused.value) is NotPut
        thief.rollback()
    put(inbox, lock, HERE, MESSAGE)
    assert len(boxes(databases)) == 1


def test_forged_boxes_open_to_nothing(databases: Databases, vault: Vault, lock: Lock) -> None:
    def sealed(content: bytes) -> bytes:
        return bytes(SealedBox(PrivateKey(opener_secret).public_key).encrypt(content))

    with read(databases.staff) as session:
        box = opener(session, vault)
        opener_secret = secret(session, vault, NAME)
        other = SealedBox(PrivateKey.generate().public_key)
        whole = MESSAGE.model_dump_json().encode()
        changed = sealed(whole)
        assert open_message(box, sealed(whole)) == MESSAGE
        for forged in (
            bytes(48),
            b"\xff" * 6_000,
            bytes(other.encrypt(whole)),
            changed[:-1] + bytes([changed[-1] ^ 1]),
            sealed(b""),
            sealed(b"{}"),
            sealed(b"\xff\xfe"),
            sealed(b"[" * 5_000),
            sealed(whole.replace(b'"phone"', b'"password"')),
            sealed(whole.replace(b"0123456789abcdef", b"../../../etc/pas")),
            sealed(whole[:-1] + b',"account":"x"}'),
            sealed(MESSAGE.model_copy(update={"right": "x" * 1_001}).model_dump_json().encode()),
        ):
            assert open_message(box, forged) is None, forged[:20]


def test_a_login_that_does_more_is_refused_at_the_start(worker_databases: Databases) -> None:
    refuse_strong_logins(worker_databases)
    for other in (worker_databases.staff, worker_databases.public):
        with pytest.raises(InboxLoginTooStrong):
            refuse_strong_logins(Databases(worker_databases.staff, worker_databases.public, other))
