"""What is a person's is not published; the service's own is."""

import pytest

from importers.persons import beside_numbers, own_mailbox
from importers.phones import find_phones
from importers.problems import UNKNOWN_CATEGORY, similar
from tests.importers.conftest import Read

OWN = [
    "marie.dupont@lenord.fr",
    "m.dupont@asso.fr",
    "jean-pierre.martin@justice.fr",
    "mdupont@asso.fr",
    "dupont@asso.fr",
    "pierre_durand@gmail.com",
    "marie.lille@gmail.com",
    "dr.martin@cabinet.fr",
]
OF_SERVICES = [
    "contact@asso.fr",
    "accueil.bobigny@asso.fr",
    "crip59@lenord.fr",
    "crip@lenord.fr",
    "service.enfance@lenord.fr",
    "asso.lilas@gmail.com",
    "lesentier@wanadoo.fr",
    "ddsp85@interieur.gouv.fr",
    "cob.st-benoit@gendarmerie.interieur.gouv.fr",
    "cidff.lille@gmail.com",
    "lille@cidff59.fr",
    "secretariat-pediatrie@chu-lille.fr",
    "mda@chu-lille.fr",
]


@pytest.mark.parametrize("mail", OWN)
def test_a_mailbox_with_the_form_of_a_name_is_a_persons(mail: str) -> None:
    assert own_mailbox(mail, "Le Sentier Lille")


@pytest.mark.parametrize("mail", OF_SERVICES)
def test_a_mailbox_with_a_word_of_a_service_or_its_name_is_not(mail: str) -> None:
    assert not own_mailbox(mail, "Le Sentier Lille")


@pytest.mark.parametrize(
    ("cell", "numbers", "names"),
    [
        ("01 43 93 93 93", (), ()),
        ("01 43 93 93 93 (standard)", (), ()),
        ("Accueil 01 43 93 93 93 / secrétariat 01 43 93 93 94", (), ()),
        ("Bobigny : 01 43 93 93 93", (), ()),
        ("02 51 45 16 00 / appeler le 17 en cas d'urgence", (), ()),
        ("portable 06 12 34 56 78", (), ()),
        ("Accueil 01 43 93 93 93 / Mme Dupont 06 12 34 56 78", ("+33612345678",), ("Mme Dupont",)),
        ("Mme Dupont, 06 12 34 56 78", ("+33612345678",), ("Mme Dupont",)),
        ("06 12 34 56 78 (M. Martin)", ("+33612345678",), ("M. Martin",)),
        ("Jean Dupont : 01 43 93 93 93", ("+33143939393",), ("Jean Dupont",)),
        ("Sophie 06 12 34 56 78", ("+33612345678",), ()),
        ("Ligne directe : 01 43 93 93 93", ("+33143939393",), ()),
        ("Directrice 06 12 34 56 78", ("+33612345678",), ()),
    ],
)
def test_a_number_beside_a_name_is_a_persons(
    cell: str, numbers: tuple[str, ...], names: tuple[str, ...]
) -> None:
    found = beside_numbers(cell, lambda text: find_phones(text, "93")[0], "Bobigny")
    assert (found.numbers, found.names) == (numbers, names)


def test_what_is_a_persons_is_kept_unpublished_with_the_name_apart(read: Read) -> None:
    (row,) = read(
        "Nom;Type;Commune;Tél;Mail\n"
        "CIDFF;Association;Bobigny;01 43 93 93 93 / Mme Dupont 06 12 34 56 78;"
        "contact@cidff93.fr, marie.dupont@cidff93.fr\n"
    ).rows
    assert row.phones == ("+33143939393", "+33612345678")
    assert row.emails == ("contact@cidff93.fr", "marie.dupont@cidff93.fr")
    assert row.unpublished == ("+33612345678", "marie.dupont@cidff93.fr")
    assert row.contacts == ("Mme Dupont",)


def test_a_column_of_direct_mailboxes_is_kept_unpublished(read: Read) -> None:
    (row,) = read(
        "Nom;Type;Commune;Mail;Mail direct\n"
        "CIDFF;Association;Bobigny;contact@cidff93.fr;accueil2@cidff93.fr\n"
    ).rows
    assert row.emails == ("contact@cidff93.fr", "accueil2@cidff93.fr")
    assert row.unpublished == ("accueil2@cidff93.fr",)


def test_an_unknown_category_is_reported_of_each_line_and_shown_once(read: Read) -> None:
    lines = "".join(f"A{at};Restaurant{'s' * (at % 2)};Bobigny\n" for at in range(5))
    result = read(f"Nom;Type;Commune\n{lines}CIDFF;Truc;Bobigny\nB;Truc;Bobigny\n")
    assert [row.category for row in result.rows] == ["a_classer"] * 5 + ["association", "a_classer"]
    assert [problem.line for problem in result.problems] == [2, 3, 4, 5, 6, 7, 8]
    first, named, other = similar(result.problems)
    assert [each.line for each in first] == [2, 3, 4, 5, 6]
    assert "d'après son nom" in named[0].message
    assert [each.message for each in other] == [UNKNOWN_CATEGORY]


@pytest.mark.parametrize(
    "text",
    [
        "Contact : Mme Petit 06 12 34 56 78",
        "relancer Mme Dubois en mars",
        "Directeur : jean.dupont@asso.example",
        "tél. perso de la directrice",
    ],
)
def test_a_description_that_names_somebody_is_not_taken_and_the_line_says_so(
    read: Read, text: str
) -> None:
    result = read(f"Nom;Type;Commune;Tél;Description\nA;ASE;Bobigny;06 98 76 54 32;{text}\n")
    (row,) = result.rows
    assert row.description is None
    assert [problem.column for problem in result.problems] == ["Description"]
    assert bool(row.unpublished) == ("perso" in text)


def test_a_description_of_the_service_is_taken(read: Read) -> None:
    text = "Accueil 01 43 93 93 93, contact@asso.fr, au centre Pierre Mendès France"
    (row,) = read(f"Nom;Type;Commune;Description\nA;ASE;Bobigny;{text}\n").rows
    assert row.description == text


@pytest.mark.parametrize(
    "text",
    [
        "Contacter Claire Morvan",
        "Référente : C. Morvan",
        "Permanence assurée par Claire MORVAN",
        "Écoute le lundi, demander Claire Morvan",
        "Directrice Claire Morvan",
    ],
)
def test_a_description_that_names_who_answers_is_not_taken(read: Read, text: str) -> None:
    result = read(f"Nom;Type;Commune;Description\nA;Association;Bobigny;{text}\n")
    assert result.rows[0].description is None
    assert [problem.column for problem in result.problems] == ["Description"]


@pytest.mark.parametrize(
    "text",
    [
        "Contacter le secrétariat",
        "Contact : Maison des Adolescents",
        "Permanence assurée par France Victimes",
        "Rendez-vous auprès de la Mission Locale",
        "Responsable de la CRIP",
        "Contacter Bobigny",
    ],
)
def test_a_description_that_names_services_is_taken(read: Read, text: str) -> None:
    assert read(f"Nom;Type;Commune;Description\nA;CIDFF;Bobigny;{text}\n").rows[0].description


@pytest.mark.parametrize(
    ("cell", "by_name"),
    [
        ("Mme Dupont – 01 43 93 93 93", ("+33143939393",)),
        ("Mme Dupont 06 12 34 56 78", ()),
        ("Mme Dupont, directrice : 01 43 93 93 93", ()),
        ("Mme Dupont, ligne directe 01 43 93 93 93", ()),
        ("Mme Dupont 01 43 93 93 93 (ne pas diffuser)", ()),
        ("Éducatrice 01 43 93 93 93", ()),
    ],
)
def test_a_number_that_only_a_name_withholds_is_known_as_such(
    read: Read, cell: str, by_name: tuple[str, ...]
) -> None:
    (row,) = read(f"Nom;Type;Commune;Tél\nCIDFF;Association;Bobigny;{cell}\n").rows
    assert len(row.unpublished) == 1
    assert row.beside_names == by_name
