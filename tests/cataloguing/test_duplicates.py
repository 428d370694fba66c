"""Whether two references are one document: numbers, addresses, titles and years."""

from typing import Any
from uuid import uuid4

import pytest

from app.cataloguing.duplicates import Found, Index, Known, address_key
from tests.resource_contents import document

PLAIN = {"doi": None, "isbn": None, "url": None, "subtitle": "", "published_on": None}


def found(one: dict[str, Any], other: dict[str, Any]) -> Found:
    """Return what the second of two documents is found to be, where the first is there."""
    index = Index()
    index.add(Known(document(**PLAIN | one), uuid4(), "00112233445566aa", 1))
    return index.find(document(**PLAIN | other))


def how(one: dict[str, Any], other: dict[str, Any]) -> str:
    """Return "sure", "close" or "", and by what."""
    each = found(one, other)
    pairs = (("sure", each.sure), ("close", each.close))
    return next((f"{word} {twins[0].by}" for word, twins in pairs if twins), "")


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ({"doi": "10.1234/a"}, {"doi": "10.1234/A", "title": "Autre chose"}, "sure doi"),
        ({"doi": "10.1234/a"}, {"url": "https://doi.org/10.1234/a", "title": "Autre"}, "sure doi"),
        ({"isbn": "9780306406157"}, {"isbn": "0-306-40615-2", "title": "Autre"}, "sure isbn"),
        ({"nor": "SSAA2123456L"}, {"nor": "ssaa2123456l", "title": "Autre"}, "sure nor"),
        (
            {"url": "https://www.exemple.fr/guide/"},
            {"url": "http://exemple.fr/Guide?utm_source=x"},
            "sure address",
        ),
        (
            {"url": "https://exemple.fr/page"},
            {"url": "https://exemple.fr/page", "title": "Un tout autre document"},
            "close address",
        ),
        ({"url": "https://exemple.fr/"}, {"url": "https://exemple.fr", "title": "Autre"}, ""),
        (
            {"url": "https://exemple.fr/?p=1"},
            {"url": "https://exemple.fr/?p=2", "title": "Autre"},
            "",
        ),
        ({}, {}, "sure title"),
        ({"bodies": ["Un organisme"]}, {"bodies": ["Un autre"]}, "close title"),
        ({}, {"year": None}, "close title"),
        ({}, {"year": 2019}, ""),
        ({"title": "Repérer l’exploitation"}, {"title": "Reperer l'exploitation."}, "sure title"),
        ({"title": "Le guide des signes"}, {"title": "Guide : les signes, le"}, ""),
        (
            {"title": "Protéger les enfants. Volet 1"},
            {"title": "Protéger les enfants. Volet 2"},
            "",
        ),
        (
            {"title": "Le profil des victimes accompagnées en 2020", "year": 2021},
            {"title": "Le profil des victimes accompagnées en 2021", "year": None},
            "",
        ),
        ({"doi": "10.1234/a"}, {"doi": "10.1234/b"}, ""),
    ],
)
def test_a_document_is_known_by_what_parts_it_from_others(
    one: dict[str, Any], other: dict[str, Any], said: str
) -> None:
    assert how(one, other) == said


def test_two_letters_that_were_swapped_make_a_title_close() -> None:
    long = "Repérer et accompagner les mineurs victimes d’exploitation sexuelle"
    assert how({"title": long}, {"title": long.replace("victimes", "vicitmes")}) == "close title"


@pytest.mark.parametrize("url", [None, "https://exemple.fr", "https://exemple.fr/?utm_source=a"])
def test_the_home_page_of_a_site_is_no_document(url: str | None) -> None:
    assert address_key(url) is None
