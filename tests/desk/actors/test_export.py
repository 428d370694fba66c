"""The list as a file: neutral where it is protected, no formula in it, and noted first."""

import csv
import io
import re
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from app.models import AuditEntry, Role
from app.platform.database.sessions import read
from tests.desk.actors.conftest import Desk
from tests.short_lists import csv as lines_of
from tests.short_lists import run

FORMULA = "=cmd|'/C calc'!A0;Association;31 rue Ouverte;93000;Bobigny;01 99 00 00 51;"
TRUE = ("Foyer fictif", "Foyer de Lille", "Structure inconnue", "Cachée", "99 00 00 10")


@pytest.fixture
def formula(desk: Desk) -> Desk:
    run(desk.runtime, lines_of(FORMULA), source="formules")
    return desk


def rows(desk: Desk, given: str, role: Role = Role.CURATEUR, query: str = "") -> list[list[str]]:
    """The rows of a file below its titles."""
    browser = desk.signed_in(role)
    answer = browser.post(f"/gestion/acteurs/export?{query}", data={"fichier": given})
    assert answer.status_code == 200
    assert re.search(rf'filename="acteurs-[0-9-]+\.{given}"', answer.headers["content-disposition"])
    if given == "csv":
        text = answer.content.decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[1:]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    return [[str(cell) for cell in row] for row in sheet.to_python()[1:]]


@pytest.mark.parametrize("given", ["csv", "xlsx"])
@pytest.mark.parametrize("role", [Role.CURATEUR, Role.REFERENT_DEPARTEMENT, Role.REFERENT_ETAT])
def test_protected_actors_are_an_id_and_a_neutral_name(
    formula: Desk, given: str, role: Role
) -> None:
    found = rows(formula, given, role)
    text = repr(found)
    assert not any(each in text for each in TRUE)
    homes = [row for row in found if row[1].startswith("Lieu d'accueil")]
    assert homes
    assert all(set(row[2:]) == {""} for row in homes)
    assert any(row[1] == "Association libre" and row[3] == "Aubervilliers" for row in found)
    cell = next(row[1] for row in found if "cmd" in row[1])
    assert cell.startswith("'=" if given == "csv" else "=")


def test_a_workbook_holds_no_formula(formula: Desk) -> None:
    answer = formula.signed_in().post("/gestion/acteurs/export", data={"fichier": "xlsx"})
    with ZipFile(io.BytesIO(answer.content)) as archive:
        assert b"<f" not in archive.read("xl/worksheets/sheet1.xml").replace(b"<font", b"")


def test_a_file_is_what_the_list_is_narrowed_to_and_is_noted(formula: Desk) -> None:
    assert [row[1] for row in rows(formula, "csv", query="q=libre")] == ["Association libre"]
    with read(formula.databases.staff) as session:
        noted = select(AuditEntry).filter_by(action="actors_exported")
        last = session.scalars(noted.order_by(AuditEntry.number.desc())).first()
        assert last is not None
        detail = formula.vault.open_json("audit_entry", last.id, "detail", last.detail)
    assert detail == {"acteurs": 1, "fichier": "csv"}


def test_an_administrateur_takes_no_file_and_other_formats_are_refused(desk: Desk) -> None:
    admin = desk.signed_in(Role.ADMINISTRATEUR)
    assert admin.post("/gestion/acteurs/export", data={"fichier": "csv"}).status_code == 403
    other = desk.signed_in().post("/gestion/acteurs/export", data={"fichier": "pdf"})
    assert other.status_code == 422
