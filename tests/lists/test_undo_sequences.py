"""Whatever lists, persons and undoings do, in any order: nothing is lost, and no undoing shows."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Mesure23Error
from app.jobs import depositing, undoing
from app.lists import deposits, review, review_answers
from app.lists.review_rows import COLUMN, TABLE
from app.models import (
    Actor,
    ActorProtected,
    Deposit,
    DepositLine,
    Revision,
    SourceFile,
    SourceRecord,
    SourceRow,
)
from app.models import Provenance as StoredProvenance
from app.platform.database.sessions import read, write
from app.records import acts
from app.records.acts import RANK_OF_STAFF
from app.records.causes import raised
from app.records.edits import correct
from app.records.past import DECIDED
from app.records.record import Origin
from app.records.sealed import open_provenance, open_record
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from geo.zones import paris_day
from tests.short_lists import HEADER, sent

WHO = "0b0d0c4e-8f0b-4f0e-9a55-0f5e2a3f1f10"
WHY: dict[str, Any] = {"who": "essai", "why": "essai"}
DECISIONS = ("accept", "reject", "later", None)
# Each may say another thing of the actor of its number.
LINES = st.fixed_dictionaries(
    {
        "actor": st.integers(0, 4),
        "category": st.sampled_from(["ASE", "Association", "MECS", "quelque chose"]),
        "street": st.sampled_from(["rue Une", "rue Autre", ""]),
        "phone": st.sampled_from(["", "01 99 00 00 21", "01 99 00 00 22"]),
        "mail": st.sampled_from(["", "un@example.org"]),
        "name": st.sampled_from(["Service", "Service", "Antenne", "Foyer"]),
    }
)
LISTS = st.fixed_dictionaries(
    {
        "lines": st.lists(LINES, min_size=1, max_size=4),
        "source": st.sampled_from("AB"),
        "whole": st.booleans(),
        "counted": st.booleans(),  # By the place of each line.
        "decided": st.lists(st.sampled_from(DECISIONS), min_size=1, max_size=6),
        "rest": st.booleans(),
        # Of doubtful lines: none of those that they may be, or the first or second of them.
        "answers": st.lists(st.sampled_from([0, 1, 1, 2, None]), max_size=4),
    }
)
STEPS = st.one_of(
    st.tuples(st.just("apply"), LISTS),
    st.tuples(st.just("apply and undo"), LISTS),
    st.tuples(st.just("rename and undo"), LISTS),
    st.tuples(st.just("undo"), st.integers(0, 5)),
    st.tuples(st.just("edit"), st.integers(0, 5)),
    st.tuples(st.just("protect"), st.integers(0, 5)),
    st.tuples(st.just("unprotect"), st.integers(0, 5)),
)


@dataclass(frozen=True)
class Stored:
    """An actor as it is stored."""

    record: dict[str, Any]
    provenance: dict[str, Any]
    level: Any

    def shows_no_more_than(self, before: "Stored") -> bool:
        """Say whether nothing of it is public that was not."""
        closed = before.record["status"] != "published" and self.record["status"] == "published"
        withheld = set(before.record["unpublished"]) <= set(self.record["unpublished"])
        return not closed and not raised(self.level, before.level) and withheld


@dataclass(frozen=True)
class World:
    """All that may not be lost."""

    actors: dict[UUID, Stored]
    ties: set[tuple[Any, ...]]
    lines: set[UUID]
    revisions: dict[UUID, tuple[UUID, int]]


def world(runtime: Runtime) -> World:
    vault = runtime.vault
    statement = select(ActorProtected, StoredProvenance.fields).join(
        StoredProvenance, StoredProvenance.actor_id == ActorProtected.actor_id
    )
    revisions = select(Revision.id, Revision.actor_id, Revision.number)
    with read(runtime.staff) as session:
        return World(
            {
                each.actor_id: Stored(
                    open_record(vault, each.actor_id, each.record).model_dump(mode="json"),
                    {
                        name: origin.model_dump(mode="json")
                        for name, origin in open_provenance(vault, each.actor_id, fields).items()
                    },
                    each.level,
                )
                for each, fields in session.execute(statement)
            },
            {tuple(row) for row in session.execute(select(*SourceRecord.__table__.columns))},
            set(session.scalars(select(SourceRow.id))),
            {row.id: (row.actor_id, row.number) for row in session.execute(revisions)},
        )


def table(*lines: str) -> bytes:
    return "\r\n".join((f"{HEADER};Réf", *lines)).encode("cp1252")


class Trial:
    """Lists and persons at work on five actors of a name of their own."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime, self.mark = runtime, uuid4().hex[:8]
        self.applied: list[UUID] = []
        self.answered: Counter[int] = Counter()

    def lines(self, given: dict[str, Any]) -> list[str]:
        return [
            f"{each['name']} {self.mark} {each['actor']};{each['category']};"
            f"{each['actor'] + 1} {each['street'] or 'rue'} {self.mark};93300;Aubervilliers;"
            f"{each['phone']};{each['mail']};{place if given.get('counted') else ''}"
            for place, each in enumerate(given["lines"], 1)
        ]

    def apply(self, given: dict[str, Any]) -> UUID | None:
        """Deposit a list, decide of some of its lines and apply it, as its reader was shown it."""
        runtime, vault = self.runtime, self.runtime.vault
        upload = sent(
            # With a line that makes a file of it that was never sent.
            table(*self.lines(given), f"Sans catégorie {uuid4().hex};;;93300;Aubervilliers;;;"),
            source=f"{given['source']} {self.mark}",
            who=WHO,
            whole=given["whole"],
        )
        with write(runtime.staff) as session:
            deposit, _ = deposits.deposit(session, vault, upload, "93")
        depositing.check(runtime, deposit)
        with write(runtime.staff) as session:
            found = session.get_one(Deposit, deposit)
            if found.state != "ready":
                return None
            which = select(DepositLine.id).where(DepositLine.file_id == deposit)
            numbered = session.scalars(which.order_by(DepositLine.number)).all()
            for line, decision in zip(numbered, given["decided"], strict=False):
                here = (session, OPERATOR, deposit, decision, WHO)
                review.decide(*here, review.these([line]))
            self.answer(session, deposit, given["answers"])
            if given["rest"]:
                review.accept_rest(session, OPERATOR, deposit, WHO, erasing=True)
            deposits.ask_to_apply(session, deposit, found.at, WHO)
        depositing.apply(runtime, deposit)
        assert self.state(deposit) == "applied"
        self.applied.append(deposit)
        return deposit

    def renamed(self, given: dict[str, Any]) -> dict[str, Any]:
        """Apply a list; return the next one, of which each line may be who is missing by then."""
        number = f"{int(self.mark, 16) % 100_000:05}"
        one = {
            each["actor"]: each
            | {
                "street": "rue Une",
                "phone": f"01 9{number[0]} {number[1:3]} {number[3:]} 1{each['actor']}",
            }
            for each in given["lines"]
        }
        before = given | {"whole": True, "rest": True, "decided": [None], "answers": []}
        self.apply(before | {"lines": list(one.values())})
        renamed = [each | {"name": "Permanence"} for each in one.values()]
        return given | {"lines": renamed, "whole": True, "rest": True}

    def answer(self, session: Session, deposit: UUID, answers: Sequence[int | None]) -> None:
        """Answer who doubtful lines of a list are, whatever was decided of them before."""
        vault = self.runtime.vault
        which = select(DepositLine).where(
            *(DepositLine.file_id == deposit, DepositLine.outcome == "doubtful"),
            *(DepositLine.pair.is_not(None), DepositLine.actor_id.is_(None)),
        )
        doubtful = session.scalars(which.order_by(DepositLine.number)).all()
        for line, one in zip(doubtful, answers, strict=False):
            content = vault.open_json(TABLE, line.id, COLUMN, line.content)
            if one is not None and one <= len(content["pair"]["others"]):
                review_answers.answer(session, line.id, one, WHO)
                self.answered[one] += 1

    def state(self, deposit: UUID) -> str:
        with read(self.runtime.staff) as session:
            return session.get_one(Deposit, deposit).state

    def undo(self, deposit: UUID) -> bool:
        runtime, vault = self.runtime, self.runtime.vault
        with write(runtime.staff) as session:
            found = deposits.find_for_job(session, vault, deposit)
            assert found is not None
            if found.state != "applied":
                return False
            deposits.ask_to_undo(session, vault, found, found.since, WHO)
        undoing.undo(runtime, deposit)
        return self.state(deposit) == "undone"

    def public_id(self, number: int) -> str:
        with read(self.runtime.staff) as session:
            found = session.scalars(select(Actor.public_id).order_by(Actor.id)).all()
        return found[number % len(found)] if found else ""

    def person(self, step: str, number: int) -> None:
        """Do an act of staff; what is refused is not done."""
        vault, public_id = self.runtime.vault, self.public_id(number)
        with write(self.runtime.staff) as session:
            match step:
                case "edit":
                    writer, edit = acts.find(session, vault, public_id)
                    by = Origin(source="staff", day=paris_day(), rank=RANK_OF_STAFF)
                    correct(edit, {"description": f"Corrigé {uuid4().hex}"}, by)
                    acts.write(session, vault, writer, edit, "update", "essai")
                case "protect":
                    acts.protect(session, vault, public_id, secret=False, **WHY)
                case "unprotect":
                    consent = paris_day()
                    acts.unprotect(session, vault, public_id, consent=consent, **WHY)


def check_nothing_lost(before: World, after: World) -> None:
    assert before.actors.keys() <= after.actors.keys()
    assert before.lines <= after.lines
    assert before.revisions.items() <= after.revisions.items()
    numbers: dict[UUID, list[int]] = {}
    for actor, number in after.revisions.values():
        numbers.setdefault(actor, []).append(number)
    assert all(sorted(some) == [*range(1, len(some) + 1)] for some in numbers.values())


def check_ties(runtime: Runtime, deposit: UUID, before: World, after: World) -> None:
    """Check that a list that was applied still knows whom it named, and names whom it has."""
    known = {(source, actor) for source, _, _, actor, *_ in before.ties}
    assert known <= {(source, actor) for source, _, _, actor, *_ in after.ties}
    written = SourceRow.outcome.in_(("created", "updated", "unchanged", "conflicting"))
    here = (SourceRow.source_file_id == deposit, written)
    with read(runtime.staff) as session:
        named = set(session.scalars(select(SourceRow.actor_id).where(*here)))
        source = session.get_one(SourceFile, deposit).source_id
    assert named <= {
        actor for of, _, _, actor, _, since in after.ties if of == source and since is None
    }


def check_nothing_shown(before: World, after: World) -> None:
    for actor, now in after.actors.items():
        assert now.shows_no_more_than(before.actors[actor]), (before.actors[actor], now)


def check_same(before: World, between: World, after: World) -> None:
    """Check that what was applied and undone is as if it had not been, but for what hides."""
    for actor, was in before.actors.items():
        now = after.actors[actor]
        # Who was closed stays so, and what a person decides is decided anew.
        left = set(DECIDED)
        if between.actors[actor].record["status"] != was.record["status"]:
            left.add("status")
        for name in was.record.keys() - left:
            assert now.record[name] == was.record[name], name
        names = (was.provenance.keys() | now.provenance.keys()) - left
        for name in names:
            assert now.provenance.get(name) == was.provenance.get(name), name
    for actor in after.actors.keys() - before.actors.keys():
        assert after.actors[actor].record["status"] == "archived"
    assert after.ties == before.ties


def check(runtime: Runtime, steps: list[tuple[str, Any]]) -> None:
    trial = Trial(runtime)
    known = world(runtime)
    for step, wanted in steps:
        if step == "undo":
            if trial.applied:
                trial.undo(trial.applied[wanted % len(trial.applied)])
        elif step in ("apply", "apply and undo", "rename and undo"):
            if step == "rename and undo":
                wanted = trial.renamed(wanted)
                known = world(runtime)
            deposit = trial.apply(wanted)
            between = world(runtime)
            if deposit is not None:
                check_ties(runtime, deposit, known, between)
            if deposit is not None and step != "apply":
                check_nothing_lost(known, between)
                assert trial.undo(deposit)
                after = world(runtime)
                check_same(known, between, after)
                check_nothing_shown(between, after)
        else:
            try:
                trial.person(step, wanted)
            except Mesure23Error:
                continue
        now = world(runtime)
        check_nothing_lost(known, now)
        if step == "undo":
            check_nothing_shown(known, now)
        known = now


def of(examples: int) -> Callable[..., Any]:
    limits = settings(
        max_examples=examples,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        deadline=None,
    )
    drawn = given(steps=st.lists(STEPS, min_size=1, max_size=6))
    return lambda test: limits(drawn(test))


@pytest.mark.slow
@of(12)
def test_no_sequence_loses_anything_and_no_undoing_shows(
    runtime: Runtime, steps: list[tuple[str, Any]]
) -> None:
    check(runtime, steps)


@pytest.mark.long
@of(60)
def test_no_sequence_of_many_does(runtime: Runtime, steps: list[tuple[str, Any]]) -> None:
    """The same, many times over."""
    check(runtime, steps)
