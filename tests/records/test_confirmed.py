"""What a person says of the causes of a hidden actor, and what becomes of it."""

from datetime import date

from app.records.causes import (
    Cause,
    Judged,
    all_ended,
    classified,
    confirmed,
    dismissed,
    level_of,
    renewed,
    reopened,
    undecided,
    without_doubts,
)

DAY, LATER = date(2026, 1, 1), date(2026, 2, 1)
HOME = Cause(why="category", what="mecs", since=DAY)
WORD = Cause(why="word", what="foyer", field="category", since=DAY)
DOUBT = Cause(why="mention", what="hébergement", field="description", since=DAY)


def left(why: str) -> Judged:
    return Judged(why, confirmed=False, ended=False)


def test_what_is_said_again_stays_confirmed_and_what_is_new_does_not() -> None:
    said = confirmed((DOUBT,), DAY)
    new = DOUBT.model_copy(update={"what": "foyer"})
    again, other = renewed(said, (DOUBT, new), None, LATER)
    assert (again.confirmed_on, other.confirmed_on) == (DAY, None)


def test_what_a_person_confirmed_is_not_proposed_once_nothing_says_it() -> None:
    assert all_ended(renewed((DOUBT,), (), None, LATER))
    over = renewed(confirmed((DOUBT,), DAY), (), None, LATER)
    assert [each.ended_on for each in over] == [LATER]
    assert not all_ended(over)
    assert level_of(over) == "held"


def test_who_publishes_later_takes_the_confirmation_back() -> None:
    shown = dismissed(confirmed((HOME, DOUBT), DAY), LATER)
    again = reopened(shown, consented=True)
    assert {each.confirmed_on for each in again} == {None}


def test_an_accord_is_worth_more_than_a_confirmation_before_it() -> None:
    (cause,) = renewed(confirmed((HOME,), DAY), (HOME,), LATER, LATER)
    assert (cause.dismissed_on, cause.confirmed_on) == (LATER, None)


def test_another_category_asks_again() -> None:
    (over,) = classified(confirmed((WORD,), DAY), LATER)
    assert (over.ended_on, over.confirmed_on) == (LATER, None)
    assert all_ended((over,))


def test_who_protects_has_decided_all_but_what_hides_more() -> None:
    known = [left("decision"), left("word"), left("mention"), left("duplicate")]
    assert undecided(known) == {"duplicate"}
    assert undecided(known[1:3]) == {"word", "mention"}


def test_a_home_by_its_category_leaves_nothing_to_decide_but_what_hides_more() -> None:
    known = [left("category"), left("word"), left("beside"), left("unclassified")]
    assert undecided(known) == {"unclassified"}
    assert not undecided(known[:1])


def test_an_operator_who_hid_its_record_waits_whatever_else_hides_it() -> None:
    assert undecided([left("category"), left("decision"), left("operator")]) == {"operator"}
    answered = Judged("operator", confirmed=True, ended=False)
    assert not undecided([left("category"), answered])


def test_a_category_that_nothing_says_any_more_waits_for_a_person() -> None:
    over = [Judged("category", confirmed=False, ended=True), left("mention")]
    assert undecided(over) == {"category", "mention"}


def test_doubts_alone_are_set_aside() -> None:
    home, word, doubt = without_doubts((HOME, WORD, DOUBT), LATER)
    assert (home.dismissed_on, word.dismissed_on, doubt.dismissed_on) == (None, None, LATER)
