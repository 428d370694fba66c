"""Whatever a référent applies of lists, a curateur of the rest, and both undo: nothing is lost, and
no référent touches a protection.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.accounts import people
from app.errors import Mesure23Error
from app.jobs import depositing
from app.lists import deposits, review
from app.lists.deposits import OWN
from app.models import Deposit, DepositLine, Role, SourceRow
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from app.visibility import OPERATOR, Viewer
from tests.lists.test_undo_sequences import (
    LISTS,
    WHO,
    Trial,
    World,
    check_nothing_lost,
    check_nothing_shown,
    table,
    world,
)
from tests.short_lists import sent

STEPS = st.one_of(
    st.tuples(st.just("part"), LISTS),
    st.tuples(st.just("whole"), LISTS),
    st.tuples(st.just("rest"), st.integers(0, 5)),
    st.tuples(st.just("undo"), st.integers(0, 5)),
    st.tuples(st.just("edit"), st.integers(0, 5)),
    st.tuples(st.just("protect"), st.integers(0, 5)),
    st.tuples(st.just("unprotect"), st.integers(0, 5)),
)
REFERENT = Viewer.staff(Role.REFERENT_DEPARTEMENT, ["93"])


class TrialOfTwo(Trial):
    """A référent and a curateur at work on five actors of a name of their own."""

    def __init__(self, runtime: Runtime) -> None:
        super().__init__(runtime)
        self.waiting: list[UUID] = []
        with write(runtime.staff) as session:
            account = people.create(
                session,
                runtime.vault,
                mail=f"{self.mark}@example.org",
                name="Camille Exemple",
                role=Role.REFERENT_DEPARTEMENT,
                territories=["93"],
                by="os:test",
            )
            self.referent = str(account.id)

    def part(self, given: dict[str, Any]) -> UUID | None:
        """Deposit a list and apply what is a référent's own of it."""
        runtime, vault = self.runtime, self.runtime.vault
        upload = sent(
            table(*self.lines(given), f"Sans catégorie {uuid4().hex};;;93300;Aubervilliers;;;"),
            source=f"{given['source']} {self.mark}",
            who=self.referent,
            whole=given["whole"],
        )
        with write(runtime.staff) as session:
            deposit, _ = deposits.deposit(session, vault, upload, "93")
        depositing.check(runtime, deposit)
        with write(runtime.staff) as session:
            found = deposits.find_for_job(session, vault, deposit)
            assert found is not None
            if found.state != "ready":
                return None
            which = select(DepositLine.id).where(DepositLine.file_id == deposit)
            numbered = session.scalars(which.order_by(DepositLine.number)).all()
            for line, decision in zip(numbered, given["decided"], strict=False):
                asked = (session, REFERENT, deposit, decision, self.referent)
                review.decide(*asked, review.these([line]))
            # A curateur may have accepted what touches a protection before.
            before = OPERATOR if given["rest"] else REFERENT
            review.accept_rest(session, before, deposit, self.referent, erasing=True)
            here = (DepositLine.file_id == deposit, DepositLine.decision == "accept")
            accepted = set(session.scalars(select(DepositLine.line).where(*here)))
            shown = select(DepositLine.line).where(DepositLine.file_id == deposit)
            lines = set(session.scalars(shown))
            content = deposits.sealed_page(vault, deposit, {**found.page, OWN: True})
            since = found.since
            deposits.ask_to_apply(session, deposit, since, self.referent, content=content)
        depositing.apply(runtime, deposit)
        assert self.state(deposit) == "applied"
        self.applied.append(deposit)
        self._follow(deposit, accepted, lines)
        return deposit

    def _follow(self, deposit: UUID, accepted: set[int | None], lines: set[int | None]) -> None:
        """Let what is left be read, and look that each line is written, refused or left.

        accepted: those of lines, which a person read: of the others the record says the same.
        """
        runtime = self.runtime
        with read(runtime.staff) as session:
            found = deposits.find_for_job(session, runtime.vault, deposit)
            assert found is not None
            rest = found.page.get("rest")
            rows = select(SourceRow.line).where(
                SourceRow.source_file_id == deposit, SourceRow.outcome == "left"
            )
            left = set(session.scalars(rows))
        if rest is None:
            assert left.isdisjoint(accepted)
            return
        depositing.check(runtime, UUID(rest))
        assert self.state(UUID(rest)) == "ready"
        self.waiting.append(UUID(rest))
        with read(runtime.staff) as session:
            decided_of = (*review.WRITES, review.CONFLICTING)
            here = (DepositLine.file_id == UUID(rest), DepositLine.outcome.in_(decided_of))
            again = set(session.scalars(select(DepositLine.line).where(*here)))
        assert left & lines == again

    def rest(self, number: int) -> UUID | None:
        """Apply what was left of a list, as a curateur; one that says otherwise by now, anew."""
        if not self.waiting:
            return None
        deposit = self.waiting.pop(number % len(self.waiting))
        # Of a part that was undone the rest is read anew first.
        depositing.check(self.runtime, deposit)
        for _ in range(2):
            with write(self.runtime.staff) as session:
                found = session.get_one(Deposit, deposit)
                review.accept_rest(session, OPERATOR, deposit, WHO, erasing=True)
                deposits.ask_to_apply(session, deposit, found.at, WHO)
            depositing.apply(self.runtime, deposit)
            if self.state(deposit) == "applied":
                self.applied.append(deposit)
                return deposit
        raise AssertionError(self.state(deposit))


def check_no_protection_touched(before: World, after: World) -> None:
    for actor, was in before.actors.items():
        now = after.actors[actor]
        assert now.level == was.level
        if was.level is not None or was.record["status"] != "published":
            assert now == was
    for actor in after.actors.keys() - before.actors.keys():
        assert after.actors[actor].level is None
        assert after.actors[actor].record["status"] == "published"


def check(runtime: Runtime, steps: list[tuple[str, Any]]) -> None:
    trial = TrialOfTwo(runtime)
    known = world(runtime)
    for step, wanted in steps:
        match step:
            case "part":
                trial.part(wanted)
            case "whole":
                trial.apply(wanted)
            case "rest":
                trial.rest(wanted)
            case "undo" if trial.applied:
                trial.undo(trial.applied[wanted % len(trial.applied)])
            case "edit" | "protect" | "unprotect":
                # What is refused is not done.
                with suppress(Mesure23Error):
                    trial.person(step, wanted)
        now = world(runtime)
        check_nothing_lost(known, now)
        if step == "part":
            check_no_protection_touched(known, now)
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
@of(16)
def test_no_sequence_of_two_loses_anything_and_no_part_touches_a_protection(
    runtime: Runtime, steps: list[tuple[str, Any]]
) -> None:
    check(runtime, steps)


@pytest.mark.long
@of(80)
def test_no_sequence_of_many_does(runtime: Runtime, steps: list[tuple[str, Any]]) -> None:
    """The same, many times over."""
    check(runtime, steps)
