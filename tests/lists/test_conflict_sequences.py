"""Whatever two lists say of an actor, and whatever is chosen beside them: nobody is asked twice."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.jobs import depositing
from app.lists import deposits, review
from app.models import Deposit, DepositLine
from app.models.deposit import Decision
from app.platform.database.sessions import read, write
from app.records import acts
from app.records.acts import RANK_OF_STAFF
from app.records.edits import correct
from app.records.record import Origin
from app.records.viewing import see
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from geo.zones import paris_day
from tests.lists.test_undo_sequences import Trial, check_nothing_lost, check_same, world
from tests.short_lists import csv, sent

WHO = "0b0d0c4e-8f0b-4f0e-9a55-0f5e2a3f1f10"
PHONES = ("+33199000021", "+33199000022", "+33199000023")
STAFF = "staff"
# After the titles.
FIRST_LINE = 2
SAYS = st.tuples(
    st.sampled_from(["says", "says and is undone"]),
    st.sampled_from("AB"),
    st.sampled_from(PHONES),
    st.sampled_from(["accept", "reject", "later", None]),
)
STEPS = st.one_of(SAYS, SAYS, st.tuples(st.just("writes"), st.sampled_from(PHONES)))


@dataclass(frozen=True)
class Model:
    """What should be: whose value stands, what each list said last, what a person refused."""

    value: str
    by: str
    said: dict[str, str]
    refused: frozenset[tuple[str, str]] = frozenset()

    def outcome(self, source: str, value: str) -> str:
        """What a line should end as."""
        if self.said.get(source) == value or self.value == value:
            return "unchanged"
        if self.by == source:
            return "updated"
        return "unchanged" if (source, value) in self.refused else "conflicting"

    def after(self, source: str, value: str, decision: str | None) -> "Model":
        said, outcome = self.said | {source: value}, self.outcome(source, value)
        if outcome == "updated":
            return Model(value, source, said)
        if outcome == "conflicting" and decision == "accept":
            # Whoever takes a value read the one in place, of whichever lists that is.
            others = {(each, one) for each, one in said.items() if one == self.value}
            return Model(value, STAFF, said, self.refused | others)
        if outcome == "conflicting" and decision == "reject":
            return Model(self.value, STAFF, said, self.refused | {(source, value)})
        return replace(self, said=said)

    def written(self, value: str) -> "Model":
        others = {(each, one) for each, one in self.said.items() if one != value}
        return Model(value, STAFF, self.said, self.refused | others)


@dataclass
class Dispute(Trial):
    """One actor of which two lists speak."""

    runtime: Runtime
    applied: list[UUID] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.mark = uuid4().hex[:8]

    @property
    def name(self) -> str:
        return f"Service {self.mark}"

    def say(self, source: str, phone: str, decision: Decision | None) -> tuple[UUID, str]:
        """Deposit a list, decide of its line and apply it; return what the line ended as."""
        line = f"{self.name};ASE;1 rue {self.mark};93300;Aubervilliers;0{phone[3:]};"
        upload = sent(
            # With a line that makes a file of it that was never sent.
            csv(line, f"Sans catégorie {uuid4().hex};;;93300;Aubervilliers;;"),
            source=f"{source} {self.mark}",
            who=WHO,
        )
        with write(self.runtime.staff) as session:
            deposit, _ = deposits.deposit(session, self.runtime.vault, upload, "93")
        depositing.check(self.runtime, deposit)
        with write(self.runtime.staff) as session:
            found = session.get_one(Deposit, deposit)
            here = DepositLine.file_id == deposit, DepositLine.line == FIRST_LINE
            outcome = session.scalar(select(DepositLine.outcome).where(*here)) or "unchanged"
            if outcome == "conflicting":
                review.decide(session, OPERATOR, deposit, decision, WHO, *here)
            review.accept_rest(session, OPERATOR, deposit, WHO, erasing=True)
            deposits.ask_to_apply(session, deposit, found.at, WHO)
        depositing.apply(self.runtime, deposit)
        assert self.state(deposit) == "applied"
        return deposit, outcome

    def write(self, phone: str) -> None:
        vault = self.runtime.vault
        with write(self.runtime.staff) as session:
            public_id = self.seen(session).public_id
            writer, edit = acts.find(session, vault, public_id)
            by = Origin(source="staff", day=paris_day(), rank=RANK_OF_STAFF)
            correct(edit, {"phones": (phone,)}, by)
            acts.write(session, vault, writer, edit, "update", "essai")

    def seen(self, session: Any) -> Any:
        found = see(session, self.runtime.vault, OPERATOR)
        return next(each for each in found if each.record.name == self.name)

    def phone(self) -> str:
        with read(self.runtime.staff) as session:
            (phone,) = self.seen(session).record.phones
        return str(phone)


def check(runtime: Runtime, first: str, steps: list[tuple[Any, ...]]) -> None:
    trial = Dispute(runtime)
    trial.say("A", first, None)
    model = Model(first, "A", {"A": first})
    for step, *given_ in steps:
        before = world(runtime)
        if step == "writes":
            if given_[0] != model.value:
                trial.write(*given_)
                model = model.written(*given_)
        else:
            deposit, outcome = trial.say(*given_)
            source, phone, _ = given_
            assert outcome == model.outcome(source, phone), model
            after = model.after(*given_)
            assert trial.phone() == after.value
            between = world(runtime)
            check_nothing_lost(before, between)
            if step == "says":
                model = after
            else:
                assert trial.undo(deposit)
                check_same(before, between, world(runtime))
        assert trial.phone() == model.value


def of(examples: int) -> Callable[..., Any]:
    limits = settings(
        max_examples=examples,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        deadline=None,
    )
    drawn = given(first=st.sampled_from(PHONES), steps=st.lists(STEPS, min_size=2, max_size=7))
    return lambda test: limits(drawn(test))


@pytest.mark.slow
@of(16)
def test_no_sequence_of_answers_asks_again_or_forgets(
    runtime: Runtime, first: str, steps: list[tuple[Any, ...]]
) -> None:
    check(runtime, first, steps)


@pytest.mark.long
@of(60)
def test_no_sequence_of_many_answers_does(
    runtime: Runtime, first: str, steps: list[tuple[Any, ...]]
) -> None:
    """The same, many times over."""
    check(runtime, first, steps)
