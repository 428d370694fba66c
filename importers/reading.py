"""The whole way of a list: bytes -> checked actors, problems, and lines that carry no actor."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import PurePath
from typing import Literal

from geo.gazetteer import Gazetteer
from geo.text import fold
from importers.actor import ActorReader
from importers.errors import NoCategory, NoUsableLine, TooManyRows, UnknownTerritory
from importers.header import Layout, column_title, find_layout
from importers.identity import identity_key
from importers.line import Cell, Line, Rejected
from importers.mapping import MANY, Mapping, named
from importers.readers import read_tables
from importers.row import ActorRow, Ignored, Problem, ReadResult
from importers.table import LostCell, RawRow, Table
from importers.text import clean, shorten
from importers.vocabulary import load as load_vocabulary

_TOTAL = re.compile(r"^(?:sous )?tota(?:l|ux)\b|^nombre (?:total |de |d )|^ensemble$")
_NUMBER = re.compile(r"[\d\s.,%]*")
_PROGRESS_EVERY = 500

Progress = Callable[[int, int], None]


def read_list(
    data: bytes,
    filename: str,
    *,
    mapping: str | Mapping | None,
    gazetteer: Gazetteer,
    territory: str | None,
    max_bytes: int,
    max_rows: int,
    progress: Progress | None = None,
    today: date | None = None,
) -> ReadResult:
    """Read a list; each line after its header is in rows, in ignored, or has one fatal problem.

    mapping: a name of importers/mappings or a Mapping, None to recognise or guess. territory:
    code of the département of the whole list, see find_territory, None for a national one.
    progress(done, total) is called now and then. Raises a subclass of UnreadableList, a French
    sentence.
    """
    wanted = named(mapping) if isinstance(mapping, str) else mapping
    name = PurePath(filename).name
    tables = read_tables(data, filename, max_bytes=max_bytes, max_rows=max_rows)
    layout = find_layout(tables, name, wanted)
    rows = layout.body
    if len(rows) > max_rows:
        raise TooManyRows(filename=name, limit=max_rows)
    reader = ActorReader(
        layout.mapping,
        load_vocabulary(),
        gazetteer,
        territory,
        today or datetime.now(UTC).date(),
    )
    sorter = _Sorter(layout, reader)
    for done, raw in enumerate(rows):
        if progress and done % _PROGRESS_EVERY == 0:
            progress(done, len(rows))
        sorter.take(raw)
    if progress:
        progress(len(rows), len(rows))
    result = ReadResult(
        rows=tuple(sorter.rows),
        problems=(*_notes(tables, layout), *sorter.problems),
        ignored=tuple(sorter.ignored),
        mapping=layout.mapping.described(),
        mapping_guessed=layout.mapping.guessed,
        left_aside=sorter.left_aside,
    )
    if not result.rows:
        raise NoUsableLine(result, name)
    if not any(map(layout.mapping.classes, result.rows)):
        raise NoCategory(filename=name)
    return result


def find_territory(text: str | None, gazetteer: Gazetteer) -> str | None:
    """Return the code of a département given by its code or name, None where nothing is given.

    Raises UnknownTerritory.
    """
    if not text:
        return None
    found = gazetteer.territory(text.upper()) or gazetteer.territory_named(text)
    if found is None:
        raise UnknownTerritory(name=text)
    return found.code


def _notes(tables: list[Table], layout: Layout) -> Iterator[Problem]:
    """Yield what concerns the whole sheet, as problems of the header's line."""
    notes = list(layout.table.notes)
    others = [f"« {t.name} »" for t in tables if t is not layout.table and len(t.rows) > 1]
    if others:
        notes.append(
            f"Seule la feuille « {layout.table.name} » a été lue, pas {', '.join(others)}. "
            "Envoyez les autres feuilles à part si elles contiennent des acteurs."
        )
    for note in notes:
        yield Problem(line=layout.line, column=None, value=None, message=note, fatal=False)


class _Sorter:
    """Puts each line where it belongs: read, ignored or rejected."""

    def __init__(self, layout: Layout, reader: ActorReader) -> None:
        self.rows: list[ActorRow] = []
        self.problems: list[Problem] = []
        self.ignored: list[Ignored] = []
        self._layout, self._reader = layout, reader
        self._first_line: dict[str, int] = {}
        self._unread: set[int] = set()
        self._header = [fold(title) for title in layout.titles]
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

    def take(self, raw: RawRow) -> None:
        if raw.broken:
            value = shorten(" ".join(raw.cells))
            self._refuse(Problem(line=raw.line, column=None, value=value, message=raw.broken))
            return
        cleaned = [clean(cell) for cell in raw.cells]
        texts = [text for text, _ in cleaned]
        reason = self._nothing(texts, raw.line)
        if reason:
            self.ignored.append(Ignored(line=raw.line, reason=reason))
            return
        line = Line(raw.line)
        try:
            self._fill(line, texts)
            self._report_odd(line, cleaned)
            row = self._reader.read(line)
            self._refuse_repeated(line, row)
        except Rejected as rejected:
            self.problems += line.problems
            self._refuse(rejected.problem)
            return
        self.problems += line.problems
        self.rows.append(row)

    def _refuse(self, problem: Problem) -> None:
        self.problems.append(problem)

    def _nothing(self, texts: list[str], line: int) -> Literal["empty", "total", "header"] | None:
        filled = [text for text in texts if text]
        if not filled:
            return None if line in self._lost else "empty"
        if _TOTAL.search(fold(filled[0])) and all(_NUMBER.fullmatch(t) for t in filled[1:]):
            return "total"
        same = sum(
            bool(title) and fold(text) == title
            for text, title in zip(texts, self._header, strict=False)
            if text
        )
        return "header" if same >= 2 and same > len(filled) // 2 else None

    def _fill(self, line: Line, texts: list[str]) -> None:
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

    def _report_odd(self, line: Line, cleaned: list[tuple[str, bool]]) -> None:
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

    def _refuse_repeated(self, line: Line, row: ActorRow) -> None:
        first = self._first_line.setdefault(identity_key(row), line.number)
        if first != line.number:
            line.reject(
                "external_id" if row.external_id else "name",
                f"Cette ligne répète la ligne {first}. Gardez l'une des deux.",
            )
