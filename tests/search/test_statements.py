"""One statement serves all places, and no place is in it."""

from dataclasses import replace
from itertools import combinations
from typing import Any

import psycopg
import pytest
from sqlalchemy import Float, literal
from sqlalchemy.exc import ArgumentError

from app.places.schemas import Place
from app.platform.database.driver import Written
from app.platform.database.sessions import read
from app.search.counts import selected_by_hours
from app.search.criteria import Match, Search
from app.search.queries import nearest
from app.search.statements import anywhere, whatever, written
from geo.names import words
from tests.crowd import Crowd

HERE = Place("48.935,2.355", "Saint-Denis (93)", 2.355, 48.935, "93066", "200054781", "93")
THERE = Place("50.630,3.065", "Lille (59)", 3.065, 50.630, "59350", "245900410", "59")
SAID = ("lon", "lat")


def of(search: Search) -> Any:
    return written(search, nearest, limit=20)


def worded(text: str, **found: Any) -> Search:
    return Search(place=HERE, text=text, **found)


def test_places_share_a_statement_and_each_has_its_own_parameters() -> None:
    here, there = (of(Search(place=each)) for each in (HERE, THERE))
    assert isinstance(here, Written)
    assert isinstance(there, Written)
    assert here.text is there.text
    assert [here.parameters[name] for name in SAID] == [HERE.lon, HERE.lat]
    assert [there.parameters[name] for name in SAID] == [THERE.lon, THERE.lat]


def test_what_is_asked_of_facets_shares_a_statement_and_has_its_own_parameters() -> None:
    one, other = (
        of(Search(place=HERE).but(categorie=codes, age=(age,)))
        for codes, age in ((("crip",), "6"), (("ase", "umj"), "15"))
    )
    assert isinstance(one, Written)
    assert isinstance(other, Written)
    assert one.text is other.text
    assert (one.parameters["categorie"], one.parameters["age"]) == (["crip"], 6)
    assert (other.parameters["categorie"], other.parameters["age"]) == (["ase", "umj"], 15)


def test_how_far_and_which_facets_are_asked_makes_another_statement() -> None:
    asked = [
        Search(place=HERE),
        Search(place=HERE, radius=5),
        Search(place=HERE).but(categorie=("crip",)),
        Search(place=HERE).but(fonction=("ecoute",)),
        Search(place=HERE).but(ouvert=("24h",)),
    ]
    made = list(map(of, asked))
    assert all(one != other for one, other in combinations(made, 2))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (worded("maison verte"), worded("foyer")),
        (worded("maison", match=Match.SIMILAR), worded("foier", match=Match.SIMILAR)),
        (
            worded("police lille", towns=(("lille", ("59350",)),)),
            worded("cmp saint denis", towns=(("saint denis", ("93066", "97411")),)),
        ),
    ],
)
def test_texts_share_a_statement_and_are_in_no_cache(one: Search, other: Search) -> None:
    made, again = of(one), of(other)
    statement, here, there = made.text, made.parameters, again.parameters
    assert statement is again.text
    said = {name for name in here if here[name] != there[name]}
    assert said <= {"words", "resembles", "words_0", "towns_0"}
    assert said
    cached = repr(whatever(one))
    assert not any(word in cached or word in statement for word in words(one.text))


def test_a_text_with_a_town_makes_another_statement_than_one_without() -> None:
    in_town = worded("lille", towns=(("lille", ("59350",)),))
    assert of(in_town).text != of(worded("lille")).text


@pytest.mark.parametrize(
    "search",
    [
        Search(place=HERE, far=THERE),
        Search(place=HERE, without=("59",)),
        Search(place=HERE).but(ouvert=("maintenant",)),
    ],
)
def test_what_a_visitor_must_avoid_or_asks_of_this_moment_is_in_no_cache(search: Search) -> None:
    assert not isinstance(of(search), tuple)


def test_whoever_takes_a_parameter_for_a_value_gets_an_error() -> None:
    place = anywhere(HERE)
    with pytest.raises(ArgumentError):
        literal(place.lon, Float)
    with pytest.raises(TypeError):
        assert place.commune_code


def test_what_a_place_lies_in_nowhere_stays_nothing() -> None:
    at_sea = replace(HERE, commune_code=None, epci_code=None, territory_code=None)
    assert anywhere(at_sea).commune_code is None


def test_who_stands_around_a_place_is_counted_from_an_index_alone(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[Any, Any]] = []

    class Recording(psycopg.RawCursor[tuple[Any, ...]]):
        def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
            sent.append((query, params))
            return super().execute(query, params, **options)

    with read(crowd.databases.public) as session:
        with monkeypatch.context() as recorded:
            recorded.setattr(psycopg, "RawCursor", Recording)
            assert selected_by_hours(session, Search(place=HERE))[1]
        [(asked, values)] = sent
        # A few hundred rows are read one by one.
        connection: Any = session.connection().connection.driver_connection
        cursor = psycopg.RawCursor(connection)
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = cursor.execute(f"EXPLAIN {asked}", values).fetchall()
    assert any("Index Only Scan using ix_actor_around" in line for (line,) in plan)
