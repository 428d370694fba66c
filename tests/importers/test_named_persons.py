"""An actor that is called as a person is personal data: hidden until somebody answers."""

import pytest

from importers.chosen import Chosen
from importers.persons import CIVILITIES
from importers.row import Sign
from tests.importers.conftest import Read
from tests.importers.test_accommodation import row_of


@pytest.mark.parametrize(
    ("name", "civility"),
    [
        ("Mme Durand", "mme"), ("M. Paul Martin", "m"), ("Madame X, accueil à domicile", "madame"),
        ("MME DURAND SYLVIE", "mme"), ("M MARTIN", "m"), ("Mr et Mme Petit", "mr"),
        ("M. et Mme Petit", "m"), ("DURAND Sylvie (Mme)", "mme"), ("Chez Mme Durand", "mme"),
        ("Psychologue : Mme Durand", "mme"), ("mademoiselle durand", "mademoiselle"),
        ("Mme Durand, 3 rue Haute", "mme"), ("M. Martin, résidence Les Pins", "m"),
    ],
)  # fmt: skip
def test_a_person_is_hidden_as_a_whole(read: Read, name: str, civility: str) -> None:
    signs = row_of(read, Nom=name).signs
    # A fact to look at, and nobody's demand.
    assert Sign(says="person", word=civility, field="name") in signs
    assert "secret" not in {sign.says for sign in signs}
    assert civility in CIVILITIES


@pytest.mark.parametrize(
    "name",
    [
        "Maison des droits Mme Curie", "Fondation Madame Veuve", "Centre Monsieur Vincent",
        "École M. et Mme Curie", "Collège Mme de Sévigné", "Association M. Hulot", "Les 3 M",
        "Les Amis de Madame Rose", "Radio M Lille", "Mission locale", "Madame", "SOS M",
        "CIDFF Bourg-Madame 66", "Permanence rue Madame 2", "Villa Mme Rose",
    ],
)  # fmt: skip
def test_what_is_called_after_a_person_is_none(read: Read, name: str) -> None:
    assert not {"secret", "person"} & {sign.says for sign in row_of(read, Nom=name).signs}


def test_the_report_says_it_and_does_not_repeat_the_name(read: Read) -> None:
    result = read("Nom;Type;Commune\nMme Durand;Association;Bobigny\n")
    (problem,) = result.problems
    assert (problem.column, problem.value, problem.fatal) == ("Nom", "", False)
    assert "données personnelles" in problem.message


MIXED = Chosen(columns={"coordonnees des contacts": "packed"})


@pytest.mark.parametrize(
    ("phone", "contact", "public"),
    [
        # The number of the switchboard stays that of the service, whoever it stands beside.
        ("03 20 00 00 00", "Mme Vial (cheffe de service) 03 20 00 00 00", True),
        ("03 20 00 00 00", "Standard 03.20.00.00.00 – M. Vial", True),
        ("Accueil : 03 20 00 00 00", "vial@example.org - 0320000000", True),
        # Without another column nobody knows whose it is, and what refuses or may be a person's own
        # is theirs wherever else it stands.
        ("", "Standard 03 20 00 00 00", False),
        ("03 20 00 00 01", "Mme Vial 03 20 00 00 00", False),
        ("Mme Vial 03 20 00 00 00", "Mme Vial 03 20 00 00 00", False),
        ("03 20 00 00 00 ne pas diffuser", "Mme Vial 03 20 00 00 00", False),
        ("03 20 00 00 00", "Mme Vial 03 20 00 00 00 (ne pas diffuser)", False),
        ("03 20 00 00 00", "ligne directe de Mme Vial 03 20 00 00 00", False),
        ("03 20 00 00 00", "Mme Vial, direct : 03 20 00 00 00", False),
        ("03 20 00 00 00", "Mme Vial (LD) 03 20 00 00 00", False),
        ("03 20 00 00 00", "astreinte Mme Vial 03 20 00 00 00", False),
    ],
)
def test_a_number_that_the_line_gives_to_anybody_is_not_taken_away_with_a_contact(
    read: Read, phone: str, contact: str, public: bool
) -> None:
    text = f"Nom;Catégorie;Ville;Tél;Coordonnées des contacts\nASE;ASE;Lille;{phone};{contact}\n"
    (row,) = read(text, chosen=MIXED).rows
    number = "+33320000000"
    assert (number in {*row.phones} - {*row.unpublished}) is public
    assert "Vial" not in f"{row.name} {row.description}"


def test_a_mobile_or_a_mailbox_of_a_contact_stays_theirs(read: Read) -> None:
    cells = "06 11 22 33 44;accueil@example.org;M. Vial 06 11 22 33 44 vial@example.org"
    titles = "Tél;Mail;Coordonnées des contacts"
    (row,) = read(f"Nom;Catégorie;Ville;{titles}\nASE;ASE;Lille;{cells}\n", chosen=MIXED).rows
    assert {"+33611223344", "vial@example.org"} <= {*row.unpublished}
    assert "accueil@example.org" not in row.unpublished
    # What a name alone withholds another source may give; a mobile it may not.
    assert row.beside_names == ()


def test_a_landline_beside_a_contact_says_nothing_of_one_that_another_source_gives(
    read: Read,
) -> None:
    text = "Nom;Catégorie;Ville;Coordonnées des contacts\nASE;ASE;Lille;Mme Vial 03 20 00 00 00\n"
    (row,) = read(text, chosen=MIXED).rows
    assert row.unpublished == row.beside_names == ("+33320000000",)


def test_a_column_of_contacts_gives_nobody_s_number_to_anybody(read: Read) -> None:
    chosen = Chosen(columns={"contacts": "packed", "interlocuteur": "phone"})
    cells = '"03 20 00 00 01\nMme Vial";Mme Vial 03 20 00 00 01'
    (row,) = read(
        f"Nom;Catégorie;Ville;Contacts;Interlocuteur\nASE;ASE;Lille;{cells}\n", chosen=chosen
    ).rows
    assert "+33320000001" in row.unpublished


def test_a_number_under_the_title_of_an_office_is_its_holder_s(read: Read) -> None:
    chosen = Chosen(columns={"coordinatrice": "phone"})
    (row,) = read(
        "Nom;Catégorie;Ville;Coordinatrice\nASE;ASE;Lille;03 20 00 00 00\n", chosen=chosen
    ).rows
    assert row.unpublished == ("+33320000000",)
    assert row.beside_names == ()
