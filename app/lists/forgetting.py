"""A list that was read, without whom was erased at somebody's request: they may not come back.

What else was erased is taken away as the list is written (app/lists/written.py).
"""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from html import unescape

from sqlalchemy.orm import Session

from app.lists.reading import Gone, Reading
from app.records.erased import Erased, read_erased
from app.records.said_by_lines import is_unclassified
from importers.row import Problem, Where

ERASED_ACTOR = (
    "cet acteur a été effacé à la demande d'une personne, et n'est pas repris. Retirez cette ligne"
    " de la liste ; si c'est un autre du même nom, donnez-y son adresse et son téléphone."
)
_TAG, _SPACES = re.compile(r"<[^<>]*>"), re.compile(r"\s+")
# Bytes of a workbook beyond which it is taken for one that holds what was erased.
_MOST = 200_000_000


def forget(session: Session, key: bytes, reading: Reading) -> Reading:
    """Return a list without the lines of actors that were erased, with what to correct in it."""
    erased = read_erased(session, key)
    gone = {
        line.row.where: Gone(line.row.territory, is_unclassified(line.row))
        for line in reading.lines
        if erased.is_erased_line(line.row, reading.source, (line.identity, line.former))
    }
    if not gone:
        return reading
    result = reading.result
    left = [
        (line, identity)
        for line, identity in zip(reading.lines, result.identities, strict=True)
        if line.row.where not in gone
    ]
    problems = (each for each in result.problems if each.where not in gone)
    cleaned = replace(
        result,
        rows=tuple(line.row for line, _ in left),
        identities=tuple(identity for _, identity in left),
        problems=(*problems, *map(_problem, gone)),
        raw={**result.raw, **dict.fromkeys(gone, ())},
    )
    return replace(reading, result=cleaned, lines=tuple(line for line, _ in left), erased=gone)


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


def _problem(where: Where) -> Problem:
    return Problem(
        sheet=where.sheet, line=where.line, column=None, value=None, message=ERASED_ACTOR
    )
