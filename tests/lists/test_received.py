"""A line is read as it was received: each cell beside the title of its column."""

import io

import openpyxl
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.lists.received import Received, read_line
from app.models import SourceFile, SourceRow
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from tests.short_lists import CRIP, csv, run


def lines(runtime: Runtime) -> list[Received]:
    """Every line that gave an actor something, in its order."""
    with read(runtime.staff) as session:
        rows = session.scalars(select(SourceRow).order_by(SourceRow.sheet, SourceRow.line)).all()
        return [_read(session, runtime, row) for row in rows if row.actor_id]


def _read(session: Session, runtime: Runtime, row: SourceRow) -> Received:
    assert row.actor_id
    content = runtime.vault.open_json("source_row", row.id, "content", row.content)
    given = (row.actor_id, row.source_file_id, content["sheet"], row.line)
    return read_line(session, runtime.vault, OPERATOR, *given)


@pytest.mark.slow
def test_each_sheet_has_titles_of_its_own_and_a_note_beside_it_a_letter(runtime: Runtime) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in {
        "Nord": (("Nom", "Type", "Commune"), ("A", "Association", "Lille", "à côté")),
        "Saint-Denis": (
            ("Liste du Département",),
            ("Ville", "Structure", "Catégorie"),
            ("Bobigny", "B", "Association"),
        ),
    }.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    run(runtime, data.getvalue(), "liste.xlsx", territory=None)
    first, second = lines(runtime)
    assert first.cells == (
        *(("Nom", "A"), ("Type", "Association"), ("Commune", "Lille")),
        ("colonne D", "à côté"),
    )
    assert dict(second.cells) == {"Ville": "Bobigny", "Structure": "B", "Catégorie": "Association"}


def test_a_file_whose_titles_were_not_stored_has_letters(runtime: Runtime) -> None:
    run(runtime, csv(CRIP))
    with write(runtime.staff) as session:
        session.execute(update(SourceFile).values(titles=None))
    (line,) = lines(runtime)
    assert [title for title, _ in line.cells][:2] == ["colonne A", "colonne B"]
