"""What a process remembers of sealed records: opened once, and forgotten with what it was."""

import json
from datetime import date
from traceback import format_exception

import pytest
from sqlalchemy import Engine, event, update
from sqlalchemy.orm import Session

from app.models import Actor, ActorProtected, Role
from app.platform.database.sessions import read, write
from app.records.ahead import open_ahead
from app.records.finding import Finding
from app.records.heard_names import LINES, Heard, heard_in
from app.records.known_causes import WHYS, whys_in
from app.records.listing import find
from app.records.memory import LIFETIME, Memory
from app.records.sealed import RecordUnreadable, open_record, seal_record
from app.records.true_names import HIDDEN, NAMES, named_in
from app.records.ungiven import SAID
from app.records.wanted import Wanted
from app.runtime.staff import Runtime
from app.vault.sealing import Vault
from app.visibility import OPERATOR, Viewer
from tests.databases import Copy
from tests.short_lists import APART, CRIP, NEIGHBOUR, SHELTER, csv, run

LILLE = "Foyer de Lille;MECS;3 rue Autre;59000;Lille;01 99 00 00 20;"
IN_93 = Viewer.staff(Role.REFERENT_DEPARTEMENT, ["93"])
OF_STATE = Viewer.staff(Role.REFERENT_ETAT, ["93"])
TODAY = date(2026, 1, 5)


class Opened:
    """A memory of records that counts what it opens, and a clock of its own."""

    def __init__(self) -> None:
        self.count, self.at = 0, 0.0
        self.memory = Memory(ActorProtected.record, self.take, lambda: self.at)

    def take(self, clear: bytes) -> str:
        self.count += 1
        return named_in(clear).name

    def names(self, session: Session, vault: Vault, viewer: Viewer = OPERATOR) -> list[str]:
        """Return the names of hidden actors; count begins anew."""
        self.count = 0
        return sorted(self.memory.of(session, vault, viewer, HIDDEN).values())


@pytest.fixture(scope="module")
def written(module_runtime: Runtime) -> Runtime:
    """Two shelters in two territories, a neighbour of one, and two open services."""
    run(module_runtime, csv(CRIP, SHELTER, NEIGHBOUR, APART, LILLE), territory=None)
    return module_runtime


@pytest.fixture
def service(written: Runtime, copy_of: Copy) -> Runtime:
    return copy_of(written)


ALL = ["Association voisine", "Foyer de Lille", "Foyer fictif"]


def test_a_record_is_opened_once_and_again_when_it_is_sealed_anew(service: Runtime) -> None:
    opened, vault = Opened(), service.vault
    with read(service.staff) as session:
        assert opened.names(session, vault) == ALL
        assert opened.count == 3
        assert opened.names(session, vault) == ALL
        assert opened.count == 0
    with write(service.staff) as session:
        actor_id, sealed = session.execute(
            OPERATOR.sealed().where(HIDDEN, Actor.territory_code == "59")
        ).one()
        record = open_record(vault, actor_id, sealed)
        record.name = "Foyer du Nord"
        again = {"record": seal_record(vault, actor_id, record)}
        session.execute(
            update(ActorProtected).where(ActorProtected.actor_id == actor_id).values(again)
        )
    with read(service.staff) as session:
        assert opened.names(session, vault) == ["Association voisine", "Foyer du Nord", ALL[2]]
        assert opened.count == 1


def test_what_another_one_opened_is_given_to_nobody_who_may_not_read_it(service: Runtime) -> None:
    opened = Opened()
    with read(service.staff) as session:
        opened.names(session, service.vault)
        assert opened.names(session, service.vault, IN_93) == ["Association voisine", ALL[2]]
        assert opened.count == 0
        assert opened.names(session, service.vault, OF_STATE) == []
        assert opened.names(session, service.vault, Viewer()) == []


def test_lines_of_lists_are_opened_once_for_whoever_may_read_their_actor(service: Runtime) -> None:
    opened: list[bytes] = []

    def take(clear: bytes) -> Heard:
        opened.append(clear)
        return heard_in(clear)

    memory, of = Memory(LINES, take), (HIDDEN, Actor.territory_code == "93")
    with read(service.staff) as session:
        found = memory.of(session, service.vault, OPERATOR, *of)
        assert sorted(each.name for each in found.values()) == ["Association voisine", ALL[2]]
        # A public neighbour's line is none of a hidden one.
        assert len(opened) == 2
        assert memory.of(session, service.vault, OPERATOR, *of) == found
        assert memory.of(session, service.vault, OF_STATE, *of) == {}
        assert len(opened) == 2


def test_all_is_forgotten_after_its_time_and_renewed_before(service: Runtime) -> None:
    opened = Opened()
    with read(service.staff) as session:
        opened.names(session, service.vault)
        opened.at += LIFETIME.total_seconds() / 2
        opened.memory.renew(session, service.vault, HIDDEN)
        opened.at += LIFETIME.total_seconds()
        assert opened.names(session, service.vault) == ALL
        assert opened.count == 0
        opened.at += 1
        assert opened.names(session, service.vault) == ALL
        assert opened.count == 3


def test_what_cannot_be_opened_anew_is_forgotten_and_keeps_nothing_else_from_it(
    service: Runtime,
) -> None:
    open_ahead(service.staff, service.vault)
    known = len(NAMES), len(SAID)
    assert all(known)
    shelter = OPERATOR.sealed().where(HIDDEN, Actor.territory_code == "59")
    with write(service.staff) as session:
        actor_id, _ = session.execute(shelter).one()
        broken = update(ActorProtected).where(ActorProtected.actor_id == actor_id)
        session.execute(broken.values(record=b"x" * 64))
    open_ahead(service.staff, service.vault)
    assert (len(NAMES), len(SAID)) == (0, known[1])


def statements(engine: Engine, vault: Vault, wanted: Wanted) -> int:
    """Return how many statements a page of the list takes."""
    sent: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        with read(engine) as session:
            assert find(Finding(session, vault, OPERATOR, TODAY), wanted).total
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(sent)


@pytest.mark.parametrize(
    ("wanted", "most"),
    [
        (Wanted(), 5),
        (Wanted(sort="territoire"), 5),
        (Wanted(sort="modifie"), 5),
        (Wanted(q="foyer"), 4),
        (Wanted(cause="categorie"), 5),
    ],
)
def test_a_page_of_the_list_takes_few_statements_however_much_is_sealed(
    service: Runtime, wanted: Wanted, most: int
) -> None:
    open_ahead(service.staff, service.vault)
    assert statements(service.staff, service.vault, wanted) <= most
    NAMES.forget()
    WHYS.forget()
    assert statements(service.staff, service.vault, wanted) <= most


@pytest.mark.parametrize("clear", [b"3", b"{", b'{"name": 3, "city": "rue Secr"}', b'"rue Secr"'])
def test_what_cannot_be_read_is_quoted_nowhere(clear: bytes) -> None:
    for take in (named_in, whys_in):
        with pytest.raises(RecordUnreadable) as error:
            take(clear)
        assert "Secr" not in "".join(format_exception(error.value))


def test_a_name_is_read_of_a_record_that_holds_half_a_character() -> None:
    said = {"name": "Foyer d’été", "city": "Lille", "description": "\ud83d", "phones": [{"a": 1}]}
    clear = json.dumps(said, ensure_ascii=False).encode("utf-8", "surrogatepass")
    for each in (clear, clear.replace(b"\xed\xa0\xbd", b"")):
        named = named_in(each)
        assert (named.name, named.searched) == ("Foyer d’été", " foyer d ete lille")
        assert (named.city, named.commune) == ("Lille", None)
