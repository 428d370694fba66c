"""Opens a workbook in a process of its own, with bounded memory and time; run by path.

A 6 kB workbook with only A1 and XFD1048576 aborts the process that reads it: nothing can catch it.
Arguments: file format, row limit, memory in bytes, processor seconds, rows of each sheet that are
wanted. Standard input: the bytes.
Standard output: JSON lines, for each sheet {"sheet", "hidden", "merged"}, [line, [cell, …]] for
each row, then what importers/sheet_marks.py found: {"lost", "lines", "columns", "comments", …} and
how many lines are behind those: {"more"}; or {"error"}.
"""

import datetime
import json
import resource
import sys
from io import BytesIO
from pathlib import Path

# Characters of all cells: a file holds a long text once, however many cells show it.
MAX_TEXT = 200_000_000


def text_of(value: object) -> str:
    """Return a cell as its reader sees it: "93000" for 93000.0, days in ISO 8601, "oui"."""
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


def main() -> None:
    file_format, numbers = sys.argv[1], [int(text) for text in sys.argv[2:6]]
    max_rows, memory, seconds, wanted = numbers
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # In isolated mode (-I) an editable install may not be found.
    sys.path.append(str(Path(__file__).parent.parent))
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    from importers.sheet_marks import Marks, marks_of

    def say(value: object) -> None:
        sys.stdout.write(json.dumps(value, ensure_ascii=True) + "\n")

    data = sys.stdin.buffer.read()
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        names = set()
        for about in book.sheets_metadata:
            # A sheet is found by its name: of two, which no spreadsheet writes, the first.
            if about.typ != SheetTypeEnum.WorkSheet or about.name in names:
                continue
            names.add(about.name)
            sheet = book.get_sheet_by_name(about.name)
            hidden = about.visible != SheetVisibleEnum.Visible
            merged = sheet.merged_cell_ranges or []
            say({"sheet": about.name, "hidden": hidden, "merged": merged})
            given = text = last = more = 0
            # iter_rows begins at row 1 (skip_empty_area would shift every line number).
            rows = sheet.iter_rows() if sheet.start is not None else iter(())
            for line, row in enumerate(rows, start=1):
                cells = [text_of(value) for value in row]
                while cells and not cells[-1]:
                    cells.pop()
                if cells and given < wanted:
                    say([line, cells])
                    last = line
                elif cells:
                    more = line - last
                given += bool(cells)
                text += sum(map(len, cells))
                if text > MAX_TEXT:
                    raise MemoryError
                if given > max_rows:
                    break
            marks = marks_of(file_format, data, about.name) if given else Marks()
            say({**vars(marks), "more": more})
    except CalamineError as error:
        say({"error": f"{type(error).__name__}: {error}"})
    except MemoryError:
        say({"error": "MemoryError"})


if __name__ == "__main__":
    main()
