"""From the lines of a list to actors, problems, and lines without an actor."""

import csv
import io

import pytest
from pydantic import ValidationError

from geo.gazetteer import Gazetteer
from importers import errors, mapping
from importers.identity import identity_key
from importers.reading import read_list
from importers.report import defuse, write_report
from importers.row import Phone, ReadResult
from tests.importers.conftest import Read, workbook


def fatal(result: ReadResult) -> list[tuple[int, str]]:
    return [(p.line, p.message) for p in result.problems if p.fatal]


def told(result: ReadResult) -> list[str | None]:
    return [p.column for p in result.problems if not p.fatal]


def test_columns_are_guessed_from_their_titles_and_the_guess_is_given(read: Read) -> None:
    text = (
        "Dénomination;Catégorie;N° et voie;CP;Ville;Téléphonne;Courriel;Responsable;Avis libre\n"
        "A;CRIP;1 rue X;93000;Bobigny;119;a@b.fr;Une personne;x\n"
    )
    result = read(text)
    assert result.mapping_guessed
    assert result.mapping == {
        "Dénomination": "name",
        "Catégorie": "category",
        "N° et voie": "address",
        "CP": "postcode",
        "Ville": "city",
        "Téléphonne": "phone",
        "Courriel": "email",
    }
    assert "Une personne" not in result.model_dump_json()


def test_several_columns_of_one_kind_are_read_together(read: Read) -> None:
    text = (
        "Nom;Type;Adresse 1;Adresse 2;CP;Ville;Tél fixe;Portable\n"
        "A;ASE;Bâtiment B;1 rue X;93000;Bobigny;01 43 93 93 93;06 12 34 56 78\n"
    )
    (row,) = read(text).rows
    assert row.address == "Bâtiment B\n1 rue X\n93000 Bobigny"
    assert row.street == "1 rue X"
    assert [phone.number for phone in row.phones] == ["+33143939393", "+33612345678"]


def test_an_address_in_one_cell_gives_its_commune(read: Read) -> None:
    (row,) = read("Nom;Type;Adresse complète\nA;ASE;20 rue du Lac, 69505 Lyon Cedex 03\n").rows
    assert (row.street, row.postcode, row.city) == ("20 rue du Lac", "69505", "Lyon")
    assert (row.commune, row.territory) == ("69123", "69M")
    assert row.address is not None
    assert "Cedex" in row.address


def test_an_unknown_mapping_is_an_error_that_lists_those_that_exist(read: Read) -> None:
    with pytest.raises(errors.UnknownMapping, match="annuaire-2019, finess-protection-enfance"):
        read("Nom;Commune\nA;Bobigny\n", mapping="../../secret")


def test_a_mapping_that_lacks_its_columns_says_which(read: Read) -> None:
    with pytest.raises(errors.MappingDoesNotFit, match="« notes »"):
        read("Nom;Commune\nA;Bobigny\n", mapping="annuaire-2019")


def test_every_shipped_mapping_is_valid_and_recognised_by_its_header() -> None:
    assert len(mapping.shipped()) >= 2
    for name, one in mapping.shipped().items():
        assert one.titles <= set(one.header)
        found = mapping.recognise([*one.header, ""])
        assert found is not None
        assert found.name == name


def test_a_list_without_names_says_what_was_read(read: Read) -> None:
    with pytest.raises(errors.NoHeader, match="« Prix »"):
        read("Prix;Couleur\n1;bleu\n")


def test_a_list_of_titles_only_has_no_usable_line(read: Read) -> None:
    with pytest.raises(errors.NoUsableLine, match="sous ses titres"):
        read("Nom;Type;Commune\n;;\n")


def test_an_unknown_territory_is_an_error(read: Read) -> None:
    with pytest.raises(errors.UnknownTerritory, match="« 999 »"):
        read("Nom;Commune\nA;Bobigny\n", territory="999")


def test_empty_total_and_repeated_header_lines_are_ignored(read: Read) -> None:
    text = (
        "Nom;Type;CP;Commune\n"
        "A;ASE;93000;Bobigny\n"
        ";;;\n"
        "Nom;Type;CP;Commune\n"
        "B;ASE;93000;Bobigny\n"
        "TOTAL : ;2;;\n"
    )
    result = read(text)
    assert [(line.line, line.reason) for line in result.ignored] == [
        (3, "empty"),
        (4, "header"),
        (6, "total"),
    ]
    assert [row.line for row in result.rows] == [2, 5]


def test_each_line_ends_in_exactly_one_place(read: Read) -> None:
    text = "Nom;Type;CP;Commune;Tél\n" + (
        "A;ASE;93000;Bobigny;119\n;;;;\nA;ASE;93000;Bobigny;119\n;ASE;93000;Bobigny;\n"
        "Titre de section;;;;\nB;ASE;;Inconnue;xx\nC;ASE;93000;Bobigny;01 43\nTotal;3;;;\n"
    )
    result = read(text)
    places = [row.line for row in result.rows]
    places += [line.line for line in result.ignored]
    places += [line for line, _ in fatal(result)]
    assert sorted(places) == list(range(2, 10))
    assert [line for line, _ in fatal(result)] == [4, 5, 6, 7]


def test_a_repeated_line_is_refused_with_the_number_of_the_first(read: Read) -> None:
    text = (
        "Id;Nom;Type;Commune\n1;Écoute-Jeunes;Association;Bobigny\n"
        "2;Écoute-Jeunes;Association;Bobigny\n1;Autre;Association;Bobigny\n"
    )
    result = read(text)
    assert len(result.rows) == 2
    ((line, message),) = fatal(result)
    assert line == 4
    assert "la ligne 2" in message


def test_without_an_id_a_line_is_its_name_commune_and_category(read: Read) -> None:
    text = (
        "Nom;Type;Commune\nÉcoute-Jeunes;Association;Bobigny\nECOUTE JEUNES;Asso;BOBIGNY\n"
        "Écoute jeunes;Association;Montreuil\n"
    )
    keys = [identity_key(row) for row in read(text.replace("Asso;", "Association;")).rows]
    assert len(keys) == 2
    assert keys[0] == "name:ecoute jeunes|93008|association"


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


def test_a_neighbours_actor_keeps_its_own_territory_and_is_told(read: Read) -> None:
    result = read("Nom;Type;CP;Commune\nA;ASE;59000;Lille\n", territory="93")
    assert result.rows[0].territory == "59"
    assert told(result) == ["Commune"]


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
        ("nord", "est", "illisibles"),
        ("48.9061", "", "illisibles"),
    ],
)
def test_wrong_coordinates_are_told_and_left_out(read: Read, lat: str, lon: str, word: str) -> None:
    result = read(f"Nom;Type;CP;Commune;Latitude;Longitude\nA;ASE;93000;Bobigny;{lat};{lon}\n")
    (row,) = result.rows
    assert (row.lon, row.lat, row.precision) == (None, None, None)
    (problem,) = result.problems
    assert not problem.fatal
    assert word in problem.message


@pytest.mark.parametrize("pair", ["48.9061, 2.4450", "48,9061 ; 2,4450", "48.9061 2.4450"])
def test_both_coordinates_in_one_cell_are_read(read: Read, pair: str) -> None:
    rows = [["Nom", "Type", "Commune", "GPS"], ["A", "ASE", "Bobigny", pair]]
    (row,) = read(workbook(*rows), "l.xlsx").rows
    assert (row.lon, row.lat, row.precision) == (2.4450, 48.9061, "address")


def test_a_list_that_never_says_what_its_actors_are_is_refused_whole(read: Read) -> None:
    text = "Nom;Commune;Tél\nLes Lilas;Bobigny;119\nLe Lac;Bobigny;119\n"
    with pytest.raises(errors.NoCategory, match=r"« Catégorie ».*--mapping"):
        read(text)
    own = {"name": "x", "label": "x", "columns": {"Nom": "name", "Commune": "city"}}
    fixed = mapping.Mapping.model_validate(own | {"fixed": {"category": "association"}})
    assert [row.category for row in read(text, mapping=fixed).rows] == ["association"] * 2
    rule = {"category_by_name": [{"pattern": "lac", "value": "a_classer"}]}
    assert len(read(text, mapping=mapping.Mapping.model_validate(own | rule)).rows) == 2
    assert len(read(text + "MECS Les Pins;Bobigny;119\n").rows) == 3


@pytest.mark.parametrize(
    ("cell", "field", "value"),
    [
        ("1 rue du Lac", "street", "1 rue du Lac"),
        ("01 43 93 93 93", "phones", (Phone(number="+33143939393"),)),
        ("Tél. : 01 43 93 93 93", "phones", (Phone(number="+33143939393"),)),
        ("48,9061 ; 2,4450", "lat", 48.9061),
        ("POINT(2.4450 48.9061)", "lat", 48.9061),
        ("a@b.fr", "email", "a@b.fr"),
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
def test_a_wrong_postcode_is_told_for_what_it_is(read: Read, code: str, why: str) -> None:
    result = read(f"Nom;Type;CP;Ville\nA;ASE;{code};Bobigny\n")
    (problem,) = result.problems
    assert (problem.column, problem.fatal) == ("CP", False)
    assert why in problem.message


def test_columns_that_hold_something_unread_are_named(read: Read) -> None:
    text = "Nom;Type;Ville;Agrément;Vide;;Prix\nA;ASE;Bobigny;n° 3;;x;\nB;ASE;Bobigny;;;;12\n"
    assert read(text).left_aside == ("Agrément", "colonne F", "Prix")
    assert read("Nom;Type;Ville\nA;ASE;Bobigny\n").left_aside == ()


def test_limits_are_written_as_french_writes_numbers() -> None:
    told = str(errors.FileTooLarge(filename="l.csv", size=135.6, limit=20))
    assert "135,6 Mo" in told
    assert "limite est de 20 Mo" in told
    assert "100\u202f000 lignes" in str(errors.TooManyRows(filename="l.csv", limit=100_000))


def test_an_unknown_category_stays_hidden_and_is_told(read: Read) -> None:
    text = "Nom;Type;Commune\nA;Restaurant;Bobigny\nMECS Les Lilas;;Bobigny\nChose;;Bobigny\n"
    result = read(text)
    assert [row.category for row in result.rows] == ["a_classer", "mecs", "a_classer"]
    assert told(result) == ["Type", "Nom"]


def test_a_closed_actor_is_archived(read: Read) -> None:
    text = "Nom;Type;Commune;État\nA;ASE;Bobigny;Fermé\nB;ASE;Bobigny;Ouvert\n"
    assert [row.status for row in read(text).rows] == ["archived", "published"]


def test_a_phone_that_may_be_given_for_a_shelter_is_marked(read: Read) -> None:
    text = (
        "Nom;Type;Commune;Téléphone;Téléphone public\n"
        "A;MECS;Bobigny;01 43 93 93 93;01 43 93 93 94\n"
    )
    phones = {phone.number: phone.front_gate for phone in read(text).rows[0].phones}
    assert phones == {"+33143939394": True, "+33143939393": False}


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
    assert told(result) == ["Zone d'intervention"]


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "${7*7} {{7*7}}", "=cmd|' /C calc'!A0", "+1-1", "@SUM(A1)"],
)
def test_text_that_would_run_elsewhere_is_kept_as_text(read: Read, text: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(
        [["Nom", "Type", "Commune", "Description"], [text, "ASE", "Bobigny", text]]
    )
    (row,) = read(out.getvalue()).rows
    assert (row.name, row.description) == (text, text)


def test_signs_that_no_list_holds_are_taken_out_and_told(read: Read) -> None:
    result = read("Nom;Type;Commune\nFo\x00yer\u202e A;ASE;Bobigny\n")
    assert result.rows[0].name == "Foyer A"
    assert told(result) == ["Nom"]


def test_a_lone_surrogate_is_taken_out_and_told(read: Read) -> None:
    data = (
        "Nom;Type;Commune\nA".encode("utf-16-le")
        + b"\x00\xd8"
        + (";ASE;Bobigny\n".encode("utf-16-le"))
    )
    result = read(b"\xff\xfe" + data)
    result.model_dump_json().encode()
    assert len(result.rows) == 1


def test_a_hundred_kilobytes_of_text_are_cut_or_refused(read: Read) -> None:
    long = "é" * 50_000
    result = read(f"Nom;Type;Commune;Description\nA;ASE;Bobigny;{long}\n{long};ASE;Bobigny;x\n")
    (row,) = result.rows
    assert row.description is not None
    assert len(row.description) == 5_000
    ((line, message),) = fatal(result)
    assert line == 3
    assert "50000 signes" in message
    assert all(len(p.value or "") <= 80 for p in result.problems)


def test_progress_is_told_to_the_end(gazetteer: Gazetteer) -> None:
    seen: list[tuple[int, int]] = []
    text = "Nom;Type;Commune\n" + "".join(f"A{i};ASE;Bobigny\n" for i in range(1_200))
    read_list(
        text.encode(),
        "l.csv",
        mapping=None,
        gazetteer=gazetteer,
        territory=None,
        max_bytes=1_000_000,
        max_rows=2_000,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen[-1] == (1_200, 1_200)
    assert len(seen) > 2


def test_the_report_opens_in_excel_without_running_anything(read: Read) -> None:
    result = read(
        "Nom;Type;Commune;Tél\nA;ASE;Bobigny;=1+1\nB;ASE;Nulle part;119\nC;ASE;Bobigny;119\n",
    )
    data = write_report(result.problems)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Ligne", "Colonne", "Valeur", "Ce qui s'est passé", "Explication"]
    assert rows[1][:4] == ["2", "Tél", "'=1+1", "valeur laissée de côté"]
    assert rows[2][:4] == ["3", "Commune", "Nulle part", "ligne refusée"]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", " =1", "\n=1"])
def test_formulas_are_defused(text: str) -> None:
    assert defuse(text) == f"'{text}"


def test_plain_text_is_not_changed_by_defusing() -> None:
    assert defuse("1-2 rue") == "1-2 rue"


def test_a_mapping_may_fix_a_category_and_tell_others_by_words_of_the_name(read: Read) -> None:
    own = mapping.Mapping.model_validate(
        {
            "name": "essai",
            "label": "Essai",
            "columns": {"Service": "name", "Ville": "city", "Code": "external_id"},
            "category_by_name": [
                {"pattern": "crip|preoccupante", "value": "crip"},
                {"pattern": "", "value": "ase"},
            ],
            "functions_by_category": {"ase": ["autorite"]},
            "fixed": {"audiences": "professionnels"},
        }
    )
    text = "Liste des services\nService;Ville;Code\nCellule CRIP;Bobigny;7\nTerritoire;Bobigny;8\n"
    result = read(text, mapping=own)
    assert [(row.category, row.external_id) for row in result.rows] == [("crip", "7"), ("ase", "8")]
    assert result.rows[1].functions == ("autorite",)
    assert all(row.audiences == ("professionnels",) for row in result.rows)
    assert not result.mapping_guessed


def test_a_mapping_that_names_an_unknown_field_is_refused() -> None:
    raw = {"name": "x", "label": "x", "columns": {"Nom": "couleur"}}
    with pytest.raises(ValidationError, match="couleur"):
        mapping.Mapping.model_validate(raw)


def test_names_of_persons_are_not_taken_for_actors(read: Read) -> None:
    text = "Nom;Prénom;Structure;Type;Ville\nUne;Personne;Accueil Jeunes;Association;Bobigny\n"
    (row,) = read(text).rows
    assert row.name == "Accueil Jeunes"


def test_a_code_that_contradicts_the_name_of_the_commune_is_told(read: Read) -> None:
    result = read("Nom;Type;Commune;Code INSEE\nA;ASE;Lille;93008\n")
    assert result.rows[0].commune == "93008"
    assert told(result) == ["Code INSEE"]
