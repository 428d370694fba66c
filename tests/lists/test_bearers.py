"""A mark that many bear lets no line be compared with all of them, however much a list renames."""

from uuid import UUID, uuid4

import pytest

from app.lists.bearers import MOST_BEARERS, shared_marks
from app.runtime.staff import Runtime
from importers.matching import Keys
from tests.lists.test_same_actor import line, proposed, table
from tests.short_lists import counts, run

SHARED = ("address", "phone", "site")
SITE = {"site": frozenset([b"home page"])}
NOBODY: frozenset[UUID] = frozenset()


def everybody(count: int) -> dict[UUID, Keys]:
    return {UUID(int=n): {**SITE, "phone": frozenset([b"%d" % (n // 2)])} for n in range(count)}


@pytest.mark.parametrize("hides", [True, False])
def test_whom_a_list_lost_is_not_compared_with_every_line_of_one_home_page(hides: bool) -> None:
    pairs = []
    for count in (100, 400):
        stored = everybody(count)
        hidden = set(stored) if hides else set()
        found = shared_marks(dict.fromkeys(range(count), SITE), stored, SHARED, hidden, set(stored))
        pairs.append(len(found) / count)
    assert pairs == [MOST_BEARERS, MOST_BEARERS]


def test_those_who_are_hidden_here_and_missing_are_each_among_the_few() -> None:
    stored = everybody(400)
    one, other = {UUID(int=n) for n in range(0, 400, 2)}, {UUID(int=n) for n in range(0, 400, 3)}
    found = {actor for _, actor in shared_marks({0: SITE}, stored, SHARED, one, other)}
    sorts = ((one & other), (one - other), (other - one), (stored.keys() - one - other))
    assert [len(found & each) for each in sorts] == [MOST_BEARERS] * 4


def test_all_who_are_hidden_at_one_address_guard_it() -> None:
    place = {"address": frozenset([b"1 rue Haute"])}
    stored: dict[UUID, Keys] = {uuid4(): place for _ in range(100)}
    assert len(shared_marks({0: place}, stored, SHARED, set(stored), NOBODY)) == len(stored)


def test_who_shares_more_than_what_all_share_is_told_so() -> None:
    stored = everybody(400)
    last = UUID(int=399)
    mine = {**SITE, "phone": stored[last]["phone"]}
    found = shared_marks({0: mine}, stored, SHARED, NOBODY, set(stored))
    assert found[0, last] == {"site", "phone"}


@pytest.mark.slow
def test_one_that_moved_in_name_alone_is_found_among_many_with_its_switchboard(
    runtime: Runtime,
) -> None:
    same = {"Téléphone": "01 99 00 00 77"}
    known = [line(f"Brigade {n}", f"{n} rue Haute", **same) for n in range(1, 31)]
    run(runtime, table(*known))
    called = [line(f"Unité {chr(64 + n)}", f"{n} rue Haute", **same) for n in range(1, 27)]
    summary = run(runtime, table(*called))
    assert counts(summary)["missing"] == len(known)
    assert set(proposed(runtime)) == {each["Nom"] for each in called}
