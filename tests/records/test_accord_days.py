"""Which day an accord must not be older than, of a demand that a list makes again."""

from datetime import date

from app.records.accords import latest_asked
from app.records.causes import Cause, renewed

MARCH, MAY, AUTUMN = date(2026, 3, 1), date(2026, 5, 1), date(2026, 10, 1)
DEMAND = Cause(why="secret", what="ne pas diffuser", field="description", since=MARCH)


def test_a_demand_that_is_made_again_is_as_old_as_the_second_one() -> None:
    dropped = renewed((DEMAND,), (), None, MAY)
    again = renewed(dropped, (DEMAND.model_copy(update={"since": AUTUMN}),), None, AUTUMN)
    (cause,) = again
    assert latest_asked(again) == cause
    assert (cause.since, cause.ended_on) == (AUTUMN, None)
    # What it goes on saying is as old as it was.
    (same,) = renewed(again, (DEMAND,), None, AUTUMN)
    assert same.since == AUTUMN


def test_two_lines_of_one_file_of_which_one_says_it_make_no_new_demand() -> None:
    first = renewed((DEMAND,), (), None, AUTUMN)
    (cause,) = renewed(first, (DEMAND.model_copy(update={"since": AUTUMN}),), None, AUTUMN)
    assert (cause.since, cause.ended_on) == (MARCH, None)
