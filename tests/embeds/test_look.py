"""What the address of an embed says of its look: strict, and the same look has one address."""

import pytest

from app.embeds.look import Look, embed_url, read_look, theme_url
from app.errors import FilterUnknown, RequestInvalid
from app.search.criteria import Search

ALL = Look(listed=False, filters=False, accent="14508c", paper="ffffff", ink="1a1f26", corner=0)


def test_what_is_as_usual_is_not_in_the_address() -> None:
    assert Look().pairs() == []
    assert theme_url(Look()) is None
    assert embed_url(Search(territory="93"), Look()) == "/integration/93"
    assert embed_url(Search(), Look()) == "/integration/autour"


def test_an_address_reproduces_the_look() -> None:
    assert read_look(**dict(ALL.pairs())) == ALL
    assert read_look() == read_look(couleur="", coins="", liste="") == Look()


def test_the_search_comes_before_the_look() -> None:
    search = Search(territory="2A", view="carte").but(categorie=("crip", "ase"))
    look = Look(filters=False, accent="aa0000")
    assert embed_url(search, look) == (
        "/integration/2A?categorie=crip&categorie=ase&vue=carte&filtres=non&couleur=aa0000"
    )


def test_only_colours_and_corners_are_in_the_theme() -> None:
    assert theme_url(ALL) == (
        "/integration/theme.css?couleur=14508c&papier=ffffff&encre=1a1f26&coins=0"
    )
    assert theme_url(Look(listed=False)) is None


def test_a_colour_is_written_in_one_way() -> None:
    assert read_look(couleur="AaBbCc").accent == "aabbcc"


@pytest.mark.parametrize("name", ["couleur", "papier", "encre"])
@pytest.mark.parametrize("value", ["red", "#14508c", "fff", "14508c;", "14508c\n", "1４508c"])
def test_what_is_no_colour_is_an_error(name: str, value: str) -> None:
    with pytest.raises(RequestInvalid, match="hexadécimaux"):
        read_look(**{name: value})


@pytest.mark.parametrize("value", ["-1", "25", "08", "8px", "x", "٣"])
def test_a_corner_is_a_number_of_pixels(value: str) -> None:
    with pytest.raises(RequestInvalid, match="entre 0 et 24"):
        read_look(coins=value)


@pytest.mark.parametrize("name", ["liste", "filtres"])
def test_what_is_not_known_of_list_and_filters_is_an_error(name: str) -> None:
    with pytest.raises(FilterUnknown, match="Valeurs possibles : non"):
        read_look(**{name: "oui"})
