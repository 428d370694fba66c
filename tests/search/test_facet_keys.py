"""Facet keys read as numbers, and counted by column."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from app.search import facet_keys
from app.search.facet_keys import MOST, columns, passing, tally

KEYS = ("1|a|x y|||-|24h", "|b|x y|||-|", "1|a||||-|")
ACTORS = np.array([2, 3, 5])


def test_counts_each_text_of_a_column() -> None:
    found = columns(KEYS)
    assert dict(tally(found[0], ACTORS)) == {"1": 7, "": 3}
    assert dict(tally(found[1], ACTORS)) == {"a": 7, "b": 3}
    assert dict(tally(found[2], ACTORS)) == {"x y": 5, "": 5}


def test_says_which_keys_pass() -> None:
    mask = passing(columns(KEYS)[2], lambda part: "y" in part.split())
    assert mask.tolist() == [True, True, False]


def test_nothing_is_counted_of_nobody() -> None:
    found = columns([])
    assert [list(tally(each, ACTORS[:0])) for each in found] == [[]] * facet_keys.PARTS
    assert passing(found[1], bool).tolist() == []


def test_keys_are_read_again_once_too_many_were(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facet_keys, "MOST", 10)
    many = [f"1|c{number}||||-|" for number in range(25)]
    found = columns([*KEYS, *many])
    assert dict(tally(found[1], np.ones(28, np.int64))) == {
        "a": 2,
        "b": 1,
        **{f"c{number}": 1 for number in range(25)},
    }
    assert len(facet_keys._KEYS) <= 10


def test_threads_give_a_text_one_number() -> None:
    many = [f"1|of threads {number}||||-|" for number in range(MOST // 20)]
    with ThreadPoolExecutor(8) as threads:
        read = list(threads.map(lambda _: columns(many)[1].tolist(), range(8)))
    assert all(each == read[0] for each in read)
    assert len(set(read[0])) == len(many)
