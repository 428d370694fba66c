"""Where an actor of a list is: its commune, its point, and what it covers."""

import pytest

from importers import errors
from tests.importers.conftest import Read, fatal, reported, workbook


def test_an_address_in_one_cell_gives_its_commune(read: Read) -> None:
    (row,) = read("Nom;Type;Adresse complète\nA;ASE;20 rue du Lac, 69505 Lyon Cedex 03\n").rows
    assert (row.street, row.postcode, row.city) == ("20 rue du Lac", "69505", "Lyon")
    assert (row.commune, row.territory) == ("69123", "69M")
    assert row.address is not None
    assert "Cedex" in row.address


def test_an_address_that_names_no_commune_is_said_to_have_none(read: Read) -> None:
    titles = "Nom;Type;Adresse;CP;Commune\n"
    result = read(f"{titles}A;ASE;6 rue du Puits - Villenouvelle;;\n", territory="93")
    assert result.rows[0].commune is None
    assert ["Aucune commune" in each.message for each in result.problems] == [True]
    assert not read(f"{titles}A;ASE;6 rue du Puits 93000 Bobigny;;\n", territory="93").problems
    # It is said once.
    (wrong,) = read(f"{titles}A;ASE;6 rue du Puits;;Bobingy\n", territory="93").problems
    assert "pas reconnue" in wrong.message


def test_a_commune_is_never_found_by_its_postcode_alone(read: Read) -> None:
    with pytest.raises(errors.NoUsableLine, match="ligne 2") as caught:
        read("Nom;Type;CP;Commune\nA;ASE;01200;\n")
    assert fatal(caught.value.result)


@pytest.mark.parametrize(
    ("cells", "territory", "commune"),
    [
        ("93200;Saint-Denis;", None, "93066"),
        ("97400;ST DENIS;", None, "97411"),
        (";Saint-Denis;La Réunion", None, "97411"),
        (";Saint-Denis;", "93", "93066"),
        ("01200;Éloise;", None, "74151"),
        ("01200;Châtillon-en-Michaille;", None, "01033"),
        ("91000;Courcouronnes;", None, "91228"),
        ("69003;Lyon 3e;", None, "69123"),
        ("93000;BOBIGNY CEDEX;", None, "93008"),
    ],
)
def test_communes_are_found_by_name_with_what_the_line_adds(
    read: Read, cells: str, territory: str | None, commune: str
) -> None:
    result = read(f"Nom;Type;CP;Commune;Département\nA;ASE;{cells}\n", territory=territory)
    assert result.rows[0].commune == commune


def test_a_name_of_several_communes_is_refused_without_more(read: Read) -> None:
    with pytest.raises(errors.NoUsableLine):
        read("Nom;Type;Commune\nA;ASE;Saint-Denis\n")


def test_an_arrondissements_code_is_its_commune(read: Read) -> None:
    (row,) = read("Nom;Type;Code INSEE\nA;ASE;69383\n").rows
    assert (row.commune, row.territory) == ("69123", "69M")


def test_a_neighbours_actor_keeps_its_own_territory_and_is_reported(read: Read) -> None:
    result = read("Nom;Type;CP;Commune\nA;ASE;59000;Lille\n", territory="93")
    assert result.rows[0].territory == "59"
    assert reported(result) == ["Commune"]


def test_lyon_in_a_list_of_the_rhone_is_no_surprise(read: Read) -> None:
    result = read("Nom;Type;CP;Commune\nA;ASE;69003;Lyon\n", territory="69")
    assert result.rows[0].territory == "69M"
    assert result.problems == ()


@pytest.mark.parametrize(
    ("lat", "lon", "word"),
    [
        ("2,4450", "48,9061", "inversées"),
        ("0", "0", "(0, 0)"),
        ("43.3", "5.4", "Bobigny"),
        ("6866592.58", "650912.61", "mètres"),
        ("500", "2.4450", "Une latitude est entre -90 et 90"),
        ("48.9061", "244.5", "Une longitude est entre -180 et 180"),
        ("nord", "est", "illisibles"),
        ("48.9061", "", "illisibles"),
    ],
)
def test_wrong_coordinates_are_reported_and_left_out(
    read: Read, lat: str, lon: str, word: str
) -> None:
    result = read(f"Nom;Type;CP;Commune;Latitude;Longitude\nA;ASE;93000;Bobigny;{lat};{lon}\n")
    (row,) = result.rows
    assert (row.lon, row.lat, row.precision) == (None, None, None)
    (problem,) = result.problems
    assert not problem.fatal
    assert word in problem.message


def test_a_point_in_the_farthest_corner_of_its_commune_is_taken(read: Read) -> None:
    """170 km from the town of Maripasoula, on the border with Suriname and Brazil."""
    result = read("Nom;Type;Commune;Latitude;Longitude\nA;ASE;Maripasoula;2.1131;-54.1421\n")
    assert result.problems == ()
    assert (result.rows[0].lat, result.rows[0].lon) == (2.1131, -54.1421)


@pytest.mark.parametrize("pair", ["48.9061, 2.4450", "48,9061 ; 2,4450", "48.9061 2.4450"])
def test_both_coordinates_in_one_cell_are_read(read: Read, pair: str) -> None:
    rows = [["Nom", "Type", "Commune", "GPS"], ["A", "ASE", "Bobigny", pair]]
    (row,) = read(workbook(*rows), "l.xlsx").rows
    assert (row.lon, row.lat, row.precision) == (2.4450, 48.9061, "address")


@pytest.mark.parametrize(
    ("cell", "field", "value"),
    [
        ("1 rue du Lac", "street", "1 rue du Lac"),
        ("01 43 93 93 93", "phones", ("+33143939393",)),
        ("Tél. : 01 43 93 93 93", "phones", ("+33143939393",)),
        ("48,9061 ; 2,4450", "lat", 48.9061),
        ("POINT(2.4450 48.9061)", "lat", 48.9061),
        ("a@b.fr", "emails", ("a@b.fr",)),
    ],
)
def test_a_column_of_coordinates_is_what_its_cells_hold(
    read: Read, cell: str, field: str, value: object
) -> None:
    result = read(f'Nom;Type;Ville;Coordonnées\nA;ASE;Bobigny;"{cell}"\n')
    assert result.problems == ()
    assert getattr(result.rows[0], field) == value


@pytest.mark.parametrize(
    ("cells", "postcode", "last", "commune"),
    [
        ("75010 CEDEX 10;Paris", "75010", "75010 Paris CEDEX 10", "75056"),
        ("93000 Cedex;Bobigny", "93000", "93000 Bobigny Cedex", "93008"),
        ("93 000 Cedex;BOBIGNY CEDEX", "93000", "93000 BOBIGNY CEDEX", "93008"),
        ("93000 Bobigny;", "93000", "93000 Bobigny", "93008"),
        ("93000 Bobigny;Bobigny", "93000", "93000 Bobigny", "93008"),
    ],
)
def test_words_behind_a_postcode_leave_it_its_digits(
    read: Read, cells: str, postcode: str, last: str, commune: str
) -> None:
    result = read(f"Nom;Type;Adresse;CP;Ville\nA;ASE;1 rue du Lac;{cells}\n")
    (row,) = result.rows
    assert result.problems == ()
    assert (row.postcode, row.commune) == (postcode, commune)
    assert row.address == f"1 rue du Lac\n{last}"


@pytest.mark.parametrize(("code", "why"), [("99999", "99999 n'existe pas"), ("930", "cinq chiff")])
def test_a_wrong_postcode_is_reported_for_what_it_is(read: Read, code: str, why: str) -> None:
    result = read(f"Nom;Type;CP;Ville\nA;ASE;{code};Bobigny\n")
    (problem,) = result.problems
    assert (problem.column, problem.fatal) == ("CP", False)
    assert why in problem.message


def test_coverage_is_read_as_territories_and_communes(read: Read) -> None:
    text = (
        'Nom;Type;Commune;Zone d\'intervention\nA;ASE;Bobigny;"Montreuil ; Bobigny"\n'
        "B;ASE;Bobigny;Seine-Saint-Denis, Paris\nC;ASE;Bobigny;national\nD;ASE;Bobigny;Ailleurs\n"
    )
    result = read(text)
    a, b, c, d = result.rows
    assert a.covers_communes == ("93048", "93008")
    assert b.covers_territories == ("93", "75")
    assert c.covers_national
    assert not d.covers_territories
    assert reported(result) == ["Zone d'intervention"]


def test_a_code_that_contradicts_the_name_of_the_commune_is_reported(read: Read) -> None:
    result = read("Nom;Type;Commune;Code INSEE\nA;ASE;Lille;93008\n")
    assert result.rows[0].commune == "93008"
    assert reported(result) == ["Code INSEE"]


@pytest.mark.parametrize("title", ["CP VILLE", "Code postal - Ville", "CP et commune"])
def test_postcode_and_town_in_one_column_are_read(read: Read, title: str) -> None:
    (row,) = read(f"NOM;ADRESSE;{title};TYPE\nA;1 rue X;93000 Bobigny;CRIP\n").rows
    assert (row.commune, row.address) == ("93008", "1 rue X\n93000 Bobigny")


@pytest.mark.parametrize(
    ("cell", "postcode", "number"),
    [
        ("93000 01 99 00 00 10", "93000", "01 99 00 00 10"),
        ("93 000 - 0199000010", "93000", "01 99 00 00 10"),
        ("93000 tél. 01·99·00·00·10", "93000", "01 99 00 00 10"),
        ("01 99 00 00 10", None, "01 99 00 00 10"),
        ("0199000010", None, "01 99 00 00 10"),
        ("+33 1 99 00 00 10", None, "01 99 00 00 10"),
    ],
)
def test_a_number_in_the_cell_of_a_postcode_is_read_with_the_address(
    read: Read, cell: str, postcode: str | None, number: str
) -> None:
    result = read(f"Nom;Type;Adresse;CP;Commune\nA;ASE;10 rue X;{cell};Bobigny\n")
    (row,) = result.rows
    assert (row.postcode, row.commune, row.street) == (postcode, "93008", "10 rue X")
    assert number in (row.address or "")
    assert reported(result) == ["CP"]
    (alone,) = read(f"Nom;Type;CP;Commune\nA;ASE;{cell};Bobigny\n").rows
    assert number in (alone.address or "")


@pytest.mark.parametrize(
    "cell", ["930000492", "130 025 265", "13002526500013", "93000 93008", "01000 - 01100 01200"]
)
def test_another_number_in_the_cell_of_a_postcode_is_no_telephone(read: Read, cell: str) -> None:
    (row,) = read(f"Nom;Type;Adresse;CP;Commune\nA;ASE;10 rue X;{cell};Bobigny\n").rows
    assert (row.address or "").startswith("10 rue X\n")


@pytest.mark.parametrize("title", ["Adresse", "Adresse et tél"])
def test_a_commune_that_is_not_known_is_said_of_the_column_it_was_read_in(
    read: Read, title: str
) -> None:
    result = read(f"Nom;Type;{title}\nA;ASE;2 place de la Gare 93999 BOBIGGNY\n", territory="93")
    (problem,) = (each for each in result.problems if "commune" in each.message)
    assert (problem.line, problem.column) == (2, title)
