from dataclasses import replace

import pytest

from geo.distance import FAR_KM, FAR_KM_OF
from geo.geocoder import Answer, Query
from geo.territories import Commune
from geo.trust import judge

FERNEY = Commune("01160", "Ferney-Voltaire", "01", ("01210",), None, 6.1081, 46.2567)
PARIS = Commune("75056", "Paris", "75", ("75013",), None, 2.347, 48.859)
CAYENNE = Commune("97302", "Cayenne", "973", ("97300",), None, -52.3135, 4.9224)
ASKED = Query("1", "12 rue DE GEX", "01210", "FERNEY VOLTAIRE", "01160")
FOUND = Answer(
    label="12 Rue de Gex 01210 Ferney-Voltaire",
    score=0.94,
    type="housenumber",
    citycode="01160",
    postcode="01210",
    city="Ferney-Voltaire",
    name="Rue de Gex",
    housenumber="12",
    lon=6.1164,
    lat=46.2643,
)


def test_the_number_asked_in_the_right_commune_is_an_address() -> None:
    verdict = judge(ASKED, FOUND, FERNEY)
    assert (verdict.decision, verdict.precision, verdict.reasons) == ("accepted", "address", ())


def test_no_answer_and_a_municipality_for_a_street_are_no_address() -> None:
    town = replace(FOUND, type="municipality", name="Ferney-Voltaire", housenumber=None, score=0.99)
    for answer in (None, town):
        verdict = judge(ASKED, answer, FERNEY)
        assert (verdict.decision, verdict.precision) == ("rejected", None)
        assert verdict.reasons


def test_a_municipality_is_what_a_row_without_a_street_asks_for() -> None:
    asked = replace(ASKED, street=None)
    town = replace(FOUND, type="municipality", name="Ferney-Voltaire", housenumber=None)
    assert judge(asked, town, FERNEY).precision == "commune"
    assert judge(asked, FOUND, FERNEY).decision == "review"


@pytest.mark.parametrize("score", [0.2, 0.69, 0.99])
def test_another_commune_goes_to_review_whatever_its_score(score: float) -> None:
    elsewhere = replace(FOUND, citycode="93066", score=score)
    assert judge(ASKED, elsewhere, FERNEY).decision == "review"
    assert judge(ASKED, elsewhere, None).decision == "review"


def test_arrondissements_are_their_city() -> None:
    asked = Query("1", "42 rue Vandrezanne", "75013", "Paris", "75056")
    found = replace(FOUND, citycode="75113", name="Rue Vandrezanne", housenumber="42")
    here = replace(found, lon=2.3626, lat=48.8283)
    assert judge(asked, here, PARIS).precision == "address"
    lyon = Commune("69123", "Lyon", "69M", (), None, None, None)
    assert judge(asked, replace(here, citycode="69383"), lyon).decision == "accepted"
    assert judge(asked, replace(here, citycode="69383"), PARIS).decision == "review"


def test_without_a_code_the_postcode_or_the_city_must_agree() -> None:
    asked = replace(ASKED, citycode=None)
    assert judge(asked, FOUND, None).decision == "accepted"
    by_city = replace(asked, postcode=None)
    assert judge(by_city, FOUND, None).decision == "accepted"
    elsewhere = replace(FOUND, city="Saint-Denis", postcode="93200", citycode="93066")
    assert judge(by_city, elsewhere, None).decision == "review"


@pytest.mark.parametrize(
    ("commune", "limit"), [(FERNEY, FAR_KM), (CAYENNE, FAR_KM_OF["973"])], ids=["Ain", "Guyane"]
)
def test_an_answer_far_from_its_commune_goes_to_review(commune: Commune, limit: float) -> None:
    assert commune.lon is not None
    assert commune.lat is not None
    for kilometres, decision in ((limit - 1, "accepted"), (limit + 1, "review")):
        moved = replace(
            FOUND,
            citycode=commune.code,
            lon=commune.lon,
            lat=commune.lat + kilometres / 111.195,
        )
        assert judge(ASKED, moved, commune).decision == decision


@pytest.mark.parametrize(
    ("asked", "found", "accepted"),
    [
        ("RUE DE GEX", "Rue de Gex", True),
        ("rue MARTEH DEBAIZE", "Rue Marthe Debaize", True),
        ("rue Saint-François-de-Salles", "Rue Saint-François de Sales", True),
        ("rue du Mal Foch", "Rue du Maréchal Ferdinand Foch", True),
        ("rue Carnot", "Rue Sadi Carnot", True),
        ("rue du 8 Mai", "Rue du 8 Mai 1945", True),
        ("rue MELLE BOURGEOIS", "Rue Mademoiselle Bourgeois", True),
        ("Grande rue Saint-Michel", "Grande Rue Saint-Michel", True),
        ("rue du 11 Novembre", "Rue du 1 Novembre", False),
        ("rue de Gex", "Rue de Genève", False),
        ("rue d'Aquitaine", "Rue de la Quintaine", False),
        ("rue de Paris", "Rue du Faubourg de Paris", False),
        ("avenue du Capitaine Fonck", "Rue du Capitaine Fonck", False),
        ("rue d'Alsace", "Rue d'Alsace-Lorraine", False),
        ("rue du Général Leclerc", "Rue du Maréchal Leclerc", False),
        ("rue de Gex", "", False),
    ],
)
def test_another_street_goes_to_review_and_a_misspelled_one_does_not(
    asked: str, found: str, accepted: bool
) -> None:
    verdict = judge(replace(ASKED, street=f"12 {asked}"), replace(FOUND, name=found), FERNEY)
    assert (verdict.decision == "accepted") == accepted, verdict


@pytest.mark.parametrize(
    ("asked", "number", "type_", "decision", "precision"),
    [
        ("12 bis rue de Gex", "12bis", "housenumber", "accepted", "address"),
        ("12 bis rue de Gex", "12 bis", "housenumber", "accepted", "address"),
        ("12 bis rue de Gex", "12", "housenumber", "accepted", "address"),
        ("12 rue de Gex", "14", "housenumber", "review", None),
        ("12 rue de Gex", None, "street", "accepted", "street"),
        ("rue de Gex", None, "street", "accepted", "street"),
        ("rue de Gex", "1", "housenumber", "accepted", "street"),
        ("12 rue de Gex", None, "poi", "review", None),
    ],
)
def test_precision_is_what_the_number_allows(
    asked: str, number: str | None, type_: str, decision: str, precision: str | None
) -> None:
    answer = replace(FOUND, housenumber=number, type=type_)
    verdict = judge(replace(ASKED, street=asked), answer, FERNEY)
    assert (verdict.decision, verdict.precision) == (decision, precision)


def test_a_place_name_is_a_locality_but_never_answers_a_street() -> None:
    bourg = replace(FOUND, type="locality", name="Le Bourg", housenumber=None)
    assert judge(replace(ASKED, street="LE BOURG"), bourg, FERNEY).precision == "locality"
    assert judge(replace(ASKED, street="12 Le Bourg"), bourg, FERNEY).precision == "locality"
    assert judge(replace(ASKED, street="12 rue du Bourg"), bourg, FERNEY).decision == "review"
