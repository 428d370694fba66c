"""A code that is sent while others write, twice, or after its record changed: nothing is lost."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app.audit.journal import Author
from app.models import Actor, ActorProtected, OperatorCode, Proposal, Revision
from app.platform.database.sessions import IMPORT_LOCK, hold, read, write
from app.records import hiding_by_code, many, many_hidden, taking_down
from app.records.acts import protect, show_phone
from app.records.causes import Cause, active
from app.records.history import History
from app.records.joining import join
from app.records.proposals import perhaps_same, propose
from app.records.sealed import open_causes
from app.vault.digests import index_key
from app.visibility import OPERATOR
from geo.zones import paris_day
from tests.desk.bureau import Browser, Bureau
from tests.desk.home import Home, sent

DONE, NOTED = "C’est masqué", "Demande enregistrée"


@contextmanager
def list_being_written(bureau: Bureau, other: Home) -> Iterator[None]:
    """A list that has written another public actor, and goes on until the block ends."""
    with write(bureau.databases.staff) as session:
        hold(session, IMPORT_LOCK)
        renamed = update(Actor).where(Actor.id == other.id)
        session.execute(renamed.values(description="Écrit par une liste."))
        yield


def causes_of(home: Home) -> list[Cause]:
    with read(home.bureau.databases.staff) as session:
        sealed = session.get_one(ActorProtected, home.id).causes
        return [
            each
            for each in active(open_causes(home.bureau.vault, home.id, sealed))
            if each.why == "operator"
        ]


def phones(bureau: Bureau) -> set[str]:
    """All phones that a visitor reads."""
    with bureau.databases.public.connect() as connection:
        return set(connection.execute(text("SELECT unnest(phones) FROM actor")).scalars())


def ask(bureau: Bureau, home: Home) -> UUID:
    """Note the demand of the one code of a home, as its page does, and go no further."""
    with write(bureau.databases.staff) as session:
        row = session.scalars(select(OperatorCode).where(OperatorCode.actor_id == home.id)).one()
        row.asked_at = bureau.clock.at
        return row.id


def write_hiding(bureau: Bureau, code_id: UUID) -> None:
    with write(bureau.databases.staff) as session:
        hiding_by_code.write_hiding(session, bureau.vault, code_id)


def joined(bureau: Bureau, home: Home) -> Home:
    """Join a home to another one; return the one that is left."""
    left = Home(bureau)
    with write(bureau.databases.staff) as session:
        found = perhaps_same(home.id, left.id, "même adresse postale")
        propose(session, bureau.vault, index_key(session, bureau.vault), [found])
        of_it = select(Proposal.id).where(Proposal.actor_id == home.id)
        join(session, bureau.vault, session.scalars(of_it).one(), who="essai")
    return left


@pytest.mark.slow
def test_while_a_list_has_written_another_actor_the_code_waits_for_it(
    bureau: Bureau, home: Home, curateur: Browser
) -> None:
    code, other = home.code(curateur), Home(bureau)
    with ThreadPoolExecutor(1) as pool:
        with list_being_written(bureau, other):
            answer = pool.submit(sent, bureau, code)
            # Longer than the database lets two wait for each other before it ends one.
            with pytest.raises(TimeoutError):
                answer.result(7)
        status, page = answer.result()
    assert (status, DONE in page) == (200, True)
    assert not home.is_public()


@pytest.mark.slow
def test_where_the_list_takes_longer_the_page_does_not_say_that_it_is_hidden(
    bureau: Bureau, home: Home, curateur: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, other = home.code(curateur), Home(bureau)
    monkeypatch.setattr(taking_down, "PATIENCE_SECONDS", 1)
    with list_being_written(bureau, other):
        status, page = sent(bureau, code)
        assert (status, NOTED in page, DONE in page) == (202, True, False)
        assert home.is_public()
        assert home.word not in page.lower()
        assert home.first_id not in page
    status, page = sent(bureau, code)
    assert (status, DONE in page) == (200, True)
    assert not home.is_public()


@pytest.mark.slow
def test_a_list_that_wants_the_actor_meanwhile_is_not_ended_for_it(
    bureau: Bureau, home: Home, curateur: Browser
) -> None:
    code, other = home.code(curateur), Home(bureau)
    with ThreadPoolExecutor(1) as pool:
        with write(bureau.databases.staff) as writes:
            hold(writes, IMPORT_LOCK)
            writes.execute(update(Actor).where(Actor.id == other.id).values(description="Avant."))
            answer = pool.submit(sent, bureau, code)
            with pytest.raises(TimeoutError):
                answer.result(1)
            writes.execute(update(Actor).where(Actor.id == home.id).values(description="Après."))
        assert answer.result()[0] == 200
    assert not home.is_public()


def test_another_fault_than_a_lock_is_not_hidden(
    bureau: Bureau, home: Home, curateur: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = home.code(curateur)

    def fails(session: Session, _actors: object) -> None:
        session.execute(text("SET LOCAL statement_timeout = '10ms'"))
        session.execute(text("SELECT count(*) FROM generate_series(1, 100000000)"))

    monkeypatch.setattr(taking_down, "take_down", fails)
    status, page = sent(bureau, code)
    assert status in {500, 503}
    assert DONE not in page
    assert NOTED not in page


@pytest.mark.slow
@pytest.mark.parametrize("of", ["itself", "joined"])
def test_who_writes_it_before_its_cause_is_written_does_not_show_it_again(
    bureau: Bureau, home: Home, curateur: Browser, of: str
) -> None:
    home.code(curateur)
    left = joined(bureau, home) if of == "joined" else home
    code_id = ask(bureau, home)
    with write(bureau.databases.staff) as session:
        assert taking_down.take_down_at_once(session, bureau.vault, code_id)
    assert not left.is_public()
    left.list("01 99 00 00 64")
    assert not left.is_public()
    with write(bureau.databases.staff) as session:
        writer = many.writer_of(session, bureau.vault)
        edits = writer.stored([left.id])
        edits[left.id].act = "update"
        writer.settle(edits, History(session, bureau.vault, "essai", "edit"))
    assert not left.is_public()
    write_hiding(bureau, code_id)
    with read(bureau.databases.staff) as session:
        actor = session.get_one(Actor, left.id)
        assert (actor.protected, actor.status) == (True, "published")


def test_the_phone_of_a_neutral_sheet_is_down_at_once_too(
    bureau: Bureau, home: Home, curateur: Browser
) -> None:
    home.code(curateur)
    with write(bureau.databases.staff) as session:
        protect(session, bureau.vault, home.public_id, who="essai", why="essai")
    with write(bureau.databases.staff) as session:
        given = (session, bureau.vault, home.public_id, home.phone)
        show_phone(*given, who="essai", why="essai")
    number = f"+33{home.phone[1:].replace(' ', '')}"
    assert number in phones(bureau)
    code_id = ask(bureau, home)
    with write(bureau.databases.staff) as session:
        assert taking_down.take_down_at_once(session, bureau.vault, code_id)
    assert number not in phones(bureau)
    write_hiding(bureau, code_id)
    assert number not in phones(bureau)
    with read(bureau.databases.staff) as session:
        assert session.get_one(Actor, home.id).status == "published"


def test_a_code_that_is_revoked_while_its_demand_waits_hides_all_the_same(
    bureau: Bureau, home: Home, curateur: Browser
) -> None:
    home.code(curateur)
    code_id = ask(bureau, home)
    revoked = curateur.post(f"{home.page}/operateur/{code_id}/revoquer")
    assert (revoked.status_code, home.is_public()) == (303, False)
    assert len(causes_of(home)) == 1
    assert curateur.get(revoked.headers["location"]).status_code in {200, 303}
    with read(bureau.databases.staff) as session:
        assert session.get(OperatorCode, code_id) is None


@pytest.mark.slow
def test_of_a_place_that_houses_by_its_category_the_demand_is_on_the_page_of_today(
    bureau: Bureau, home: Home, curateur: Browser
) -> None:
    code, author = home.code(curateur), Author("essai")
    with write(bureau.databases.staff) as session:
        deed = many.classify_as("mecs")
        many.do(session, bureau.vault, OPERATOR, author, [home.public_id], deed)
    sent(bureau, code)
    assert home.name in curateur.get("/gestion/masques?cause=operateur").text
    today = curateur.get("/gestion").text.replace("&amp;", "&")
    assert "/gestion/masques?cause=operateur" in today
    with write(bureau.databases.staff) as session:
        many.do(session, bureau.vault, OPERATOR, author, [home.public_id], many_hidden.CONFIRM)
    assert home.name not in curateur.get("/gestion/masques?cause=operateur").text


@pytest.mark.slow
def test_a_press_of_another_day_counts_from_that_day_and_asks_again(
    bureau: Bureau, home: Home, curateur: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, first = home.code(curateur), paris_day()
    sent(bureau, code)
    author, third = Author("essai"), first + timedelta(days=2)
    with write(bureau.databases.staff) as session:
        many.do(session, bureau.vault, OPERATOR, author, [home.public_id], many_hidden.CONFIRM)
    assert [(each.since, each.confirmed_on) for each in causes_of(home)] == [(first, first)]
    sent(bureau, code)
    assert [(each.since, each.confirmed_on) for each in causes_of(home)] == [(first, None)]
    monkeypatch.setattr(hiding_by_code, "paris_day", lambda: third)
    for _ in range(2):
        assert sent(bureau, code)[0] == 200
    assert [(each.since, each.confirmed_on) for each in causes_of(home)] == [(third, None)]
    with read(bureau.databases.staff) as session:
        by_code = select(Revision.number).where(
            Revision.actor_id == home.id, Revision.who == "code:operator"
        )
        assert len(session.scalars(by_code).all()) == 3


@pytest.mark.slow
def test_codes_of_who_was_joined_to_it_stand_on_its_page_and_are_revoked_there(
    bureau: Bureau, home: Home, curateur: Browser
) -> None:
    code = home.code(curateur, "Veille")
    left = joined(bureau, home)
    page = curateur.get(f"{left.page}/operateur").text
    assert "Veille" in page
    assert home.name in page
    with read(bureau.databases.staff) as session:
        of_home = select(OperatorCode.id).where(OperatorCode.actor_id == home.id)
        code_id = session.scalars(of_home).one()
    stranger = Home(bureau)
    curateur.post(f"{stranger.page}/operateur/{code_id}/revoquer")
    assert "Veille" in curateur.get(f"{left.page}/operateur").text
    assert curateur.post(f"{left.page}/operateur/{code_id}/revoquer").status_code == 303
    assert "Veille" not in curateur.get(f"{left.page}/operateur").text
    assert sent(bureau, code)[0] == 422
    assert left.is_public()


def test_a_code_that_is_none_is_said_beside_its_field(bureau: Bureau) -> None:
    page = sent(bureau, "abc")[1]
    (field,) = [each for each in page.split("<") if each.startswith('input id="code"')]
    assert 'aria-invalid="true"' in field
    assert "probleme" in field.split('aria-describedby="')[1].split('"')[0].split()
