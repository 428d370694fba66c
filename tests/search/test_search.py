"""What a search selects by place and time, and how its pages are cut."""

from datetime import UTC, datetime
from itertools import groupby, product

import httpx
import pytest
from sqlalchemy.orm import Session

from app.errors import FilterUnknown, PlaceUnknown, RequestInvalid, TerritoryUnknown
from app.search.criteria import PAGE_SIZE, Search
from app.search.results import find
from app.search.selection import COMPETENT, HERE, UNPLACED, WITHHELD
from importers import vocabulary
from tests.crowd import HOME, NOW, SHARED_POINT, Crowd, metres
from tests.search.conftest import Ask, ids_of
from tests.world import listed

EVERYWHERE = {"rayon": "tout", "lieu": "93008"}


# --- around a place ------------------------------------------------------------------------------


def test_forty_on_one_point_are_each_listed_and_drawn(
    reading: Session, crowd: Crowd, ask: Ask, client: httpx.Client
) -> None:
    together = {key for key, row in crowd.rows.items() if row["point"] == SHARED_POINT}
    assert len(together) >= 38
    where = {"lieu": f"{SHARED_POINT[1]},{SHARED_POINT[0]}", "rayon": "5"}
    assert together <= ids_of(reading, ask(**where))
    drawn = client.get("/api/actors.geojson", params=where).json()["features"]
    assert together <= {feature["id"] for feature in drawn}


@pytest.mark.slow
@pytest.mark.parametrize("radius", ["5", "10", "25", "50", "100"])
def test_a_radius_holds_all_that_stands_within_it_across_borders(
    reading: Session, crowd: Crowd, ask: Ask, radius: str
) -> None:
    search = ask(lieu="93008", rayon=radius)
    assert search.place is not None
    found = ids_of(reading, search)
    limit = int(radius) * 1_000
    for public_id, row in crowd.rows.items():
        if row["point"] and abs(metres(row["point"], search.place) / limit - 1) > 0.005:
            near = metres(row["point"], search.place) < limit
            # What is farther is only there where it is in charge of the place.
            assert near <= (public_id in found)
            if public_id in found and not near:
                covered = row["covers_national"] or row["covers_territories"]
                covered = covered or row["covers_epcis"] or row["covers_communes"]
                assert covered or row["category"] in {"crip", "cdlp", "ase"}
    assert {crowd.rows[each]["territory_code"] for each in found} >= {"93", "75"}


def test_groups_are_here_then_competent_then_withheld(reading: Session, ask: Ask) -> None:
    ways: list[tuple[dict[str, str], list[int]]] = [
        ({"territory": HOME}, [HERE, COMPETENT, WITHHELD]),
        ({"lieu": "93066", "rayon": "5"}, [HERE, COMPETENT, WITHHELD, UNPLACED]),
        ({"lieu": "93066", "rayon": "tout"}, [HERE, COMPETENT, WITHHELD, UNPLACED]),
    ]
    for asked, groups in ways:
        found = find(reading, ask(**asked), NOW)
        assert [group.number for group in found.groups] == groups
        assert all(group.count for group in found.groups)


@pytest.mark.slow
def test_at_every_distance_everybody_is_listed(reading: Session, crowd: Crowd, ask: Ask) -> None:
    for more in ({}, {"categorie": ("heberger",)}, {"s": "3"}):
        nowhere = ids_of(reading, ask(**more))
        assert ids_of(reading, ask(lieu="69266", rayon="tout", **more)) == nowhere
    assert ids_of(reading, ask(lieu="69266", rayon="tout")) == set(crowd.rows)


@pytest.mark.slow
def test_those_without_a_distance_stand_by_territory_their_own_first(
    client: httpx.Client, reading: Session, crowd: Crowd, ask: Ask
) -> None:
    search = ask(lieu="69266", rayon="tout", categorie=("heberger",))
    [group] = find(reading, search, NOW, size=500).groups
    seats = [card.seat_territory_code for card in group.cards]
    assert [code for code, _ in groupby(seats)] == ["69M", "59", "69", "75", "93", "974"]
    titles = [name for name, _ in group.parts]
    assert len(titles) == len(set(titles)) == 6
    last = find(reading, search, NOW).pages
    pages = [client.get(search.but(page=number).url()).text for number in range(1, last + 1)]
    for name in titles:
        assert f'<h3 class="group__territory">{name}</h3>' in "".join(pages)


def test_neutral_places_without_a_number_of_their_own_are_one_card(
    client: httpx.Client, reading: Session, crowd: Crowd, ask: Ask
) -> None:
    search = ask(territory=HOME, categorie=("heberger",))
    seated = [crowd.rows[each] for each in ids_of(reading, search)]
    several = [row for row in seated if row["territory_code"] == HOME and not row["phones"]]
    assert len(several) > 30
    first, *rest = (
        client.get(search.but(page=number).url()).text
        for number in range(1, 1 + find(reading, search, NOW).pages)
    )
    for page in (first, *rest):
        said = f"{len(several)} lieux d’accueil – Seine-Saint-Denis"
        assert page.count(said) == 1
        assert not {*listed(page)} & {row["public_id"] for row in several}


def test_a_protected_place_stands_in_its_own_group_without_distance(
    reading: Session, crowd: Crowd, ask: Ask
) -> None:
    search = ask(**EVERYWHERE, categorie=("heberger",))
    found = find(reading, search, NOW)
    assert found.cards
    for card in found.cards:
        assert card.protected
        assert (card.metres, card.commune_name, card.address) == (None, None, None)
    assert [group.number for group in found.groups] == [WITHHELD]
    # Those of the place's own territory, and who covers it.
    assert {crowd.rows[card.public_id]["territory_code"] for card in found.cards} >= {HOME}


def test_drafts_are_found_by_nobody(reading: Session, crowd: Crowd, ask: Ask) -> None:
    found = ids_of(reading, ask())
    assert found == set(crowd.rows)


# --- in several territories ----------------------------------------------------------------------


def test_several_territories_hold_what_each_of_them_holds(reading: Session, ask: Ask) -> None:
    one, other = ids_of(reading, ask(territory=HOME)), ids_of(reading, ask(territory="75"))
    assert one - other
    assert other - one
    assert ids_of(reading, ask(dans=(HOME, "75"))) == one | other
    assert ids_of(reading, ask(dans=(HOME,))) == one


def test_what_has_its_seat_in_one_of_several_territories_comes_first(
    reading: Session, crowd: Crowd, ask: Ask
) -> None:
    found = find(reading, ask(dans=(HOME, "75"), categorie=("association",)), NOW, size=500)
    assert [group.number for group in found.groups] == [HERE, COMPETENT]
    here, elsewhere = (
        {crowd.rows[card.public_id]["territory_code"] for card in group.cards}
        for group in found.groups
    )
    assert here == {HOME, "75"}
    assert elsewhere
    assert not here & elsewhere


def test_a_page_of_several_territories_says_them_and_lets_each_go(client: httpx.Client) -> None:
    page = client.get("/autour?dans=93&dans=75&dans=93").text
    assert "<title>Seine-Saint-Denis et Paris · Mesure 23</title>" in page
    for code in ("93", "75"):
        assert f'<a class="chip" href="/autour?dans={code}"' in page
    assert "Tout effacer" not in page
    assert 'data-geojson="/api/actors.geojson?dans=93&amp;dans=75"' in page
    assert 'href="/table?dans=93&amp;dans=75"' in page
    # To look around a place instead takes the territories out of the address.
    box = page.partition("data-place-box")[2].partition("</form>")[0]
    assert 'name="dans"' not in box
    one = client.get("/autour?dans=93").text
    assert "<title>Seine-Saint-Denis · Mesure 23</title>" in one
    assert 'class="chip"' not in one


def test_a_map_of_several_territories_has_all_their_borders(client: httpx.Client) -> None:
    page = client.get("/autour?dans=93&dans=974").text
    for code in ("93", "974"):
        assert f"/api/departements/{code}/boundary.geojson" in page


# --- pages ---------------------------------------------------------------------------------------


def test_pages_of_a_departement_are_disjoint_and_complete(
    crowd: Crowd, client: httpx.Client, reading: Session, ask: Ask
) -> None:
    search = ask(territory=HOME, categorie=("ase", "crip"))
    everybody = ids_of(reading, search)
    assert len(everybody) > 3 * PAGE_SIZE
    seen: list[str] = []
    for number in range(1, -(-len(everybody) // PAGE_SIZE) + 1):
        page = client.get(search.but(page=number).url())
        seen += listed(page.text)
    assert len(seen) == len(set(seen))
    assert set(seen) == everybody


def test_a_page_beyond_the_last_says_how_many_there_are(reading: Session, ask: Ask) -> None:
    search = ask(territory="974")
    found, beyond = (find(reading, search.but(page=n), NOW) for n in (1, 900))
    assert beyond.total == found.total > 0
    assert beyond.cards == ()


@pytest.mark.slow
@pytest.mark.parametrize("more", [{}, {"s": "2"}], ids=["plain", "situation"])
def test_a_title_says_that_all_are_near_only_where_they_are(
    reading: Session, crowd: Crowd, ask: Ask, more: dict[str, str]
) -> None:
    said = set()
    words = vocabulary.load()
    for code, function in product(words.categories, list(words.functions)[:2]):
        search = ask(lieu="93008", rayon="5", **more).but(categorie=(code,), fonction=(function,))
        assert search.place is not None
        points = [crowd.rows[each]["point"] for each in ids_of(reading, search)]
        near = all(each and metres(each, search.place) <= 5_030 for each in points)
        found = find(reading, search, NOW)
        assert not found.all_near or near
        said.add(found.all_near)
    assert said == ({False} if more else {False, True})


# --- open ----------------------------------------------------------------------------------------


def opened(session: Session, crowd: Crowd, search: Search, at: datetime) -> set[tuple[str, str]]:
    """Return the (territory, hours) of those who are said to be open at a moment."""
    found = ids_of(session, search, at)
    return {(crowd.rows[e]["territory_code"], crowd.rows[e]["opening_hours"]) for e in found}


def test_open_now_is_said_on_the_clock_of_each_territory(
    reading: Session, crowd: Crowd, ask: Ask
) -> None:
    # 12:00 in Paris, 14:00 in Saint-Denis de La Réunion.
    found = opened(reading, crowd, ask(ouvert="maintenant"), NOW)
    assert {hours for code, hours in found if code == HOME} == {"24/7", "Mo-Fr 09:00-17:00"}
    assert {hours for code, hours in found if code == "974"} == {
        *("24/7", "Mo-Fr 09:00-17:00", "Mo-Su 13:00-15:00", "Mo-Fr 14:00-18:00"),
    }


def test_at_night_on_a_sunday_and_on_holidays_few_are_said_to_be_open(
    reading: Session, crowd: Crowd, ask: Ask
) -> None:
    search = ask(ouvert="maintenant", territory=HOME)
    night = datetime(2026, 6, 14, 1, tzinfo=UTC)
    holiday = datetime(2026, 7, 14, 10, tzinfo=UTC)
    for at in (night, holiday):
        assert {hours for _, hours in opened(reading, crowd, search, at)} == {"24/7"}


def test_always_open_depends_on_no_clock(reading: Session, crowd: Crowd, ask: Ask) -> None:
    found = opened(reading, crowd, ask(ouvert="24h"), datetime(2026, 6, 14, 1, tzinfo=UTC))
    assert {hours for _, hours in found} == {"24/7"}
    assert {code for code, _ in found} >= {HOME, "974"}


# --- what an address may say ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"categorie": ("x",)}, FilterUnknown),
        ({"rayon": "7"}, FilterUnknown),
        ({"s": "7"}, FilterUnknown),
        ({"s": "fugue"}, FilterUnknown),
        ({"tri": "distance,nom"}, FilterUnknown),
        ({"ouvert": "demain"}, FilterUnknown),
        ({"age": "douze"}, RequestInvalid),
        ({"age": "99"}, RequestInvalid),
        ({"age": "٣"}, RequestInvalid),
        ({"page": "9999"}, RequestInvalid),
        ({"page": "-1"}, RequestInvalid),
        ({"lieu": "99999"}, PlaceUnknown),
        ({"lieu": "x"}, PlaceUnknown),
        ({"loin": "91,181"}, PlaceUnknown),
        ({"sans": ("999",)}, TerritoryUnknown),
        ({"sans": tuple(f"{n:02}" for n in range(30))}, RequestInvalid),
        ({"dans": ("93", "999")}, TerritoryUnknown),
        ({"dans": tuple(f"{n:02}" for n in range(1, 22))}, RequestInvalid),
        ({"dans": ("93",), "territory": "75"}, RequestInvalid),
        ({"dans": ("93",), "lieu": "93008"}, RequestInvalid),
        ({"territory": "999"}, TerritoryUnknown),
    ],
)
def test_what_an_address_may_not_say_is_refused(
    ask: Ask, given: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        ask(**given)


def test_a_position_is_rounded_to_the_grid(ask: Ask, client: httpx.Client) -> None:
    exact = "48.912345,2.432109"
    search = ask(lieu=exact, loin=exact)
    assert "lieu=48.910%2C2.430&" in search.url()
    assert "loin=48.910%2C2.430" in search.url()
    answer = client.get("/autour", params={"lieu": exact, "rayon": "5"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/autour?lieu=48.910%2C2.430&rayon=5"
    for path in ("/autour", "/integration/autour", "/api/actors.geojson"):
        assert "48.912345" not in client.get(path, params={"lieu": exact, "loin": exact}).text
