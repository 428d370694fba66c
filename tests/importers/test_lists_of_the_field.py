"""Lists as the field writes them: no home is published, and few services are held."""

import random

import pytest

from importers import vocabulary
from importers.row import ActorRow
from tests.importers import field, field_services
from tests.importers.conftest import Read
from tests.importers.test_accommodation import row_of, rows_of

NEUTRAL, HELD, OPEN = "neutral", "held", "open"


def level(row: ActorRow) -> str:
    """Return what a line alone hides: the record, its address, or nothing."""
    says = {sign.says for sign in row.signs}
    if vocabulary.load().categories[row.category].protected or says & {"houses", "secret"}:
        return NEUTRAL
    return HELD if says else OPEN


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_of_three_thousand_lines_no_home_is_published_and_few_services_are_held(
    read: Read, seed: int
) -> None:
    lines = list(field.crowd(random.Random(seed), 3_000))  # noqa: S311
    rows = {row.external_id: row for row in rows_of(read, *(line for _, line in lines))}
    homes = [rows[line["Réf"]] for home, line in lines if home and line["Réf"] in rows]
    others = [rows[line["Réf"]] for home, line in lines if not home]
    assert len(homes) > 140
    assert [row.name for row in homes if level(row) == OPEN] == []
    flagged = [(row.name, row.signs) for row in others if level(row) != OPEN]
    assert len(flagged) < 0.02 * len(others), flagged[:20]


@pytest.mark.parametrize("column", ["Description", "Missions"])
@pytest.mark.parametrize("text", field_services.WORK)
def test_work_in_the_homes_of_others_holds_nobody_who_says_what_service_it_is(
    read: Read, text: str, column: str
) -> None:
    row = row_of(read, Nom="PAEJ de Bobigny", Type="PAEJ", **{column: text})
    assert (row.signs, "hebergement" in row.functions) == ((), False)
    (sign, *_) = row_of(read, **{column: text}).signs
    assert sign.says == "mentions"
