"""Groups hold what the map of a selection holds: all of it, each once, and stay when it moves."""

import json
import random
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.errors import RequestInvalid
from app.search.clusters import FEW, MOST_SENT, NEAR, groups
from app.search.geojson import geojson
from app.search.viewport import BLOCK, SIDE_MOST, ZOOM_MOST, Window, across, read_window
from importers import vocabulary
from tests.crowd import HOME, NOW, Crowd
from tests.search.conftest import Ask
from tests.search.test_agreement_of_all import SEARCHES

WORLD = "-180,-90,180,90"
FRANCE = "-5.2,41.3,9.6,51.1"
HOME_BOX = "2.25,48.80,2.61,49.02"
Seen = dict[str, dict[str, Any]]


def seen(session: Session, search: Any, window: Window) -> Seen:
    """Return the features of a window by id, after a look at what each says of itself."""
    collection = json.loads(groups(session, search, window, NOW))
    features = {feature["id"]: feature for feature in collection["features"]}
    assert len(features) == len(collection["features"])
    for feature in features.values():
        if "bbox" in feature:
            west, south, east, north = feature["bbox"]
            lon, lat = feature["geometry"]["coordinates"]
            assert west <= lon <= east
            assert south <= lat <= north
            assert sum(feature["properties"]["families"].values()) == number(feature) > 1
            inside = read_window(str(window.zoom), f"{lon},{lat},{lon + 1e-7},{lat + 1e-7}")
            assert inside.left >= window.left
            assert inside.bottom <= window.bottom
    assert collection["counts"] == {"drawn": sum(map(number, features.values()))}
    return features


def number(feature: dict[str, Any]) -> int:
    """Return how many actors a feature stands for."""
    return int(feature["properties"].get("count", 1))


@pytest.mark.slow
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(asked=SEARCHES, zoom=st.integers(0, 4))
def test_groups_of_the_world_hold_what_the_map_of_any_search_holds(
    reading: Session, crowd: Crowd, ask: Ask, asked: dict[str, Any], zoom: int
) -> None:
    search = ask(**asked)
    here = seen(reading, search, read_window(str(zoom), WORLD))
    drawn = {f["id"]: f for f in json.loads(geojson(reading, search, NOW))["features"]}
    assert sum(map(number, here.values())) == len(drawn)
    families = {each.code: each.family for each in vocabulary.load().categories.values()}
    counts: dict[str, int] = {}
    for feature in drawn.values():
        family = families[feature["properties"]["category"]]
        counts[family] = counts.get(family, 0) + 1
    for feature in here.values():
        if "bbox" not in feature:
            assert feature == drawn[feature["id"]]
        shares = feature["properties"].get("families") or {
            families[feature["properties"]["category"]]: 1
        }
        for family, count in shares.items():
            counts[family] -= count
    assert not any(counts.values())


@pytest.mark.slow
@pytest.mark.parametrize("zoom", [6, 9, 11, 13, 16, 17])
def test_windows_next_to_each_other_share_nothing_and_leave_nothing_out(
    reading: Session, ask: Ask, zoom: int
) -> None:
    search = ask(territory=HOME, sans=("974",))
    whole = json.loads(geojson(reading, search, NOW))["features"]
    inside = [feature["geometry"]["coordinates"] for feature in whole]
    windows = {
        read_window(str(zoom), f"{lon},{lat},{lon + 1e-9},{lat + 1e-9}") for lon, lat in inside
    }
    few = sorted(windows, key=lambda window: (window.left, window.top))
    found = [seen(reading, search, window) for window in few]
    ids = [each for features in found for each in features]
    assert len(ids) == len(set(ids))
    assert sum(number(f) for features in found for f in features.values()) == len(inside)


def test_a_group_stays_what_it_is_when_the_map_moves(reading: Session, ask: Ask) -> None:
    search = ask(territory=HOME)
    chance = random.Random(23)  # noqa: S311
    first = seen(reading, search, read_window("12", HOME_BOX))
    grouped = {name: feature for name, feature in first.items() if "bbox" in feature}
    assert grouped
    for _ in range(5):
        west, south = chance.uniform(2.2, 2.4), chance.uniform(48.7, 48.9)
        window = read_window("12", f"{west},{south},{west + 0.2},{south + 0.15}")
        moved = seen(reading, search, window)
        assert sum(map(number, moved.values())) > FEW
        for name, feature in moved.items():
            assert first.get(name, feature) == feature


def test_near_views_and_views_of_few_show_actors(reading: Session, ask: Ask) -> None:
    search = ask(territory=HOME)
    near = seen(reading, search, read_window(str(NEAR), "2.440,48.907,2.443,48.910"))
    assert len(near) >= 40
    assert not any("bbox" in feature for feature in near.values())
    few = seen(reading, ask(territory="59"), read_window("5", FRANCE))
    assert 1 < len(few) <= FEW
    assert not any("bbox" in feature for feature in few.values())


@pytest.mark.parametrize(
    ("zoom", "bbox"),
    [
        ("", FRANCE), ("20", FRANCE), ("-1", FRANCE), ("6.5", FRANCE), ("x", FRANCE), ("6", ""),
        ("6", "1,2,3"), ("6", "1,2,3,x"), ("6", "3,2,1,4"), ("6", "1,4,3,2"), ("6", "1,2,181,4"),
        ("6", "1,-91,3,4"), ("6", "nan,2,3,4"), ("6", "1e1,2,30,4"), ("6", "1,2,3,4,5"),
        ("12", FRANCE), ("19", HOME_BOX),
    ],
)  # fmt: skip
def test_what_is_not_a_view_is_refused(zoom: str, bbox: str) -> None:
    with pytest.raises(RequestInvalid):
        read_window(zoom, bbox)


@given(
    zoom=st.integers(0, ZOOM_MOST),
    column=st.floats(0, 1, exclude_max=True),
    row=st.floats(0.01, 0.99),
)
def test_views_become_blocks_that_hold_them(zoom: int, column: float, row: float) -> None:
    cells = across(zoom)
    left, top = int(column * cells), int(row * cells)
    exact = Window(zoom, left, top, min(cells, left + 3), min(cells, top + 2))
    west, south, east, north = exact.bounds
    inset = (east - west) * 1e-3, (north - south) * 1e-3
    corners = (west + inset[0], south + inset[1], east - inset[0], north - inset[1])
    window = read_window(str(zoom), ",".join(f"{each:.12f}" for each in corners))
    assert window.left <= left < exact.right <= window.right
    assert window.top <= top < exact.bottom <= window.bottom
    assert max(window.right - window.left, window.bottom - window.top) <= 2 * BLOCK
    assert all(each % BLOCK == 0 or each == cells for each in (window.right, window.bottom))
    assert SIDE_MOST % BLOCK == 0


def test_the_page_of_a_crowd_asks_for_groups_and_says_where_its_actors_are(
    client: httpx.Client, crowd: Crowd
) -> None:
    page = client.get(f"/departements/{HOME}?categorie=").text
    assert f'data-clusters="/api/groupes.geojson?territoire={HOME}"' in page
    places = json.loads(page.partition("data-places='")[2].partition("'")[0])
    assert 0 < len(places) <= 50
    for public_id, place in places.items():
        assert place == pytest.approx(crowd.rows[public_id]["point"], abs=1e-6)
    assert sum(bool(row["point"]) for row in crowd.rows.values()) > MOST_SENT
    assert "data-clusters" not in client.get("/departements/59").text


def test_the_route_answers_as_the_statement_does(
    client: httpx.Client, reading: Session, ask: Ask
) -> None:
    given = {"territoire": HOME, "zoom": "9", "bbox": HOME_BOX}
    want = seen(reading, ask(territory=HOME), read_window("9", HOME_BOX))
    # Twice, since the second answer is cached; the order of a list changes nothing.
    for more in ({}, {"tri": "nom"}):
        answer = client.get("/api/groupes.geojson", params=given | more)
        assert answer.headers["content-type"] == "application/geo+json"
        assert {f["id"]: f for f in answer.json()["features"]} == want
    opened = client.get("/api/groupes.geojson", params=given | {"ouvert": "maintenant"}).json()
    assert 0 < opened["counts"]["drawn"] < sum(map(number, want.values()))
    assert client.get("/api/groupes.geojson").status_code == 422
    assert (
        client.get("/api/groupes.geojson", params=given | {"territoire": "999"}).status_code == 404
    )
