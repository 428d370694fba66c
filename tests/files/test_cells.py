"""No cell is a formula, whatever a list wrote, and none is lost."""

import csv
import io
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.files.as_csv import as_text
from app.files.cells import LONGEST, clean, one_line
from app.search.columns import km
from importers.french_csv import begins_formula, defused
from importers.phones import format_french
from tests.hostile import runs

HOSTILE = st.text(
    st.sampled_from("=+-@＝＋－＠﹣ \t\r\n\x0b\x00\x1f\x7f\x85\ufeff\u200b\u202e\u2028;,|\"'aé1😀")
    | st.characters(exclude_categories=["Cs"]),
    max_size=40,
)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+33143939393", "'+33143939393"),
        ("-2 ans", "'-2 ans"),
        ("@SOMME(A1)", "'@SOMME(A1)"),
        ("＝1", "'＝1"),
        ("\t=1", "'=1"),
        ("\r\n=1", "'=1"),
        ("\ufeff\u200b=1", "\ufeff\u200b'=1"),
        ("9 h, =HYPERLINK(1)", "9 h, '=HYPERLINK(1)"),
        ("- écoute\n- soin", "'- écoute, '- soin"),
        ("Saint-Denis, 2 rue du Moulin-Basset", "Saint-Denis, 2 rue du Moulin-Basset"),
        ("a@b.fr", "a@b.fr"),
        ("1 rue X\r\n\r\n 93000 Bobigny ", "1 rue X, 93000 Bobigny"),
        ("a\x00b\x1f\ufffe", "ab"),
        ("'déjà", "'déjà"),
        ("", ""),
    ],
)
def test_a_cell_of_csv(text: str, cell: str) -> None:
    assert as_text(text) == cell


@given(HOSTILE)
def test_no_cell_of_csv_runs_whatever_parts_it(text: str) -> None:
    cell = as_text(text)
    assert not runs(cell)
    line = io.StringIO()
    csv.writer(line, delimiter=";", quoting=csv.QUOTE_ALL).writerow([cell, "x"])
    assert next(csv.reader(io.StringIO(line.getvalue(), newline=""), delimiter=";")) == [cell, "x"]
    for separator in ",;|":
        assert not any(runs(part) for part in cell.split(separator))
    assert not set("\r\n\t\x00") & set(cell)


@given(HOSTILE)
def test_what_is_defused_is_still_read_as_it_was(text: str) -> None:
    line = one_line(text)
    assert defused(line).replace("'", "") == line.replace("'", "")
    assert begins_formula(line) <= (defused(line) != line)


@given(HOSTILE)
def test_a_clean_text_is_clean(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert not any(unicodedata.category(sign) == "Cc" for sign in clean(text) if sign != "\n")


@pytest.mark.parametrize("sign", ["a", "é", "😀"])
def test_a_text_that_no_cell_can_hold_is_cut_and_says_so(sign: str) -> None:
    cut = clean(sign * 40_000)
    assert LONGEST - 1 <= len(cut.encode("utf-16-le")) // 2 <= LONGEST
    assert cut.endswith("…")
    assert set(cut) == {sign, "…"}
    units = len(sign.encode("utf-16-le")) // 2
    assert clean(sign * (LONGEST // units)) == sign * (LONGEST // units)


def test_values_are_written_as_french_spreadsheets_read_them() -> None:
    assert as_text(2.355) == "2,355"
    assert as_text(-1.5) == "-1,5"
    assert as_text(km(1234.5)) == "1,23"
    assert as_text(None) == as_text(()) == ""
    assert (as_text(True), as_text(False)) == ("oui", "non")
    assert as_text(12) == "12"
    assert as_text(date(2026, 11, 24)) == "2026-11-24"
    assert as_text(("01 43 93 93 93", "+32 2 123 45 67")) == "01 43 93 93 93 | '+32 2 123 45 67"


@given(st.from_regex(r"\+33[1-79][0-9]{8}", fullmatch=True))
def test_a_number_of_the_mainland_is_written_by_pairs(number: str) -> None:
    assert format_french(number).replace(" ", "") == "0" + number[3:]
    assert [len(pair) for pair in format_french(number).split()] == [2] * 5
