"""What an answer is made of once nothing is compressed any more, and all that a PDF holds."""

import io
import re
import subprocess
import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import brotli
import pypdf
from pypdf.generic import IndirectObject, NameObject, StreamObject
from python_calamine import CalamineWorkbook

FIGURES = re.compile(rb"[-+.\d]+")


class CannotSearch(AssertionError):
    """A format in which nothing is found proves nothing: teach `unpack` to read it first."""


def unpack(body: bytes, encoding: str = "") -> list[bytes]:
    """Return the bytes that a body is made of once nothing is compressed any more."""
    return _unpacked(body, encoding)


# An answer is looked at in several ways, one after the other.
@lru_cache(maxsize=4)
def _unpacked(body: bytes, encoding: str) -> list[bytes]:
    if encoding == "gzip":
        return unpack(zlib.decompressobj(31).decompress(body))
    if encoding == "br":
        return unpack(brotli.decompress(body))
    if encoding not in ("", "identity"):
        raise CannotSearch(f"Content-Encoding: {encoding}")
    if body.startswith(b"\x1f\x8b"):
        # A part of it, where a part was asked for.
        return unpack(zlib.decompressobj(31).decompress(body))
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            names = packed.namelist()
            parts = [part for name in names for part in unpack(packed.read(name))]
            if "xl/workbook.xml" in names:
                parts.append(_cells(body))
            return [name.encode() for name in names] + parts
    if body.startswith(b"%PDF"):
        return _in_pdf(body)
    return [body]


def _in_pdf(document: bytes) -> list[bytes]:
    """Return what a PDF shows, says of itself, and holds without showing it."""
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=document, capture_output=True)
    if done.returncode != 0:
        raise CannotSearch(f"PDF: {done.stderr[:200]!r}")
    parts: list[bytes] = [done.stdout]
    strings: list[str] = []
    reader = pypdf.PdfReader(io.BytesIO(document))
    size: Any = reader.trailer["/Size"]
    for number in range(1, size):
        found = reader.get_object(IndirectObject(number, 0, reader))
        strings += _strings_of(found)
        if isinstance(found, StreamObject):
            data = found.get_data()
            has_text = found.get("/Type") in ("/Metadata", "/EmbeddedFile")
            # Of drawings and fonts only words: their numbers are places on paper.
            parts += unpack(data) if has_text else [FIGURES.sub(b" ", data)]
    return [*parts, "\n".join(strings).encode("utf-8", "replace")]


def _strings_of(found: object) -> Iterator[str]:
    """Yield the texts within an object of a PDF: titles, words for images, addresses."""
    if isinstance(found, bytes):
        yield found.decode("latin-1")
    elif isinstance(found, str) and not isinstance(found, NameObject):
        yield str(found)
    elif isinstance(found, dict):
        for value in found.values():
            yield from () if isinstance(value, IndirectObject) else _strings_of(value)
    elif isinstance(found, list):
        for value in found:
            yield from () if isinstance(value, IndirectObject) else _strings_of(value)


def _cells(workbook: bytes) -> bytes:
    """Return the cells of a workbook side by side: in its XML, numbers of cells part them."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook))
    rows = (row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python())
    return "\n".join(";".join(map(str, row)) for row in rows).encode()
