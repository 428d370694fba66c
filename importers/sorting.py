"""Puts each line of a list where it belongs: read, ignored or rejected."""

import re
from collections.abc import Iterator
from typing import Literal

from geo.gazetteer import Gazetteer
from geo.text import fold
from importers.actor import ActorReader
from importers.cells import UNREAD, CellReader
from importers.double_header import LONGEST_TITLE
from importers.groups import fill_groups
from importers.header import Layout
from importers.identity import Lines
from importers.line import Cell, Line, Rejected
from importers.remarks import Remarks
from importers.returned import ReturnedReader
from importers.row import ActorRow, Ignored, Problem, Returned, Where
from importers.sections import Section, Title, find_titles, title_above
from importers.table import RawRow
from importers.terms import category_of
from importers.text import clean, grouped, shorten

# No cell of a list holds more; what is longer is cut before anything looks at it.
LONGEST_CELL = 100_000
MOST_TITLES_SAID = 10
TOTAL = re.compile(r"^(?:sous )?tota(?:l|ux)\b|^nombre (?:total |de |d )|^ensemble$")
_NUMBER = re.compile(r"[\d\s.,%]*")


class Sorted:
    """The lines of one file so far."""

    def __init__(self) -> None:
        self.lines = Lines()
        self.problems: list[Problem] = []
        self.ignored: list[Ignored] = []
        self.raw: dict[Where, tuple[str, ...]] = {}
        self.hidden_lines = 0
        self.returned: list[Returned] = []

    @property
    def rows(self) -> dict[str, ActorRow]:
        """The usable lines by their identity, in the order of the file."""
        return self.lines.by_identity


class LineSorter:
    """Sorts the lines of one sheet."""

    def __init__(
        self, layout: Layout, reader: ActorReader, gazetteer: Gazetteer, into: Sorted
    ) -> None:
        self.cells = CellReader(layout)
        self._layout, self._reader, self._into = layout, reader, into
        self._sheet = layout.table.name
        # Of two lines the header may be repeated as one, too.
        lines = dict.fromkeys((layout.titles, *layout.header))
        self._header = [[fold(title) for title in line] for line in lines]
        self._titles = find_titles(layout, gazetteer)
        self._filled, self._groups = fill_groups(layout, self._titles)
        self._remarks = Remarks(layout, self._filled)
        self._returned = ReturnedReader(layout)
        self._carried: dict[Title, int] = dict.fromkeys(self._titles.values(), 0)
        self._section = Section()
        if self._sheet and category_of(self._sheet):
            self._section = Section(category=Title(self._sheet, 0, self._sheet))
        if above := title_above(layout):
            self._section = self._section.after(above)
            self._carried[above] = 0

    def take(self, raw: RawRow) -> None:
        """Add a line to rows, to returned, to ignored, or a fatal problem of it to problems."""
        self._into.raw[Where(self._sheet, raw.line)] = raw.cells
        if returned := self._returned.read(raw):
            self._into.returned.append(returned)
            return
        line = Line(raw.line, self._sheet)
        try:
            if raw.broken:
                line.reject(None, raw.broken, " ".join(raw.cells)[:LONGEST_CELL])
            if title := self._titles.get(raw.line):
                self._section = self._section.after(title)
                self._ignore(raw, "section")
                return
            cleaned = self._cleaned(line, raw)
            texts = [text for text, _ in cleaned]
            if reason := self._nothing(texts, raw.line):
                self._ignore(raw, reason)
                return
            self.cells.fill(line, texts)
            for remark in self._remarks.of(raw):
                text = clean(remark[:LONGEST_CELL])[0]
                line.add(UNREAD, Cell("", text, text))
            self.cells.report_damage(line, cleaned)
            self._carry(line, texts)
            self._add(line, self._reader.read(line))
        except Rejected as rejected:
            line.problems.append(rejected.problem)
        self._into.problems += line.problems

    def notes(self) -> Iterator[str]:
        """Yield what was done to the sheet as a whole, once all its lines are taken."""
        said = [(title, times) for title, times in self._carried.items() if times]
        if len(said) == 1:
            (title, times), below = said[0], "les {} lignes qui suivent"
            yield (
                f"Le titre {_named(title)} est repris pour "
                + (below.format(grouped(times)) if times > 1 else "la ligne qui suit")
                + "."
            )
        elif said:
            shown = ", ".join(f"{_named(t)} pour {grouped(n)}" for t, n in said[:MOST_TITLES_SAID])
            more = ", etc." if len(said) > MOST_TITLES_SAID else "."
            yield f"{len(said)} titres sont repris pour les lignes qui les suivent : {shown}{more}"
        for column, times in self._groups.items():
            lines = f"{grouped(times)} lignes" if times > 1 else "une ligne"
            yield (
                f"Colonne « {column} » : une valeur écrite une fois pour plusieurs lignes est "
                f"reprise sur {lines} où la cellule est vide."
            )
        if hidden := ", ".join(f"« {title} »" for title in self.cells.hidden_titles if title):
            yield (
                f"Colonnes masquées dans le fichier : {hidden}. Leurs téléphones et adresses "
                "électroniques sont gardés sans être publiés ; leurs textes ne sont pas repris."
            )

    def _cleaned(self, line: Line, raw: RawRow) -> list[tuple[str, bool]]:
        cells = list(raw.cells)
        for column, text in self._filled.get(raw.line, {}).items():
            cells += [""] * (column + 1 - len(cells))
            cells[column] = text
        for column, cell in enumerate(cells):
            if len(cell) > LONGEST_CELL:
                line.report_cell(
                    self._layout.title(column),
                    cell[:LONGEST_CELL],
                    f"Cette cellule a {grouped(len(cell))} signes : seuls les "
                    f"{grouped(LONGEST_CELL)} premiers sont lus.",
                )
                cells[column] = cell[:LONGEST_CELL]
        return [clean(cell) for cell in cells]

    def _carry(self, line: Line, texts: list[str]) -> None:
        """Give a line what its sheet and the titles above it say; a remark alone takes nothing."""
        if self._sheet:
            line.add("sheet", Cell("", self._sheet, self._sheet))
        if sum(map(bool, texts)) > 1:
            self._section.add_to(line)
            for title in self._section.titles:
                if title in self._carried:
                    self._carried[title] += 1

    def _ignore(self, raw: RawRow, reason: Literal["empty", "total", "header", "section"]) -> None:
        self._into.ignored.append(Ignored(sheet=self._sheet, line=raw.line, reason=reason))

    def _nothing(self, texts: list[str], line: int) -> Literal["empty", "total", "header"] | None:
        """Return why a line carries no actor, or None where it may."""
        filled = [text for text in texts if text]
        if not filled:
            return None if self.cells.has_lost(line) else "empty"
        if TOTAL.search(fold(filled[0])) and all(_NUMBER.fullmatch(t) for t in filled[1:]):
            return "total"
        for header in self._header:
            same = sum(
                fold(text) == title
                for text, title in zip(texts, header, strict=False)
                if text and title and len(text) < LONGEST_TITLE
            )
            if same >= 2 and same > len(filled) // 2:
                return "header"
        return None

    def _add(self, line: Line, row: ActorRow) -> None:
        hidden = self._layout.hides(row.line)
        if hidden and row.status == "published":
            row = row.model_copy(update={"status": "draft"})
        first = self._into.lines.add(row)
        if first is not None:
            there = f" de la feuille « {first.sheet} »" if first.sheet != row.sheet else ""
            line.reject(
                "name",
                f"Cette ligne répète la ligne {first.line}{there}. Gardez l'une des deux.",
            )
        self._into.hidden_lines += hidden


def _named(title: Title) -> str:
    return f"« {shorten(title.text)} » (ligne {title.line})"
