"""Opens a workbook in a process of its own, with bounded memory and time; run by path.

A 6 kB workbook with only A1 and XFD1048576 aborts the process that reads it: nothing can catch it.
Arguments: kind, row limit, memory in bytes, processor seconds. Standard input: the bytes. Standard
output: JSON lines, for each sheet {"sheet", "hidden", "merged"}, [line, [cell, …]] for each row,
then {"lost": [[line, column, shown], …]}; or {"error"}.
"""

import datetime
import json
import resource
import sys
import zipfile
from collections.abc import Iterator
from io import BytesIO

# Entity bombs meet the limits of this process, and expat's own.
from xml.etree.ElementTree import (
    Element,
    fromstring,
    iterparse,
)

MAX_LOST = 1000
# Text given in all: one long text that a thousand cells share costs a file nothing.
MAX_TEXT = 200_000_000


def text_of(value: object) -> str:
    """A cell as its reader sees it: 93000.0 is "93000", a day is ISO 8601, a truth "oui"."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, datetime.time):
        return value.isoformat("minutes")
    return str(value)


def column_of(reference: str) -> tuple[int, int]:
    """ "C12" -> (12, 2): the line as people count it, the column from 0."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(reference[len(letters) :]), column - 1


def local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def lost_in_xlsx(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[int, int, str]]:
    """Error cells, and formulas without a stored value: calamine gives both as empty."""
    with archive.open(part) as stream:
        for _, element in iterparse(stream, events=("end",)):  # noqa: S314
            kind = local(element)
            if kind == "c" and (reference := element.get("r")):
                inside = {local(child): child.text for child in element}
                if element.get("t") == "e":
                    yield (*column_of(reference), inside.get("v") or "#ERREUR")
                elif "f" in inside and not inside.get("v"):
                    yield (*column_of(reference), "=" + (inside["f"] or ""))
            if kind == "row":
                element.clear()


def xlsx_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet names to the parts that hold them."""
    targets = {
        node.get("Id"): node.get("Target")
        for node in fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    }
    parts = {}
    for node in fromstring(archive.read("xl/workbook.xml")).iter():  # noqa: S314
        if local(node) == "sheet":
            key = next((v for k, v in node.attrib.items() if k.endswith("}id")), None)
            target = targets.get(key) or ""
            parts[node.get("name") or ""] = target[1:] if target.startswith("/") else f"xl/{target}"
    return parts


def lost_in_ods(archive: zipfile.ZipFile, sheet: str) -> Iterator[tuple[int, int, str]]:
    def attribute(element: Element, name: str) -> str | None:
        return next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == name), None)

    table, line, column = None, 0, 0
    content = archive.open("content.xml")
    for event, element in iterparse(content, events=("start", "end")):  # noqa: S314
        kind = local(element)
        if event == "start":
            if kind == "table":
                table, line = attribute(element, "name"), 0
            elif kind == "table-row":
                column, line = 0, line + 1
            continue
        if kind in ("table-cell", "covered-table-cell"):
            formula = attribute(element, "formula")
            shown = "".join(element.itertext()).strip()
            if table == sheet and formula and (not shown or shown.startswith(("#", "Err:"))):
                yield line, column, shown or formula
            column += int(attribute(element, "number-columns-repeated") or 1)
        elif kind == "table-row":
            line += int(attribute(element, "number-rows-repeated") or 1) - 1
            element.clear()


def lost_cells(kind: str, data: bytes, sheet: str) -> list[tuple[int, int, str]]:
    if kind == "xls":
        return []
    found: list[tuple[int, int, str]] = []
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = xlsx_parts(archive) if kind == "xlsx" else {}
        cells = lost_in_xlsx(archive, parts[sheet]) if parts else lost_in_ods(archive, sheet)
        for cell in cells:
            found.append(cell)
            if len(found) >= MAX_LOST:
                break
    return found


def main() -> None:
    kind, max_rows, memory, seconds = sys.argv[1], *(int(text) for text in sys.argv[2:5])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    def say(value: object) -> None:
        sys.stdout.write(json.dumps(value, ensure_ascii=True) + "\n")

    data = sys.stdin.buffer.read()
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        for about in book.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(about.name)
            hidden = about.visible != SheetVisibleEnum.Visible
            merged = sheet.merged_cell_ranges or []
            say({"sheet": about.name, "hidden": hidden, "merged": merged})
            given = text = 0
            # iter_rows begins at row 1 (skip_empty_area would shift every line number).
            rows = sheet.iter_rows() if sheet.start is not None else iter(())
            for line, row in enumerate(rows, start=1):
                cells = [text_of(value) for value in row]
                while cells and not cells[-1]:
                    cells.pop()
                if cells:
                    say([line, cells])
                    given += 1
                text += sum(map(len, cells))
                if text > MAX_TEXT:
                    raise MemoryError
                if given > max_rows:
                    break
            say(
                {
                    "lost": lost_cells(kind, data, about.name) if given else [],
                    "lines": line_count(sheet),
                }
            )
    except CalamineError as error:
        say({"error": f"{type(error).__name__}: {error}"})
    except MemoryError:
        say({"error": "MemoryError"})


def line_count(sheet: object) -> int:
    end = getattr(sheet, "end", None)
    return end[0] + 1 if end else 0


if __name__ == "__main__":
    main()
