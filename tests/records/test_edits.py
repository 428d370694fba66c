"""What an edit says that it changes."""

from datetime import date
from itertools import permutations
from uuid import uuid4

from app.records.causes import Cause, level_of
from app.records.edits import Edit
from app.records.record import ActorRecord

DAY = date(2026, 3, 1)
CAUSES = (
    Cause(why="word", what="foyer", field="name", since=DAY),
    *(
        Cause(why="beside", what=str(uuid4()), shared=("phone:+33199000010",), since=DAY)
        for _ in range(2)
    ),
)


def stored(causes: tuple[Cause, ...]) -> Edit:
    """Return an actor as it was read, hidden for some causes."""
    record = ActorRecord(name="Les Lilas", category="association", territory="93")
    level = level_of(causes)
    return Edit(
        uuid4(),
        record,
        {},
        causes=causes,
        level=level,
        was_protected=True,
        former_causes=causes,
        former_level=level,
    )


def test_the_same_causes_in_another_order_change_nothing() -> None:
    for order in permutations(CAUSES):
        edit = stored(CAUSES)
        edit.protect(order, DAY)
        assert set(edit.causes) == set(CAUSES)
        assert edit.all_changes() == {}
        assert not edit.changed


def test_one_cause_more_or_less_is_a_change_in_any_order() -> None:
    for order in permutations(CAUSES):
        edit = stored(CAUSES[:-1])
        edit.protect(order, DAY)
        assert set(edit.all_changes()) == {"causes"}
        edit = stored(CAUSES)
        edit.protect(order[:-1], date(2026, 4, 1))
        assert "causes" in edit.all_changes()
