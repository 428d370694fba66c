"""What a search leaves out: territories, what is near a place; and who is never left out."""

import httpx
import pytest
from sqlalchemy.orm import Session

from tests.crowd import HOME, Crowd, decides, metres
from tests.search.conftest import Ask, ids_of


def test_a_departement_left_out_takes_its_protected_places_with_it(
    reading: Session, crowd: Crowd, ask: Ask
) -> None:
    found = ids_of(reading, ask(sans=(HOME,)))
    expected = {key for key, row in crowd.rows.items() if row["territory_code"] != HOME}
    assert found == expected
    assert any(crowd.rows[each]["protected"] for each in found)


@pytest.mark.slow
@pytest.mark.parametrize("km", ["5", "10", "25", "50", "100"])
def test_what_stands_within_a_distance_of_a_place_is_left_out(
    reading: Session, crowd: Crowd, ask: Ask, km: str
) -> None:
    search = ask(loin="93008", ecart=km)
    assert search.far is not None
    found = ids_of(reading, search)
    limit = int(km) * 1_000
    for public_id, row in crowd.rows.items():
        if row["point"]:
            distance = metres(row["point"], search.far)
            if abs(distance / limit - 1) > 0.005:
                far = distance > limit and row["commune_code"] != "93008"
                assert (public_id in found) == far


def test_nothing_of_a_commune_is_far_from_it(reading: Session, crowd: Crowd, ask: Ask) -> None:
    # Nearer than any address asks, since no actor of this world is 5 km from the middle of Paris.
    search = ask(loin="75056", ecart="5").but(far_km=1)
    assert search.far is not None
    found = ids_of(reading, search)
    inside = {key for key, row in crowd.rows.items() if row["commune_code"] == "75056"}
    beyond = {
        key
        for key in inside
        if crowd.rows[key]["point"] and metres(crowd.rows[key]["point"], search.far) > 1_200
    }
    assert beyond
    assert not inside & found
    assert found


@pytest.mark.parametrize(
    ("km", "touched", "untouched"),
    [("5", {"93"}, {"59", "69", "69M", "974"}), ("100", {"93", "75"}, {"59", "69", "69M", "974"})],
)
def test_what_may_be_anywhere_in_a_touched_departement_is_left_out(
    reading: Session, crowd: Crowd, ask: Ask, km: str, touched: set[str], untouched: set[str]
) -> None:
    found = ids_of(reading, ask(loin="93008", ecart=km))
    unplaced = {key: row for key, row in crowd.rows.items() if row["point"] is None}
    for protected in (True, False):
        several = {k: r for k, r in unplaced.items() if r["protected"] is protected}
        out = {key for key, row in several.items() if row["territory_code"] in touched}
        stay = {key for key, row in several.items() if row["territory_code"] in untouched}
        assert out
        assert stay
        assert not out & found
        assert stay <= found


def test_both_ways_of_excluding_add_up(reading: Session, ask: Ask) -> None:
    one, other = ask(sans=("75",)), ask(loin="93008", ecart="10")
    both = ask(sans=("75",), loin="93008", ecart="10")
    assert ids_of(reading, both) == ids_of(reading, one) & ids_of(reading, other)


def test_who_decides_stays_whatever_is_left_out(reading: Session, crowd: Crowd, ask: Ask) -> None:
    search = ask(lieu="93008", loin="93008", ecart="100")
    found = ids_of(reading, search)
    deciders = {key for key, row in crowd.rows.items() if decides(row, search)}
    assert {crowd.rows[each]["category"] for each in deciders} == {"crip", "ase", "justice"}
    assert deciders <= found
    # All that is within the radius is left out, so that one looks farther.
    assert (search.radius, search.reach) == (25, None)
    assert found > deciders


def test_a_radius_that_reaches_beyond_what_is_left_out_stays(ask: Ask) -> None:
    assert ask(lieu="93008", loin="93008", ecart="10").reach == 25
    assert ask(lieu="93008", rayon="5", loin="93008", ecart="10").reach == 25
    assert ask(lieu="93008", rayon="10", loin="93008", ecart="10").reach == 25
    assert ask(lieu="93008", rayon="5", loin="69266", ecart="100").reach == 5


def test_a_radius_that_gives_way_is_no_more_said_to_be_the_distance(client: httpx.Client) -> None:
    page = client.get("/autour?lieu=93008&loin=93008&ecart=100").text
    summary = page.partition('class="reach__summary')[2].partition("</summary>")[0]
    assert "Tout<" in summary
    assert "25 km" not in summary
