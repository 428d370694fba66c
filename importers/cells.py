"""The cells of a line -> its fields, by the mapping of its list."""

import re

from importers.header import Layout, column_title
from importers.line import Cell, Line
from importers.mapping import MANY
from importers.table import LostCell


class CellReader:
    """Fills lines of one list, and notes which columns hold something that is not read."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._unread: set[int] = set()
        self._fields = [layout.mapping.columns.get(title) for title in layout.titles]
        self._extracts: dict[int, list[re.Pattern[str]]] = {}
        for extract in layout.mapping.extracts:
            column = layout.titles.index(extract.column)
            self._extracts.setdefault(column, []).append(extract.pattern)
        self._lost: dict[int, list[LostCell]] = {}
        for lost in layout.table.lost:
            self._lost.setdefault(lost.line, []).append(lost)

    @property
    def left_aside(self) -> tuple[str, ...]:
        """Return the titles of columns that hold something and are read as nothing."""
        titles = self._layout.titles
        return tuple(column_title(titles, column) for column in sorted(self._unread))

    def has_lost(self, line: int) -> bool:
        """Return whether the workbook lost the value of a cell of this line."""
        return line in self._lost

    def fill(self, line: Line, texts: list[str]) -> None:
        """Add the cells of a line to its fields; raise Rejected where one is cut in two."""
        titles = self._layout.titles
        if self._layout.table.name is None and any(texts[len(titles) :]):
            line.reject(
                None,
                f"Cette ligne a {len(texts)} cellules pour {len(titles)} titres : un séparateur se "
                "trouve dans une cellule. Mettez cette cellule entre guillemets.",
                " ".join(texts[len(titles) - 1 :]),
            )
        for column, (title, text) in enumerate(zip(titles, texts, strict=False)):
            if not text:
                continue
            if not self._used(column):
                self._unread.add(column)
            if (field := self._fields[column]) is not None:
                self._add(line, field, title, text)
            for pattern in self._extracts.get(column, ()):
                self._extract(line, pattern, title, text)
        for field, value in self._layout.mapping.fixed.items():
            if field not in line.fields:
                line.add(field, Cell("", value, value))

    def _extract(self, line: Line, pattern: re.Pattern[str], title: str, text: str) -> None:
        found = pattern.search(text)
        if found is None:
            message = "Cette cellule n'a pas la forme attendue : elle n'a pas été lue."
            line.report_cell(title, text, message)
            return
        for field, part in found.groupdict().items():
            if part and part.strip():
                self._add(line, field, title, part.strip())

    def _add(self, line: Line, field: str, title: str, text: str) -> None:
        if field not in MANY and field in line.fields:
            return
        given = text
        for rule in self._layout.mapping.values.get(field, ()):
            if rule.pattern.search(text):
                text = rule.value
                break
        else:
            rule = None
        line.add(field, Cell(title, text, given))
        if rule and rule.report:
            line.report(field, rule.report)

    def report_damage(self, line: Line, cleaned: list[tuple[str, bool]]) -> None:
        """Report cells with forbidden or damaged characters, and those whose value is lost.

        cleaned: of each cell its text, and whether characters were taken out of it.
        """
        titles = self._layout.titles
        for column, (text, odd) in enumerate(cleaned):
            if odd and column < len(self._fields) and self._used(column):
                message = "Des caractères invisibles ou interdits ont été retirés de cette cellule."
                line.report_cell(column_title(titles, column), text, message)
            elif "\ufffd" in text and column < len(self._fields) and self._used(column):
                message = "Des caractères de cette cellule sont abîmés (« � »). Corrigez-les."
                line.report_cell(column_title(titles, column), text, message)
        for lost in self._lost.get(line.number, ()):
            if lost.column < len(self._fields) and self._used(lost.column):
                message = (
                    "Cette cellule est une formule sans résultat enregistré, lue comme vide. "
                    "Ouvrez le classeur, enregistrez-le, ou remplacez la formule par sa valeur."
                    if lost.shown.startswith(("=", "of:"))
                    else "Cette cellule affiche une erreur, lue comme vide. Corrigez la formule."
                )
                line.report_cell(column_title(titles, lost.column), lost.shown, message)

    def _used(self, column: int) -> bool:
        return self._fields[column] is not None or column in self._extracts
