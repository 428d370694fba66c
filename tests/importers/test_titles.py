"""Titles as departements write them: whose a column is changes nothing of what it holds."""

import pytest

from importers.mapping import field_of, guess
from tests.importers.conftest import Read


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("Tél. accueil", "phone"),
        ("Téléphone de l'accueil", "phone"),
        ("Tél secrétariat", "phone"),
        ("Tel. association", "phone"),
        ("N° de tél. du service", "phone"),
        ("Num tél", "phone"),
        ("Mail générique", "email"),
        ("Courriel de l'établissement", "email"),
        ("Adresse mail du service", "email"),
        ("Site internet de l'association", "website"),
        ("Horaires d'accueil", "opening_hours"),
        ("Horaires du service", "opening_hours"),
        ("Ce qu'ils font", "functions"),
        ("Ce que fait la structure", "functions"),
        ("Missions du service", "functions"),
        ("Prestations proposées", "functions"),
        ("Présentation de la structure", "description"),
        ("Public visé", "audiences"),
        ("Âge accueilli", "ages"),
        ("Type de lieu", "category"),
        ("Nom du dispositif", "name"),
        ("Ville de l'antenne", "city"),
        ("Code postal structure", "postcode"),
        ("Adresse de l'association", "address"),
        ("SIRET de l'association", "siret"),
        ("Structure / dispositif", "name"),
        ("Établissement ou service", "name"),
        ("Nom (structure)", "name"),
        ("Téléphone / portable", "phone"),
        ("Nom / Sigle", "name"),
        ("Publics et âges", "audiences"),
        ("Type (ASE, PJJ, asso…)", "category"),
        ("Catégorie (liste déroulante)", "category"),
        ("Âge (ans)", "ages"),
        ("Ages pris en charge", "ages"),
        ("Jours & heures", "opening_hours"),
        ("N° et rue", "address"),
        ("Ville d'implantation", "city"),
        ("Mails", "email"),
    ],
)
def test_a_title_is_known_whosever_it_says_the_column_is(title: str, field: str) -> None:
    assert guess([title]).columns == {title: field}


@pytest.mark.parametrize(
    "title",
    [
        "Capacité d'accueil", "Lieu d'accueil", "Type d'accueil", "Accueil public", "Accueil",
        "Responsable du service", "Contact structure", "Nom du directeur", "Tél. éducateur",
        "Tél. de nuit accueil", "Numéro de service", "Secteur du service", "Date de l'accueil",
        "Accueil de nuit", "Mail du responsable", "Établissement principal", "Asso. sans lieu",
        "Adresse du lieu", "Adresse du dispositif", "Adresse de l'antenne",
        "Adresse du siège", "Adresse (confidentielle)", "Téléphone (personnel)",
        "Mail (directrice)",
        "Service / responsable", "Nom / prénom", "Adresse / dispositif", "Nature / missions",
    ],
)  # fmt: skip
def test_what_counts_or_names_somebody_is_no_column_of_the_structure(title: str) -> None:
    assert field_of(title) is None or field_of(title)[0].endswith("_withheld")  # type: ignore[index]


def test_the_plain_title_is_read_before_one_that_says_more() -> None:
    titles = ["Ville du service", "Ville"]
    assert guess(titles).columns == {"Ville": "city"}


def test_an_association_without_a_place_of_its_own_keeps_its_address_to_itself(read: Read) -> None:
    (row,) = read("Nom;Type;Commune\nLes Voisines;Asso. sans lieu;Bobigny\n").rows
    assert row.category == "association"
    assert [(sign.says, sign.field) for sign in row.signs] == [("mentions", "category")]
