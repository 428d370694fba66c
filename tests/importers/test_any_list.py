"""Whatever stands in the cells, each line ends in one place and nothing breaks."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.gazetteer import Gazetteer
from importers.errors import NoUsableLine, UnreadableList
from importers.reading import read_list
from importers.row import ReadResult
from tests.importers.conftest import TODAY, workbook

TITLES = [
    "Nom", "Type", "Adresse", "CP", "Commune", "Code INSEE", "Département", "Tél", "Mail", "Site",
    "Horaires", "Missions", "Public", "Âges", "Latitude", "Longitude", "GPS", "SIRET", "FINESS",
    "RNA", "État", "Vérifié le", "Zone d'intervention", "Description",
]  # fmt: skip
PIECES = st.sampled_from([
    "", "Bobigny", "93000", "93008", "1 rue X, 93000 Bobigny", "BP 12", "CEDEX", "0", "-1", "1e400",
    "nan", "٣", "²", "9h-17h", "lundi", "01 43 93 93 93", "+", "119 /", "a@b.fr", "@", "http://",
    "https://[::1", "31/02/2026", "99999", "2,601E+13", "National", "((", "\\", "%s{}", "''",
    "=1+1", "\u202e", "\ufdfa", "ß", "ﬀ", "İ", "1" * 400, "Total", "Nom", "\x00",
])  # fmt: skip
CELLS = st.one_of(PIECES, st.text(max_size=20), st.lists(PIECES, max_size=4).map(" ".join))
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=len(TITLES)), min_size=1, max_size=6)


def read(data: bytes, name: str, gazetteer: Gazetteer, territory: str | None) -> ReadResult | None:
    try:
        return read_list(
            data,
            name,
            mapping=None,
            gazetteer=gazetteer,
            territory=territory,
            max_bytes=10_000_000,
            max_rows=1_000,
            today=TODAY,
        )
    except NoUsableLine as error:
        return error.result
    except UnreadableList:
        return None


def check(result: ReadResult) -> None:
    fatal = [problem.line for problem in result.problems if problem.fatal]
    places = [row.line for row in result.rows] + [line.line for line in result.ignored] + fatal
    assert len(places) == len(set(places))
    repr((result.rows, result.problems)).encode()


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(ROWS, st.sampled_from([None, "93", "974"]))
def test_any_text_list_is_read_or_reported(
    gazetteer: Gazetteer, rows: list[list[str]], territory: str | None
) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL).writerows([TITLES, *rows])
    data = out.getvalue().encode("utf-8", errors="surrogatepass")
    if result := read(data, "l.csv", gazetteer, territory):
        check(result)


NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**15), 10**15),
    st.booleans(),
    st.dates(),
)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=5)
@given(st.lists(st.lists(NUMBERS, max_size=24), min_size=1, max_size=20))
def test_any_numbers_of_a_workbook_are_read_or_reported(
    gazetteer: Gazetteer, rows: list[list[object]]
) -> None:
    if result := read(workbook(TITLES, *rows), "l.xlsx", gazetteer, "93"):
        check(result)
