"""Whatever staff do to an actor, in any order: every version stays, to be read and restored."""

from datetime import date
from itertools import chain
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.audit.journal import Author
from app.errors import Mesure23Error
from app.models import Actor, ActorProtected, Revision
from app.platform.database.sessions import read, write
from app.records import acts, many, taking_back, undoing
from app.records.acts import RANK_OF_STAFF
from app.records.edits import correct
from app.records.past import Version, version_at
from app.records.record import Origin
from app.records.restoring import restore
from app.records.sheets import last_revision
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from geo.zones import paris_day
from tests.short_lists import HEADER, run

WHO: dict[str, Any] = {"who": "essai", "why": "essai"}
AUTHOR = Author("essai")
Step = tuple[str, Any]
EDITS = (
    {"phones": ("+33199000044",)},
    {"name": "Autre nom"},
    {"address": "4 rue Neuve\n93000 Bobigny", "street": "4 rue Neuve"},
    {"opening_hours": "Mo-Fr 09:00-12:00"},
    {"description": None, "age_min": 12},
)
EDIT = st.tuples(st.just("edit"), st.integers(0, len(EDITS) - 1))
ARCHIVE = st.just(("archive", 0))
PROTECT = st.tuples(st.just("protect"), st.booleans())
# What « Annuler » does after a protection, and after anything else.
TAKE_BACK, UNDO = st.just(("take_back", 0)), st.just(("undo", 0))
STEPS = st.one_of(
    *(EDIT, ARCHIVE, PROTECT, TAKE_BACK, UNDO),
    st.just(("unprotect", 0)),
    st.tuples(st.just("classify"), st.sampled_from(["paej", "mecs", "association"])),
    st.tuples(st.just("restore"), st.integers(1, 6)),
    st.tuples(st.just("import"), st.sampled_from(["01 99 00 00 55", "01 99 00 00 66"])),
)
# Mostly somebody takes back what they just did.
MOVES = st.one_of(
    st.tuples(STEPS), st.tuples(PROTECT, TAKE_BACK), st.tuples(st.one_of(EDIT, ARCHIVE), UNDO)
)


class Trial:
    """An actor of a list, and what is done to it."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime, self.name = runtime, f"Association {uuid4().hex[:8]}"
        self.listed("01 99 00 00 55")
        with read(runtime.staff) as session:
            self.id = session.scalars(select(Actor.id).where(Actor.name == self.name)).one()

    def listed(self, phone: str) -> None:
        line = f"{self.name};Association;7 rue {self.name[-8:]};93300;Aubervilliers;{phone};"
        run(self.runtime, f"{HEADER}\r\n{line}".encode("cp1252"), source=self.name)

    def versions(self) -> list[Version]:
        """What the actor was at each of its revisions."""
        with write(self.runtime.staff) as session:
            _, edit = acts.find(session, self.runtime.vault, self.public_id(session))
            given = (session, self.runtime.vault, OPERATOR, self.id, edit.record, edit.provenance)
            numbers = range(1, last_revision(session, self.id) + 1)
            return [version_at(*given, number) for number in numbers]

    def public_id(self, session: Any) -> str:
        return str(session.scalars(select(Actor.public_id).where(Actor.id == self.id)).one())

    def is_hidden(self) -> bool:
        with read(self.runtime.staff) as session:
            level = session.get_one(ActorProtected, self.id).level
            return level is not None or session.get_one(Actor, self.id).status == "draft"

    def take(self, step: str, given: Any) -> None:
        if step == "import":
            self.listed(given)
            return
        vault = self.runtime.vault
        with write(self.runtime.staff) as session:
            public_id = self.public_id(session)
            match step:
                case "edit":
                    writer, edit = acts.find(session, vault, public_id)
                    day = date(2026, 6, 1)
                    by = Origin(source="staff", day=day, rank=RANK_OF_STAFF)
                    correct(edit, EDITS[given], by)
                    acts.write(session, vault, writer, edit, "update", "essai")
                case "protect":
                    acts.protect(session, vault, public_id, secret=given, **WHO)
                case "unprotect":
                    consent = paris_day()
                    acts.unprotect(session, vault, public_id, consent=consent, **WHO)
                case "classify":
                    acts.classify(session, vault, public_id, given, **WHO)
                case "archive":
                    many.do(session, vault, OPERATOR, AUTHOR, [public_id], many.ARCHIVE)
                case "take_back":
                    taking_back.take_back(session, vault, OPERATOR, public_id, who="essai")
                case "undo":
                    last = undoing.latest(session, vault, AUTHOR, self.id)
                    if last:
                        undoing.undo(session, vault, OPERATOR, AUTHOR, last.batch)
                case "restore":
                    seen = last_revision(session, self.id)
                    restore(session, vault, OPERATOR, public_id, given, based_on=seen, **WHO)


@pytest.mark.slow
@settings(
    max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(moves=st.lists(MOVES, min_size=1, max_size=5))
@example(moves=[(("edit", 1), ("undo", 0)), (("protect", True), ("take_back", 0))])
@example(moves=[(("archive", 0), ("undo", 0)), (("protect", False), ("undo", 0))])
def test_every_version_stays_and_nothing_hidden_is_shown_but_by_its_own_step(
    runtime: Runtime, moves: list[tuple[Step, ...]]
) -> None:
    trial = Trial(runtime)
    known, hidden, pressed = trial.versions(), trial.is_hidden(), False
    for step, wanted in chain.from_iterable(moves):
        refused = False
        try:
            trial.take(step, wanted)
        except Mesure23Error:
            refused = True
        now, was_hidden = trial.versions(), hidden
        assert now[: len(known)] == known, step
        written = len(now) > len(known)
        assert not (refused and written), step
        if step == "take_back":
            assert written == pressed, "of who was not hidden, and nothing else"
        hidden = trial.is_hidden()
        if was_hidden and step not in ("unprotect", "classify", "take_back"):
            assert hidden, (step, wanted)
        if step == "take_back" and written:
            assert (hidden, said(now[-1])) == (False, said(known[-2]))
        if written:
            was_public = not was_hidden and known[-1].fields["status"] == "published"
            pressed = step == "protect" and was_public
        known = now
    # Whatever was done, an edit is undone by restoring what was before it.
    before = known[-1]
    trial.take("edit", 0)
    after = trial.versions()[-1]
    if said(after) != said(before):
        trial.take("restore", len(known))
        assert said(trial.versions()[-1]) == said(before)
    with read(runtime.staff) as session:
        numbers = session.scalars(
            select(Revision.number).where(Revision.actor_id == trial.id).order_by(Revision.number)
        ).all()
        assert list(numbers) == list(range(1, len(numbers) + 1))


def said(version: Version) -> tuple[dict[str, Any], dict[str, Any]]:
    return version.fields, version.provenance
