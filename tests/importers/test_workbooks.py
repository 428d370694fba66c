"""xlsx, xls and ods, honest and hostile."""

import datetime
import io
import struct
import time
import zipfile
from collections.abc import Sequence

import openpyxl
import pytest
import xlwt

from importers import errors
from importers import workbook as workbooks
from importers.readers import read_tables
from tests.importers.conftest import Read, saved, workbook
from tests.workbooks import ods, xls

TITLES = ["Nom", "Type", "CP", "Commune", "Téléphone", "Vérifié le"]
ACTOR = ["Écoute", "Association", 93000, "Bobigny", "01 43 93 93 93", datetime.date(2026, 1, 31)]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (workbook(["Liste 2026"], [], TITLES, ACTOR, merge=("A1:F1",)), "liste.xlsx"),
        (xls(["Liste 2026"], [], TITLES, ACTOR), "liste.xls"),
        (ods(["Liste 2026"], [], TITLES, ACTOR), "liste.ods"),
    ],
)
def test_each_kind_of_workbook_gives_the_same_actor(read: Read, data: bytes, name: str) -> None:
    result = read(data, name)
    assert result.problems == ()
    (row,) = result.rows
    assert (row.line, row.name, row.postcode, row.commune) == (4, "Écoute", "93000", "93008")
    assert row.verified_on == datetime.date(2026, 1, 31)


def test_numbers_that_lost_their_zeros_and_floats_are_mended(read: Read) -> None:
    titles = ["Nom", "Type", "CP", "Commune", "Tél", "SIRET"]
    row = ["A", "Association", 1200.0, "Valserhône", 450405778.0, 77554456200074.0]
    (actor,) = read(workbook(titles, row), "l.xlsx").rows
    assert (actor.postcode, actor.commune, actor.territory) == ("01200", "01033", "01")
    assert actor.phones[0] == "+33450405778"
    assert actor.siret == "77554456200074"


def test_four_digits_of_a_neighbouring_country_get_no_zero(read: Read) -> None:
    titles = ["Nom", "Type", "CP", "Commune"]
    there = ["A", "Association", 1200.0, "Genève"]
    slip = ["B", "Association", 1200.0, "Eloize"]
    mail = ["C", "Association", 1209.0, "Valserhône CEDEX"]
    result = read(workbook(titles, there, slip, mail), "l.xlsx", territory="74")
    found = [(row.postcode, row.commune, row.territory) for row in result.rows]
    assert found == [(None, None, "74"), ("01200", "74151", "74"), ("01209", "01033", "01")]
    assert result.rows[0].address == "1200 Genève"
    wrong = [each.message for each in result.problems if each.line == 2]
    assert wrong
    assert all(each.startswith("Cette commune n'est pas reconnue.") for each in wrong)


@pytest.mark.parametrize("city", ["1200 Genève", "1200 Bobigny"])
def test_a_town_behind_the_four_digits_of_another_country_is_unknown(read: Read, city: str) -> None:
    rows = [["Nom", "Type", "Commune"], ["A", "Association", city], ["B", "Association", "Lille"]]
    result = read(workbook(*rows), "l.xlsx")
    assert [row.name for row in result.rows] == ["B"]
    (problem,) = result.problems
    assert problem.fatal
    assert problem.message.startswith("Le territoire de cette ligne est inconnu.")


def test_four_digits_that_lost_another_one_are_a_slip_beside_their_town(read: Read) -> None:
    titles = ["Nom", "Type", "CP", "Commune"]
    slip = ["A", "MECS", 9300.0, "Bobigny"]
    result = read(workbook(titles, slip), "l.xlsx", territory="93")
    assert [(row.commune, row.territory) for row in result.rows] == [("93008", "93")]


def test_a_siret_that_excel_rounded_is_reported(read: Read) -> None:
    rows = [["Nom", "Type", "Commune", "SIRET"], ["A", "Association", "Bobigny", "2,601E+13"]]
    result = read(workbook(*rows), "l.xlsx")
    assert result.rows[0].siret is None
    (problem,) = result.problems
    assert (problem.column, problem.value, problem.fatal) == ("SIRET", "2,601E+13", False)


def test_a_value_merged_over_several_lines_is_on_each_of_them(read: Read) -> None:
    rows: list[Sequence[object]]
    rows = [TITLES, ACTOR, ["B", None, 93000, "Bobigny", "119"], ["C", None, 93000, "Bobigny"]]
    result = read(workbook(*rows, merge=("B2:B4",)), "l.xlsx")
    assert [row.category for row in result.rows] == ["association"] * 3


def test_lines_are_numbered_as_the_reader_sees_them(read: Read) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for column, title in enumerate(TITLES, start=2):
        sheet.cell(5, column, title)
    for column, value in enumerate(ACTOR, start=2):
        sheet.cell(6, column, value)
        sheet.cell(9, column, value)
    sheet.cell(9, 2, "Autre")
    result = read(saved(book), "l.xlsx")
    assert [row.line for row in result.rows] == [6, 9]
    assert [line.line for line in result.ignored] == [7, 8]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (workbook([*TITLES, "Mail"], [*ACTOR[:4], "=1+1", None, "=A1"]), "l.xlsx"),
        (ods([*TITLES, "Mail"], [*ACTOR[:4], "of:=1/0", None, "of:=[.A1]"]), "l.ods"),
    ],
)
def test_formulas_without_a_result_are_reported(read: Read, data: bytes, name: str) -> None:
    result = read(data, name)
    assert len(result.rows) == 1
    reported = [(p.column, p.fatal) for p in result.problems if "formule" in p.message]
    assert reported == [("Téléphone", False), ("Mail", False)]


def test_cells_that_show_an_error_are_reported(read: Read) -> None:
    book = openpyxl.Workbook()
    book.active.append(TITLES)
    book.active.append(ACTOR)
    book.active["E2"] = "#N/A"
    book.active["E2"].data_type = "e"
    result = read(saved(book), "l.xlsx")
    assert result.rows[0].phones == ()
    (problem,) = result.problems
    assert (problem.line, problem.column, problem.value) == (2, "Téléphone", "#N/A")


def test_errors_of_an_old_workbook_are_reported(read: Read) -> None:
    # xlwt writes no error values: the phone's cell holds a truth, the same record.
    book = xlwt.Workbook()
    sheet = book.add_sheet("Liste")
    rows: list[Sequence[object]] = [TITLES, [*ACTOR[:4], True]]
    for line, values in enumerate(rows):
        for column, value in enumerate(values):
            sheet.write(line, column, value)
    out = io.BytesIO()
    book.save(out)
    true = struct.pack("<HHHH", 0x205, 8, 1, 4)
    at = out.getvalue().index(true) + 10
    assert out.getvalue()[at : at + 2] == b"\x01\x00"
    data = out.getvalue()[:at] + b"\x2a\x01" + out.getvalue()[at + 2 :]
    result = read(data, "l.xls")
    (problem,) = result.problems
    assert (problem.line, problem.column, problem.value) == (2, "Téléphone", "#N/A")


def test_a_formula_that_gives_an_empty_text_is_no_loss(read: Read) -> None:
    source = zipfile.ZipFile(io.BytesIO(workbook(TITLES, [*ACTOR[:4], "=A1"])))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for item in source.namelist():
            body = source.read(item)
            if item == "xl/worksheets/sheet1.xml":
                assert b'<c r="E2"><f>' in body
                body = body.replace(b'<c r="E2"><f>', b'<c r="E2" t="str"><f>')
            archive.writestr(item, body)
    assert read(out.getvalue(), "l.xlsx").problems == ()


def test_a_workbook_with_two_far_corners_is_refused_at_once(read: Read) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "Nom"
    book.active["XFD1048576"] = "x"
    data = saved(book)
    assert len(data) < 7_000
    began = time.monotonic()
    with pytest.raises(errors.TooLargeOnceOpened, match="limite"):
        read(data, "l.xlsx")
    assert time.monotonic() - began < 20


@pytest.mark.slow
def test_a_zip_bomb_is_refused_by_the_stated_limit(read: Read) -> None:
    out = io.BytesIO(workbook(TITLES, ACTOR))
    with (
        zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/bomb.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(workbooks.UNPACKED // 10_000_000 + 1):
            part.write(b"0" * 10_000_000)
    assert len(out.getvalue()) < 2_000_000
    with pytest.raises(errors.TooLargeOnceOpened, match="400 Mo"):
        read(out.getvalue(), "l.xlsx")


@pytest.mark.slow
def test_a_zip_that_lies_about_its_sizes_ends_in_the_child(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The declared sizes are a first check only; memory in the child is the limit that holds."""
    monkeypatch.setattr(workbooks, "UNPACKED", 10**12)
    monkeypatch.setattr(workbooks, "MEMORY", 200_000_000)
    out = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(workbook(TITLES, ACTOR)))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for item in source.namelist():
            if item != "xl/worksheets/sheet1.xml":
                archive.writestr(item, source.read(item))
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(
                b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            )
            part.write(b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>')
            for _ in range(60):
                part.write(b"0" * 10_000_000)
            part.write(b"</t></is></c></row></sheetData></worksheet>")
    with pytest.raises((errors.TooLargeOnceOpened, errors.DamagedFile)):
        read(out.getvalue(), "l.xlsx")


@pytest.mark.slow
def test_one_long_text_shared_by_many_cells_is_refused(read: Read) -> None:
    long = "a" * 32_000
    rows = [[f"A{i}", *[long] * 9] for i in range(900)]
    with pytest.raises(errors.TooLargeOnceOpened):
        read(workbook(TITLES, *rows), "l.xlsx")


def test_an_entity_bomb_ends_in_a_sentence(read: Read) -> None:
    out = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(workbook(TITLES, ["=1+1", *ACTOR[1:]])))
    entities = '<!ENTITY a0 "aaaaaaaaaa">' + "".join(
        f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10)
    )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for item in source.namelist():
            body = source.read(item)
            if item == "xl/worksheets/sheet1.xml":
                body = f"<!DOCTYPE x [{entities}]>".encode() + body.replace(
                    b"<v />", b"<v>&a9;</v>"
                )
            archive.writestr(item, body)
    with pytest.raises(errors.UnreadableList):
        read(out.getvalue(), "l.xlsx")


@pytest.mark.parametrize(
    ("data", "name", "error"),
    [
        (b"", "l.csv", errors.EmptyFile),
        (b" \r\n ", "l.csv", errors.EmptyFile),
        (b"", "l.xlsx", errors.EmptyFile),
        (workbook([]), "l.xlsx", errors.EmptyFile),
        (b"Nom;Type\nA;B\n", "l.xlsx", errors.NotWhatItSays),
        (b"Nom;Type\nA;B\n", "l.ods", errors.NotWhatItSays),
        (workbook(TITLES, ACTOR), "l.csv", errors.NotWhatItSays),
        (workbook(TITLES, ACTOR), "l.xls", errors.NotWhatItSays),
        (xls(TITLES), "l.xlsx", errors.NotWhatItSays),
        (ods(TITLES), "l.xlsx", errors.NotWhatItSays),
        (b"%PDF-1.7\n1 0 obj", "l.csv", errors.NotWhatItSays),
        (b"\x89PNG\r\n\x1a\n0000", "l.csv", errors.NotWhatItSays),
        (b"<html><table><tr><td>Nom</td></tr></table>", "l.xls", errors.NotWhatItSays),
        (bytes(range(256)) * 8, "l.csv", errors.NotWhatItSays),
        (b"PK\x03\x04 rien", "l.xlsx", errors.DamagedFile),
        (workbook(TITLES, ACTOR)[:-200], "l.xlsx", errors.DamagedFile),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "l.xls", errors.DamagedFile),
        (b"Nom;Type\n", "l.pdf", errors.UnknownEnding),
        (b"Nom;Type\n", "liste", errors.UnknownEnding),
    ],
)
def test_a_file_that_cannot_be_a_list_is_named_as_what_it_is(
    data: bytes, name: str, error: type[errors.UnreadableList]
) -> None:
    with pytest.raises(error, match=f"« {name} »"):
        read_tables(data, name, max_bytes=10_000_000, max_rows=100)


def test_an_encrypted_workbook_is_named_so(read: Read) -> None:
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    container += "EncryptedPackage".encode("utf-16-le") + b"\0" * 400
    for name in ("l.xlsx", "l.xls"):
        with pytest.raises(errors.EncryptedFile, match="mot de passe"):
            read(container, name)
    out = io.BytesIO(ods(TITLES, ACTOR))
    with zipfile.ZipFile(out) as archive:
        parts = {item: archive.read(item) for item in archive.namelist()}
    manifest = parts["META-INF/manifest.xml"]
    parts["META-INF/manifest.xml"] = manifest + b"<!-- manifest:encryption-data -->"
    with zipfile.ZipFile(out, "w") as archive:
        for item, body in parts.items():
            archive.writestr(item, body)
    with pytest.raises(errors.EncryptedFile):
        read(out.getvalue(), "l.ods")


def test_limits_of_size_and_lines_are_stated(read: Read) -> None:
    with pytest.raises(errors.FileTooLarge, match="la limite est de 20 Mo"):
        read(b"a;b\n" * 25_000_000)
    lines = "".join(f"A{i};Association;93000;Bobigny\n" for i in range(300))
    with pytest.raises(errors.TooManyRows, match="50 lignes"):
        read("Nom;Type;CP;Commune\n" + lines, max_rows=50)
    rows = [[f"A{i}", *ACTOR[1:]] for i in range(300)]
    with pytest.raises(errors.TooManyRows, match="50 lignes"):
        read(workbook(TITLES, *rows), "l.xlsx", max_rows=50)
