"""From the lines of a list to actors, problems, and lines without an actor."""

import csv
import io

import pytest
from pydantic import ValidationError

from geo.gazetteer import Gazetteer
from importers import errors, mapping
from importers.problems import CATEGORY_BY_NAME
from importers.reading import read_list
from importers.report import write_report
from tests.importers.conftest import Read, fatal, reported


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
    assert "Une personne" not in repr(result.rows)


def test_several_columns_of_one_kind_are_read_together(read: Read) -> None:
    text = (
        "Nom;Type;Adresse 1;Adresse 2;CP;Ville;Tél fixe;Portable\n"
        "A;ASE;Bâtiment B;1 rue X;93000;Bobigny;01 43 93 93 93;06 12 34 56 78\n"
    )
    (row,) = read(text).rows
    assert row.address == "Bâtiment B\n1 rue X\n93000 Bobigny"
    assert row.street == "1 rue X"
    assert list(row.phones) == ["+33143939393", "+33612345678"]


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
        "2;Écoute-Jeunes;Association;Bobigny\n1;Ecoute jeunes;Asso;BOBIGNY\n"
    )
    result = read(text)
    assert len(result.rows) == 2
    ((line, message),) = fatal(result)
    assert line == 4
    assert "la ligne 2" in message


def test_an_id_of_several_lines_names_no_actor(read: Read) -> None:
    text = "Id;Nom;Type;Commune\n1;Antenne;Association;Bobigny\n1;Autre;Association;Bobigny\n"
    assert [row.name for row in read(text).rows] == ["Antenne", "Autre"]


def test_without_an_id_a_line_is_its_number_else_its_name_commune_and_street(read: Read) -> None:
    text = (
        "Nom;Type;Adresse;Commune;FINESS\nÉcoute-Jeunes;Association;12 bis R DE GEX;Bobigny;\n"
        "ECOUTE JEUNES;ASE;12, rue de Gex;BOBIGNY;\nÉcoute jeunes;ASE;14 rue Haute;Bobigny;\n"
        "A;ASE;;Bobigny;930000484\nB;ASE;;Bobigny;930000492\nC;ASE;;Bobigny;930000492\n"
    )
    assert read(text).identities == (
        "name:ecoute jeunes|93008|12 RUE GEX",
        "name:ecoute jeunes|93008|14 RUE HAUTE",
        "finess:930000484",
        "name:b|93008|",
        "name:c|93008|",
    )


def test_a_repeated_line_leaves_what_it_says_more(read: Read) -> None:
    poor, rich = "Les Lilas;;;Bobigny;", "Les Lilas;MECS;1 rue Haute;Bobigny;01 99 00 00 01"
    for lines in ((poor, rich), (rich, poor), (poor, rich, rich, poor)):
        result = read("\n".join(("Nom;Type;Adresse;Commune;Tél", *lines)) + "\n")
        (row,) = result.rows
        assert (row.line, row.category, row.phones) == (2, "mecs", ("+33199000001",))
        assert len(fatal(result)) == len(lines) - 1


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


def test_columns_that_hold_something_unread_are_named(read: Read) -> None:
    text = "Nom;Type;Ville;Agrément;Vide;;Prix\nA;ASE;Bobigny;n° 3;;x;\nB;ASE;Bobigny;;;;12\n"
    assert read(text).left_aside == ("Agrément", "colonne F", "Prix")
    assert read("Nom;Type;Ville\nA;ASE;Bobigny\n").left_aside == ()


def test_limits_are_written_as_french_writes_numbers() -> None:
    reported = str(errors.FileTooLarge(filename="l.csv", size=135.6, limit=20))
    assert "135,6 Mo" in reported
    assert "limite est de 20 Mo" in reported
    just = str(errors.FileTooLarge.of("l.csv", 20_000_001, 20_000_000))
    assert "pèse 20,1 Mo ; la limite est de 20 Mo" in just
    assert "100\u202f000 lignes" in str(errors.TooManyRows(filename="l.csv", limit=100_000))


def test_an_unknown_category_stays_hidden_and_is_reported(read: Read) -> None:
    text = "Nom;Type;Commune\nA;Restaurant;Bobigny\nMECS Les Lilas;;Bobigny\nChose;;Bobigny\n"
    result = read(text)
    assert [row.category for row in result.rows] == ["a_classer", "mecs", "a_classer"]
    assert reported(result) == ["Type", "Nom"]


def test_an_unknown_category_gives_way_to_the_words_of_the_name(read: Read) -> None:
    text = "Nom;Type;Commune\nTGI de Bobigny;Juridiction;Bobigny\nMECS Le Lac;Lieu;Bobigny\n"
    result = read(text)
    assert [row.category for row in result.rows] == ["justice", "mecs"]
    assert [(p.column, p.value, p.message) for p in result.problems] == [
        ("Type", "Juridiction", CATEGORY_BY_NAME),
        ("Type", "Lieu", CATEGORY_BY_NAME),
    ]


def test_a_closed_actor_is_archived(read: Read) -> None:
    text = "Nom;Type;Commune;État\nA;ASE;Bobigny;Fermé\nB;ASE;Bobigny;Ouvert\n"
    assert [row.status for row in read(text).rows] == ["archived", "published"]


def test_no_column_says_that_a_phone_may_be_given_for_a_shelter(read: Read) -> None:
    text = (
        "Nom;Type;Commune;Téléphone;Téléphone public\n"
        "A;MECS;Bobigny;01 43 93 93 93;01 43 93 93 94\n"
    )
    (row,) = read(text).rows
    assert row.phones == ("+33143939394", "+33143939393")
    assert not hasattr(row, "shown")


@pytest.mark.parametrize("cell", ["12/03/2026", "12/03/2026 : refus", "oui", "NON"])
def test_a_consent_in_a_list_is_not_applied_and_the_line_says_so(read: Read, cell: str) -> None:
    result = read(f"Nom;Type;Commune;Accord de publication\nA;MECS;Bobigny;{cell}\n")
    assert not hasattr(result.rows[0], "consent_on")
    assert reported(result) == ["Accord de publication"]


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


def test_signs_that_no_list_holds_are_taken_out_and_reported(read: Read) -> None:
    result = read("Nom;Type;Commune\nFo\x00yer\u202e A;ASE;Bobigny\n")
    assert result.rows[0].name == "Foyer A"
    assert reported(result) == ["Nom"]


def test_a_lone_surrogate_is_taken_out_and_reported(read: Read) -> None:
    data = (
        "Nom;Type;Commune\nA".encode("utf-16-le")
        + b"\x00\xd8"
        + (";ASE;Bobigny\n".encode("utf-16-le"))
    )
    result = read(b"\xff\xfe" + data)
    repr((result.rows, result.problems)).encode()
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


def test_a_cell_of_megabytes_is_cut_before_it_is_read_and_that_is_said(read: Read) -> None:
    huge = "mot " * 1_000_000
    result = read(f"Nom;Type;Commune;Remarques\nA;ASE;Bobigny;{huge}\n")
    assert len(result.rows) == 1
    said = [p.message for p in result.problems if p.column == "Remarques"]
    assert said == [
        "Cette cellule a 4\u202f000\u202f000 signes : seuls les 100\u202f000 premiers sont lus."
    ]


def test_progress_is_reported_to_the_end(gazetteer: Gazetteer) -> None:
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
        "Nom;Type;Commune;Tél\nA;ASE;Bobigny;=1+1\nB;ASE;Nulle part;119\nC;ASE;Bobigny;119\n"
        "D;ASE;Bobigny;\uff1d1+1\nE;ASE;Bobigny;1, =1+1\n",
    )
    data = write_report(result.problems)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Ligne", "Colonne", "Valeur", "Ce qui s'est passé", "Explication"]
    assert rows[1][:4] == ["2", "Tél", "'=1+1", "valeur laissée de côté"]
    assert rows[2][:4] == ["3", "Commune", "Nulle part", "ligne refusée"]
    # As exports do: signs in full width, and what a program that splits at commas would run.
    assert [row[2] for row in rows[3:]] == ["'\uff1d1+1", "1, '=1+1"]


def test_a_mapping_may_fix_a_category_and_others_by_words_of_the_name(read: Read) -> None:
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
