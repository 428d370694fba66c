"""Whatever is merged, undone, parted and edited: nobody, no line and no version is lost."""

from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from app.errors import Mesure23Error
from app.models import (
    Actor,
    ActorProtected,
    Proposal,
    Provenance,
    Revision,
    SourceRecord,
    SourceRow,
)
from app.platform.database.sessions import among, read, write
from app.records import acts
from app.records.acts import RANK_OF_STAFF
from app.records.causes import Cause, lasting_level, raised
from app.records.edits import correct
from app.records.joining import join, part
from app.records.parting import undo_answer
from app.records.proposals import perhaps_same, propose
from app.records.record import Origin
from app.records.sealed import open_causes, open_provenance, open_record
from app.records.viewing import see_survivors
from app.runtime.staff import Runtime
from app.vault.digests import index_key
from app.visibility import OPERATOR
from tests.short_lists import HEADER, run

CATEGORIES = ("Association", "Planning familial", "MECS")
PAIRS = ((1, 0), (2, 1), (2, 0))
PAIR = st.sampled_from(range(len(PAIRS)))
SIDES = st.dictionaries(
    st.sampled_from(("name", "address", "phones", "emails", "category")),
    st.sampled_from(("first", "second")),
)
STEPS = st.one_of(
    st.tuples(st.just("join"), st.tuples(PAIR, SIDES)),
    st.tuples(st.just("part"), PAIR),
    st.tuples(st.just("undo"), PAIR),
    st.tuples(st.just("edit"), st.integers(0, 2)),
    st.tuples(st.just("protect"), st.integers(0, 2)),
    st.tuples(st.just("list"), st.integers(0, 2)),
)
Step = tuple[str, Any]
STRICTNESS = (None, "held", "neutral", "unlisted")


class Three:
    """Three actors of three lists, each of which may be another one of them."""

    def __init__(self, runtime: Runtime, home: int | None) -> None:
        self.runtime, self.mark = runtime, uuid4().hex[:6]
        self.home, self.edited = home, 0
        for number in range(3):
            self.listed(number)
        self.ids = [self.id_of(number) for number in range(3)]
        with write(runtime.staff) as session:
            session.execute(delete(Proposal).where(among(Proposal.actor_id, self.ids)))
            key = index_key(session, runtime.vault)
            for one, other in PAIRS:
                found = perhaps_same(self.ids[one], self.ids[other], "même téléphone")
                propose(session, runtime.vault, key, [found])
            self.pairs: list[UUID] = [self.pair(session, one, other) for one, other in PAIRS]

    def pair(self, session: Any, one: int, other: int) -> UUID:
        made = session.scalars(select(Proposal).where(Proposal.actor_id == self.ids[one]))
        for each in made:
            detail = self.runtime.vault.open_json("proposal", each.id, "detail", each.detail)
            if detail["other"] == str(self.ids[other]):
                return UUID(str(each.id))
        raise AssertionError

    def id_of(self, number: int) -> UUID:
        with read(self.runtime.staff) as session:
            rows = session.scalars(select(ActorProtected)).all()
            return next(
                each.actor_id
                for each in rows
                if open_record(self.runtime.vault, each.actor_id, each.record).name
                == f"Acteur {self.mark} {number}"
            )

    def listed(self, number: int) -> None:
        category = "MECS" if number == self.home else "Association"
        name = f"Acteur {self.mark} {number}"
        phone = f"0199{number:02}{int(self.mark, 16) % 10_000:04}"
        seat = f"{number + 1} rue {self.mark};93300;Aubervilliers"
        line = f"{name};{category};{seat};{phone};x{number}@example.org"
        run(self.runtime, f"{HEADER}\r\n{line}".encode("cp1252"), source=f"{self.mark} {number}")

    def state(self) -> dict[str, Any]:
        """All that is known of them, but for their history."""
        vault = self.runtime.vault
        found: dict[str, Any] = {}
        with read(self.runtime.staff) as session:
            for actor_id in self.ids:
                actor, sealed = (
                    session.get_one(Actor, actor_id),
                    session.get_one(ActorProtected, actor_id),
                )
                origins = session.get_one(Provenance, actor_id).fields
                found[str(actor_id)] = (
                    actor.status,
                    sealed.level,
                    None if actor.protected else actor.public_id,
                    open_record(vault, actor_id, sealed.record),
                    frozenset(open_causes(vault, actor_id, sealed.causes)),
                    open_provenance(vault, actor_id, origins),
                )
            of = among(SourceRecord.actor_id, self.ids)
            ties = select(SourceRecord.identity, SourceRecord.actor_id, SourceRecord.missing_since)
            rows = select(SourceRow.id, SourceRow.actor_id).where(
                among(SourceRow.actor_id, self.ids)
            )
            found["ties"] = sorted(map(tuple, session.execute(ties.where(of))))
            found["rows"] = sorted(map(tuple, session.execute(rows)))
        return found

    def causes(self) -> list[tuple[Cause, ...]]:
        with read(self.runtime.staff) as session:
            return [
                open_causes(self.runtime.vault, each, session.get_one(ActorProtected, each).causes)
                for each in self.ids
            ]

    def stays(self, number: int) -> int:
        """Return which of them one is by now."""
        with read(self.runtime.staff) as session:
            seen = see_survivors(session, self.runtime.vault, OPERATOR, [self.ids[number]])
            return self.ids.index(seen[self.ids[number]].actor_id)

    def revisions(self) -> dict[UUID, list[int]]:
        with read(self.runtime.staff) as session:
            statement = select(Revision.actor_id, Revision.number).order_by(Revision.number)
            found: dict[UUID, list[int]] = {each: [] for each in self.ids}
            for actor, number in session.execute(
                statement.where(among(Revision.actor_id, self.ids))
            ):
                found[actor].append(number)
            return found

    def take(self, step: str, what: Any) -> None:
        if step == "list":
            self.listed(what)
            return
        vault = self.runtime.vault
        with write(self.runtime.staff) as session:
            match step:
                case "join":
                    which, chosen = what
                    join(session, vault, self.pairs[which], who="essai", chosen=chosen)
                case "part":
                    part(session, vault, self.pairs[what], who="essai")
                case "undo":
                    undo_answer(session, vault, self.pairs[what], who="essai")
                case _:
                    of = select(Actor.public_id).where(Actor.id == self.ids[what])
                    public_id = session.scalars(of).one()
                    if step == "protect":
                        acts.protect(session, vault, public_id, who="essai", why="essai")
                        return
                    writer, edit = acts.find(session, vault, public_id)
                    by = Origin(source="staff", day=date(2026, 6, 1), rank=RANK_OF_STAFF)
                    self.edited += 1
                    correct(edit, {"acronym": f"E{self.edited}"}, by)
                    acts.write(session, vault, writer, edit, "update", "essai")


@pytest.mark.slow
@settings(
    max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(home=st.sampled_from([None, 0, 1, 2]), steps=st.lists(STEPS, min_size=1, max_size=6))
@example(home=None, steps=[("join", (0, {})), ("join", (2, {})), ("undo", 2), ("undo", 0)])
@example(home=1, steps=[("join", (0, {"category": "second"})), ("list", 1), ("undo", 0)])
@example(home=None, steps=[("part", 0), ("join", (1, {})), ("list", 2), ("edit", 1)])
def test_nobody_no_line_and_no_version_is_lost_and_undoing_is_the_identity(
    runtime: Runtime, home: int | None, steps: list[Step]
) -> None:
    three = Three(runtime, home)
    known, hidden = three.revisions(), [lasting_level(each) for each in three.causes()]
    for step, what in steps:
        with read(runtime.staff) as session:
            lines = session.scalar(select(func.count()).select_from(SourceRecord))
        before, done = three.state(), False
        with suppress(Mesure23Error):
            three.take(step, what)
            done = True
        now = three.state()
        assert done or now == before, step
        with read(runtime.staff) as session:
            assert session.scalar(select(func.count()).select_from(SourceRecord)) == lines, step
        revisions = three.revisions()
        for actor, numbers in revisions.items():
            assert numbers == list(range(1, len(numbers) + 1))
            assert numbers[: len(known[actor])] == known[actor]
        known = revisions
        levels = [lasting_level(each) for each in three.causes()]
        if step == "join" and done:
            second, first = PAIRS[what[0]]
            # As much is hidden of one that stays as was of the stricter of the two.
            most = max((hidden[first], hidden[second]), key=STRICTNESS.index)
            assert not raised(levels[three.stays(first)], most), "less is hidden"
            is_open = now[str(three.ids[three.stays(first)])][1] is None
            three.take("undo", what[0])
            again = three.state()
            assert without_ids(again) == without_ids(before)
            assert again == before or not is_open
            three.take("join", what)
            levels = [lasting_level(each) for each in three.causes()]
        hidden = levels


def without_ids(state: dict[str, Any]) -> dict[str, Any]:
    """Return a state without the public ids of actors: who is hidden meanwhile gets another one."""
    return {
        key: (*each[:2], *each[3:]) if isinstance(each, tuple) else each
        for key, each in state.items()
    }
