"""What calamine does not tell of a sheet: what is hidden in it, comments, cells with a lost value.

Hidden are also lines too low to be read, and those struck out for the most part. Lost are errors,
and formulas whose result was never stored: calamine gives both as empty. Runs in the child process,
which bounds it. Lines are counted from 1, columns from 0.
"""

import posixpath
import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

# Safe from entity bombs by the limits of the child process and those of expat.
from xml.etree.ElementTree import Element, fromstring, iterparse

MOST_LOST = 1000
# A line or column of height or width 0 is hidden as well; hidden ranges above this are no list.
MOST_HIDDEN = 200_000
# Characters of all comments of a sheet.
MOST_COMMENTED = 20_000_000
# Points: a line that is lower shows nothing.
LOWEST = 2.0
_REFERENCE = re.compile(r"[A-Z]{1,3}[0-9]{1,7}")
_OFF = ("0", "false")
_BOUNDSHEET, _EOF, _BOOLERR, _FORMULA, _ROW, _COLUMNS = 0x85, 0x0A, 0x205, 0x06, 0x208, 0x7D
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!",
    0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip


@dataclass
class Marks:
    """lost: (line, column, shown). lines, columns: hidden ranges, (first, last).

    comments: (line, column, text) of notes and threads.
    """

    lost: list[tuple[int, int, str]] = field(default_factory=list)
    lines: list[tuple[int, int]] = field(default_factory=list)
    columns: list[tuple[int, int]] = field(default_factory=list)
    comments: list[tuple[int, int, str]] = field(default_factory=list)
    commented: int = 0

    def lose(self, line: int, column: int, shown: str) -> None:
        """Note the value of a cell as lost, up to a thousand."""
        if len(self.lost) < MOST_LOST:
            self.lost.append((line, column, shown))

    def comment(self, line: int, column: int, text: str) -> None:
        """Note what a comment says; raise MemoryError where all say more than any list does."""
        self.commented += len(text) + 1
        if self.commented > MOST_COMMENTED:
            raise MemoryError
        self.comments.append((line, column, text))

    def hide(self, line: int, times: int = 1) -> None:
        """Note lines as hidden; raise MemoryError where they are more than any list has."""
        if self.lines and self.lines[-1][1] == line - 1:
            self.lines[-1] = self.lines[-1][0], line + times - 1
            return
        if len(self.lines) >= MOST_HIDDEN:
            raise MemoryError
        self.lines.append((line, line + times - 1))


def marks_of(file_format: str, data: bytes, sheet: str) -> Marks:
    """Return the marks of a sheet. file_format: "xlsx", "xls" or "ods"."""
    marks = Marks()
    if file_format == "xls":
        _in_xls(data, sheet, marks)
        return marks
    with zipfile.ZipFile(BytesIO(data)) as archive:
        if file_format == "ods":
            _in_ods(archive, sheet, marks)
        else:
            part = _xlsx_parts(archive)[sheet]
            _in_xlsx(archive, part, _struck_styles(archive), marks)
            for comments in _comment_parts(archive, part):
                _comments_of(archive, comments, marks)
    return marks


def _position(reference: str) -> tuple[int, int]:
    """Return line and column of a reference: "C12" -> (12, 2)."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(reference[len(letters) :]), column - 1


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _in_xlsx(archive: zipfile.ZipFile, part: str, struck: set[str], marks: Marks) -> None:
    line = 0
    with archive.open(part) as stream:
        for _, element in iterparse(stream, events=("end",)):  # noqa: S314
            tag = _local(element)
            if tag == "c":
                _read_cell(element, marks)
            elif tag == "row":
                line = int(element.get("r") or line + 1)
                if _is_hidden(element) or (struck and _is_struck(element, struck)):
                    marks.hide(line)
                element.clear()
            elif tag == "col" and (
                element.get("hidden") in ("1", "true") or element.get("width") == "0"
            ):
                marks.columns.append(
                    (int(element.get("min", 1)) - 1, int(element.get("max", 1)) - 1)
                )


def _is_hidden(row: Element) -> bool:
    try:
        low = float(row.get("ht", LOWEST)) < LOWEST
    except ValueError:
        low = False
    return low or row.get("hidden") in ("1", "true")


def _is_struck(row: Element, struck: set[str]) -> bool:
    """Return whether most of the filled cells of a row are struck out."""
    filled = [cell.get("s") in struck for cell in row if len(cell)]
    return sum(filled) * 2 > len(filled)


def _struck_styles(archive: zipfile.ZipFile) -> set[str]:
    """Return the styles of cells, as cells name them, whose font is struck out."""
    if "xl/styles.xml" not in archive.namelist():
        return set()
    sheet = {_local(each): each for each in fromstring(archive.read("xl/styles.xml"))}  # noqa: S314
    fonts = {
        str(number)
        for number, font in enumerate(sheet.get("fonts", ()))
        if any(_local(each) == "strike" and each.get("val") not in _OFF for each in font)
    }
    styles = enumerate(sheet.get("cellXfs", ()))
    return {str(number) for number, style in styles if style.get("fontId") in fonts}


def _comment_parts(archive: zipfile.ZipFile, part: str) -> list[str]:
    """Return the parts of the archive that hold the notes and the threads of a sheet."""
    folder, name = posixpath.split(part)
    relations, known = f"{folder}/_rels/{name}.rels", set(archive.namelist())
    if relations not in known:
        return []
    nodes = fromstring(archive.read(relations))  # noqa: S314
    paths = dict.fromkeys(
        posixpath.normpath(posixpath.join("/", folder, node.get("Target", ""))).lstrip("/")
        for node in nodes
        if node.get("Type", "").rpartition("/")[2] in ("comments", "threadedComment")
    )
    return [path for path in paths if path in known]


def _comments_of(archive: zipfile.ZipFile, part: str, marks: Marks) -> None:
    with archive.open(part) as stream:
        for _, element in iterparse(stream, events=("end",)):  # noqa: S314
            if _local(element) not in ("comment", "threadedComment"):
                continue
            reference = _REFERENCE.fullmatch(element.get("ref", ""))
            if reference and (text := "".join(element.itertext()).strip()):
                marks.comment(*_position(reference[0]), text)
            element.clear()


def _read_cell(element: Element, marks: Marks) -> None:
    cell_type = element.get("t")
    # Most cells hold a text or a number alone: no further look at them.
    if cell_type == "s" or (cell_type != "e" and len(element) < 2 and _is_value(element)):
        return
    reference = element.get("r")
    if reference is None:
        return
    inside = {_local(child): child.text for child in element}
    if cell_type == "e":
        marks.lose(*_position(reference), inside.get("v") or "#ERREUR")
    # A formula whose result is an empty text says t="str", and is no loss.
    elif "f" in inside and not inside.get("v") and cell_type != "str":
        marks.lose(*_position(reference), "=" + (inside["f"] or ""))


def _is_value(element: Element) -> bool:
    return not len(element) or _local(element[0]) != "f"


def _xlsx_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return names of sheets -> parts of the archive that hold them."""
    relations = fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {node.get("Id"): node.get("Target") for node in relations}
    parts: dict[str, str] = {}
    for node in fromstring(archive.read("xl/workbook.xml")).iter():  # noqa: S314
        if _local(node) == "sheet":
            key = next((v for k, v in node.attrib.items() if k.endswith("}id")), None)
            target = targets.get(key) or ""
            part = target[1:] if target[:1] == "/" else f"xl/{target}"
            parts.setdefault(node.get("name") or "", part)
    return parts


def _attribute(element: Element, name: str) -> str | None:
    return next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == name), None)


def _in_ods(archive: zipfile.ZipFile, sheet: str, marks: Marks) -> None:
    inside, line, column = False, 0, 0
    content = archive.open("content.xml")
    for event, element in iterparse(content, events=("start", "end")):  # noqa: S314
        tag = _local(element)
        if event == "start":
            if tag == "table":
                inside, line, column = _attribute(element, "name") == sheet, 0, 0
            elif tag == "table-row":
                column, line = 0, line + 1
            continue
        if tag == "annotation":
            if inside and (text := " ".join(element.itertext()).strip()):
                marks.comment(line, column, text)
            element.clear()
        elif tag in ("table-cell", "covered-table-cell"):
            formula = _attribute(element, "formula") if inside else None
            if formula:
                shown = "".join(element.itertext()).strip()
                has_type = _attribute(element, "value-type") is not None
                if shown.startswith(("#", "Err:")) or not has_type:
                    marks.lose(line, column, shown or formula)
            column += int(_attribute(element, "number-columns-repeated") or 1)
        elif tag == "table-row":
            times = int(_attribute(element, "number-rows-repeated") or 1)
            if inside and _attribute(element, "visibility") in ("collapse", "filter"):
                marks.hide(line, times)
            line += times - 1
            element.clear()
        elif tag == "table-column" and inside:
            times = int(_attribute(element, "number-columns-repeated") or 1)
            if _attribute(element, "visibility") in ("collapse", "filter"):
                marks.columns.append((column, column + times - 1))
            column += times


def _in_xls(data: bytes, sheet: str, marks: Marks) -> None:
    """Read BIFF8 records; [MS-XLS] 2.4.24 BoolErr, 2.4.53 ColInfo, 2.4.127 Formula, 2.4.221 Row."""
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
            marks.lose(*_cell(body, body[6]))
        elif record_type == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
            marks.lose(*_cell(body, body[8]))
        elif record_type == _ROW and len(body) >= 14 and body[12] & 0x20:
            marks.hide(struct.unpack_from("<H", body)[0] + 1)
        elif record_type == _COLUMNS and len(body) >= 10 and body[8] & 1:
            marks.columns.append(struct.unpack_from("<HH", body))


def _cell(body: bytes, code: int) -> tuple[int, int, str]:
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
