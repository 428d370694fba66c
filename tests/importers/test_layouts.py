"""Lists as they are sent: titles between rows, values written once, headers of two lines."""

import io
import zipfile
from collections.abc import Sequence

import pytest

from importers.row import ActorRow, ReadResult
from tests.importers.conftest import Read, fatal, workbook

HEADER = "Nom;Commune;Tél\n"
SECTIONED = (
    HEADER + "MAISONS D'ENFANTS;;\nLes Tilleuls;Bobigny;0143939393\nLes Pins;Montreuil;0143939394\n"
    "ASSOCIATIONS;;\nÉcoute;Bobigny;0143939395\n"
)


def categories(result: ReadResult) -> list[str]:
    return [row.category for row in result.rows]


def notes(result: ReadResult) -> list[str]:
    return [p.message for p in result.problems if p.column is None and not p.fatal]


def by_name(result: ReadResult) -> dict[str, ActorRow]:
    return {row.name: row for row in result.rows}


def test_a_title_between_rows_is_the_category_of_the_lines_below_it(read: Read) -> None:
    result = read(SECTIONED)
    assert categories(result) == ["mecs", "mecs", "association"]
    assert [(line.line, line.reason) for line in result.ignored] == [(2, "section"), (5, "section")]
    (note,) = notes(result)
    assert "« MAISONS D'ENFANTS » (ligne 2) pour 2" in note


def test_one_title_is_said_with_its_lines(read: Read) -> None:
    text = HEADER + "A;Bobigny;119\nMaisons d'enfants;;\nB;Bobigny;119\nC;Bobigny;119\n"
    (note,) = notes(read(text.replace("A;Bob", "CRIP;Bob")))
    assert (
        note == "Le titre « Maisons d'enfants » (ligne 3) est repris pour les 2 lignes qui suivent."
    )


def test_a_title_reaches_the_signs_of_lines_that_say_a_category_themselves(read: Read) -> None:
    text = "Nom;Type;Commune\nHÉBERGEMENT;;\nLes Tilleuls;Association;Bobigny\n"
    (row,) = read(text).rows
    assert row.category == "association"
    assert [(sign.says, sign.field) for sign in row.signs] == [("houses", "section")]


def test_a_title_in_small_letters_that_names_homes_reaches_the_lines_below_it(read: Read) -> None:
    text = (
        "Nom;Type;Commune\nÉcoute;Association;Bobigny\nInternats et unités d'accueil;;\n"
        "Les Tilleuls;Association;Bobigny\n"
    )
    found = by_name(read(text))
    assert found["Écoute"].signs == ()
    assert [sign.says for sign in found["Les Tilleuls"].signs] == ["houses"]


def test_a_title_that_says_no_category_ends_the_former_one_unless_that_houses(read: Read) -> None:
    text = HEADER + (
        "CRIP;;\nCellule A;Bobigny;119\nAUTRES;;\nService B;Bobigny;119\n"
        "FOYERS;;\nLes Pins;Bobigny;119\nSECTEUR EST;;\nLes Ifs;Bobigny;119\n"
    )
    found = {name: row.category for name, row in by_name(read(text)).items()}
    assert found["Cellule A"] == "crip"
    assert found["Service B"] == "a_classer"
    assert found["Les Pins"] == found["Les Ifs"] != "a_classer"


def test_a_title_may_name_a_territory_or_a_commune(read: Read) -> None:
    text = (
        "Nom;Type;Tél\nSeine-Saint-Denis;;\nA;ASE;119\nMONTREUIL;;\nB;ASE;119\nNord;;\nC;ASE;119\n"
    )
    rows = read(text).rows
    assert [(row.territory, row.commune) for row in rows] == [
        ("93", None),
        ("93", "93048"),
        ("59", None),
    ]


def test_a_line_of_a_name_alone_is_still_refused(read: Read) -> None:
    text = HEADER + "CRIP;Bobigny;119\nService d'aide;;\nASE;Bobigny;119\nListe close en mai;;\n"
    assert [line for line, _ in fatal(read(text))] == [3, 5]


def test_a_remark_below_a_section_is_no_actor(read: Read) -> None:
    result = read(SECTIONED + "Liste close en mai;;\n")
    assert len(result.rows) == 3
    assert [line for line, _ in fatal(result)] == [7]


def test_a_title_merged_over_the_columns_is_one_whatever_it_says(read: Read) -> None:
    rows: list[Sequence[object]]
    rows = [["Nom", "Type", "Ville"], ["Secteur est", None, None], ["A", "ASE", "Bobigny"]]
    result = read(workbook(*rows, merge=("A2:C2",)), "l.xlsx")
    assert [line.reason for line in result.ignored] == ["section"]
    assert len(result.rows) == 1


def test_a_title_above_the_header_hides_where_it_says_what_the_whole_list_is(read: Read) -> None:
    text = HEADER + "Association Les Tilleuls;Bobigny;119\n"
    assert read("Liste des maisons d'enfants;;\n" + text).rows[0].signs
    (plain,) = read("Liste 2026, relue par le foyer;;\n" + text).rows
    assert not plain.signs


def test_a_category_written_once_for_each_group_holds_for_its_lines(read: Read) -> None:
    text = (
        "Type;Nom;Commune\nMECS;A;Bobigny\n;B;Bobigny\n;C;Lille\nCRIP;D;Lille\n;E;Lille\n;F;Lille\n"
    )
    result = read(text)
    assert categories(result) == ["mecs"] * 3 + ["crip"] * 3
    (note,) = notes(result)
    assert "Colonne « Type »" in note
    assert "4 lignes" in note


def test_a_commune_written_once_for_each_group_holds_where_a_line_says_no_other_place(
    read: Read,
) -> None:
    text = (
        "Commune;Nom;Type;Adresse\nBobigny;A;ASE;\n;B;ASE;\n;C;ASE;1 rue X, 59000 Lille\n"
        "Montreuil;D;ASE;\n;E;ASE;\n;F;ASE;\n"
    )
    found = by_name(read(text, territory="93"))
    assert [found[name].commune for name in "ABDEF"] == ["93008"] * 2 + ["93048"] * 3
    assert found["C"].commune != "93008"


@pytest.mark.parametrize(
    "text",
    [
        # Values come back: the column is not one of groups.
        "Nom;Type;Commune\nA;CRIP;Bobigny\nB;;Bobigny\nC;ASE;Lille\nD;CRIP;Lille\nE;;Lille\n",
        "Nom;Type;Commune\nA;CRIP;Bobigny\nB;;Bobigny\nC;ASE;Lille\nD;PJJ;Lille\n",
    ],
)
def test_an_empty_category_stays_empty_where_the_pattern_is_not_clear(
    read: Read, text: str
) -> None:
    assert by_name(read(text))["B"].category == "a_classer"


def test_in_doubt_a_category_that_houses_children_holds_below_it(read: Read) -> None:
    text = "Nom;Type;Commune\nA;MECS;Bobigny\nAssociation B;;Lille\nC;ASE;Lille\nD;ASE;Bobigny\n"
    assert by_name(read(text))["Association B"].category == "mecs"


def test_an_empty_phone_is_never_filled(read: Read) -> None:
    text = "Nom;Type;Commune;Tél\nA;ASE;Bobigny;119\nB;ASE;Lille;\nC;ASE;Lyon;\n"
    assert [row.phones for row in read(text).rows] == [("119",), (), ()]


def test_titles_of_groups_above_those_of_columns_are_joined(read: Read) -> None:
    text = (
        "Structure;;Adresse;;;Téléphone;\nNom;Type;Rue;CP;Ville;Fixe;Portable\n"
        "A;ASE;1 rue X;93000;Bobigny;0143939393;0612345678\n"
    )
    result = read(text)
    assert result.mapping["Téléphone Fixe"] == "phone"
    assert result.mapping["Rue"] == "address"
    (row,) = result.rows
    assert row.phones == ("+33143939393", "+33612345678")
    assert (row.street, row.postcode, row.commune) == ("1 rue X", "93000", "93008")


def test_a_title_over_the_whole_list_is_that_of_no_column(read: Read) -> None:
    text = (
        "Lieux d'accueil (à ne pas transmettre);;;\nNom;Type;Adresse et tél;Capacité\n"
        "A;MECS;12 rue X, 93000 Bobigny, 01 99 00 00 01;15\n"
    )
    result = read(text)
    assert result.mapping["Adresse et tél"] == "packed"
    (row,) = result.rows
    assert (row.street, row.phones) == ("12 rue X", ("+33199000001",))


def test_a_header_of_two_lines_may_be_merged_both_ways(read: Read) -> None:
    rows: list[Sequence[object]] = [
        ["Nom", "Type", "Téléphone", None, "Commune"],
        [None, None, "Fixe", "Portable", None],
        ["A", "ASE", "0143939393", "0612345678", "Bobigny"],
    ]
    spans = ("A1:A2", "B1:B2", "C1:D1", "E1:E2")
    (row,) = read(workbook(*rows, merge=spans), "l.xlsx").rows
    assert (row.line, row.phones, row.commune) == (3, ("+33143939393", "+33612345678"), "93008")


def test_columns_of_a_person_below_their_title_are_not_those_of_the_actor(read: Read) -> None:
    text = (
        "Structure;;;Directeur;;\nNom;Type;Ville;Nom;Téléphone;Mail\n"
        "A;ASE;Bobigny;Jeanne Exemple;0612345678;j.exemple@exemple.fr\n"
    )
    (row,) = read(text).rows
    assert row.name == "A"
    assert set(row.phones) | set(row.emails) <= set(row.unpublished)


def test_a_second_column_of_categories_says_it_where_the_first_does_not(read: Read) -> None:
    text = "Nom;Secteur;Type\nA;Nord-est;CRIP\nB;Association;MECS\n"
    first, second = read(text, territory="93").rows
    assert first.category == "crip"
    assert second.category == "association"
    assert [(sign.says, sign.field) for sign in second.signs] == [("houses", "category")]


def test_each_line_keeps_its_cells_as_they_came(read: Read) -> None:
    result = read(SECTIONED + ";;119\n")
    cells = {where.line: cells for where, cells in result.raw.items()}
    assert cells[2] == ("MAISONS D'ENFANTS", "", "")
    assert cells[3] == ("Les Tilleuls", "Bobigny", "0143939393")
    assert cells[7] == ("", "", "119")
    assert sorted(cells) == [2, 3, 4, 5, 6, 7]


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_cell_of_nineteen_megabytes_is_cut_and_said(read: Read, ending: str) -> None:
    long = "a b " * 4_750_000
    rows = [["Nom", "Type", "Commune", "Description"], ["A", "ASE", "Bobigny", long]]
    if ending == "csv":
        data: bytes = "\n".join(";".join(row) for row in rows).encode()
    else:
        # No spreadsheet writes more than 32,767 characters in a cell, but a program may.
        data = long_workbook(long)
    result = read(data, f"l.{ending}")
    (row,) = result.rows
    assert row.description is not None
    assert len(row.description) <= 5_000
    assert any("seuls les" in p.message for p in result.problems)


def long_workbook(text: str) -> bytes:
    marker = "MARKER"
    source = zipfile.ZipFile(
        io.BytesIO(
            workbook(["Nom", "Type", "Commune", "Description"], ["A", "ASE", "Bobigny", marker])
        )
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for item in source.namelist():
            archive.writestr(item, source.read(item).replace(marker.encode(), text.encode()))
    return out.getvalue()
