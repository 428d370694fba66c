"""The cells of a line -> its fields, by the mapping of its list."""

import re

from importers.double_header import column_title
from importers.header import Layout
from importers.line import Cell, Line
from importers.mapping import MANY
from importers.returned import WRONG
from importers.table import LostCell

# A text that is read for words that hide, and for nothing else.
UNREAD = "unread"
_SEVERAL = MANY | {UNREAD}
# Of a column that is hidden in the file: never shown as a text, and still read.
_OF_HIDDEN = {
    "phone": "phone_withheld",
    "phone_front_gate": "phone_withheld",
    "phone_withheld": "phone_withheld",
    "packed": "phone_withheld",
    "email": "email_withheld",
    "email_withheld": "email_withheld",
    **{
        field: field
        for field in ("external_id", "name", "category", "territory", "insee", "status")
    },
}


class CellReader:
    """Fills lines of one list, and notes which columns hold something that is not read."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._unread: set[int] = set()
        self._fields = [layout.mapping.columns.get(title) for title in layout.titles]
        self._hidden: set[int] = set()
        for columns in layout.table.hidden_columns:
            self._hidden |= set(columns) & set(range(len(layout.titles)))
        for column in self._hidden:
            self._fields[column] = self._of_hidden(column)
        self._extracts: dict[int, list[re.Pattern[str]]] = {}
        self._whole: set[int] = set()
        for extract in layout.mapping.extracts:
            column = layout.titles.index(extract.column)
            if extract.whole and column in self._hidden:
                continue
            self._extracts.setdefault(column, []).append(extract.pattern)
            if extract.whole:
                self._whole.add(column)
        self._lost: dict[int, list[LostCell]] = {}
        for lost in layout.table.lost:
            self._lost.setdefault(lost.line, []).append(lost)

    @property
    def left_aside(self) -> tuple[str, ...]:
        """Return the titles of columns that hold something and are read as nothing."""
        titles = self._layout.titles
        return tuple(column_title(titles, column) for column in sorted(self._unread))

    def _of_hidden(self, column: int) -> str | None:
        field = self._fields[column]
        return field and _OF_HIDDEN.get(field, UNREAD)

    @property
    def hidden_titles(self) -> tuple[str, ...]:
        """Return the titles of the columns that are hidden in the file."""
        return tuple(self._layout.titles[column] for column in sorted(self._hidden))

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
        for column, text in enumerate(texts):
            if not text:
                continue
            if column >= len(titles):
                # A note beside the table may hide, like a column that is not read.
                self._unread.add(column)
                line.add(UNREAD, Cell("", text, text))
                continue
            title = titles[column]
            if title != WRONG and not self._used(column):
                self._unread.add(column)
            field = self._fields[column]
            if field is None and column not in self._extracts:
                field = UNREAD
            if field is not None:
                self._add(line, field, title, text)
            if column in self._whole:
                self._add(line, UNREAD, "", text)
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
        if field not in _SEVERAL and field in line.fields:
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
