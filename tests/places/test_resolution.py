"""What is typed becomes a place: communes from our own table, addresses by a geocoder."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from app.places.resolution import homonyms, resolve, suggest
from app.places.schemas import Place
from geo.answers import (
    Answer,
    GeocoderBusy,
    GeocoderRefused,
    GeocoderUnreachable,
    GeocoderUnreadable,
    Query,
)
from tests.places.conftest import Asked

POINT = "48.935,2.355"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Bobigny", "93008"),
        ("93200", "93066"),
        ("saint-denis 93", "93066"),
        ("Saint-Denis, 93200", "93066"),
        ("Paris", "75056"),
        ("Paris 11e", "75111"),
        ("75011", "75111"),
        ("Pierrefitte-sur-Seine", "93059"),
        ("Rue", "80688"),
        ("Le Havre", "76351"),
        ("Nouméa", "98818"),
        ("villeneuve d'asc", "59009"),
        ("48.93512,2.35491", POINT),
    ],
)
def test_what_means_one_place_is_that_place(
    session: Session, geocoder: Asked, text: str, code: str
) -> None:
    found = resolve(session, text, geocoder)
    assert found.place is not None
    assert (found.place.code, found.choices, found.notice) == (code, (), None)
    assert geocoder == []


def test_homonyms_are_to_be_chosen_from(session: Session, geocoder: Asked) -> None:
    found = resolve(session, "Saint-Denis", geocoder)
    assert found.place is None
    assert [each.code for each in found.choices] == ["97411", "93066", "11339", "30247"]
    assert found.notice == "Plusieurs lieux conviennent : choisissez le bon."


@pytest.mark.parametrize(
    ("text", "small", "large"),
    [
        ("evry", "89162", "91228"),
        ("boulogne", "85030", "92012"),
        ("saint ouen", "41226", "93070"),
        ("chalon", "38066", "71076"),
    ],
)
def test_a_town_is_offered_beside_a_village_whose_name_it_goes_on_from(
    session: Session, text: str, small: str, large: str
) -> None:
    found = resolve(session, text)
    assert found.place is None
    assert {small, large} <= {each.code for each in found.choices}


@pytest.mark.parametrize(
    ("text", "code", "others"),
    [
        ("Évry", "91228", {"89162"}),
        ("montreuil", "93048", {"85148", "28267"}),
        ("cherbourg", "50129", set()),
        ("La Rochelle", "17300", {"70450"}),
        ("vitry", "94081", {"51649"}),
    ],
)
def test_the_place_that_is_far_larger_is_meant_and_its_page_names_the_others(
    session: Session, text: str, code: str, others: set[str]
) -> None:
    likely = resolve(session, text).likely
    assert isinstance(likely, Place)
    assert likely.code == code
    said = homonyms(session, likely)
    named = {each.code for each in said.choices}
    assert others <= named
    assert code not in named
    assert bool(said.notice) == bool(others)


@pytest.mark.parametrize(
    ("text", "code"),
    [("93", "93"), ("nord", "59"), ("Farino", "988"), ("reunion", "974"), ("loire", "42")],
)
def test_a_territory_is_meant_by_its_name_its_code_and_its_towns_without_a_point(
    session: Session, text: str, code: str
) -> None:
    assert resolve(session, text).likely == code


@pytest.mark.parametrize(
    "text",
    ["Saint-Denis", "boulogne", "vienne", "bretagne", "corse", "normandie", "1er", "mar", "saint",
     "01250", "932", "marseile", "12 rue de Paris, Montreuil"],
)  # fmt: skip
def test_where_sizes_are_comparable_or_only_letters_begin_a_name_nothing_is_meant(
    session: Session, text: str
) -> None:
    found = resolve(session, text)
    assert found.choices
    assert (found.place, found.likely) == (None, None)


def test_a_place_alone_of_its_name_says_nothing_of_others(session: Session) -> None:
    place = resolve(session, "Bobigny").place
    assert place is not None
    assert homonyms(session, place).choices == ()


@pytest.mark.parametrize(
    ("text", "code"), [("13000", "13055"), ("69000", "69123"), ("75000", "75056")]
)
def test_a_postcode_of_a_whole_city_is_the_city(session: Session, text: str, code: str) -> None:
    place = resolve(session, text).place
    assert place is not None
    assert place.code == code


def test_the_postcode_that_was_typed_is_the_one_that_is_shown(session: Session) -> None:
    (found,) = suggest(session, "59650 villeneuve d'ascq")
    assert found.detail == "59650, Nord"


def test_a_territory_is_the_only_choice(session: Session) -> None:
    for text in ("Seine-Saint-Denis", "93", "974"):
        found = resolve(session, text)
        assert found.place is None
        assert [each.kind for each in found.choices] == ["territoire"]
        assert found.notice is None


def test_a_slip_is_asked_back(session: Session) -> None:
    found = resolve(session, "marseile")
    assert found.place is None
    assert [each.code for each in found.choices] == ["13055"]
    assert found.notice is not None
    assert "Vouliez-vous dire" in found.notice


@pytest.mark.parametrize("text", ["zzzz", "\x00", "%", "x" * 10_000, "😀", "91,200", "NaN,inf"])
def test_what_means_nothing_says_what_to_try(session: Session, geocoder: Asked, text: str) -> None:
    found = resolve(session, text, geocoder)
    assert (found.place, found.choices) == (None, ())
    assert found.notice
    assert geocoder == []


def test_nothing_typed_says_what_may_be(session: Session) -> None:
    assert resolve(session, " \t").notice == "Indiquez une commune, un code postal ou une adresse."


@pytest.mark.parametrize(
    ("text", "street", "city"),
    [
        ("12 rue de la République 93200 Saint-Denis", "12 rue de la republique", "93066"),
        ("12, bd. Marcel Sembat, Saint-Denis (93)", "12 boulevard marcel sembat", "93066"),
        ("12 rue de Paris Les Lilas", "12 rue de paris", "93045"),
        ("Les Lilas, 12 rue de Paris", "12 rue de paris", "93045"),
        ("Paris, 12 rue de Bagnolet", "12 rue de bagnolet", "75056"),
        ("12 rue de Charonne Paris 11e", "12 rue de charonne", "75111"),
        ("12 rue de Charonne 75011 Paris", "12 rue de charonne", "75056"),
        ("12 rue de Charonne 75011", "12 rue de charonne", "75111"),
        ("12 rue X 93200", "12 rue x", "93066"),
        ("rue de la gare Bobigny Seine-Saint-Denis", "Rue de la gare", "93008"),
        ("12 rue Victor Hugo Pierrefitte-sur-Seine", "12 rue victor hugo", "93066"),
        ("Résidence des Lilas, 4 allée du Parc, 93000 Bobigny", "4 allée du parc", "93008"),
    ],
)
def test_an_address_is_asked_in_its_commune_and_rounded_to_the_grid(
    session: Session, geocoder: Asked, text: str, street: str, city: str
) -> None:
    geocoder.change = lambda answer: replace(answer, name=street.partition(" ")[2])
    found = resolve(session, text, geocoder)
    (query,) = geocoder
    assert (query.street, query.citycode) == (street, city)
    assert found.choices == ()
    if city == "93066":
        assert found.place is not None
        assert (found.place.code, found.notice) == (POINT, None)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("12 rue de Paris", None),
        ("12 rue du faubourg Saint-Denis", None),
        ("3 place de la Bastille", None),
        ("12 rue de Rivoli, Saint-Denis", "Plusieurs communes"),
        ("1 place de la mairie 01200", "Plusieurs communes"),
    ],
)
def test_an_address_without_one_commune_is_not_guessed(
    session: Session, geocoder: Asked, text: str, where: str | None
) -> None:
    found = resolve(session, text, geocoder)
    assert found.place is None
    assert found.notice is not None
    assert (where or "avec sa commune ou son code postal") in found.notice
    assert bool(found.choices) == bool(where)
    assert geocoder == []


@pytest.mark.parametrize(
    "error", [GeocoderUnreachable, GeocoderBusy, GeocoderRefused, GeocoderUnreadable]
)
def test_a_geocoder_that_fails_leaves_the_commune(session: Session, error: type[Exception]) -> None:
    def fails(_: Query) -> Answer | None:
        raise error

    found = resolve(session, "12 rue Hoche, 93300 Aubervilliers", fails)
    assert found.place is not None
    assert found.place.code == "93001"
    assert found.notice == (
        "Le service d’adresses ne répond pas : voici la commune d’Aubervilliers."
    )


def _other_city(answer: Answer) -> Answer:
    return replace(answer, citycode="59350", city="Lille")


def _other_way(answer: Answer) -> Answer:
    return replace(answer, name="avenue Jean Jaurès")


def _municipality(answer: Answer) -> Answer:
    return replace(answer, type="municipality", name="Aubervilliers", housenumber=None)


def _elsewhere(answer: Answer) -> Answer:
    return replace(answer, lat=44.0)


def _none(_: Answer) -> None:
    return None


@pytest.mark.parametrize("change", [_other_city, _other_way, _municipality, _elsewhere, _none])
def test_an_answer_that_is_not_the_address_leaves_the_commune(
    session: Session, geocoder: Asked, change: object
) -> None:
    geocoder.change = change  # type: ignore[assignment]
    found = resolve(session, "12 rue Hoche, 93300 Aubervilliers", geocoder)
    assert found.place is not None
    assert (found.place.code, len(geocoder)) == ("93001", 1)
    assert found.notice == "Cette adresse n’a pas été trouvée : voici la commune d’Aubervilliers."


def test_another_number_of_the_same_way_is_near_enough(session: Session, geocoder: Asked) -> None:
    geocoder.change = lambda answer: replace(answer, housenumber="87", type="street")
    found = resolve(session, "12 rue Hoche, 93200 Saint-Denis", geocoder)
    assert found.place is not None
    assert found.place.code == POINT


@pytest.mark.parametrize(
    ("text", "code", "sentence"),
    [
        ("mairie de Bobigny", "93008", "la commune de Bobigny"),
        ("gare du Nord Paris", "75056", "la commune de Paris"),
        ("Cergy-Pontoise", "95500", "la commune de Pontoise"),
        ("hôpital Les Lilas", "93045", "la commune des Lilas"),
        ("port du Havre", "76351", "la commune du Havre"),
        ("lycée Voltaire Paris 11e", "75111", "le 11e arrondissement de Paris"),
    ],
)
def test_a_building_is_replaced_by_its_commune_and_never_asked(
    session: Session, geocoder: Asked, text: str, code: str, sentence: str
) -> None:
    found = resolve(session, text, geocoder)
    assert found.place is not None
    assert found.place.code == code
    assert sentence in (found.notice or "")
    assert geocoder == []


def test_a_position_is_said_to_be_near_a_commune_and_never_to_be_an_address(
    session: Session, geocoder: Asked
) -> None:
    found = resolve(session, "12 rue Hoche, 93200 Saint-Denis", geocoder)
    assert found.place is not None
    assert found.place.label == "Position près de Saint-Denis (93)"
