"""Cells whose value a workbook lost: errors, and formulas whose result was never stored.

calamine gives both as empty. Runs in the child process, which bounds it. Lines are counted from 1,
columns from 0.
"""

import struct
import zipfile
from collections.abc import Iterator
from io import BytesIO
from itertools import islice

# Safe from entity bombs by the limits of the child process and those of expat.
from xml.etree.ElementTree import Element, fromstring, iterparse

Lost = tuple[int, int, str]

MOST = 1000
_BOUNDSHEET, _EOF, _BOOLERR, _FORMULA = 0x85, 0x0A, 0x205, 0x06
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!",
    0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip


def lost_cells(file_format: str, data: bytes, sheet: str) -> list[Lost]:
    """Return the first thousand of a sheet. file_format: "xlsx", "xls" or "ods"."""
    if file_format == "xls":
        return list(islice(_in_xls(data, sheet), MOST))
    with zipfile.ZipFile(BytesIO(data)) as archive:
        if file_format == "ods":
            return list(islice(_in_ods(archive, sheet), MOST))
        return list(islice(_in_xlsx(archive, _xlsx_parts(archive)[sheet]), MOST))


def _position(reference: str) -> tuple[int, int]:
    """Return line and column of a reference: "C12" -> (12, 2)."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(reference[len(letters) :]), column - 1


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _in_xlsx(archive: zipfile.ZipFile, part: str) -> Iterator[Lost]:
    with archive.open(part) as stream:
        for _, element in iterparse(stream, events=("end",)):  # noqa: S314
            tag = _local(element)
            if tag == "c" and (reference := element.get("r")):
                inside = {_local(child): child.text for child in element}
                if element.get("t") == "e":
                    yield (*_position(reference), inside.get("v") or "#ERREUR")
                # A formula whose result is an empty text says t="str", and is no loss.
                elif "f" in inside and not inside.get("v") and element.get("t") != "str":
                    yield (*_position(reference), "=" + (inside["f"] or ""))
            if tag == "row":
                element.clear()


def _xlsx_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return names of sheets -> parts of the archive that hold them."""
    relations = fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {node.get("Id"): node.get("Target") for node in relations}
    parts = {}
    for node in fromstring(archive.read("xl/workbook.xml")).iter():  # noqa: S314
        if _local(node) == "sheet":
            key = next((v for k, v in node.attrib.items() if k.endswith("}id")), None)
            target = targets.get(key) or ""
            parts[node.get("name") or ""] = target[1:] if target[:1] == "/" else f"xl/{target}"
    return parts


def _in_ods(archive: zipfile.ZipFile, sheet: str) -> Iterator[Lost]:
    def attribute(element: Element, name: str) -> str | None:
        return next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == name), None)

    table, line, column = None, 0, 0
    content = archive.open("content.xml")
    for event, element in iterparse(content, events=("start", "end")):  # noqa: S314
        tag = _local(element)
        if event == "start":
            if tag == "table":
                table, line = attribute(element, "name"), 0
            elif tag == "table-row":
                column, line = 0, line + 1
            continue
        if tag in ("table-cell", "covered-table-cell"):
            formula = attribute(element, "formula")
            shown = "".join(element.itertext()).strip()
            lost = shown.startswith(("#", "Err:")) or attribute(element, "value-type") is None
            if table == sheet and formula and lost:
                yield line, column, shown or formula
            column += int(attribute(element, "number-columns-repeated") or 1)
        elif tag == "table-row":
            line += int(attribute(element, "number-rows-repeated") or 1) - 1
            element.clear()


def _in_xls(data: bytes, sheet: str) -> Iterator[Lost]:
    """Yield error values of BIFF8 records; [MS-XLS] 2.4.24 BoolErr and 2.4.127 Formula."""
    import olefile

    with olefile.OleFileIO(BytesIO(data)) as container:
        if not container.exists("Workbook"):
            return
        stream = container.openstream("Workbook").read()
    start = next((at for name, at in _sheets(stream) if name == sheet), None)
    if start is None:
        return
    for record_type, body in _records(stream, start):
        if record_type == _BOOLERR and body[7]:
            yield _cell(body, body[6])
        elif record_type == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
            yield _cell(body, body[8])


def _cell(body: bytes, code: int) -> Lost:
    line, column = struct.unpack_from("<HH", body)
    return line + 1, column, _ERRORS.get(code, "#ERREUR")


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield the records of one part of the stream, up to its end mark."""
    while at + 4 <= len(stream):
        record_type, size = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + size]
        if record_type == _EOF or len(body) < size:
            return
        yield record_type, body
        at += 4 + size


def _sheets(stream: bytes) -> Iterator[tuple[str, int]]:
    for record_type, body in _records(stream, 0):
        if record_type == _BOUNDSHEET and len(body) > 8:
            text = body[8:]
            name = text.decode("utf-16-le") if body[7] & 1 else text.decode("latin-1")
            yield name, struct.unpack_from("<I", body)[0]
