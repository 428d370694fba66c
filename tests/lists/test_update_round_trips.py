"""Whatever cell of the file of a territory is changed: that field of its actor, nothing else."""

from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.lists.update_file import ID_TITLE, TITLES, plain
from app.runtime.staff import Runtime
from importers import vocabulary
from tests.lists.handed_out import NAME, Rows, handed_out, rows_of, with_rows
from tests.short_lists import APART, ASE, CRIP, NEIGHBOUR, SHELTER, counts, csv, run

TODAY = date(2026, 11, 27)


def words(name: str) -> st.SearchStrategy[str]:
    labels = sorted(term.label for term in vocabulary.load().terms(name).values())
    return st.lists(st.sampled_from(labels), min_size=1, max_size=4, unique=True).map(" ; ".join)


LETTERS = st.text("BDGLNPRTàéœ'’&=+@-", min_size=2, max_size=9)
CELLS: dict[str, st.SearchStrategy[Any]] = {
    "name": st.tuples(st.sampled_from(["", "=", "+", "@"]), LETTERS).map(
        lambda each: f"{each[0]}Service {each[1]}"
    ),
    "acronym": st.text("BDGLNPRT", min_size=2, max_size=6),
    "phones": st.integers(60, 98).map(lambda n: f"01 99 00 00 {n}"),
    "age_min": st.integers(0, 11),
    "age_max": st.integers(12, 25).map(str),
    "languages": words("languages"),
    "audiences": words("audiences"),
    "website": st.integers(1, 999).map(lambda n: f"https://example.org/{n}"),
    "emails": st.integers(1, 999).map(lambda n: f"accueil{n}@example.org"),
    "verified_on": st.dates(date(2020, 1, 1), date(2026, 1, 1)).map("{:%d/%m/%Y}".format),
    "description": st.text("BDGLNPRT ", min_size=3, max_size=40).map(
        lambda t: f"Offre {t.strip()}"
    ),
    "opening_hours": st.sampled_from(["du lundi au vendredi de 9h à 12h", "le mardi"]),
}
CHANGES = st.sampled_from(sorted(CELLS)).flatmap(
    lambda field: st.tuples(st.just(field), CELLS[field])
)


@pytest.mark.slow
@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(change=CHANGES, actor=st.integers(0, 2), order=st.randoms())
def test_a_round_trip_changes_what_was_changed_alone(
    runtime: Runtime, change: tuple[str, Any], actor: int, order: Random
) -> None:
    run(runtime, csv(CRIP, ASE, SHELTER, NEIGHBOUR, APART))
    before = handed_out(runtime)
    ids = [row[ID_TITLE] for row in rows_of(before) if row["Catégorie"]]
    field, cell = change

    def as_sent(rows: Rows) -> Rows:
        for row in rows:
            if row[ID_TITLE] == sorted(ids)[actor]:
                row[TITLES[field]] = cell
        titles = order.sample(list(rows[0]), len(rows[0]))
        return [{title: row[title] for title in titles} for row in order.sample(rows, len(rows))]

    data = with_rows(before, as_sent)
    run(runtime, data, NAME)
    found = {row[ID_TITLE]: row for row in rows_of(handed_out(runtime))}
    for row in rows_of(data):
        for name, title in TITLES.items():
            cells = (each[title] for each in (row, found[row[ID_TITLE]]))
            # An age of 0 is said, and an empty cell is not.
            said, shown = ("" if each is None else each for each in cells)
            if (name, said) != ("opening_hours", cell):
                texts = [plain(name, str(each), "93", TODAY) for each in (said, shown)]
                assert texts[0] == texts[1], (name, said, shown)
    again = run(runtime, handed_out(runtime), NAME)
    assert counts(again) == {"read": 5, "unchanged": 5, "protected": 2}
    assert again.problems == ()
