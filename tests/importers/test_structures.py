"""Structures of data·inclusion and of the ROR: ours, what houses somebody, and the rest."""

import codecs
import gzip
import io
import json
from typing import Any

import pytest

from geo.gazetteer import Gazetteer
from importers.mapping import shipped
from importers.registers import structures
from importers.registers.catalogue import registers
from importers.registers.edition import Edition, as_csv
from importers.registers.errors import RegisterError
from importers.vocabulary import load
from tests.importers.conftest import TODAY, Read

REGISTER = registers()["inclusion"]
# As the structures of data·inclusion, v1; invented.
STRUCTURE: dict[str, Any] = {
    "id": "exemple--1",
    "source": "exemple",
    "nom": "PAEJ d’exemple",
    "commune": "Bobigny",
    "code_postal": "93000",
    "code_insee": "93008",
    "adresse": "1 rue de l’Exemple",
    "complement_adresse": None,
    "longitude": 2.4397,
    "latitude": 48.9085,
    "telephone": "0199000001",
    "courriel": "paej@example.org",
    "site_web": "https://example.org/paej",
    "date_maj": "2026-10-01",
    "horaires_accueil": "Mo-Fr 09:00-17:00",
    "siret": None,
    "reseaux_porteurs": [],
}
ROR = "\r\n".join(
    (
        "Identifiant;Dénomination;Catégorie;FINESS;Adresse;Code postal;Commune;Téléphone;Longitude",
        "r-1;MDA du 93;Maison des adolescents (MDA);930000484;2 rue Haute;93000;Bobigny;"
        "01 99 00 00 02;2,44",
        "r-2;Cabinet;Cabinet dentaire;;3 rue Haute;93000;Bobigny;;",
        "",
    )
)


def read_bytes(data: bytes, gazetteer: Gazetteer, code: str = "inclusion") -> Edition:
    return structures.read(io.BytesIO(data), "a.json", registers()[code], gazetteer, TODAY)


def read_one(gazetteer: Gazetteer, **changes: Any) -> Edition:
    return read_bytes(json.dumps([STRUCTURE | changes]).encode(), gazetteer)


def lines(edition: Edition, territory: str = "93") -> list[dict[str, str]]:
    columns = shipped()[REGISTER.mapping].header
    return [dict(zip(columns, each, strict=True)) for each in edition.lines.get(territory, ())]


def test_a_structure_is_a_line_with_its_hours_and_its_day(gazetteer: Gazetteer, read: Read) -> None:
    edition = read_one(gazetteer)
    result = read(as_csv(edition, "93"), mapping=REGISTER.mapping, territory="93")
    (row,) = result.rows
    assert (row.name, row.category, row.signs) == ("PAEJ d’exemple", "paej", ())
    assert (row.opening_hours, str(row.verified_on)) == ("Mo-Fr 09:00-17:00", "2026-10-01")
    assert (row.phones, row.commune, row.lon) == (("+33199000001",), "93008", 2.4397)
    assert str(edition.day) == "2026-10-01"


@pytest.mark.parametrize(
    ("said", "category"),
    [
        ({"nom": "Maison des adolescents"}, "maison_ados"),
        ({"nom": "Point accueil écoute jeunes"}, "paej"),
        ({"nom": "Accueil", "typologie": "ML"}, "mission_locale"),
        ({"nom": "Accueil", "reseaux_porteurs": ["france-victimes"]}, "aide_victimes"),
        ({"nom": "Centre d’hébergement"}, "hebergement"),
        ({"nom": "Les Pins", "typologie": "CHRS"}, "hebergement"),
        ({"nom": "PAEJ", "typologie": "MECS"}, "mecs"),
        ({"nom": "Mission locale", "typologie": "CHRS"}, "hebergement"),
    ],
)
def test_what_houses_somebody_rules(
    gazetteer: Gazetteer, said: dict[str, Any], category: str
) -> None:
    (line,) = lines(read_one(gazetteer, **said))
    assert line["catégorie"] == category


def test_a_house_of_associations_is_none_of_adolescents(gazetteer: Gazetteer) -> None:
    edition = read_one(gazetteer, nom="MDA de Bobigny")
    assert (lines(edition), edition.left_out) == ([], {"autres structures": 1})


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"nom": "Garage solidaire"}, "autres structures"),
        ({"nom": "", "typologie": "ML"}, "sans nom"),
        (
            {"code_insee": None, "code_postal": None, "commune": "Nulle Part"},
            "commune absente ou inconnue",
        ),
        ({"nom": {"fr": "PAEJ"}}, "illisibles"),
    ],
)
def test_what_is_no_line_is_counted_by_its_reason(
    gazetteer: Gazetteer, said: dict[str, Any], reason: str
) -> None:
    good = [STRUCTURE | {"id": str(number)} for number in range(3)]
    edition = read_bytes(json.dumps([*good, STRUCTURE | said]).encode(), gazetteer)
    assert (len(lines(edition)), edition.left_out) == (3, {reason: 1})


def test_a_structure_that_comes_twice_is_one(gazetteer: Gazetteer) -> None:
    data = json.dumps({"structures": [STRUCTURE, STRUCTURE]}).encode()
    edition = read_bytes(data, gazetteer)
    assert (len(lines(edition)), edition.left_out) == (1, {"en double": 1})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_an_extraction_of_the_ror_is_read_by_its_titles(
    gazetteer: Gazetteer, encoding: str, separator: str
) -> None:
    text = ROR if separator == ";" else ROR.replace(",", ".").replace(";", separator)
    edition = read_bytes(text.encode(encoding), gazetteer, "ror")
    (line,) = lines(edition)
    assert (line["nom"], line["catégorie"]) == ("MDA du 93", "maison_ados")
    assert (line["n° FINESS"], line["téléphone"]) == ("930000484", "01 99 00 00 02")
    assert edition.left_out == {"autres structures": 1}


def test_it_may_be_packed_and_have_a_mark_in_front(gazetteer: Gazetteer) -> None:
    data = codecs.BOM_UTF8 + json.dumps([STRUCTURE]).encode()
    assert len(lines(read_bytes(data, gazetteer))) == 1
    assert len(lines(read_bytes(gzip.compress(data), gazetteer))) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        json.dumps([STRUCTURE]).encode()[:-3],
        json.dumps([STRUCTURE, STRUCTURE]).encode()[:-40],
        gzip.compress(json.dumps([STRUCTURE]).encode(), mtime=0)[:-9],
        ROR.encode()[:-30],
        b"colonne\n1\n",
        b"a;b\n1;2\n",
        b'{"service": [{"id": "1", "pivot": []}]}',
        b"PK\x03\x04\x00\x00",
        b"[" * 50_000,
        b'[{"nom": ' + b"9" * 5_000 + b"}]",
        json.dumps([STRUCTURE, {"nom": []}, {"nom": 1, "commune": {}}, {"autre": 1}]).encode(),
    ],
)
def test_a_file_that_is_not_whole_or_another_one_is_refused(
    gazetteer: Gazetteer, data: bytes
) -> None:
    with pytest.raises(RegisterError, match=r"« a\.json ».*rien n'est changé") as raised:
        read_bytes(data, gazetteer)
    assert raised.value.__cause__ is None


def test_no_more_is_read_than_allowed(gazetteer: Gazetteer) -> None:
    for data in (json.dumps([STRUCTURE]).encode(), ROR.encode()):
        file = io.BytesIO(data)
        with pytest.raises(RegisterError, match="dépasse"):
            structures.read(file, "a.json", REGISTER, gazetteer, TODAY, most=len(data) - 1)


def test_what_is_known_is_of_the_vocabulary() -> None:
    known = structures.known()
    assert set(known.codes.values()) | set(known.words["ours"]) <= load().categories.keys()


def test_a_quote_that_is_left_open_takes_no_row_behind_it_into_its_cell(
    gazetteer: Gazetteer,
) -> None:
    home = "r-9;Les Pins;MECS;;12 rue Cachée;93000;Bobigny;01 99 00 00 77;"
    last = 'r-10;"MDA ""Les Quais""";MDA;;4 rue Haute;93000;Bobigny;;'
    table = ROR.replace(";MDA du", ';"MDA du').replace("r-2;", f"{home}\r\nr-2;") + last
    found = lines(read_bytes(table.encode(), gazetteer, "ror"))
    assert [each["nom"] for each in found] == ["MDA du 93", "Les Pins", 'MDA "Les Quais"']
    assert found[1]["adresse"] == "12 rue Cachée"


def test_a_home_that_a_line_break_has_parted_guards_by_all_of_its_pieces(
    gazetteer: Gazetteer,
) -> None:
    home = "r-9;Les\r\nPins;MECS;;12 rue\r\nCachée;93000;Bobigny;01 99 00 00 77;"
    table = ROR.replace("r-2;", f"{home}\r\nr-8;PAEJ\r\nX;PAEJ;;2 rue X;93000;Bobigny;;\r\nr-2;")
    edition = read_bytes(table.encode(), gazetteer, "ror")
    found = lines(edition)
    assert [each["catégorie"] for each in found] == ["maison_ados", "mecs"]
    assert (found[1]["nom"], found[1]["adresse"]) == ("Les Pins", "12 rue Cachée")
    assert "99 00 00 77" in found[1]["téléphone"]
    assert edition.left_out == {"illisibles": 2, "autres structures": 1}


def test_lines_of_one_word_are_no_pieces_of_one_row_without_end(gazetteer: Gazetteer) -> None:
    # As one, each of them would be copied once more for every line behind it.
    table = ROR.replace("r-2;", "mot\r\n" * 12 + "r-2;")
    edition = read_bytes(table.encode(), gazetteer, "ror")
    assert edition.left_out == {"illisibles": 2, "autres structures": 1}
