"""What a typed text says, before anything is looked up."""

import pytest

from app.places.grid import position_code, read_position
from app.places.reading import TEXT_MAX, read


@pytest.mark.parametrize(
    ("text", "name", "postcode", "territory"),
    [
        ("Saint-Denis", "saint denis", None, None),
        ("ST DENIS", "saint denis", None, None),
        ("Saint Denis 93", "saint denis", None, "93"),
        ("saint-denis (974)", "saint denis", None, "974"),
        ("93 Saint-Denis", "saint denis", None, "93"),
        ("Ajaccio 2a", "ajaccio", None, "2A"),
        ("L'Haÿ-les-Roses", "hay les roses", None, None),
        ("93 200", "", "93200", None),
        ("F-93200 Saint-Denis", "saint denis", "93200", None),
        ("93009 Bobigny Cedex 9", "bobigny", "93009", None),
        ("Tremblay-en-France", "tremblay en france", None, None),
        ("Lille, France", "lille", None, None),
        ("12", "12", None, None),
    ],
)
def test_a_text_is_read_as_name_postcode_and_territory(
    text: str, name: str, postcode: str | None, territory: str | None
) -> None:
    query = read(text)
    assert (query.name, query.postcode, query.territory) == (name, postcode, territory)
    assert not query.is_address


@pytest.mark.parametrize(
    "text",
    [
        "12 rue de Paris",
        "12 bis av. Victor Hugo 93200 Saint-Denis",
        "rue de la République, Aubervilliers",
        "3 le bourg Rodez",
        "93 rue Saint-Denis Paris",
    ],
)
def test_a_number_or_the_word_of_a_way_makes_an_address(text: str) -> None:
    assert read(text).is_address


@pytest.mark.parametrize(
    ("text", "districts"),
    [
        ("Paris 11", {"paris 11e arrondissement"}),
        ("paris 11ème arrdt", {"paris 11e arrondissement"}),
        ("Lyon 1er", {"lyon 1er arrondissement"}),
        ("11e", {"paris 11e arrondissement", "marseille 11e arrondissement"}),
        ("2nd arrondissement de Paris", set()),
        ("lyon 10", set()),
        ("11", set()),
    ],
)
def test_arrondissements_are_read_as_people_write_them(text: str, districts: set[str]) -> None:
    assert set(read(text).districts) == districts


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "%", "_", "é\u202e\ufeff", "😀", "'--", "\ud800"]
)
def test_signs_alone_say_nothing(text: str) -> None:
    assert read(text).name.strip("e") == ""


def test_no_more_is_read_than_an_address_needs() -> None:
    assert len(read("x" * 10_000).text) == TEXT_MAX


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("48.93512,2.35491", "48.935,2.355"),
        (" 48.935 , 2.355 ", "48.935,2.355"),
        ("-21.115,55.536", "-21.115,55.535"),
        ("-0.001,0", "0.000,0.000"),
        ("90,-180", "90.000,-180.000"),
    ],
)
def test_a_position_is_rounded_to_the_grid(text: str, code: str) -> None:
    at = read_position(text)
    assert at is not None
    assert position_code(*at) == code
    assert read_position(code) == at


@pytest.mark.parametrize(
    "text",
    [
        *("NaN,inf", "91,200", "90.005,0", "1e1,2", "48.9;2.3", "48.9", "48.9,2.3,4", "٤٨,٢"),
        *("0x1,2", "48." + "9" * 50 + ",2", ""),
    ],
)
def test_what_is_no_position_on_earth_is_none(text: str) -> None:
    assert read_position(text) is None


def test_every_point_of_the_grid_keeps_its_code() -> None:
    for steps in range(-36_000, 36_001, 7):
        code = f"0.000,{steps * 5 / 1000:.3f}".replace("-0.000", "0.000")
        at = read_position(code)
        assert at is not None
        assert position_code(*at) == code
