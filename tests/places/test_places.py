"""Places by their code, and names completed, over the real table of communes."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import PlaceNowhere, PlaceUnknown
from app.places.resolution import read_place, suggest


@pytest.mark.parametrize(
    ("code", "label", "commune", "territory"),
    [
        ("93066", "Saint-Denis (93)", "93066", "93"),
        ("69123", "Lyon (69M)", "69123", "69M"),
        ("2a004", "Ajaccio (2A)", "2A004", "2A"),
        ("97411", "Saint-Denis (974)", "97411", "974"),
        ("75111", "Paris 11e arrondissement (75)", "75056", "75"),
        ("69381", "Lyon 1er arrondissement (69M)", "69123", "69M"),
        ("93059", "Pierrefitte-sur-Seine (93)", "93066", "93"),
        ("97502", "Saint-Pierre (975)", "97502", "975"),
        ("98613", "Uvea (986)", "98613", "986"),
        ("98818", "Nouméa (988)", "98818", "988"),
    ],
)
def test_a_code_is_a_commune_or_what_is_part_of_one(
    session: Session, code: str, label: str, commune: str, territory: str
) -> None:
    place = read_place(session, code)
    assert (place.label, place.commune_code, place.territory_code) == (label, commune, territory)
    assert place.code == code.upper()
    assert not place.is_position


@pytest.mark.parametrize(
    ("code", "heading"),
    [
        ("93066", "Autour de Saint-Denis (93)"),
        ("93001", "Autour d’Aubervilliers (93)"),
        ("76351", "Autour du Havre (76)"),
        ("62427", "Autour d’Hénin-Beaumont (62)"),
        ("93045", "Autour des Lilas (93)"),
        ("48.935,2.355", "Position près de Saint-Denis (93)"),
        ("48.88,2.415", "Position près des Lilas (93)"),
    ],
)
def test_a_page_around_a_place_is_called_as_french_says_it(
    session: Session, code: str, heading: str
) -> None:
    assert read_place(session, code).heading == heading


def test_an_arrondissement_has_a_point_of_its_own(session: Session) -> None:
    city, part = read_place(session, "13055"), read_place(session, "13216")
    assert abs(city.lat - part.lat) > 0.03
    assert city.epci_code == part.epci_code == "200054807"


def test_a_code_that_merged_leads_to_what_it_has_become(session: Session) -> None:
    merged = "SELECT code, commune_code FROM former_commune WHERE name = '' LIMIT 1"
    code, becomes = session.connection().exec_driver_sql(merged).one()
    assert read_place(session, code).code == becomes


@pytest.mark.parametrize(
    ("code", "rounded", "label", "territory"),
    [
        ("48.93512,2.35491", "48.935,2.355", "Position près de Saint-Denis (93)", "93"),
        ("-21.115,55.536", "-21.115,55.535", "Position près de Cilaos (974)", "974"),
        ("45.7676,4.8357", "45.770,4.835", "Position près de Lyon (69M)", "69M"),
        # In Genève: the nearest commune of France.
        ("46.2,6.15", "46.200,6.150", "Position près de Gaillard (74)", "74"),
        ("-22.291,166.449", "-22.290,166.450", "Position près de Nouméa (988)", "988"),
    ],
)
def test_a_position_is_rounded_and_belongs_to_a_territory(
    session: Session, code: str, rounded: str, label: str, territory: str
) -> None:
    place = read_place(session, code)
    assert (place.code, place.label, place.territory_code) == (rounded, label, territory)
    assert rounded == f"{place.lat:.3f},{place.lon:.3f}"
    assert place.commune_code
    assert place.is_position


def test_the_only_commune_of_a_territory_is_found_without_reading_all_of_france(
    session: Session,
) -> None:
    rows_read = text("""
        SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'commune'
    """)
    before = session.scalar(rows_read)

    assert read_place(session, "48.860,2.325").commune_code == "75056"

    assert session.scalar(rows_read) - before < 100


def test_a_position_far_from_france_belongs_to_nothing(session: Session) -> None:
    place = read_place(session, "51.5,-0.13")
    assert (place.commune_code, place.epci_code, place.territory_code) == (None, None, None)


@pytest.mark.parametrize(
    "code",
    [
        *("", "99999", "9306", "x" * 5_000, "NaN,inf", "91,200", "\x00", "93\x0066", "٩٣٠٦٦"),
        # Farino, in Nouvelle-Calédonie: no source says where it is.
        "98806",
    ],
)
def test_any_other_code_is_unknown(session: Session, code: str) -> None:
    with pytest.raises(PlaceUnknown):
        read_place(session, code)


def test_a_commune_without_a_point_names_its_territory(session: Session) -> None:
    with pytest.raises(PlaceNowhere, match="La position de Farino n’est pas connue") as raised:
        read_place(session, "98806")
    assert raised.value.territory == "988"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("bobigny", "93008"),
        ("BOBIGNY", "93008"),
        ("saint-denis 93", "93066"),
        ("Saint Denis (974)", "97411"),
        ("saint denis reunion", "97411"),
        ("saint-denis seine-saint-denis", "93066"),
        ("93200", "93066"),
        ("93 200", "93066"),
        ("93200 st den", "93066"),
        ("93009 Bobigny Cedex", "93008"),
        ("93066", "93066"),
        ("932", "93066"),
        ("villeneuve d'asc", "59009"),
        ("le havre", "76351"),
        ("havre", "76351"),
        ("mar", "13055"),
        ("s", "67482"),
        ("paris", "75056"),
        ("paris 1", "75101"),
        ("paris 11e", "75111"),
        ("Paris 11ème arrondissement", "75111"),
        ("75011", "75111"),
        ("lyon 3", "69383"),
        ("11e", "75111"),
        ("pierrefitte-sur-seine", "93059"),
        ("oye et pallet", "25442"),
        ("seine saint denis", "93"),
        ("93", "93"),
        ("1", "01"),
        ("2a", "2A"),
        ("974", "974"),
        ("69m", "69M"),
        ("la réunion", "974"),
        ("nord", "59"),
        ("île de france", "75"),
        # Typing errors.
        ("sanit denis", "97411"),
        ("saint dneis", "97411"),
        ("marseile", "13055"),
        ("bobingy", "93008"),
        ("vileurbane", "69266"),
        ("saint etinne", "42218"),
    ],
)
def test_a_place_is_found_as_people_write_it(session: Session, text: str, first: str) -> None:
    found = suggest(session, text)
    assert found
    assert found[0].code == first, found


def test_homonyms_come_with_the_largest_first_and_with_what_tells_them_apart(
    session: Session,
) -> None:
    found = suggest(session, "st-denis")
    assert [each.detail for each in found[:4]] == [
        "97400, La Réunion",
        "93200, Seine-Saint-Denis",
        "11310, Aude",
        "30500, Gard",
    ]
    assert [each.url for each in found[:2]] == ["/autour?lieu=97411", "/autour?lieu=93066"]


def test_each_kind_says_what_it_is_and_leads_where_it_can(session: Session) -> None:
    by_code = {
        found.code: found
        for text in ("93", "paris 11e", "pierrefitte-sur-seine", "98806", "papeete")
        for found in suggest(session, text)
    }
    assert (by_code["93"].kind, by_code["93"].url) == ("territoire", "/departements/93")
    assert by_code["93"].detail == "département 93, Île-de-France"
    assert (by_code["75111"].kind, by_code["75111"].detail) == ("arrondissement", "75011, Paris")
    assert by_code["93059"].kind == "ancienne"
    assert by_code["93059"].detail == "ancienne commune, aujourd’hui Saint-Denis (93)"
    # Its point is not known: its territory's page is the nearest there is.
    assert by_code["98806"].url == "/departements/988"
    assert by_code["98735"].url == "/autour?lieu=98735"


def test_a_region_gives_its_territories(session: Session) -> None:
    found = [each.code for each in suggest(session, "bretagne") if each.kind == "territoire"]
    assert found == ["22", "29", "35", "56"]


@pytest.mark.parametrize(
    "text",
    [
        *("", "   ", "%", "_", "\\", "\x00", "😀", "\u202e", "'; DROP TABLE x --", "\ud800"),
        *("zzzzzz", "x" * 10_000, "99999", "000", "12 rue de Rivoli"),
    ],
)
def test_a_text_that_means_no_place_finds_none(session: Session, text: str) -> None:
    assert suggest(session, text) == []


def test_no_more_is_given_than_was_asked_for(session: Session) -> None:
    assert len(suggest(session, "saint")) == 10
    assert len(suggest(session, "saint", 3)) == 3
    codes = [each.code for each in suggest(session, "villeneuve", 100)]
    assert len(codes) == len(set(codes))
