"""Puts each line of a list where it belongs: read, ignored or rejected."""

import re
from typing import Literal

from geo.text import fold
from importers.actor import ActorReader
from importers.cells import CellReader
from importers.header import Layout
from importers.identity import Lines
from importers.line import Line, Rejected
from importers.row import ActorRow, Ignored, Problem
from importers.table import RawRow
from importers.text import clean, shorten

_TOTAL = re.compile(r"^(?:sous )?tota(?:l|ux)\b|^nombre (?:total |de |d )|^ensemble$")
_NUMBER = re.compile(r"[\d\s.,%]*")


class LineSorter:
    """The lines of one list."""

    def __init__(self, layout: Layout, reader: ActorReader) -> None:
        self._lines = Lines()
        self.problems: list[Problem] = []
        self.ignored: list[Ignored] = []
        self.cells = CellReader(layout)
        self._reader = reader
        self._header = [fold(title) for title in layout.titles]

    def take(self, raw: RawRow) -> None:
        """Add a line to rows, to ignored, or a fatal problem of it to problems."""
        if raw.broken:
            value = shorten(" ".join(raw.cells))
            self.problems.append(
                Problem(line=raw.line, column=None, value=value, message=raw.broken)
            )
            return
        cleaned = [clean(cell) for cell in raw.cells]
        texts = [text for text, _ in cleaned]
        reason = self._nothing(texts, raw.line)
        if reason:
            self.ignored.append(Ignored(line=raw.line, reason=reason))
            return
        line = Line(raw.line)
        try:
            self.cells.fill(line, texts)
            self.cells.report_damage(line, cleaned)
            self._add(line, self._reader.read(line))
        except Rejected as rejected:
            line.problems.append(rejected.problem)
        self.problems += line.problems

    def _nothing(self, texts: list[str], line: int) -> Literal["empty", "total", "header"] | None:
        """Return why a line carries no actor, or None where it may."""
        filled = [text for text in texts if text]
        if not filled:
            return None if self.cells.has_lost(line) else "empty"
        if _TOTAL.search(fold(filled[0])) and all(_NUMBER.fullmatch(t) for t in filled[1:]):
            return "total"
        same = sum(
            bool(title) and fold(text) == title
            for text, title in zip(texts, self._header, strict=False)
            if text
        )
        return "header" if same >= 2 and same > len(filled) // 2 else None

    @property
    def rows(self) -> dict[str, ActorRow]:
        """The usable lines by their identity, in the order of the list."""
        return self._lines.by_identity

    def _add(self, line: Line, row: ActorRow) -> None:
        first = self._lines.add(row)
        if first is not None:
            line.reject("name", f"Cette ligne répète la ligne {first.line}. Gardez l'une des deux.")
