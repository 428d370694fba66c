"""Postcodes, CEDEX and boxes."""

import pytest

from geo.postal import area_of, clean_postcode, has_cedex, without_cedex


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1210", "01210"),
        ("12 000", "12000"),
        ("F-67000", "67000"),
        ("97488", "97488"),
        ("00123", None),
        ("99000", None),
        ("210", None),
        ("n.c.", None),
        (None, None),
        ("１２３４５", None),
    ],
)
def test_postcode_gets_its_lost_zero_back_or_is_refused(text: str | None, code: str | None) -> None:
    assert clean_postcode(text) == code


@pytest.mark.parametrize(
    ("text", "town"),
    [
        ("LYON CEDEX 03", "LYON "),
        ("Bobigny cédex", "Bobigny "),
        ("BOBIGNY CDX 9", "BOBIGNY "),
    ],
)
def test_cedex_is_recognised_however_it_is_written(text: str, town: str) -> None:
    assert has_cedex(text)
    assert without_cedex(text) == town


@pytest.mark.parametrize("text", ["Excedexe", "Bobigny", "", None])
def test_what_only_resembles_cedex_is_none(text: str | None) -> None:
    assert not has_cedex(text)


@pytest.mark.parametrize(("code", "area"), [("93205", "93"), ("97488", "974"), ("20000", "20")])
def test_postcodes_of_one_departement_share_an_area(code: str, area: str) -> None:
    assert area_of(code) == area
