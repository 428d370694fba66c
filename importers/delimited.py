"""Text lists: encoding, separator, records. The line of a record is the line on which it begins."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress

from importers.errors import TooManyRows
from importers.table import RawRow, Table, Texts

# A quote left open swallows the lines that follow; real cells hold some dozens of lines at most.
MAX_LINES_IN_A_RECORD = 300
SEPARATORS = ";,\t|"
_UNCLOSED = (
    "Un guillemet ouvert sur cette ligne n'est jamais refermé. "
    "Doublez ou supprimez ce guillemet, puis recommencez."
)

# Halves of a UTF-16 pair written as UTF-8: one damaged character, where decoding sees three.
_SURROGATES = re.compile(rb"(?:\xed[\xa0-\xbf][\x80-\xbf])+")
# What an accent of UTF-8 becomes in cp1252: "Ã©", "Â«". No French text holds these pairs.
_MOJIBAKE = re.compile(rb"[\xc2\xc3][\x80-\xbf]")

# Of Windows, of old Macintoshes and of DOS; latin-1 differs from the first by no letter.
_OLD_ENCODINGS = ("cp1252", "mac_roman", "cp850")
_ACCENTED = re.compile(r"(?s)(?=(.)([^\x00-\x7f]))")
_LOWER = frozenset("éèêëàâçîïôùûü")
_UPPER = frozenset("ÉÈÊËÀÂÇÎÏÔÙÛ")
_SIGNS = frozenset("’«»–—…°œŒ€\xa0")

# No cell is longer than its list, whose size is limited before it is read.
csv.field_size_limit(2**31 - 1)


def read_delimited(data: bytes, filename: str, max_rows: int, first: int | None = None) -> Table:
    """Return the only table of a CSV file; TooManyRows above max_rows lines.

    first: how many rows are wanted, the others being counted; None for all.
    """
    text, note = decode(data)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    separator = separator_of(lines)
    table = Table(name=None, notes=[note] if note else [])
    start = 1 if lines and lines[0].lower().startswith("sep=") else 0
    for row in records(lines, separator, start, first):
        are_lines = False
        if first is None or len(table.rows) < first:
            table.rows.append(row)
        else:
            # Without a quote each line is one row.
            are_lines = not (table.more or any('"' in line for line in lines[row.line - 1 :]))
            table.more += len(lines) - row.line + 1 if are_lines else 1
        if len(table.rows) + table.more > max_rows + 100:
            raise TooManyRows(filename=filename, limit=max_rows)
        if are_lines:
            break
    return table


def decode(data: bytes) -> tuple[str, str | None]:
    """Return the text, and what to report where some bytes fit no encoding."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace"), None
    if data[:200].count(0) > len(data[:200]) // 3:
        encoding = "utf-16-le" if data[1:200:2].count(0) > data[0:200:2].count(0) else "utf-16-be"
        return data.decode(encoding, errors="replace"), None
    # Most lists are sound: to look for damage in one of 20 MB takes a second.
    with suppress(UnicodeDecodeError):
        text = data.decode("utf-8")
        if "\ufffd" not in text:
            return text, None
    mended = _SURROGATES.sub("\ufffd".encode(), data).decode("utf-8", errors="replace")
    damaged = len(re.findall("\ufffd+", mended))
    if not damaged:
        return mended, None
    # A few damaged bytes in a UTF-8 file must not turn every accent of it into "Ã©".
    good = len(re.findall(r"[^\x00-\x7f\ufffd]", mended))
    if good > 4 * damaged or (good >= damaged and _MOJIBAKE.search(data)):
        return mended, "Quelques caractères du fichier sont abîmés et apparaissent comme « � »."
    texts = [data.decode(each, errors="replace") for each in _OLD_ENCODINGS]
    return max(texts, key=_likely_french), None


def _likely_french(text: str) -> int:
    """Return how much a text looks French by its accents: "mère" does, "mËre" and "m∞re" do not."""
    score = 0
    for found in _ACCENTED.finditer(f"\n{text}"):
        before, char = found.groups()
        if char in _LOWER:
            score += 2
        elif char in _UPPER:
            score += -1 if before.islower() else 1
        elif char not in _SIGNS:
            score -= 2
    return score


def separator_of(lines: list[str]) -> str:
    """Return the separator that cuts most of the first lines into equally many cells."""
    if lines and lines[0].lower().startswith("sep=") and len(lines[0]) > 4:
        return lines[0][4]

    def score(separator: str) -> tuple[int, int]:
        widths = Counter(len(row.cells) for row in _first(records(lines[:200], separator, 0), 60))
        width, times = max(widths.items(), key=lambda item: (item[0] > 1, item[1], item[0]))
        return (times if width > 1 else 0, width)

    return max(SEPARATORS, key=score) if lines else ";"


def _first(rows: Iterable[RawRow], number: int) -> Iterator[RawRow]:
    return (row for _, row in zip(range(number), rows, strict=False))


class _TooLong(Exception):
    """A record goes on for too many lines."""


class _Feed:
    """Lines for csv.reader, which asks for the next ones while a quote is open."""

    def __init__(self, lines: list[str], at: int) -> None:
        self.lines, self.at, self.begun = lines, at, at

    def __iter__(self) -> Iterator[str]:
        while self.at < len(self.lines):
            if self.at - self.begun >= MAX_LINES_IN_A_RECORD:
                raise _TooLong
            self.at += 1
            yield self.lines[self.at - 1] + "\n"


def records(
    lines: list[str], separator: str, start: int, first: int | None = None
) -> Iterator[RawRow]:
    """Yield rows of cells. A line whose quote is never closed is broken; the next one is read.

    first: of how many lines the cells are wanted; None for all.
    """
    at, texts, taken = start, Texts(), 0
    while at < len(lines):
        feed = _Feed(lines, at)
        reader = csv.reader(feed, delimiter=separator, strict=True)
        try:
            for cells in reader:
                wanted = (first is None or taken < first) and any(map(str.strip, cells))
                given, taken = texts.once(cells) if wanted else (), taken + 1
                yield RawRow(feed.begun + 1, given)
                feed.begun = feed.at
            return
        except (csv.Error, _TooLong):
            at = feed.begun + 1
            yield _loose(lines[feed.begun], separator, at)


def _loose(line: str, separator: str, number: int) -> RawRow:
    """Return a line with stray quotes, cut as far as it can be."""
    if line.count('"') % 2 == 0:
        cells = next(csv.reader([line], delimiter=separator))
        return RawRow(number, tuple(cells))
    return RawRow(number, tuple(line.split(separator)), _UNCLOSED)
