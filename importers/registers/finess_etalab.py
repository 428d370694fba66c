"""FINESS as its old extract for etalab (CSV), which nobody has renewed since 12 May 2026."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import BinaryIO

from geo.gazetteer import Gazetteer
from importers.registers.catalogue import registers
from importers.registers.csv_rows import csv_rows
from importers.registers.edition import UNREADABLE, Edition, check_count
from importers.registers.errors import EmptyRegister, OtherRegister, TruncatedFile
from importers.registers.establishments import (
    Establishment,
    Establishments,
    Position,
    codes,
    point_of,
    way,
)
from importers.registers.reached import numbers_in

DEAD = (
    "La source de ce fichier est arrêtée : il n'est plus renouvelé depuis le 12 mai 2026. Donnez "
    "plutôt celui de FINESS-Structures, qui est de chaque jour."
)
_MARK, _FIELDS = b"finess;etalab", 32
_FIRST_CELLS = ("structureet", "geolocalisation")
# Cells of a row that line breaks have parted, of which one or two may lack or be too many as well.
_WHOLE, _MOST_PARTS = range(_FIELDS - 2, _FIELDS + 3), 10
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
# Cells: as many as a row needs to have its category, the nineteenth, where two before it lack.
_FEWEST = 17
# Instead of a département: 9A is 971, 9F is 976. The communes of each have numbers of their own.
_OVERSEAS = frozenset(("9A", "9B", "9C", "9D", "9E", "9F"))
# Of the sources of points: in metres of mainland France ("LAMBERT_93", "EPSG:2154 RGF93 /
# Lambert-93") or overseas ("UTM_S40"), and what names the middle of a commune.
_MAINLAND = re.compile(r"LAMBERT.?93|\b2154\b")
_ELSEWHERE = re.compile(r"\bUTM|\b(?:5490|2972|2975|4471|32621)\b")
_CENTRE = "ADMIN-EXPRESS"
# What cells look like, by which the place is found where a row lacks some or has some too many: a
# category or a commune, a département, a number of a way, a town behind its postcode, and a phone.
_CODE, _AREA = re.compile(r"\d{3}"), re.compile(r"\d[\dAB]|9[A-F]")
_NUMBER, _TOWN, _PHONE = map(re.compile, (r"\d{1,4}\b", r"\d{5} ", r"\+?(?:\d[ .]?){9,}"))


def read(file: BinaryIO, filename: str, gazetteer: Gazetteer, today: date) -> Edition:
    """Return the establishments of a file that can be read twice; it names open ones alone.

    RegisterError where it is cut short or another file.
    """
    found = Establishments(gazetteer, today)
    encoding = _encoding(file)
    wanted: list[Establishment] = []
    numbers: dict[str, Establishment] = {}
    positions: dict[str, Position] = {}
    text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    rows = _rows(csv_rows(text, ";", filename), filename)
    try:
        day = _day(next(rows, None), filename)
        for row in rows:
            check_count(len(wanted), filename)
            is_one = row[0] == "structureet"
            if is_one and (home := _slipped(row, found)):
                # What is left of it guards it.
                found.left_out[UNREADABLE] += 1
                wanted.append(home)
            elif is_one and len(row) == _FIELDS:
                if found.wants(row[18]):
                    wanted.append(_of(row))
                    numbers[row[1]] = wanted[-1]
            elif row[0] == "geolocalisation" and len(row) > 4:
                if row[1] in numbers and (position := _position(row, numbers[row[1]], found)):
                    positions[row[1]] = position
            else:
                found.left_out[UNREADABLE] += 1
    finally:
        # The file is the caller's to close.
        text.detach()
    if not (wanted or found.left_out):
        raise _other(filename)
    for each in wanted:
        found.add(each, positions.get(each.number))
    return found.edition(day, (DEAD,))


def begins(file: BinaryIO) -> bool:
    """Return whether a file that can seek begins as this extract."""
    start = file.read(len(codecs.BOM_UTF8) + len(_MARK))
    file.seek(0)
    return start.removeprefix(codecs.BOM_UTF8).startswith(_MARK)


def _encoding(file: BinaryIO) -> str:
    """Return how the bytes are text, and go back to the first."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := file.read(1 << 20):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    finally:
        file.seek(0)
    return "utf-8-sig"


def _rows(reader: Iterator[list[str]], filename: str) -> Iterator[list[str]]:
    """Yield the rows; TruncatedFile where the last one lacks fields, or the day that ends it."""
    row: list[str] = []
    try:
        for row in _joined(reader):
            yield row
    except csv.Error:
        raise TruncatedFile(filename=filename) from None
    is_one, is_point = (row[:1] == [each] for each in _FIRST_CELLS)
    if (is_one and len(row) < _FIELDS) or (is_point and not _DAY.fullmatch(row[-1])):
        raise TruncatedFile(filename=filename)


def _joined(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    """Yield the rows that are not empty; as one those that a line break in a cell has parted."""
    parts: list[list[str]] = []
    for row in reader:
        if parts and (len(parts) == _MOST_PARTS or (row and row[0] in _FIRST_CELLS)):
            yield from _one_of(parts)
            parts = []
        if row:
            parts.append(row)
    yield from _one_of(parts)


def _one_of(parts: list[list[str]]) -> list[list[str]]:
    """Return rows as the one that they are, where the first lacks what the others have."""
    if len(parts) < 2 or parts[0][0] != _FIRST_CELLS[0] or len(parts[0]) >= _WHOLE[0]:
        return parts
    whole = parts[0]
    for part in parts[1:]:
        whole = [*whole[:-1], f"{whole[-1]} {part[0]}".strip(), *part[1:]]
    return [whole] if len(whole) in _WHOLE else parts


def _day(first: Sequence[str] | None, filename: str) -> date:
    if first is None:
        raise EmptyRegister(filename=filename)
    try:
        if first[:2] == ["finess", "etalab"]:
            return date.fromisoformat(first[3])
    except (IndexError, ValueError):
        pass
    raise _other(filename)


def _other(filename: str) -> OtherRegister:
    return OtherRegister(filename=filename, register=registers()["finess"].title)


def _slipped(row: list[str], among: Establishments) -> Establishment | None:
    """Return a home whose cells stand beside their places, with every number of them; else None."""
    if len(row) < _FEWEST or (len(row) == _FIELDS and _CODE.fullmatch(row[18])):
        return None
    cells = _in_place(row)
    # A name that was one too many among others says it as well.
    if not among.is_home(cells[18], *cells[3:6], *row[3:7]):
        return None
    home = _of(cells)
    return replace(home, phone=f"{home.phone} / {numbers_in(row[3:22], home.phone)}".strip(" /"))


def _in_place(row: list[str]) -> list[str]:
    """Return a row without one or two cells too many, or with blanks for one or two that lack.

    Of all places where they may be, that one is taken which makes most cells look like what
    belongs there. Without a town and without a commune it is no such row, and left as it is.
    """
    padded = [*row, *[""] * _FIELDS]
    for by in (0, 1, -1, 2, -2):
        if not _CODE.fullmatch(padded[18 + by]):
            continue
        places = range(min(18, 18 + by), 0, -1)
        best = max((_changed(padded, by, at) for at in places), key=_likeness)
        if _TOWN.match(best[15]) or _has_commune(best):
            return best
    return padded


def _changed(cells: list[str], by: int, at: int) -> list[str]:
    """Return cells of which some that begin at a place are taken out, or before which some lack."""
    if by < 0:
        return [*cells[:at], *[""] * -by, *cells[at:]]
    return [*cells[:at], *cells[at + by :]]


def _likeness(cells: list[str]) -> tuple[int, int]:
    """Return how many cells look like what belongs there, then how much is written in all."""
    code = cells[8].strip()
    seen = (
        _NUMBER.match(cells[7]),
        code and code in codes().ways,
        cells[9].strip(),
        _CODE.fullmatch(cells[12]),
        _AREA.fullmatch(cells[13]),
        _TOWN.match(cells[15]),
        _PHONE.fullmatch(cells[16]),
    )
    return sum(map(bool, seen)), sum(map(len, cells))


def _has_commune(cells: list[str]) -> bool:
    return bool(_CODE.fullmatch(cells[12]) and _AREA.fullmatch(cells[13]))


def _of(row: Sequence[str]) -> Establishment:
    street = way(row[7], row[8], row[9])
    # BP, a place without streets, a building.
    more = [each.strip() for each in (row[10], row[6], row[11]) if each.strip()]
    lines = [each for each in (street, *more) if each]
    postcode, _, city = row[15].partition(" ")
    return Establishment(
        number=row[1],
        name=row[4],
        short=row[3],
        more=row[5],
        code=row[18],
        address=lines[0] if lines else "",
        complement=", ".join(lines[1:]),
        postcode=postcode,
        city=city,
        commune=("97" if row[13] in _OVERSEAS else row[13]) + row[12],
        phone=row[16],
        email="",
        siret=row[22],
        changed=row[30],
    )


def _position(row: Sequence[str], of: Establishment, among: Establishments) -> Position | None:
    """Return the point of a row of metres, where it is more than the middle of a commune."""
    source = " ".join(row[4:-1]).upper()
    metres = _ELSEWHERE if of.commune.startswith("97") else _MAINLAND
    if _CENTRE in source.replace("_", "-") or not metres.search(source):
        return None
    point = point_of((row[2], row[3]), commune=of.commune, near=among.commune(of.commune))
    return Position(point, "") if point else None
