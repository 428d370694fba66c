"""CSV in any usual encoding and separator, with the lines its reader sees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.delimited import read_delimited
from tests.importers.conftest import Read

HEADER = "Nom;Type;Code postal;Commune;Téléphone"
LINE = "Écoute « Été » – l’œuvre;Association;93000;Bobigny;01 43 93 93 93"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_usual_encodings_give_the_same_actor(read: Read, encoding: str) -> None:
    result = read(f"{HEADER}\r\n{LINE}\r\n".encode(encoding))
    assert result.problems == ()
    assert result.rows[0].name == "Écoute « Été » – l’œuvre"


def test_latin_1_keeps_its_accents(read: Read) -> None:
    text = "Nom;Type;Code postal;Commune\nFoyer à Évry, forêt où naît;Association;93000;Bobigny\n"
    assert read(text.encode("latin-1")).rows[0].name == "Foyer à Évry, forêt où naît"


def test_old_macintosh_and_dos_encodings_are_detected(read: Read) -> None:
    words = "Équipe d'accueil – été, forêt, où, naïf, garçon, Noël, château, élève"
    text = f"Nom;Type;Code postal;Commune\n{words};Association;93000;Bobigny\n" * 3
    assert "Équipe" in read(text.encode("mac_roman")).rows[0].name
    assert "quipe" in read(text.replace("–", "-").encode("cp850")).rows[0].name


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_usual_separators_are_found(read: Read, separator: str) -> None:
    quoted = LINE.replace(";", separator)
    result = read(f"{HEADER.replace(';', separator)}\n{quoted}\n")
    assert result.rows[0].phones[0] == "+33143939393"


def test_excels_own_word_for_the_separator_is_obeyed(read: Read) -> None:
    result = read(f"sep=;\n{HEADER}\n{LINE}\n")
    assert result.rows[0].line == 3


def test_quotes_and_line_breaks_inside_cells_keep_true_line_numbers(read: Read) -> None:
    text = (
        f"{HEADER}\r\n"
        '"Lieu ""A""\r\nsur deux lignes";Association;93000;Bobigny;119\r\n'
        "\r\n"
        "Sans commune;Association;;;\r\n"
        "B;Association;93000;Bobigny;119\r\n"
    )
    result = read(text)
    assert [(row.line, row.name) for row in result.rows] == [
        (2, 'Lieu "A" sur deux lignes'),
        (6, "B"),
    ]
    assert [line.line for line in result.ignored] == [4]
    assert [problem.line for problem in result.problems if problem.fatal] == [5]


def test_a_quote_never_closed_costs_one_line(read: Read) -> None:
    text = f'{HEADER}\nA;Association;93000;Bobigny;119\n"B;Association;93000;Bobigny;\n' + (
        "C;Association;93000;Bobigny;119\n"
    )
    result = read(text)
    assert [row.name for row in result.rows] == ["A", "C"]
    (problem,) = result.problems
    assert (problem.line, problem.fatal) == (3, True)
    assert "guillemet" in problem.message


def test_a_stray_quote_inside_a_cell_is_kept(read: Read) -> None:
    text = f'{HEADER}\nLieu "Les Lilas" accueil;Association;93000;Bobigny;119\n'
    assert read(text).rows[0].name == 'Lieu "Les Lilas" accueil'


def test_a_line_with_too_many_cells_is_refused(read: Read) -> None:
    result = read(f"{HEADER}\nA;Association;93000;Bobigny;119\nB;C;Association;93000;Bobigny;1\n")
    (problem,) = [p for p in result.problems if p.fatal]
    assert problem.line == 3
    assert "6 cellules pour 5 titres" in problem.message


def test_a_few_damaged_bytes_leave_the_rest_in_utf_8(read: Read) -> None:
    lines = "".join(f"Équipe été {i};Association;93000;Bobigny;119\n" for i in range(20))
    data = f"{HEADER}\n{lines}".encode() + b"Lieu \xff;Association;93000;Bobigny;119\n"
    result = read(data)
    assert len(result.rows) == 21
    assert result.rows[0].name == "Équipe été 0"
    assert any("abîmés" in p.message and not p.fatal for p in result.problems)


@pytest.mark.parametrize("damage", [b"\xed\xa0\x80", b"\xff", b"\xed\xa0\xbd\xed\xb8\x80"])
def test_one_damaged_sign_in_a_short_list_leaves_its_accents_and_is_named(
    read: Read, damage: bytes
) -> None:
    head = "Nom;Type;Ville;CP;Tel\nÉcoute Éducative;Association;Bobigny;93000;01 48 00 00 31\n"
    data = head.encode() + b"Maison " + damage + b" test;Association;Bobigny;93000;01 48 00 00 32\n"
    result = read(data)
    assert [row.name for row in result.rows] == ["Écoute Éducative", "Maison � test"]
    assert [(p.line, p.column) for p in result.problems if p.line > 1] == [(3, "Nom")]


def test_a_damaged_sign_that_decoding_sees_as_several_is_one(read: Read) -> None:
    data = (
        "Nom;Type;Ville\nÀ côté;Association;Bobigny\n".encode() + b"A\xff\xfe\xff\xfe;ASE;Lille\n"
    )
    assert read(data).rows[0].name == "À côté"


@pytest.mark.slow
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_cell_of_millions_of_characters_is_read(quote: str) -> None:
    cell = "a" * 11_000_000
    table = read_delimited(f"Nom;Ville\n{quote}{cell}{quote};Bobigny\n".encode(), "x.csv", 10)
    assert table.rows[1].cells == (cell, "Bobigny")


@given(st.binary(max_size=400))
def test_any_bytes_make_a_table_of_true_lines(data: bytes) -> None:
    table = read_delimited(data, "x.csv", 1_000)
    numbers = [row.line for row in table.rows]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "cp850"])
@pytest.mark.parametrize(
    "name", ["Écrire à Évry", "à l'angle", "CENTRE DÉPARTEMENTAL", "Équipe n° 2", "Où ça ?", "Noël"]
)
def test_an_old_encoding_is_known_by_few_accents(read: Read, encoding: str, name: str) -> None:
    text = f"Nom;Catégorie;Ville\n{name};Association;Bobigny\n"
    if encoding == "cp850":
        text = text.replace("’", "'")
    assert read(text.encode(encoding)).rows[0].name == name
