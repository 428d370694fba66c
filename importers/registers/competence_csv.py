"""Lists of ministries: for each commune its court, or its police station or brigade.

Their columns are found by title, wherever they stand: titles, separators and encodings vary.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import BinaryIO

from geo.gazetteer import Gazetteer
from geo.names import words
from geo.text import fold
from importers.delimited import decode, records, separator_of
from importers.registers.catalogue import registers
from importers.registers.competence import (
    GENDARMERIE,
    JUSTICE,
    POLICE,
    WORDS,
    Competences,
    Gathered,
    Named,
    town_of,
)
from importers.registers.edition import UNREADABLE
from importers.registers.errors import (
    EmptyRegister,
    OtherRegister,
    RegisterTooLarge,
    TruncatedFile,
)
from importers.table import RawRow

COURTS, FORCES = "tribunaux", "forces"
# 35,000 lines are some megabytes.
MOST_BYTES = 60_000_000
# Each takes some hundred times its byte in memory, where it is empty.
MOST_LINES = 300_000
# In letters; the true ones have some hundreds.
LONGEST_LINE = 100_000
# Lines above the titles.
SEARCHED = 10
_CODE = re.compile(r"\d[\dAB]\d{3}", re.ASCII)
_SHORT = re.compile(r"\d{4}", re.ASCII)
_FORCES = {category: frozenset(WORDS["force"][category]) for category in (POLICE, GENDARMERIE)}


def read(
    code: str,
    file: BinaryIO,
    filename: str,
    gazetteer: Gazetteer,
    today: date,
    most: int = MOST_BYTES,
) -> Competences:
    """Return what a list says; code: COURTS or FORCES. RegisterError where it is another file."""
    data = file.read(most + 1)
    if len(data) > most:
        raise RegisterTooLarge(filename=filename, limit=most // 10**6)
    if b"\0" in data[:1_000] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _other(code, filename)
    # Before it is cut: what ends lines is a byte in each encoding.
    if data.count(b"\n") + data.count(b"\r") > 2 * MOST_LINES:
        raise _other(code, filename)
    text, note = decode(data)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if max(map(len, lines)) > LONGEST_LINE:
        raise _other(code, filename)
    while lines and not lines[-1].strip():
        lines.pop()
    if not lines:
        raise EmptyRegister(filename=filename)
    rows = list(records(lines, separator_of(lines), 0))
    at, columns = _header(code, rows, filename)
    found = Gathered(filename, gazetteer)
    width = max(columns.values())
    body = [row for row in rows[at + 1 :] if row.cells]
    if body and len(body[-1].cells) <= width:
        raise TruncatedFile(filename=filename)
    for row in body:
        if row.broken or len(row.cells) <= width:
            found.left_out[UNREADABLE] += 1
            continue
        cells = {name: row.cells[column].strip() for name, column in columns.items()}
        if (commune := _code(cells["commune"])) is None:
            found.left_out[UNREADABLE] += 1
            continue
        named = _court(cells) if code == COURTS else _force(cells)
        found.add(commune, [named] if named else [])
    return found.edition(today, filename, note)


def _header(code: str, rows: Sequence[RawRow], filename: str) -> tuple[int, Mapping[str, int]]:
    """Return which row has the titles, and the columns of what is read."""
    wanted = ("commune", "court") if code == COURTS else ("commune", "force", "unit")
    for at, row in enumerate(rows[:SEARCHED]):
        titles = [fold(cell) for cell in row.cells]
        columns = {
            name: titles.index(found)
            for name in wanted
            if (found := next((each for each in WORDS["titles"][name] if each in titles), None))
        }
        if "commune" in columns and len(columns) > 1:
            return at, columns
    raise _other(code, filename)


def _code(text: str) -> str | None:
    """Return an INSEE code, with the zero that a spreadsheet took from it."""
    plain = text.upper().replace(" ", "")
    if _SHORT.fullmatch(plain):
        plain = f"0{plain}"
    return plain if _CODE.fullmatch(plain) else None


def _court(cells: Mapping[str, str]) -> Named | None:
    name = cells["court"]
    return Named(JUSTICE, name=name) if town_of(JUSTICE, name) else None


def _force(cells: Mapping[str, str]) -> Named | None:
    unit = cells.get("unit", "")
    for text in (cells.get("force", ""), unit):
        said = frozenset(words(text))
        found = [category for category, known in _FORCES.items() if said & known]
        if len(found) == 1:
            return Named(found[0], name=unit if town_of(found[0], unit) else "")
    return None


def _other(code: str, filename: str) -> OtherRegister:
    return OtherRegister(filename=filename, register=registers()[code].title)
