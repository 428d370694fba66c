"""Numbers to call in the cells of other things: an address, a name, a postcode."""

import pytest

from importers.registers.reached import numbers_in
from importers.strays import find_strays, may_call
from tests import effort

NUMBER = "+33199000010"
# A whole line of pairs alone is one where its sign stands between numbers, too.
AMONG_WORDS = [
    *("01 99 00 00 10", "01 - 99 - 00 - 00 - 10", "01·99·00·00·10", "01‑99‑00‑00‑10"),
    *("01_99_00_00_10", "(01) 99 00 00 10", "01–99–00–00–10", "01—99—00—00—10", "0199000010"),
    *(
        "+33 (0)1 99 00 00 10",
        "00 33 1.99.00.00.10",
        "０１ ９９ ００ ００ １０",
        "01\xa099\xa000\xa000\xa010",
    ),
]
ALONE = ["01,99,00,00,10", "01\n99\n00\n00\n10", "01 / 99 / 00 / 00 / 10", "01/99/00/00/10"]


@pytest.mark.parametrize("cell", [*AMONG_WORDS, *ALONE, *(f"10 rue X, {n}" for n in AMONG_WORDS)])
def test_a_number_is_looked_for_whatever_stands_between_its_digits(cell: str) -> None:
    assert may_call(cell)
    assert find_strays(cell) == [NUMBER]
    assert numbers_in(["10 rue X", cell]) == NUMBER


@pytest.mark.parametrize(
    ("text", "territory", "number"),
    [
        *(("27 12 34", "988", "+687271234"), ("40 50 60 70", "987", "+68940506070")),
        *(("41 23 45", "975", "+508412345"), ("72 12 34", "986", "+681721234")),
    ],
)
def test_a_number_of_six_digits_is_looked_for_where_it_is_one(
    text: str, territory: str, number: str
) -> None:
    for cell in (text, f"12 rue X, tél. {text}", f"BP 4 98800 Nouméa - {text}"):
        assert may_call(cell, territory)
        assert find_strays(cell, territory) == [number]
        assert numbers_in([cell], territory=territory) == number
        assert not may_call(text, "93")


@pytest.mark.parametrize(
    ("cell", "territory"),
    [
        *(
            ("CS 02345 06000 Nice", "06"),
            ("BP 05123 05000 GAP", "05"),
            ("B.P. 12 06000 Nice", "06"),
        ),
        *(("TSA 02345 06000 Nice Cedex 9", "06"), ("12 rue X CIDEX 02345 06000 Nice", "06")),
        *(("boîte postale n° 02345 06000 Nice", "06"), ("SIREN 130 025 265", "93")),
        *(("SIRET : 13002526500013, 10 rue X", "93"), ("n° FINESS 930000492", "93")),
        *(
            ("BP 4 98800 Nouméa", "988"),
            ("CS 4 98713 Papeete", "987"),
            ("12 rue X 98800 Nouméa", "988"),
        ),
        *(("du 01/09/2023 au 31/08/2024", "93"), ("10 rue du 8 mai 1945 93000 Bobigny", "93")),
        *(("06000 - 06100 - 06200", "06"), ("Nice 06000 06100 06200 06300", "06")),
        *(("9h-12h 14h-18h30, 9h-12h 14h-18h30", "93"), ("2, 4, 6, 8, 10, 12 et 14 rue X", "93")),
    ],
)
def test_a_box_a_code_and_a_day_are_no_number(cell: str, territory: str) -> None:
    assert find_strays(cell, territory) == []


@pytest.mark.parametrize(
    "cell",
    ["BP 01 99 00 00 10", "BP 15 01 99 00 00 10", "CS0199000010", "01000 01100 01 99 00 00 10"],
)
def test_a_number_behind_the_word_of_a_box_is_one(cell: str) -> None:
    assert find_strays(cell) == [NUMBER]


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["0", "1 ", "01 ", "BP 0", "siren ", "cs ", "0-- ", "1---", "bp 1 "]
)
def test_whatever_is_written_is_read_in_no_time(text: str) -> None:
    cell = (text * 100_000)[:100_000]
    with effort.at_most(1):
        may_call(cell)
        may_call(cell, "988")
        find_strays(cell)
