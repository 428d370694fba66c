"""The national numbers, as data and as links."""

import pytest

from app.main import create_app
from app.platform.database.engines import Databases, make_engine
from app.reference.national_numbers import NATIONAL_NUMBERS, NationalNumber
from app.settings import Settings


def test_every_national_number_is_known_by_its_digits() -> None:
    assert list(NATIONAL_NUMBERS) == ["17", "15", "114", "119", "116000", "3018", "3919", "116006"]
    assert NATIONAL_NUMBERS["116000"].code == "116 000"
    assert "9 h à 23 h" in NATIONAL_NUMBERS["3018"].hours
    assert [number.digits for number in NATIONAL_NUMBERS.values() if number.by_text] == ["114"]


def test_a_link_that_dials_another_number_is_refused() -> None:
    with pytest.raises(ValueError, match="does not dial it"):
        NationalNumber("119", "tel:118", "nom", "mot", "qui", "quand", "quoi")


def test_a_page_shows_the_numbers_that_it_asks_for_in_its_order() -> None:
    nowhere = make_engine("postgresql+psycopg://nobody@/nowhere")
    site = create_app(Settings(), Databases(nowhere, nowhere)).state.site
    template = site.templates.from_string(
        '{% from "macros/numbers.html" import numbers_list %}{{ numbers_list(("3018", "17")) }}'
    )
    html = template.render()
    assert html.index('href="tel:3018"') < html.index('href="tel:17"')
    assert "119" not in html


def test_the_foot_of_a_page_leaves_out_what_only_a_situation_calls_for() -> None:
    nowhere = make_engine("postgresql+psycopg://nobody@/nowhere")
    site = create_app(Settings(), Databases(nowhere, nowhere)).state.site
    template = site.templates.from_string(
        '{% from "macros/numbers.html" import NATIONAL_NUMBERS %}{{ NATIONAL_NUMBERS }}'
    )
    html = template.render()
    assert 'href="tel:119"' in html
    assert 'href="tel:15"' not in html
