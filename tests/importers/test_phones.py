"""Telephone numbers, as lists write them and as French reads them."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.phones import find_phones, format_french, is_landline, is_mobile, tel_href


@pytest.mark.parametrize(
    ("text", "territory", "numbers"),
    [
        ("01 43 93 93 93", "93", ["+33143939393"]),
        ("143939393", "93", ["+33143939393"]),
        ("+33 (0)1 43 93 93 93", None, ["+33143939393"]),
        ("0033143939393", None, ["+33143939393"]),
        ("01.43.93.93.93 / 01-43-93-93-94", "93", ["+33143939393", "+33143939394"]),
        ("01 43 93 93 93\n06 12 34 56 78", "93", ["+33143939393", "+33612345678"]),
        ("01 43 93 93 93 ou 119", "93", ["+33143939393", "119"]),
        ("0143939393 0143939394", "93", ["+33143939393", "+33143939394"]),
        ("Standard : 01 43 93 93 93 (24h/24)", "93", ["+33143939393"]),
        ("08 00 86 98 69 / Numéro vert : service et appel gratuits", "69", ["+33800869869"]),
        ("3919", None, ["3919"]),
        ("39 19", None, ["3919"]),
        ("116 000", None, ["116000"]),
        ("119", "974", ["119"]),
        ("17", None, ["17"]),
        ("0262 90 50 50", "974", ["+262262905050"]),
        ("0262905050", None, ["+262262905050"]),
        ("262905050", "974", ["+262262905050"]),
        ("+33262905050", None, ["+262262905050"]),
        ("+262 2 62 90 30 30", None, ["+262262903030"]),
        ("0692 12 34 56", None, ["+262692123456"]),
        ("0269 61 12 34", "976", ["+262269611234"]),
        ("0269 61 12 34", None, ["+262269611234"]),
        ("0639 69 12 34", "93", ["+262639691234"]),
        ("0590 99 77 77", "971", ["+590590997777"]),
        ("0590 27 60 27", "977", ["+590590276027"]),
        ("0594 39 50 50", None, ["+594594395050"]),
        ("0596 74 86 77", None, ["+596596748677"]),
        ("0508 41 10 10", "975", ["+508411010"]),
        ("41 10 10", "975", ["+508411010"]),
        ("(01) 43 93 93 93", "93", ["+33143939393"]),
        ("01 43 93 93 93 poste 119", "93", ["+33143939393"]),
        ("01 43 93 93 93 de 9h à 17h", "93", ["+33143939393"]),
        ("Tél. 17", "93", ["17"]),
        ("bureau 17", "93", []),
        ("01 43 93 93 93 / 01 43 93 93 93", "93", ["+33143939393"]),
        ("01.43.93.93.93 / 94", "93", ["+33143939393", "+33143939394"]),
        ("01 43 93 93 93-94 ou 95", "93", ["+33143939393", "+33143939394", "+33143939395"]),
        ("01 43 93 93 93 / 17", "93", ["+33143939393", "17"]),
        ("01 43 93 93 93 ou 06 12 34 56 78", "93", ["+33143939393", "+33612345678"]),
        ("01 43 93 93 93 - 06 12 34 56 78", "93", ["+33143939393", "+33612345678"]),
        ("01 43 93 93 93 - 3919", "93", ["+33143939393", "3919"]),
        ("Tél 1 : 01 43 93 93 93\nTél 2 : 01 43 93 93 94", "93", ["+33143939393", "+33143939394"]),
        ("01 43 93 93 93 (poste 12 ou 14)", "93", ["+33143939393"]),
        ("01 43 93 93 93, postes 12/14", "93", ["+33143939393"]),
        ("(0)1 43 93 93 93", "93", ["+33143939393"]),
        ("00 33 (0)1 43 93 93 93", None, ["+33143939393"]),
        ("+ 33 1 43 93 93 93", None, ["+33143939393"]),
        ("Mob. 06.12.34.56.78", "93", ["+33612345678"]),
        ("116 006", None, ["116006"]),
        ("0825 812 822 (0,15 €/min)", None, ["+33825812822"]),
        ("24/24 au 01 43 93 93 93, 7j/7", "93", ["+33143939393"]),
    ],
)
def test_numbers_take_the_region_of_their_prefix_then_of_the_territory(
    text: str, territory: str | None, numbers: list[str]
) -> None:
    assert find_phones(text, territory) == (numbers, [])


@pytest.mark.parametrize(
    ("text", "territory", "number"),
    [
        ("+590 85 19 50", "971", "+590590851950"),
        ("00590 85 19 50", None, "+590590851950"),
        ("590 85 19 50", None, "+590590851950"),
        ("+590 (0)590 85 19 50", None, "+590590851950"),
        ("+590 690 35 12 34", "971", "+590690351234"),
        ("+590 27 11 70", "977", "+590590271170"),
        ("+596 5 96 59 40 00", "972", "+596596594000"),
        ("+596 53 14 49", None, "+596596531449"),
        ("+594 28 09 07", "973", "+594594280907"),
        ("+262 38 03 94", "974", "+262262380394"),
        ("+262 (0)692 12 34 56", "974", "+262692123456"),
        ("692 12 34 56", "974", "+262692123456"),
        ("+262 2 69 61 12 16", "976", "+262269611216"),
        ("+269 2 69 61 12 16", "976", "+262269611216"),
        ("+269 61 12 16", None, "+262269611216"),
        ("+262 61 12 16", "976", "+262269611216"),
        ("+508 41 02 70", "975", "+508410270"),
        ("+681 72 32 17", "986", "+681723217"),
        ("+687 44 88 35", "988", "+687448835"),
        ("+689 40 50 73 05", "987", "+68940507305"),
    ],
)
def test_overseas_numbers_are_read_with_the_prefix_that_lists_give_them(
    text: str, territory: str | None, number: str
) -> None:
    assert find_phones(text, territory) == ([number], [])


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Fax 01 43 93 93 93", []),
        ("Télécopie : 01 43 93 93 93", []),
        ("Télécopieur 01 43 93 93 93", []),
        ("01 43 93 93 93 (fax)", []),
        ("Tél : / Fax : 01 43 93 93 93", []),
        ("Fax : 01 43 93 93 93 / 94", []),
        ("T : 01 43 93 93 93 / F : 01 43 93 93 94", ["+33143939393"]),
        ("Tél : 01 43 93 93 93 Fax : 01 43 93 93 94", ["+33143939393"]),
        ("Fax 01 43 93 93 94 Tél 01 43 93 93 93", ["+33143939393"]),
        ("Fax : 01 43 93 93 94 / Port. 06 12 34 56 78", ["+33612345678"]),
        ("Fax : 01 43 93 93 94\n06 12 34 56 78", ["+33612345678"]),
        ("01 43 93 93 93 Fax :", ["+33143939393"]),
        ("Tél/Fax : 01 43 93 93 93", ["+33143939393"]),
        ("Tél. et fax : 01 43 93 93 93", ["+33143939393"]),
    ],
)
def test_a_fax_is_no_phone_unless_a_phone_has_its_number(text: str, numbers: list[str]) -> None:
    assert find_phones(text, "93") == (numbers, [])


@pytest.mark.parametrize("text", ["01 43 93", "0143939393939", "00 00 00 00 00", "5,01E+08"])
def test_what_looks_like_a_number_and_is_none_is_reported(text: str) -> None:
    numbers, odd = find_phones(text, "93")
    assert numbers == []
    assert odd


def test_words_without_digits_are_no_number_and_no_fault() -> None:
    assert find_phones("sur rendez-vous", "93") == ([], [])


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+33143939393", "01 43 93 93 93"),
        ("+262262905050", "02 62 90 50 50"),
        ("+590590997777", "05 90 99 77 77"),
        ("+508411010", "05 08 41 10 10"),
        ("+33800869869", "0 800 86 98 69"),
        ("119", "119"),
        ("17", "17"),
        ("3919", "39 19"),
        ("116000", "116 000"),
        ("+3225551212", "+32 2 555 12 12"),
    ],
)
def test_numbers_are_shown_in_french_grouping(number: str, shown: str) -> None:
    assert format_french(number) == shown


def test_short_numbers_are_dialled_as_they_are() -> None:
    assert tel_href("119") == "tel:119"
    assert tel_href("+33143939393") == "tel:+33143939393"


@given(st.text(max_size=60), st.sampled_from([None, "93", "974", "976", "988"]))
def test_any_text_gives_only_numbers_that_can_be_dialled(text: str, territory: str | None) -> None:
    for number in find_phones(text, territory)[0]:
        if number.startswith("+"):
            assert phonenumbers.is_valid_number(phonenumbers.parse(number))
        else:
            assert 2 <= len(number) <= 6
        assert format_french(number)


@given(st.integers(min_value=0, max_value=99_999_999), st.sampled_from([" ", ".", "-", ""]))
def test_grouping_of_a_number_does_not_change_it(rest: int, separator: str) -> None:
    digits = f"01{rest:08}"
    grouped = separator.join(digits[at : at + 2] for at in range(0, 10, 2))
    assert find_phones(grouped, "93")[0] == find_phones(digits, "93")[0]


@pytest.mark.parametrize(
    "text",
    [
        *("01‑99‑00‑00‑10", "01−99−00−00−10", "01•99•00•00•10", "０１ ９９ ００ ００ １０"),
        *("01,99,00,00,10", "01 ; 99 ; 00 ; 00 ; 10", "01\n99\n00\n00\n10"),
    ],
)
def test_a_number_is_one_whatever_stands_between_its_digits(text: str) -> None:
    assert find_phones(text, "93") == (["+33199000010"], [])


def test_the_sign_of_a_footnote_is_no_digit() -> None:
    assert find_phones("01 99 00 00 10¹", "93") == (["+33199000010"], [])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Permanences les lundis 02, 09, 16, 23, 30 juin", []),
        ("119 (départements 01, 03, 07, 15, 26)", ["119", "15"]),
    ],
)
def test_days_and_departements_are_no_number(text: str, found: list[str]) -> None:
    assert find_phones(text, "93")[0] == found


@pytest.mark.parametrize(
    "number",
    [
        *("+33612345678", "+33712345678", "+262692123456", "+262693123456", "+262639691234"),
        *("+590690301234", "+590691301234", "+594694201234", "+596696301234", "+596697301234"),
        *("+687751234", "+68987123456", "+508551234", "+447400123456", "+4915123456789"),
        # Nothing tells it from a landline: in doubt it is somebody's own.
        "+12015550123",
    ],
)
def test_a_mobile_of_any_country_is_one(number: str) -> None:
    assert is_mobile(number)
    assert not is_landline(number)


@pytest.mark.parametrize(
    "number",
    [
        *("+33143939393", "+262262905050", "+262269611234", "+590590201234", "+594594301234"),
        *("+596596301234", "+687241234", "+68940412345", "+442079460018"),
    ],
)
def test_a_landline_of_any_country_is_no_mobile(number: str) -> None:
    assert is_landline(number)
    assert not is_mobile(number)


@pytest.mark.parametrize("number", ["119", "3919", "116000", "+33800869869", "+33976123456"])
def test_a_number_of_no_place_is_neither(number: str) -> None:
    assert not is_mobile(number)
    assert not is_landline(number)
