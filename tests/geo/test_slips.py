"""Two places are one by whatever short form, sign or damage their addresses have."""

import pytest

from geo.address import address_keys, numbered_keys_in, place_keys
from geo.slips import spelled_out

BOBIGNY = "93008"


def places(address: str) -> set[str]:
    """Return by what a place is compared; address: with its town, as a record has it."""
    written = f"{address}\n93000 Bobigny"
    keys = address_keys(None, written, BOBIGNY)
    return {*keys, *place_keys(keys, written, BOBIGNY, "Bobigny")}


@pytest.mark.parametrize(
    ("plain", "other"),
    [
        ("10 boulevard du Lac Haut", "10 Blvd du Lac Haut"),
        ("10 boulevard du Lac Haut", "10 BLVD. DU LAC HAUT"),
        ("10 carrefour du Lac Haut", "10 CAR DU LAC HAUT"),
        ("10 corniche du Lac Haut", "10 COR DU LAC HAUT"),
        ("10 parvis du Lac Haut", "10 PRV DU LAC HAUT"),
        ("10 rocade du Lac Haut", "10 ROC DU LAC HAUT"),
        ("10 esplanade du Lac Haut", "10 bis, Espl. du Lac Haut"),
        ("10 Grande Rue", "10 Grande Rue"),
        ("10 Grande Rue", "10 bis, GRANDE RUE"),
        ("10 Grande Rue", "10 GR"),
        ("10 Grande Rue", "10 Grand'Rue"),
        ("10 Grand-Rue", "10, Grand’ Rue"),
        ("10 Grande Rue", "10 GDE RUE"),
        ("Résidence Haute, 10 Grande Rue", "10 Grande-rue - BP 12"),
        ("10 rue Haute", "10 RUE HAUTE RESIDENCE LES PINS"),
        ("10 rue Haute", "10 rue Haute Le Bourg"),
        ("10 rue Haute", "10 RUE HAUTE ENTREE B"),
        ("10 rue Haute", "10 R HAUTE LIEU DIT LES PINS"),
        ("10 rue Haute", "10 RUE HAUTE CIDEX 12"),
        ("10 rue Haute", "10 rue Haute 3ème"),
        ("10 rue du Lac Haut", "10 rue du Lac Haut ZA des Pins"),
        ("2 Le Clos", "2 LE CLOS"),
        ("5 l'Esplanade", "5 L ESPLANADE"),
        ("8 Le Parc", "8, le Parc"),
        ("10 rue du 8 mai 1945", "10 R DU 8 MAI 45"),
        ("10 rue Haute", "10- rue Haute"),
        ("10 rue Haute", "10. rue Haute"),
        ("10 rue Haute", "8 au 12 rue Haute"),
        ("10 rue Haute", "rue Haute 10"),
        ("10 rue Haute", "Rue Haute - 10"),
        ("10 rue Haute", "RUE HAUTE (10)"),
        ("10 rue Haute", "rue Haute n10"),
        ("10 rue de l'Étoile", "10 rue de l&#39;&Eacute;toile"),
        ("10 rue de l'Étoile", "10&nbsp;rue de l'Étoile"),
        ("10 rue de la Forêt", "10 rue de la ForÃªt"),
    ],
)
def test_a_place_is_one_however_it_is_written(plain: str, other: str) -> None:
    assert places(plain) & places(other)
    assert not places("12 rue Autre") & places(other)


@pytest.mark.parametrize("text", ["Reçoit au 10 blvd du Lac", "Reçoit au 10- boulevard du Lac."])
def test_a_text_names_a_place_by_its_slips_too(text: str) -> None:
    assert "10 BOULEVARD LAC" in numbered_keys_in(text)


@pytest.mark.parametrize("other", ["10 rue Jean Moulin", "10 rue de la Tour", "12 rue Jean Zay"])
def test_places_of_other_names_are_two(other: str) -> None:
    assert not places("10 rue Jean Zay") & places(other)
    assert not places("10 rue du Centre") & places(other)


@pytest.mark.parametrize("text", ["Reçoit au 10 Grande Rue.", "Au 10 grand'rue et au lac"])
def test_a_text_names_the_main_street(text: str) -> None:
    assert "10 GRANDE RUE" in numbered_keys_in(text)


@pytest.mark.parametrize(
    "text",
    [
        *("10 rue Haute", "Route nationale 7", "Bât. 2 - 5 rue Haute", "12 rue du Car", "10 rue Â"),
        *(
            "Place de la Mairie BP 10",
            "Rue Haute CS 123",
            "Avenue Haute bâtiment 3",
            "Rue Haute lot 12",
        ),
    ],
)
def test_what_most_people_write_stays(text: str) -> None:
    assert spelled_out(text) == text
