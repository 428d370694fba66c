"""A list that was read, without what was erased at somebody's request: it may not come back."""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from html import unescape

from sqlalchemy.orm import Session

from app.lists.reading import Gone, Reading, ReadLine, content_digest
from app.records.erased import Erased, read_erased
from app.records.said_by_lines import is_unclassified
from importers.row import Problem, Where

ERASED_ACTOR = (
    "cet acteur a été effacé à la demande d'une personne, et n'est pas repris. Retirez cette ligne"
    " de la liste ; si c'est un autre du même nom, donnez-y son adresse et son téléphone."
)
ERASED_VALUE = (
    "une valeur de cette ligne a été effacée à la demande d'une personne, et n'est pas reprise."
    " Retirez-la de la liste."
)
_TAG, _SPACES = re.compile(r"<[^<>]*>"), re.compile(r"\s+")
# Bytes of a workbook beyond which it is taken for one that holds what was erased.
_MOST = 200_000_000


def forget(session: Session, key: bytes, reading: Reading) -> Reading:
    """Return a list without the actors and values that were erased, with what to correct in it."""
    erased = read_erased(session, key)
    if not erased:
        return reading
    result, lines = reading.result, []
    said: dict[Where, Problem] = {}
    gone: dict[Where, Gone] = {}
    for line in reading.lines:
        where = line.row.where
        if erased.is_erased_line(line.row, reading.source, (line.identity, line.former)):
            said[where] = _problem(where, ERASED_ACTOR, fatal=True)
            gone[where] = Gone(line.row.territory, is_unclassified(line.row))
        else:
            lines.append(_without(line, erased, key))
    raw = {where: _cells(erased, cells) for where, cells in result.raw.items()}
    for where, cells in raw.items():
        if cells != result.raw[where]:
            said.setdefault(where, _problem(where, ERASED_VALUE, fatal=False))
    left = [
        (line, identity)
        for line, identity in zip(reading.lines, result.identities, strict=True)
        if line.row.where not in gone
    ]
    problems = (
        each.model_copy(update={"value": each.value and erased.text(each.value)})
        for each in result.problems
        if each.where not in gone
    )
    columns = result.mapping
    cleaned = replace(
        result,
        rows=tuple(line.row for line in lines),
        identities=tuple(identity for _, identity in left),
        problems=(*problems, *said.values()),
        raw=raw | dict.fromkeys(gone, ()),
        titles=tuple(_cells(erased, each) for each in result.titles),
        mapping=dict(zip(_cells(erased, tuple(columns)), columns.values(), strict=True)),
        left_aside=_cells(erased, result.left_aside),
    )
    # What nobody reads of a file, such as another sheet, may hold it too.
    forgotten = bool(said) or may_hold(reading.upload.data, erased)
    emptied = frozenset(said.keys() - gone.keys())
    found = replace(reading, result=cleaned, lines=tuple(lines), erased=gone, emptied=emptied)
    return replace(found, forgotten=forgotten)


def may_hold(data: bytes, erased: Erased) -> bool:
    """Return whether the bytes of a list hold an erased value, or cannot be searched for one."""
    if not erased.has_values:
        return False
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return any(erased.text(text) != text for text in _decoded(data))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as workbook:
            if sum(each.file_size for each in workbook.infolist()) > _MOST:
                return True
            names = workbook.namelist()
            members = (workbook.read(each).decode("utf-8", "replace") for each in names)
            # A text of which some letters are bold stands in several elements.
            texts = (_SPACES.sub(" ", unescape(_TAG.sub(" ", member))) for member in members)
            return any(erased.text(text) != text for text in texts)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        return True


def _decoded(data: bytes) -> Iterator[str]:
    """Yield the text of a file, or its texts where its encoding is not sure."""
    # Letters of two bytes, of which one is null, are no mistake in UTF-8.
    if b"\0" not in data:
        with suppress(UnicodeDecodeError):
            yield data.decode("utf-8")
            return
    # An old workbook writes its texts in one byte a letter, or in two.
    for encoding in ("utf-8", "cp1252", "utf-16-le"):
        yield data.decode(encoding, "replace")


def _without(line: ReadLine, erased: Erased, key: bytes) -> ReadLine:
    changed = erased.fields(line.row)
    if not changed:
        return line
    row = line.row.model_copy(update=changed)
    return replace(line, row=row, content=content_digest(row, key))


def _cells(erased: Erased, cells: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(erased.cells(cells)) if cells else cells


def _problem(where: Where, message: str, *, fatal: bool) -> Problem:
    return Problem(
        sheet=where.sheet, line=where.line, column=None, value=None, message=message, fatal=fatal
    )
