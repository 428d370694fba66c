"""The old extract of FINESS is read, and says that its source is dead."""

import io
from datetime import date

import pytest

from geo.gazetteer import Gazetteer
from importers.registers import finess_etalab
from importers.registers.edition import Edition
from importers.registers.errors import EmptyRegister, OtherRegister, RegisterError, TruncatedFile
from importers.registers.establishments import columns
from tests.importers.conftest import TODAY, shared

HEAD = "finess;etalab;111;2026-05-12"
LAMBERT = "1,ATLASANTE,96,BAN,EPSG:2154 RGF93 / Lambert-93 (Métropole)"


def row(number: str = "930000484", **changes: str) -> str:
    fields = {
        "type": "structureet", "number": number, "of": "930000001", "short": "CMP D'EXEMPLE",
        "name": "CMP D'EXEMPLE", "more": "", "spread": "", "no": "1", "way": "R",
        "street": "DE L'EXEMPLE", "beside": "", "box": "", "commune": "008", "departement": "93",
        "of_name": "SEINE ST DENIS", "town": "93000 BOBIGNY", "phone": "0199000001", "fax": "",
        "code": "156", "label": "C.M.P.", "group": "1111", "group_label": "", "siret": "",
        "ape": "", "mft": "", "mft_label": "", "sph": "", "sph_label": "", "opened": "1979-02-13",
        "allowed": "1979-02-13", "changed": "2020-02-04", "uai": "",
    }  # fmt: skip
    return ";".join((fields | changes).values())


def point(source: str, number: str = "930000484") -> str:
    return f"geolocalisation;{number};659293.0;6867760.0;{source};2026-05-04"


def read_text(text: str, gazetteer: Gazetteer, encoding: str = "utf-8") -> Edition:
    file = io.BytesIO(text.encode(encoding))
    edition = finess_etalab.read(file, "finess.csv", gazetteer, TODAY)
    assert not file.closed
    return edition


def lines(edition: Edition, territory: str = "93") -> list[dict[str, str]]:
    return [dict(zip(columns(), each, strict=True)) for each in edition.lines.get(territory, ())]


def test_an_establishment_is_a_line_and_the_source_is_said_to_be_dead(
    gazetteer: Gazetteer,
) -> None:
    edition = read_text(f"{HEAD}\n{row(box='BP 12')}\n", gazetteer)
    (found,) = lines(edition)
    assert edition.day == date(2026, 5, 12)
    assert "12 mai 2026" in edition.notes[0]
    assert (found["nom"], found["catégorie"]) == ("CMP d'Exemple", "cmp")
    assert (found["adresse"], found["complément"]) == ("1 rue de l'Exemple", "BP 12")
    assert (found["code postal"], found["commune"]) == ("93000", "Bobigny")
    assert found["mise à jour"] == "04/02/2020"


@pytest.mark.parametrize(
    ("departement", "commune", "territory"),
    [("9D", "411", "974"), ("9C", "302", "973"), ("9F", "611", "976"), ("69", "383", "69M")],
)
def test_overseas_has_codes_of_its_own(
    gazetteer: Gazetteer, departement: str, commune: str, territory: str
) -> None:
    text = f"{HEAD}\n{row(departement=departement, commune=commune)}\n"
    assert list(read_text(text, gazetteer).lines) == [territory]


@pytest.mark.parametrize(
    ("source", "known"),
    [
        (LAMBERT, True),
        ("1;ATLASANTE;100;IGN;BD_ADRESSE;V2.1;LAMBERT_93", True),
        ("1,ATLASANTE,100,ADMIN-EXPRESS,EPSG:2154 RGF93 / Lambert-93", False),
        ("1,ATLASANTE,96,BAN,EPSG:5490 RGAF09/UTM Zone 20N (Antilles)", False),
    ],
)
def test_a_point_counts_in_metres_that_are_known_and_not_of_a_commune(
    gazetteer: Gazetteer, source: str, known: bool
) -> None:
    (found,) = lines(read_text(f"{HEAD}\n{row()}\n{point(source)}\n", gazetteer))
    assert bool(found["longitude"]) is known
    if known:
        assert float(found["latitude"]) == pytest.approx(48.906, abs=0.01)


def test_metres_overseas_are_those_of_the_territory(gazetteer: Gazetteer) -> None:
    place = f"{point('1,IGN,UTM_S40')}".split(";")
    place[2:4] = "338568.32", "7690475.44"
    text = f"{HEAD}\n{row(departement='9D', commune='411')}\n{';'.join(place)}\n"
    (found,) = lines(read_text(text, gazetteer), "974")
    assert (found["longitude"], found["latitude"]) == ("55.448100", "-20.878900")


def test_what_is_no_line_is_counted(gazetteer: Gazetteer) -> None:
    rows = HEAD, row(), row(), row("2", code="620"), "structureet;3;short", "autre;4", row("5")
    edition = read_text("\n".join(rows) + "\n", gazetteer)
    assert edition.left_out == {"en double": 1, "catégorie 620 (pharmacie)": 1, "illisibles": 2}
    assert len(lines(edition)) == 2


def test_another_line_of_one_number_is_a_line(gazetteer: Gazetteer) -> None:
    edition = read_text("\n".join((HEAD, row(), row(code="177"))) + "\n", gazetteer)
    assert {each["catégorie FINESS"] for each in lines(edition)} == {"156", "177"}
    assert edition.left_out == {}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_accents_are_read_whatever_the_encoding(gazetteer: Gazetteer, encoding: str) -> None:
    edition = read_text(f"{HEAD}\n{row(name='Été à Bobigny')}\n", gazetteer, encoding)
    assert lines(edition)[0]["nom"] == "Été à Bobigny"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", EmptyRegister),
        ("nom;adresse\n", OtherRegister),
        ("finess;etalab;111;hier\n", OtherRegister),
        (f"{HEAD}\n", OtherRegister),
        (f"{HEAD}\n{row()}\n{row('2')[:60]}", TruncatedFile),
        (f"{HEAD}\n{row()}\n{point(LAMBERT)[:-4]}", TruncatedFile),
        (f"{HEAD}\n{row()}\n{point(LAMBERT)[:20]}", TruncatedFile),
    ],
)
def test_a_file_that_is_not_whole_or_another_one_is_refused(
    gazetteer: Gazetteer, text: str, error: type[RegisterError]
) -> None:
    with pytest.raises(error, match=r"« finess\.csv ».*rien n'est changé"):
        read_text(text, gazetteer)


@pytest.mark.slow
def test_the_sample_of_the_extract_is_read(national: Gazetteer) -> None:
    data = shared("finess_etalab_cs1100502_extrait.csv").decode()
    edition = read_text(data, national)
    assert {code: len(each) for code, each in edition.lines.items()} == {
        "01": 1, "977": 1, "978": 1, "972": 1, "973": 1, "974": 2, "976": 1,
    }  # fmt: skip
    (home,) = lines(edition, "976")
    assert home["nom"] == 'Lieu de vie et d\'accueil "Mavouna Mema 1"'


@pytest.mark.parametrize("later", ['"CMP ""X"" Y"', "CMP Y"])
def test_a_quote_that_is_left_open_takes_no_row_behind_it_into_its_cell(
    gazetteer: Gazetteer, later: str
) -> None:
    home = row("2", name="LES PINS", no="12", street="CACHEE", phone="0199000077", code="462")
    rows = (
        HEAD,
        row("1", name='"CMP', short='"C ""X"""'),
        home,
        row("3", name='"CMP" Z'),
        row("4", name=later),
    )
    found = lines(read_text("\n".join(rows) + "\n", gazetteer))
    assert [each["n° FINESS"] for each in found] == ["1", "2", "3", "4"]
    assert found[1]["catégorie"] == "lieu_de_vie"
    assert found[1]["téléphone"] == "0199000077"
    assert found[0]["nom court"] == 'C "X"'
    assert [each["nom"] for each in found[:3]] == ["CMP", "Les Pins", "CMP Z"]


@pytest.mark.parametrize(
    "change", [("LES PINS", "LES\nPINS"), ("R;", "R\r\n;"), (";8;", "\n;\n8;")]
)
def test_a_row_that_line_breaks_have_parted_is_one(
    gazetteer: Gazetteer, change: tuple[str, str]
) -> None:
    home = row("2", name="LES PINS", no="8", street="CACHEE", phone="0199000077", code="462")
    rows = HEAD, row("1"), home.replace(*change), row("3")
    edition = read_text("\n".join(rows) + "\n", gazetteer)
    found = lines(edition)[1]
    assert (found["nom"], found["catégorie"]) == ("Les Pins", "lieu_de_vie")
    assert (found["adresse"], found["téléphone"]) == ("8 rue Cachee", "0199000077")
    assert len(lines(edition)) == 3
    assert edition.left_out == {}


def test_what_stands_behind_a_whole_row_is_no_part_of_it(gazetteer: Gazetteer) -> None:
    whole = f'"{row("2")}"'
    edition = read_text("\n".join((HEAD, row("1"), whole, row("3"), "a;b", row("4"))), gazetteer)
    assert edition.left_out == {"illisibles": 2}
    assert len(lines(edition)) == 3
