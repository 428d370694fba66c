"""Whatever members, their operators and administrateurs do, in any order: what leaves, what it says
of who wrote, and who reads what left.
"""

from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.audit.journal import Author
from app.models import Account
from app.network import members
from app.platform.database.sessions import write
from app.records import acts
from app.runtime.staff import Runtime
from tests.desk.access_asked import mails
from tests.desk.bureau import Browser, Bureau, Person
from tests.desk.network.conftest import Joined
from tests.desk.network.written import DESK, RECEIVED, rows, send_to
from tests.makers import decide
from tests.networked import joins, leaves, public_id_of, says, works_for
from tests.short_lists import csv, run

pytestmark = pytest.mark.slow
PLAIN, JOB = "Bonjour, à bientôt.", "Chargée du relais"
OF_EACH = ("join", "leave", "exclude", "readmit", "disable")
STEPS = (
    *(f"{step} {whose}" for step in OF_EACH for whose in ("writer", "reader")),
    *("block", "unblock", "report", "work", "protect"),
    *("write", "write", "name", "name", "send", "send", "send"),
)
LONGEST = 12


@dataclass
class Side:
    """A member, by what was done to them, and by no query."""

    person: Person
    is_member: bool = True
    is_excluded: bool = False
    is_disabled: bool = False

    @property
    def active(self) -> bool:
        return self.is_member and not self.is_excluded and not self.is_disabled


@dataclass
class World:
    """What is so: by what was done. waits, left: of each text, whether it names the place."""

    writer: Side
    reader: Side
    actor: str
    name: str
    named: str
    works: bool = False
    is_protected: bool = False
    is_blocked: bool = False
    waits: list[bool] = field(default_factory=list)
    left: list[bool] = field(default_factory=list)

    def side(self, step: str) -> Side:
        return self.writer if step.endswith("writer") else self.reader


def of_one(bureau: Bureau, runtime: Runtime, world: World, step: str) -> None:
    """Do what changes who is a member."""
    one, act = world.side(step), step.partition(" ")[0]
    own, now = one.person.id, bureau.clock.at
    author = Author("os:essai")
    if act == "join" and not one.is_excluded:
        joins(runtime, own, now)
        one.is_member = True
    elif act == "leave":
        leaves(runtime, own)
        one.is_member = False
    elif act == "exclude":
        with write(runtime.staff) as session:
            members.exclude(session, bureau.vault, author, own, now)
        one.is_member, one.is_excluded = False, True
    elif act == "readmit" and one.is_excluded:
        with write(runtime.staff) as session:
            members.readmit(session, bureau.vault, author, own, "Motif.")
        one.is_excluded = False
    elif act == "disable":
        with write(runtime.staff) as session:
            session.get_one(Account, own).disabled_at = now
        one.is_disabled = True
    if not one.is_member:
        world.waits.clear()
        world.works &= one is not world.writer


def between(bureau: Bureau, runtime: Runtime, world: World, step: str) -> None:
    """Do what one does to the other, or to whom the writer works for."""
    writer, reader = world.writer, world.reader
    browsers = {one.person.id: bureau.signed_in_as(one.person) for one in (writer, reader)}
    page = f"/pro/reseau/membres/{writer.person.id}/bloquer"
    if step in ("block", "unblock"):
        sent = {"bloquer": str(step == "block").lower()}
        answer = browsers[reader.person.id].post(page, sent)
        if writer.active and reader.active:
            assert answer.status_code == 303
            world.is_blocked = step == "block"
    elif step == "report" and world.left and reader.active:
        number = next(each.id for each in rows(bureau) if each.recipient_id == reader.person.id
                      and each.state == "left")  # fmt: skip
        sent = {"message": str(number), "pourquoi": "Insistant.", "joindre": "true"}
        answer = browsers[reader.person.id].post(f"{RECEIVED}/signaler", sent)
        assert answer.status_code == 303
        world.is_blocked = True
    elif step == "work" and writer.active and not world.is_protected:
        works_for(runtime, writer.person.id, world.actor)
        says(runtime, writer.person.id, bureau.clock.at, function_text=JOB)
        world.works = True
    elif step == "protect" and not world.is_protected:
        decide(runtime, acts.protect, world.actor, who="essai", why="menaces")
        world.is_protected = True
    elif step in ("write", "name"):
        names = step == "name"
        answer = send_to(browsers[writer.person.id], reader.person, world.named if names else PLAIN)
        may = writer.active and reader.active
        assert (answer.status_code == 303) is may
        if may:
            world.waits.append(names)


def sends(bureau: Bureau, world: World) -> None:
    """Let the worker send, and look at what leaves."""
    may = world.writer.active and world.reader.active and not world.is_blocked
    leave = [each for each in world.waits if may and not (each and world.is_protected)]
    sent = mails(bureau)
    texts = [each.get_content() for each in sent]
    assert sorted(world.named in each for each in texts) == sorted(leave)
    for each, text in zip(sent, texts, strict=True):
        assert each["To"] == world.reader.person.mail
        assert world.writer.person.mail not in each.as_string()
        says_whose = world.works and not world.is_protected
        assert (f"({JOB}, {world.name})" in text) is says_whose
    world.left += leave
    world.waits.clear()


def looked_at(bureau: Bureau, world: World, steps: list[str], outside: Browser) -> None:
    """Look at what each reads of the texts."""
    shown = world.reader.active and True in world.left and not world.is_protected
    page = bureau.signed_in_as(world.reader.person).get(RECEIVED).text
    assert (world.named in page) is shown, steps
    for one in (bureau.signed_in_as(world.writer.person), outside):
        assert world.named not in one.get(RECEIVED).text, steps
    if world.is_protected:
        for text in (page, bureau.signed_in().get(DESK).text):
            assert world.named not in text, steps
            assert world.name not in text, steps


@pytest.fixture(scope="module")
def numbers() -> list[int]:
    return []


def any_sequence(
    bureau: Bureau, runtime: Runtime, joined: Joined, number: int, steps: list[str]
) -> None:
    name, named = f"Relais no {number}", f"Venez au {number + 1} rue Onzième à Aubervilliers."
    line = f"{name};Association;{number + 1} rue Onzième;93300;Aubervilliers;019908{number:04};"
    run(runtime, csv(line), source=name)
    writer, reader = (Side(joined("93")[0]) for _ in range(2))
    world = World(writer, reader, public_id_of(runtime, name), name, named)
    outside = bureau.browser()
    for step in steps:
        # A day between two: nobody wrote too often.
        bureau.clock.pass_by(hours=3)
        if " " in step:
            of_one(bureau, runtime, world, step)
        elif step == "send":
            sends(bureau, world)
        else:
            between(bureau, runtime, world, step)
        looked_at(bureau, world, steps, outside)


@pytest.mark.parametrize("most", [6, pytest.param(80, marks=pytest.mark.long)])
def test_nothing_leaves_or_is_shown_that_its_reader_may_not_open(
    bureau: Bureau, runtime: Runtime, joined: Joined, numbers: list[int], most: int
) -> None:
    @settings(max_examples=most, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.sampled_from(STEPS), min_size=4, max_size=LONGEST))
    def check(steps: list[str]) -> None:
        numbers.append(number := len(numbers))
        any_sequence(bureau, runtime, joined, number, ["work", "name", "send", *steps, "send"])

    check()


SEQUENCES = (
    "name:send:report:write:send:unblock:write:send:report:send",
    "work:name:send:report:protect:unblock:name:write:send:write:send",
    "name:leave reader:join reader:send:write:exclude writer:readmit writer:join writer:send",
)


@pytest.mark.parametrize("number", range(len(SEQUENCES)))
def test_what_is_reported_is_hidden_or_comes_back_is_so_from_then_on(
    bureau: Bureau, runtime: Runtime, joined: Joined, number: int
) -> None:
    any_sequence(bureau, runtime, joined, 9_000 + number, SEQUENCES[number].split(":"))
