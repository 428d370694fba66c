"""List, table, map, files and counts hold the same actors, whatever is asked."""

import json
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.hours import open_now
from app.search import queries
from app.search.counts import hours
from app.search.criteria import DEFAULT_RADIUS, RADII, Match, Order, Search
from app.search.geojson import geojson
from app.search.reading import CODES
from app.search.results import find
from app.search.schemas import Found
from app.search.wording import ENOUGH
from importers import vocabulary
from tests.crowd import HOME, NOW, Crowd, metres, passes
from tests.search.conftest import Ask

pytestmark = pytest.mark.slow

EXAMPLES = 20
# Larger than those that are shown, of which there would be forty.
LIST_SIZE, TABLE_SIZE = 400, 700
# Bobigny, both Saint-Denis, the shared point, the 20th of Paris, Villeurbanne, the lake of Geneva.
PLACES = ("93008", "93066", "48.910,2.440", "75120", "69266", "97411", "46.450,6.600")
# Around the shared point, of Paris and its border, of half of France, of La Réunion, of the sea.
EXTENTS = (
    *("2.400,48.880,2.480,48.930", "2.25,48.8,2.45,48.95", "-1,43,5,51", "55,-21.5,56,-20.8"),
    "-20,40,-19,41",
)
TEXTS = ("", "", "écoute", "hebergement", "cidff", "maison des adolescents", "asociation", "zzzz")


def one_of(*several: str) -> st.SearchStrategy[str]:
    return st.sampled_from(several)


def some_of(name: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(CODES[name]), max_size=3).map(tuple)


WHERE: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}),
    st.builds(lambda code: {"territory": code}, one_of(HOME, HOME, "75", "69M", "974")),
    st.builds(
        lambda codes: {"dans": tuple(codes)},
        st.lists(one_of(HOME, "75", "69M", "974"), min_size=1, max_size=3, unique=True),
    ),
    st.builds(
        lambda lieu, rayon: {"lieu": lieu, "rayon": rayon},
        one_of(*PLACES),
        one_of("", *CODES["rayon"]),
    ),
    st.builds(lambda cadre: {"cadre": cadre}, one_of(*EXTENTS)),
)
REST = st.fixed_dictionaries(
    {},
    optional={
        "q": one_of(*TEXTS),
        "categorie": some_of("categorie"),
        "fonction": some_of("fonction"),
        "public": some_of("public"),
        "langue": st.lists(one_of("fr", "en", "ar"), max_size=2).map(tuple),
        "age": one_of("0", "12", "17", "25"),
        "ouvert": one_of("", *CODES["ouvert"]),
        "sans": st.lists(one_of("93", "75", "59"), max_size=2).map(tuple),
        "loin": one_of("", *PLACES),
        "ecart": one_of("", *CODES["ecart"]),
        "s": one_of("", "", *CODES["s"]),
        "tri": one_of("", *CODES["tri"]),
    },
)
SEARCHES = st.builds(lambda where, rest: where | rest, WHERE, REST)

Check = Callable[..., None]


def for_any_search(check: Check) -> Check:
    """Run a check for random searches, the same at every run."""
    quiet = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
    limits = settings(deadline=None, derandomize=True, suppress_health_check=quiet, database=None)
    return settings(limits, max_examples=EXAMPLES)(given(asked=SEARCHES)(check))


def pages(session: Session, search: Search, *, grouped: bool) -> Iterator[Found]:
    """Yield all pages of a list, or of a table."""
    size = LIST_SIZE if grouped else TABLE_SIZE
    last = 1
    number = 0
    while number < last:
        number += 1
        found = find(session, search.but(page=number), NOW, grouped=grouped, size=size)
        last = found.pages
        yield found


def opened(session: Session, search: Search) -> list[tuple[str, str]]:
    return open_now(hours(session, search), NOW)


def around(ask: Ask, asked: dict[str, Any]) -> Search:
    """Return a search around a place, whatever was asked, from the nearest on."""
    given = {"lieu": "93008", "rayon": "tout"} | asked | {"territory": "", "dans": ()}
    if "cadre" in asked:
        given["lieu"] = ""
    return ask(**given).but(order=Order.DISTANCE, descending=False)


@for_any_search
def test_every_view_holds_the_same_actors(
    reading: Session, crowd: Crowd, ask: Ask, asked: dict[str, Any]
) -> None:
    search = ask(**asked)
    seen = [card for found in pages(reading, search, grouped=True) for card in found.cards]
    ids = [card.public_id for card in seen]
    assert len(ids) == len(set(ids)), "twice on the list"
    table = [c.public_id for each in pages(reading, search, grouped=False) for c in each.cards]
    assert len(table) == len(ids)
    assert set(table) == set(ids)

    words = vocabulary.load().categories
    rows = reading.execute(queries.everything(search, words, opened(reading, search))).mappings()
    assert [row["public_id"] for row in rows] == table, "files are in the order of the table"

    drawn = {public_id for public_id in ids if crowd.rows[public_id]["point"]}
    collection = json.loads(geojson(reading, search, NOW))
    assert {feature["id"] for feature in collection["features"]} == drawn
    found = find(reading, search, NOW)
    assert found.total == len(ids)
    assert found.counts.drawn == len(drawn)
    assert sum(found.counts.groups.values()) == sum(group.count for group in found.groups)
    assert found.total == sum(group.count for group in found.groups)
    counts = {"total": len(ids), "drawn": len(drawn), "shown": len(drawn)}
    assert collection["counts"] == counts
    # Nobody is there whom a filter leaves out.
    assert [each for each in ids if not passes(crowd.rows[each], search)] == []


@for_any_search
def test_nobody_who_passes_is_missing(
    reading: Session, crowd: Crowd, ask: Ask, asked: dict[str, Any]
) -> None:
    # Selections of which Python knows the whole: without words, steps and circles to keep out of.
    search = ask(**{name: value for name, value in asked.items() if name not in {"q", "s", "loin"}})
    words = vocabulary.load().categories
    rows = reading.execute(queries.everything(search, words, opened(reading, search))).mappings()
    ids = {row["public_id"] for row in rows}
    for public_id, row in crowd.rows.items():
        if not passes(row, search):
            continue
        if search.territories:
            near = row["territory_code"] in search.territories
        elif search.extent:
            lon, lat = row["point"] or (999, 999)
            south, west, north, east = search.extent.bounds
            near = west <= lon <= east and south <= lat <= north
        elif search.place and search.reach:
            limit = search.reach * 1_000
            near = bool(row["point"]) and metres(row["point"], search.place) < limit * 0.995
        else:
            near = True
        where = search.territories or (search.place and (search.place.territory_code,)) or ()
        if near or row["covers_national"] or {*where}.intersection(row["covers_territories"]):
            assert public_id in ids, (search.url(), row)


@for_any_search
def test_a_count_is_what_one_gets_by_choosing_it(
    reading: Session, ask: Ask, asked: dict[str, Any]
) -> None:
    found = find(reading, ask(**asked), NOW)
    assert [value.code for value in found.facets["ouvert"]] == ["maintenant", "24h"]
    for name, values in found.facets.items():
        # The largest and the smallest say as much as all of them.
        ranked = sorted(values, key=lambda value: value.count)
        for value in [*ranked[:1], *ranked[-1:]]:
            chosen = find(reading, ask(**asked | {name: (value.code,)}), NOW)
            assert chosen.total == value.count, (name, value)


@for_any_search
def test_an_address_says_all_of_a_search_and_each_cross_takes_one_thing_away(
    reading: Session, ask: Ask, follow: Callable[[str], Search], asked: dict[str, Any]
) -> None:
    search = ask(**asked)
    # A distance without a place to measure it from says nothing, and no address carries it.
    if search.place is None:
        search = search.but(radius=DEFAULT_RADIUS)
    if search.far is None:
        search = search.but(far_km=DEFAULT_RADIUS)
    assert follow(search.url()) == search
    assert follow(search.url("/table")) == search
    assert follow(search.but(page=3).url()) == search.but(page=3)
    found = find(reading, search, NOW)
    criteria = dict.fromkeys(search.pairs())
    for chip in found.chips:
        without = follow(chip.url)
        if search.extent and not without.extent:
            # A circle that holds it takes its place.
            assert without == search.but(radius=without.radius)
            assert all_ids(reading, search) <= all_ids(reading, without)
            continue
        gone = [pair for pair in criteria if pair not in without.pairs()]
        # The distance goes with the place that is excluded.
        assert [name for name, _ in gone if name != "ecart"], chip
        assert len([name for name, _ in gone if name != "ecart"]) == 1, chip
        # Without an exclusion, one still looks as far as it made one look.
        reached = search.but(radius=search.reach) if search.place else search
        assert set(without.pairs()) < set(search.pairs()) | set(reached.pairs())
        several = [name for name, _ in search.pairs()].count(gone[0][0])
        if several == 1 and not search.text:
            assert find(reading, without, NOW).total >= found.total, chip


@for_any_search
def test_to_ask_for_less_loses_nobody(
    reading: Session, crowd: Crowd, ask: Ask, asked: dict[str, Any]
) -> None:
    search = ask(**asked)
    found = all_ids(reading, search)
    for wider in widened(search):
        assert found <= all_ids(reading, wider), wider.url()


def widened(search: Search) -> Iterator[Search]:
    """Yield the same search with a larger radius, or one filter or exclusion less."""
    for radius in search.wider:
        yield search.but(radius=radius)
    for name, _ in search.chosen:
        yield search.but(**{name: ()})
    for code in search.without:
        yield search.without_territory("without", code)
    if search.far:
        beyond = {} if search.extent else {"radius": search.reach}
        yield search.but(far=None, **beyond)
        yield from (search.but(far_km=km, **beyond) for km in RADII if km and km < search.far_km)
    if search.situation:
        yield search.but(situation=None)
    if search.text and search.match is Match.WORDS:
        yield search.but(text="")


def all_ids(session: Session, search: Search) -> set[str]:
    words = vocabulary.load().categories
    rows = session.execute(queries.everything(search, words, opened(session, search))).mappings()
    return {row["public_id"] for row in rows}


@for_any_search
def test_what_is_said_to_give_more_gives_that_many(
    reading: Session, ask: Ask, follow: Callable[[str], Search], asked: dict[str, Any]
) -> None:
    found = find(reading, ask(**asked), NOW)
    assert not (found.total and found.relaxed)
    for choice in found.relaxed:
        assert choice.count == min(ENOUGH, find(reading, follow(choice.url), NOW).total) > 0, choice


@for_any_search
def test_distances_ascend_and_are_those_of_a_globe(
    reading: Session, crowd: Crowd, ask: Ask, asked: dict[str, Any]
) -> None:
    search = around(ask, asked)
    assert search.place is not None
    for found in pages(reading, search, grouped=True):
        for group in found.groups:
            known = [card.metres for card in group.cards if card.metres is not None]
            if search.situation:
                # Who is in charge, who answers now, later, never: each from the nearest on.
                known = []
            assert all(one <= other for one, other in pairwise(known))
            # Those without a distance come last.
            without = [card.metres is None for card in group.cards]
            assert search.situation or without == sorted(without)
        for card in found.cards:
            point = crowd.rows[card.public_id]["point"]
            assert (card.metres is None) == (point is None)
            if point:
                assert card.metres == pytest.approx(metres(point, search.place), rel=5e-3, abs=1)
        if found.search.page == 3:
            break


@for_any_search
def test_the_index_of_distances_gives_what_sorting_gives(
    reading: Session, ask: Ask, asked: dict[str, Any]
) -> None:
    search = around(ask, asked | {"q": "", "s": ""})
    pairs = opened(reading, search)
    here = find(reading, search, NOW).counts.groups[0]
    several = min(here, 60)
    if not several:
        return
    categories = vocabulary.load().categories
    by_index = queries.nearest(search, pairs, limit=several)
    sorted_ = queries.page(search, categories, pairs, grouped=True, limit=several)
    first, second = (
        [(row["metres"], row["public_id"]) for row in reading.execute(each).mappings()]
        for each in (by_index, sorted_)
    )
    assert [distance for distance, _ in first] == pytest.approx([d for d, _ in second])
    # In another order only where several stand at one distance, at the end of the page even others.
    assert {i for d, i in first if d < first[-1][0]} == {i for d, i in second if d < second[-1][0]}


@for_any_search
def test_the_nearest_of_so_many_actors_come_first_of_all(
    reading: Session, ask: Ask, asked: dict[str, Any]
) -> None:
    search = around(ask, asked | {"s": ""})
    pairs = opened(reading, search)
    categories = vocabulary.load().categories
    by_index = queries.nearest(search, pairs, limit=60, among=150)
    first = [(r["metres"], r["public_id"]) for r in reading.execute(by_index).mappings()]
    sorted_ = queries.page(search, categories, pairs, grouped=True, limit=len(first))
    second = [(r["metres"], r["public_id"]) for r in reading.execute(sorted_).mappings()]
    assert [distance for distance, _ in first] == pytest.approx([d for d, _ in second])
    assert {i for d, i in first if d < first[-1][0]} == {i for d, i in second if d < second[-1][0]}


@for_any_search
def test_the_index_of_facet_keys_gives_what_filtering_gives(
    reading: Session, ask: Ask, asked: dict[str, Any]
) -> None:
    search = ask(**asked)
    pairs = opened(reading, search)
    facet_keys = find(reading, search, NOW).counts.keys()
    categories = vocabulary.load().categories
    by_index, filtered = (
        queries.page(search, categories, pairs, grouped=True, limit=60, by_keys=each)
        for each in (bool(facet_keys), False)
    )
    given = {"facet_keys": list(facet_keys)}
    first, second = (
        [(row["group"], row["public_id"]) for row in reading.execute(each, given).mappings()]
        for each in (by_index, filtered)
    )
    assert first == second
