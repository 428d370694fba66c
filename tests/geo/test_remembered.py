"""What is remembered of texts, and when it is forgotten."""

from collections.abc import Iterator

import pytest

from geo.text import forget, remembered

made: list[str] = []


@remembered(10)
def first(text: str) -> str:
    made.append(f"first {text}")
    return text


@remembered(10)
def second(text: str) -> str:
    made.append(f"second {text}")
    return text


@pytest.fixture(autouse=True)
def asked() -> Iterator[None]:
    for function in (first, second):
        function("a")
    made.clear()
    yield
    forget()


def made_again() -> list[str]:
    for function in (first, second):
        function("a")
    return made


def test_what_is_remembered_is_made_once() -> None:
    assert made_again() == []


def test_all_is_forgotten() -> None:
    forget()
    assert made_again() == ["first a", "second a"]


def test_what_some_functions_made_is_forgotten_alone() -> None:
    forget(first)
    assert made_again() == ["first a"]


def test_what_is_asked_again_soon_stays() -> None:
    forget(but=[first])
    assert made_again() == ["second a"]


def test_what_is_to_stay_stays_among_those_that_are_named() -> None:
    forget(first, second, but=[first])
    assert made_again() == ["second a"]
