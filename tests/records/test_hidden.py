"""Why an actor is hidden, in French."""

from datetime import date
from typing import Literal

import pytest

from app.records.causes import Cause
from app.records.hidden import Hidden
from app.records.record import ActorRecord

DAY = date(2026, 1, 1)


def sentence(cause: Cause, others: dict[str, str] | None = None) -> str:
    record = ActorRecord(name="Antenne", category="association", territory="93")
    (said,) = Hidden("abc", record, "held", (cause,), others or {}).sentences()
    return said


@pytest.mark.parametrize(
    ("shared", "said"),
    [
        (("address", "place"), "l'adresse"),
        (("place", "quoted"), "l'adresse (écrite autrement)"),
        (("quoted",), "l'adresse (citée dans un texte)"),
        (("site", "phone", "place", "address"), "l'adresse, un téléphone et le site"),
        ((), "une adresse ou un téléphone"),
    ],
)
def test_what_is_shared_is_said_once(shared: tuple[str, ...], said: str) -> None:
    cause = Cause(why="beside", what="1", since=DAY, shared=tuple(f"{each}:x" for each in shared))
    assert sentence(cause, {"1": "Foyer"}) == f"partage {said} avec « Foyer »"


def test_who_stood_beside_what_is_protected_no_more_reads_so() -> None:
    cause = Cause(why="beside", what="1", since=DAY, ended_on=DAY, shared=("address:x",))
    said = "partageait l'adresse avec « Foyer », ce qui n'est plus une raison de le cacher"
    assert sentence(cause, {"1": "Foyer"}) == said


@pytest.mark.parametrize("why", ["beside", "duplicate"])
def test_of_a_place_that_its_reader_may_not_know_nothing_is_said(
    why: Literal["beside", "duplicate"],
) -> None:
    cause = Cause(why=why, what="1", since=DAY, shared=("phone:x",))
    assert sentence(cause) == "à regarder par un curateur"


def test_a_word_is_said_with_the_column_where_it_stands() -> None:
    cause = Cause(why="secret", what="non", field="consent", since=DAY)
    assert sentence(cause) == "« non » dans la colonne de l'accord"
