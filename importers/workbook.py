"""Workbooks (.xlsx, .xls, .ods): what they are by their bytes, and their rows by the child."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Literal

from importers.errors import (
    DamagedFile,
    EncryptedFile,
    NotWhatItSays,
    TooLargeOnceOpened,
    TooManyRows,
)
from importers.table import Comment, LostCell, RawRow, Span, Table, Texts

FileFormat = Literal["xlsx", "xls", "ods"]

# 100,000 rows of 30 columns take 700 MB in the child; a hostile workbook asks for far more.
MEMORY = 1_500_000_000
SECONDS = 60
# A workbook of 100,000 rows unpacks to about 100 MB.
UNPACKED = 400_000_000
_CHILD = Path(__file__).with_name("reader_child.py")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def format_of(data: bytes) -> FileFormat | Literal["text", "pdf", "image", "html", "zip", "binary"]:
    """Return what the bytes are, whatever the file is called."""
    head = data[:2048]
    if head.startswith(b"PK\x03\x04"):
        return _format_of_zip(data)
    if head.startswith(_OLE):
        return "xls"
    if head.startswith(b"%PDF"):
        return "pdf"
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8")):
        return "image"
    if (
        head.lstrip(b"\xef\xbb\xbf \r\n\t")[:14]
        .lower()
        .startswith((b"<html", b"<!doctype html", b"<table"))
    ):
        return "html"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"
    odd = sum(byte < 32 and byte not in b"\t\n\r\f\x00" for byte in head)
    # UTF-16 without a mark is half zeros in even or in odd places; other bytes are no text.
    zeros = head.count(0)
    even = head[::2].count(0)
    wide = zeros > len(head) // 3 and (even < 8 or zeros - even < 8)
    return "binary" if odd > len(head) // 20 or (zeros > len(head) // 20 and not wide) else "text"


def _format_of_zip(data: bytes) -> FileFormat | Literal["zip"]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        return "zip"
    if "xl/workbook.xml" in names:
        return "xlsx"
    return "ods" if "content.xml" in names else "zip"


def read_workbook(
    data: bytes, filename: str, file_format: FileFormat, max_rows: int, first: int | None = None
) -> list[Table]:
    """Return every sheet that holds something; raise UnreadableList for a damaged file.

    first: how many rows of each are wanted, the others being counted; None for all.
    """
    _refuse_encrypted(data, filename, file_format)
    if file_format != "xls":
        _refuse_bomb(data, filename)
    command = [
        sys.executable,
        "-I",
        str(_CHILD),
        file_format,
        str(max_rows + 100),
        str(MEMORY),
        str(SECONDS),
        str(first or max_rows + 100),
    ]
    try:
        done = subprocess.run(  # noqa: S603 - our own file, fixed arguments
            command,
            input=data,
            capture_output=True,
            timeout=2 * SECONDS,
            check=False,
            env={},
            cwd="/",
        )
    except subprocess.TimeoutExpired as error:
        limit = f"{2 * SECONDS} secondes de lecture"
        raise TooLargeOnceOpened(filename=filename, limit=limit) from error
    out = done.stdout if done.returncode == 0 else b""
    # An error is the last line that the child says.
    last = json.loads(out[out.rfind(b"\n", 0, -1) + 1 :] or b"{}")
    failure = last.get("error")
    if done.returncode < 0 or failure == "MemoryError" or b"memory allocation" in done.stderr:
        limit = f"{MEMORY // 1_000_000_000} Go de mémoire et {SECONDS} secondes de calcul"
        raise TooLargeOnceOpened(filename=filename, limit=limit)
    if failure and failure.startswith("PasswordError"):
        raise EncryptedFile(filename=filename)
    if failure or done.returncode:
        raise DamagedFile(filename=filename)
    # Line by line: all of them at once would stand in memory three times.
    return _tables(map(json.loads, BytesIO(out)), filename, max_rows)


def _refuse_encrypted(data: bytes, filename: str, file_format: FileFormat) -> None:
    if file_format == "xls" and "EncryptedPackage".encode("utf-16-le") in data:
        raise EncryptedFile(filename=filename)
    if file_format == "ods":
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if "META-INF/manifest.xml" in archive.namelist():
                with archive.open("META-INF/manifest.xml") as manifest:
                    if b"encryption-data" in manifest.read(1_000_000):
                        raise EncryptedFile(filename=filename)


def _refuse_bomb(data: bytes, filename: str) -> None:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        if sum(info.file_size for info in archive.infolist()) > UNPACKED:
            limit = f"{UNPACKED // 1_000_000} Mo"
            raise TooLargeOnceOpened(filename=filename, limit=limit)


def _tables(said: Iterable[object], filename: str, max_rows: int) -> list[Table]:
    tables: list[Table] = []
    table, texts = Table(name=""), Texts()
    for item in said:
        match item:
            case {"sheet": str(name), "hidden": bool(hidden), "merged": list(merged)}:
                spans = [
                    Span(top + 1, left, bottom + 1, right)
                    for (top, left), (bottom, right) in merged
                ]
                table = Table(name=name, hidden=hidden, merged=spans)
            case [int(line), list(cells)]:
                # An empty line keeps its place, so that each is counted.
                known = table.rows[-1].line if table.rows else line - 1
                if line - known > max_rows + 100:
                    raise TooManyRows(filename=filename, limit=max_rows)
                table.rows += [RawRow(empty, ()) for empty in range(known + 1, line)]
                table.rows.append(RawRow(line, texts.once(cells)))
            case {
                "lost": list(lost),
                "lines": list(lines),
                "columns": list(columns),
                "comments": list(comments),
                "more": int(more),
            }:
                table.more = more
                table.lost = [LostCell(*cell) for cell in lost]
                table.comments = [Comment(*comment) for comment in comments]
                table.hidden_lines = [range(first, last + 1) for first, last in lines]
                table.hidden_columns = [range(first, last + 1) for first, last in columns]
                if table.rows and table.rows[-1].line + more > max_rows + 100:
                    raise TooManyRows(filename=filename, limit=max_rows)
                if table.rows:
                    tables.append(table)
    return tables


def expect_format(data: bytes, filename: str, expected: str) -> str:
    """Return the format of the bytes where it is what the ending says, or raise NotWhatItSays."""
    found = format_of(data)
    if found == expected:
        return found
    # An encrypted .xlsx is an OLE container, as an .xls is.
    if found == "xls" and "EncryptedPackage".encode("utf-16-le") in data:
        raise EncryptedFile(filename=filename)
    if found == "zip" and expected in ("xlsx", "ods"):
        raise DamagedFile(filename=filename)
    raise NotWhatItSays(filename=filename, found=_IN_FRENCH[found])


_IN_FRENCH = {
    "xlsx": "un classeur Excel (.xlsx)",
    "xls": "un ancien classeur Excel (.xls)",
    "ods": "un classeur LibreOffice (.ods)",
    "text": "du texte (comme un .csv)",
    "pdf": "un PDF",
    "image": "une image",
    "html": "une page web",
    "zip": "une archive compressée",
    "binary": "d'une autre nature",
}
