"""Cells that hold an address, telephones, mailboxes and names of persons together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.packed import Packed, unpack
from tests.importers.conftest import Read, reported

TEL = "+33143939393"
MOBILE = "+33612345678"
LAC = "12 rue du Lac\n93000 Bobigny"


def is_town(name: str) -> bool:
    return name.lower() in {"bobigny", "lille", "baie-mahault"}


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("12 rue du Lac - 93000 Bobigny - Tél : 01 43 93 93 93 - a@b.fr",
         {"address": LAC, "phones": (TEL,), "emails": ("a@b.fr",)}),
        ("12 rue du Lac\n93000 Bobigny\nTél. 01 43 93 93 93\nFax : 01 43 93 93 94\nwww.b.fr",
         {"address": LAC, "phones": (TEL,), "website": "https://www.b.fr"}),
        ("12 rue du Lac, 93000 Bobigny, Tél : 01 43 93 93 93, Mail : a@b.fr, Site : www.b.fr",
         {"address": "12 rue du Lac, 93000 Bobigny", "phones": (TEL,), "emails": ("a@b.fr",),
          "website": "https://www.b.fr"}),
        ("12, rue du Lac / 93000 Bobigny / 01.43.93.93.93 / a@b.fr ; c@d.fr",
         {"address": "12, rue du Lac\n93000 Bobigny", "phones": (TEL,),
          "emails": ("a@b.fr", "c@d.fr")}),
        ("12 rue du Lac - Bobigny - 01 43 93 93 93", {"address": "12 rue du Lac\nBobigny",
                                                      "phones": (TEL,)}),
        ("01 43 93 93 93 12 rue du Lac 93000 Bobigny",
         {"address": "12 rue du Lac 93000 Bobigny", "phones": (TEL,)}),
        ("Tél : 0590 85 19 50 - 97122 Baie-Mahault",
         {"address": "97122 Baie-Mahault", "phones": ("+590590851950",)}),
        ("M. DUPONT Jean, directeur\n01 43 93 93 93 / 94",
         {"contacts": ("M. DUPONT Jean, directeur",), "phones": (TEL, "+33143939394")}),
        ("Mme Le Goff et M. Petit : 01 43 93 93 93",
         {"contacts": ("Mme Le Goff et M. Petit",), "phones": (TEL,)}),
        ("Dr Roux, 3 rue du Dr Roux, 93000 Bobigny",
         {"contacts": ("Dr Roux",), "address": "3 rue du Dr Roux, 93000 Bobigny"}),
        ("12 rue Mme de Sévigné 93000 Bobigny", {"address": "12 rue Mme de Sévigné 93000 Bobigny"}),
        ("12 rue du Lac 93000 Bobigny Mme Durand 01 43 93 93 93",
         {"address": "12 rue du Lac 93000 Bobigny", "contacts": ("Mme Durand",), "phones": (TEL,)}),
        ("Contact : Jean Dupont 06 12 34 56 78",
         {"contacts": ("Jean Dupont",), "phones": (MOBILE,)}),
        ("Jean Dupont j.dupont@b.fr",
         {"contacts": ("Jean Dupont",), "emails": ("j.dupont@b.fr",)}),
        ("Jean Dupont - 01 43 93 93 93", {"contacts": ("Jean Dupont",), "phones": (TEL,)}),
        ("Accueil Jeunes - 01 43 93 93 93", {"rest": "Accueil Jeunes", "phones": (TEL,)}),
        ("Mme Le Goff, CPE, 01 43 93 93 93 poste 12",
         {"contacts": ("Mme Le Goff, CPE",), "phones": (TEL,)}),
        ("Lundi 9h-12h\nsur rendez-vous au 01 43 93 93 93",
         {"hours": "Lundi 9h-12h\nsur rendez-vous", "phones": (TEL,)}),
        ("Coordinatrice : MARTIN Sophie", {"contacts": ("MARTIN Sophie",)}),
        ("Tél : 01 43 93 93 93 / Mob. 06 12 34 56 78 / @ : a@b.fr",
         {"phones": (TEL, MOBILE), "emails": ("a@b.fr",)}),
        ("Tél/Fax : 01 43 93 93 93", {"phones": (TEL,)}),
        ("T : 01 43 93 93 93 F : 01 43 93 93 94", {"phones": (TEL,)}),
        ("3919", {"phones": ("3919",)}),
        # Its zero was lost; a SIREN, or what may be one, is no phone.
        ("143939393", {"phones": (TEL,)}),
        ("1 43 93 93 93", {"phones": (TEL,)}),
        ("732829320", {"rest": "732829320"}),
        ("784671695", {"rest": "784671695"}),
        ("Mme Durand\n6 12 34 56 78", {"contacts": ("Mme Durand",), "phones": (MOBILE,)}),
        ("Du lundi au vendredi 9h-12h / 14h-17h - 01 43 93 93 93",
         {"hours": "Du lundi au vendredi 9h-12h / 14h-17h", "phones": (TEL,)}),
        ("Hôpital Avicenne, 125 rue X, 93000 Bobigny",
         {"address": "Hôpital Avicenne, 125 rue X, 93000 Bobigny"}),
        ("25 - 27 rue Haxo - 75020 Paris", {"address": "25 - 27 rue Haxo\n75020 Paris"}),
        ("1 rue du Lac", {"address": "1 rue du Lac"}),
        ("demander le code à l'accueil", {"rest": "demander le code à l'accueil"}),
        ("01 43 93", {"rest": "01 43 93"}),
        ("", {}),
    ],
)  # fmt: skip
def test_each_thing_of_a_cell_goes_to_its_own_field(text: str, held: dict[str, object]) -> None:
    found = unpack(text, "93", is_town)._replace(phone_text=None, email_text=None)
    assert found == Packed(**held)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "Jean DUPONT\n12 rue du Lac\n93000 Bobigny",
        "Jean Dupont 12 rue du Lac, 93000 Bobigny",
        "Jean Dupont, 12 rue du Lac, 93000 Bobigny",
        "12 rue du Lac - Jean Dupont - 93000 Bobigny",
        "12 rue du Lac, 93000 Bobigny, Jean Dupont",
        "12 rue du Lac 93000 Bobigny Jean Dupont",
        "Adresse : 12 rue du Lac, chez M. Dupont, 93000 Bobigny",
        "12 rue du Lac 93000 Bobigny Tél : 01 43 93 93 93 Jean Dupont",
    ],
)
def test_a_name_is_never_part_of_an_address(text: str) -> None:
    found = unpack(text, "93", is_town)
    assert "12 rue du Lac" in (found.address or "")
    assert "upont" not in (found.address or "").lower()
    assert "upont" in f"{found.contacts} {found.rest}".lower()


def test_words_around_a_number_stay_with_it_since_they_may_forbid_to_give_it() -> None:
    assert unpack("12 rue X, 06 12 34 56 78 (perso)", "93").phone_text == "06 12 34 56 78 (perso)"
    assert unpack("Ne pas donner : 06 12 34 56 78", "93").phone_text == (
        "Ne pas donner : 06 12 34 56 78"
    )
    named = unpack("M. Jean Dupont\n01 43 93 93 93\n06 12 34 56 78\n1 rue X\n119", "93")
    assert (named.phone_text or "").split("\n") == [
        *("M. Jean Dupont 01 43 93 93 93", "M. Jean Dupont 06 12 34 56 78"),
        "119",
    ]


def test_a_mobile_below_a_name_stays_unpublished(read: Read) -> None:
    text = 'Nom;Type;Ville;Contacts\nA;ASE;Bobigny;"Mme Durand\n06 12 34 56 78"\n'
    (row,) = read(text).rows
    assert (row.phones, row.unpublished) == ((MOBILE,), (MOBILE,))


@given(st.text(alphabet="aM. 0619@:,-/\nTélh()", max_size=60))
def test_any_text_is_split_without_a_fault(text: str) -> None:
    unpack(text, "93", is_town)


def test_a_packed_column_fills_what_has_no_column_of_its_own(read: Read) -> None:
    cell = "M. Jean Dupont\n1 rue du Lac, 93000 Bobigny\n01 43 93 93 93, a@b.fr\nparking"
    result = read(f'Nom;Type;Adresse – Téléphone – Mail;Mail\nA;ASE;"{cell}";c@d.fr\n')
    (row,) = result.rows
    assert (row.street, row.commune, row.phones) == ("1 rue du Lac", "93008", (TEL,))
    assert (row.emails, row.contacts) == (("c@d.fr",), ("M. Jean Dupont",))
    assert "Dupont" not in (row.address or "")
    (problem,) = result.problems
    assert (problem.value, problem.fatal) == ("parking", False)


def test_a_column_of_coordinates_may_hold_all_of_them(read: Read) -> None:
    cell = "12 rue du Lac - 93000 Bobigny - Tél : 01 43 93 93 93 - a@b.fr"
    result = read(f"Nom;Type;Coordonnées\nA;ASE;{cell}\n")
    (row,) = result.rows
    assert (row.street, row.phones, row.emails) == ("12 rue du Lac", (TEL,), ("a@b.fr",))


def test_a_sector_is_a_category_where_its_words_are_those_of_categories(read: Read) -> None:
    result = read("Nom;Secteur;Ville\nA;ASE;Bobigny\nB;PJJ;Bobigny\nC;Autre chose;Bobigny\n")
    assert result.mapping["Secteur"] == "category"
    assert [row.category for row in result.rows[:2]] == ["ase", "pjj"]


def test_a_sector_of_a_territory_is_no_category(read: Read) -> None:
    result = read("Nom;Secteur;Type;Ville\nA;Nord;ASE;Bobigny\nB;Sud;PJJ;Bobigny\n")
    assert "Secteur" not in result.mapping
    assert [row.category for row in result.rows] == ["ase", "pjj"]
    result = read("Nom;Secteur;Ville\nASE de Bobigny;Nord;Bobigny\nPJJ;Sud;Bobigny\n")
    assert [row.category for row in result.rows] == ["ase", "pjj"]
    assert "Nord" not in {each.value for each in result.problems}


def test_a_town_alone_in_a_packed_cell_is_the_city(read: Read) -> None:
    (row,) = read("Nom;Type;Coordonnées\nA;ASE;Bobigny\n").rows
    assert (row.city, row.commune, row.address) == ("Bobigny", "93008", "Bobigny")


@pytest.mark.parametrize("title", ["Coordonnées complètes", "Contacts"])
def test_a_refused_number_of_a_packed_cell_is_kept_unpublished(read: Read, title: str) -> None:
    result = read(f"Nom;Type;Ville;{title}\nA;ASE;Bobigny;06 12 34 56 78 (ne pas diffuser)\n")
    assert result.rows[0].phones == result.rows[0].unpublished == ("+33612345678",)
    assert title in reported(result)


def test_one_contact_is_a_person_and_no_packed_cell(read: Read) -> None:
    result = read("Nom;Type;Ville;Contact\nA;ASE;Bobigny;Jean Dupont 06 12 34 56 78\n")
    assert "packed" not in result.mapping.values()


def test_a_word_that_is_left_over_of_a_cell_may_still_hide(read: Read) -> None:
    cell = "siège : 9 rue du Lac ; appartements : 5 rue X ; 93000 Bobigny"
    (row,) = read(f'Nom;Type;Coordonnées complètes\nA;Association;"{cell}"\n').rows
    assert ("mentions", "unread") in [(sign.says, sign.field) for sign in row.signs]


@pytest.mark.parametrize("title", ["Coordonnées complètes", "Adresse"])
@pytest.mark.parametrize(
    "cell",
    [
        "Adresse confidentielle (X, 4 rue Haute 93000 Bobigny)",
        "Adresse confidentielle (4 rue Haute, 93000 Bobigny)",
        "Les Lilas [adresse confidentielle : 4 rue Haute 93000 Bobigny]",
    ],
)
def test_a_confidential_address_in_brackets_is_kept_hidden_with_its_postcode(
    read: Read, title: str, cell: str
) -> None:
    (row,) = read(f'Nom;Type;{title}\nA;Association;"{cell}"\n').rows
    assert (row.postcode, row.territory) == ("93000", "93")
    assert "secret" in {sign.says for sign in row.signs}


def test_what_stands_behind_a_bracket_and_its_town_is_no_town() -> None:
    found = unpack("Discret (4 rue du Lac, 93000 Bobigny), sonner", "93", is_town)
    assert (found.address, found.rest) == ("4 rue du Lac, 93000 Bobigny", "Discret (\nsonner")
