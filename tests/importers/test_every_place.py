"""What hides an actor hides it wherever in a line it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.row import ActorRow
from importers.synonyms import synonyms
from importers.vocabulary import load
from tests.importers.conftest import Read

pytestmark = pytest.mark.slow

# Of each field that a title may name, the first title; then a column that is read as nothing.
TITLES = {
    field: title
    for title, field in reversed(synonyms().items())
    # A line with an id changes the actor that has it, and makes none.
    if field != "actor_id"
}
SPEAK = (
    "category", "acronym", "description", "functions", "audiences", "ages", "opening_hours",
    "coverage", "address", "complement", "website",
)  # fmt: skip
WORDS = (
    *load().accommodation.acronyms,
    *(word for word in load().accommodation.words if "*" not in word),
)
FORBID = ("adresse confidentielle", "ne pas diffuser", "non communicable", "lieu tenu secret")


def rows(read: Read, title: str, cells: list[str]) -> tuple[ActorRow, ...]:
    """Return lines that differ in one cell; all else of them is ordinary."""
    titles = ["Nom", "Type", "Commune"]
    lines = []
    for number, cell in enumerate(cells):
        line = {"Nom": f"Les Lilas {number}", "Type": "Association", "Commune": "Bobigny"}
        line[title] = cell
        lines.append(";".join(line.values()))
    return read("\n".join([";".join(dict.fromkeys((*titles, title))), *lines]), territory="93").rows


@pytest.mark.parametrize(
    "title", [*(TITLES[field] for field in SPEAK), "Nom", "Type", "Remarques diverses"]
)
def test_each_word_of_a_home_is_a_sign_wherever_a_line_speaks(read: Read, title: str) -> None:
    found = rows(read, title, list(WORDS))
    # What names a foster parent is refused.
    assert len(found) > len(WORDS) - 5
    assert [WORDS[row.line - 2] for row in found if not row.signs] == []


@given(
    title=st.sampled_from([*TITLES.values(), "Remarques diverses"]),
    words=st.sampled_from(FORBID),
    before=st.sampled_from(("", "Association, ", "Bobigny - ", "01 99 00 00 10 (", "A\n")),
)
def test_no_cell_that_forbids_leaves_its_actor_public(
    read: Read, title: str, words: str, before: str
) -> None:
    title = {"name": "Nom", "category": "Type", "city": "Commune"}.get(
        synonyms().get(title, ""), title
    )
    (row,) = rows(read, title, [f'"{before}{words}"'])
    assert "secret" in {sign.says for sign in row.signs}
    assert row.description is None
