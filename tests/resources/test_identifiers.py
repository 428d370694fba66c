"""Identifiers are read as they are written, and one that is wrong is refused with a sentence."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum import ean

from app.resources.identifiers import READERS, IdentifierWrong, read_doi, read_isbn

DIGITS = "0123456789"


@pytest.mark.parametrize(
    ("name", "written", "read"),
    [
        ("doi", "10.3917/empa.121.0042", "10.3917/empa.121.0042"),
        ("doi", "https://doi.org/10.3917/EMPA.121.0042.", "10.3917/empa.121.0042"),
        ("doi", " doi: 10.1000/182 ", "10.1000/182"),
        ("isbn", "978-0-306-40615-7", "9780306406157"),
        ("isbn", "2-07-036822-X", "9782070368228"),
        ("nor", "jusx 2100001 l", "JUSX2100001L"),
        ("hal", "https://shs.hal.science/halshs-01234567v2", "halshs-01234567v2"),
        ("hal", "tel-01234567", "tel-01234567"),
    ],
)
def test_an_identifier_is_read_as_it_is_written(name: str, written: str, read: str) -> None:
    assert READERS[name](written) == read


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("doi", "11.3917/x"),
        ("doi", "10.39/x"),
        ("doi", '10.3917/x"><script>'),
        ("doi", "10.3917/x\ny"),
        ("isbn", "978-0-306-40615-8"),
        ("isbn", "un livre"),
        ("nor", "JUSX210000L"),
        ("hal", "hal-1234567"),
        ("hal", "javascript:alert(1)"),
    ],
)
def test_what_is_none_is_refused_with_what_to_look_at(name: str, written: str) -> None:
    with pytest.raises(IdentifierWrong, match="Vérifiez"):
        READERS[name](written)


@given(st.text(DIGITS, min_size=9, max_size=9), st.integers(0, 12), st.integers(1, 9))
def test_one_changed_digit_of_an_isbn_is_refused(rest: str, at: int, by: int) -> None:
    digits = "978" + rest
    right = digits + ean.calc_check_digit(digits)
    changed = right[:at] + str((int(right[at]) + by) % 10) + right[at + 1 :]

    assert read_isbn(right) == right
    with pytest.raises(IdentifierWrong):
        read_isbn(changed)


@given(st.sampled_from(sorted(READERS)), st.text(max_size=40))
def test_reading_what_was_read_changes_nothing(name: str, text: str) -> None:
    try:
        read = READERS[name](text)
    except IdentifierWrong:
        return
    assert READERS[name](read) == read


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=30))
def test_a_doi_that_was_read_breaks_out_of_no_attribute(suffix: str) -> None:
    try:
        read = read_doi(f"10.1234/{suffix}")
    except IdentifierWrong:
        assume(False)
    assert not {'"', "<", ">", " "} & {*read}
    assert read_doi(f"https://doi.org/{read}") == read
