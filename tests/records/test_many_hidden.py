"""What a person decides of many hidden actors shows no more of one later, whatever comes after."""

import random
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from app.records.causes import (
    OF_RECORD,
    Cause,
    classified,
    current,
    dismissed,
    hidden_again,
    is_home,
    level_of,
    raised,
    renewed,
    reopened,
    two_actors,
    withheld,
)
from app.records.many import Deed
from app.records.many_hidden import CONFIRM, SET_ASIDE

DAY, OTHER = date(2026, 1, 1), UUID(int=3)
SOURCES = (UUID(int=1), UUID(int=2))
DEEDS = {"garder": CONFIRM, "ecarter": SET_ASIDE}
OF_RECORDS = (
    (),
    (Cause(why="unclassified", since=DAY),),
    (Cause(why="category", what="mecs", since=DAY),),
)
SIGNS = (
    Cause(why="mention", what="hébergement", field="description", since=DAY),
    Cause(why="mention", what="foyer", field="functions", since=DAY),
    Cause(why="word", what="foyer", field="category", since=DAY),
    Cause(why="secret", what="confidentiel", field="description", since=DAY),
)
BESIDE = Cause(why="beside", what=str(UUID(int=4)), shared=("phone:+33199000000",), since=DAY)
DOUBLE = Cause(why="duplicate", what=str(OTHER), since=DAY)
ACTS = ("protect", "classify", "two", "publish", "moved", "undo")
TRIALS, STEPS = 4_000, 8


def a_list(chance: random.Random) -> tuple[UUID, tuple[Cause, ...], list[Cause], bool, bool]:
    """Return what a list says of an actor: itself, of its record, in words, of others."""
    signs = [each for each in SIGNS if chance.random() < 0.4]
    beside, double = (chance.random() < 0.3 for _ in range(2))
    return chance.choice(SOURCES), chance.choice(OF_RECORDS), signs, beside, double


def listed(
    causes: tuple[Cause, ...],
    source: UUID,
    record: tuple[Cause, ...],
    signs: list[Cause],
    beside: bool,
    double: bool,
) -> tuple[Cause, ...]:
    """Return the causes once a list says so of an actor."""
    others = [
        each
        for each in causes
        if each.source != source and each.why not in OF_RECORD and each.why != "beside"
    ]
    said = (each.model_copy(update={"source": source}) for each in signs)
    found = [*record, *current(others), *said, *([BESIDE] if beside else [])]
    known = {each.subject for each in causes}
    found += [DOUBLE] if double and DOUBLE.subject not in known else []
    return renewed(causes, found, None, DAY)


def acted(causes: tuple[Cause, ...], act: str) -> tuple[Cause, ...]:
    match act:
        case "protect":
            others = (each for each in causes if each.why != "decision")
            return (*others, Cause(why="decision", since=DAY))
        case "classify":
            return classified(causes, DAY)
        case "two":
            return two_actors(causes, OTHER, DAY)
        case "publish":
            return dismissed(causes, DAY)
    return reopened(causes, consented=True)


def done(causes: tuple[Cause, ...], deed: Deed) -> tuple[Cause, ...]:
    edit: Any = SimpleNamespace(causes=causes)
    if deed.judges(causes) is None:
        deed.change(edit, DAY)
    after: tuple[Cause, ...] = edit.causes
    return after


@pytest.mark.slow
def test_nothing_that_comes_after_shows_more_for_it() -> None:
    chance = random.Random(23)  # noqa: S311 - which steps are tried, nothing secret
    shown = set()
    for _ in range(TRIALS):
        causes: tuple[Cause, ...] = ()
        without, before, last = causes, causes, ""
        for number in range(STEPS):
            step = "import" if number == 0 else chance.choice(("import", *DEEDS, *ACTS))
            former = causes
            if step in DEEDS:
                causes = done(causes, DEEDS[step])
            elif step == "import":
                said = a_list(chance)
                causes, without = listed(causes, *said), listed(without, *said)
            elif step == "undo":
                causes = hidden_again(before, causes) if last in DEEDS else causes
            else:
                causes, without = acted(causes, step), acted(without, step)
            before, last = former, step
            assert not raised(level_of(causes), level_of(without)), step
            assert is_home(None, causes) >= is_home(None, without), step
            assert withheld(causes) >= withheld(without), step
            shown.add((step, level_of(causes)))
    # All of it was tried, of what is public too.
    assert {step for step, level in shown if level is None} > {"ecarter", "classify", "two"}
