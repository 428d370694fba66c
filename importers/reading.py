"""The whole way of a list: bytes -> checked actors, problems, and lines that carry no actor."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from pathlib import PurePath

from geo.gazetteer import Gazetteer
from geo.zones import paris_day
from importers.actor import ActorReader
from importers.chosen import Chosen
from importers.corrected import Corrected, put
from importers.errors import NoCategory, NoUsableLine, TooManyRows, UnknownTerritory
from importers.header import Layout, find_layouts, holds_a_table, layout_of
from importers.left_sheets import still_hidden
from importers.mapping import Mapping, named
from importers.readers import read_tables
from importers.returned import READ_ME
from importers.row import ActorRow, Problem, ReadResult
from importers.sheets import left_of
from importers.sorting import LineSorter, Sorted
from importers.table import Table
from importers.text import grouped
from importers.vocabulary import load as load_vocabulary

_PROGRESS_EVERY = 500

Progress = Callable[[int, int], None]


def read_list(
    data: bytes,
    filename: str,
    *,
    mapping: str | Mapping | None,
    chosen: Chosen | None = None,
    gazetteer: Gazetteer,
    territory: str | None,
    max_bytes: int,
    max_rows: int,
    progress: Progress | None = None,
    corrected: Corrected | None = None,
    today: date | None = None,
) -> ReadResult:
    """Read a list; each line below a header is in rows, returned, ignored, or a fatal problem.

    mapping: a name of importers/mappings or a Mapping, None to recognise or guess; chosen: what
    people chose over that. territory: code of the whole list's, None for a national one.
    progress(done, total) is called now and then. Raises UnreadableList, in French.
    """
    wanted = named(mapping) if isinstance(mapping, str) else mapping
    name = PurePath(filename).name
    tables = put(read_tables(data, filename, max_bytes=max_bytes, max_rows=max_rows), corrected)
    left = left_of(tables, None if wanted else chosen)
    layouts = find_layouts(left, name, wanted, chosen)
    total = _lines_of(layouts, name, max_rows)
    into, left_aside, done, day = Sorted(), dict[str, None](), 0, today or paris_day()
    notes = list(_unread(tables, left, layouts, wanted))
    for layout in layouts:
        sorter = _sorter(layout, gazetteer, territory, day, into)
        for raw in layout.body:
            if progress and done % _PROGRESS_EVERY == 0:
                progress(done, total)
            sorter.take(raw)
            done += 1
        notes += _notes(layout, (*layout.table.notes, *sorter.notes()))
        left_aside |= dict.fromkeys(sorter.cells.left_aside)
    if progress:
        progress(total, total)
    notes += _notes(layouts[0], _hidden(into.hidden_lines))
    apart = [table for table in tables if not any(table is each for each in left)]
    rows = still_hidden(into.rows, _rows_of(apart, chosen, gazetteer, territory, day))
    result = ReadResult(
        rows=tuple(rows.values()),
        identities=tuple(rows),
        problems=(*notes, *into.problems),
        ignored=tuple(into.ignored),
        mapping={k: v for each in reversed(layouts) for k, v in each.mapping.described().items()},
        mapping_guessed=any(layout.mapping.guessed for layout in layouts),
        left_aside=tuple(left_aside),
        raw=into.raw,
        sheets=tuple(layout.table.name for layout in layouts),
        sheets_left=_lists_left(left, layouts),
        titles=tuple(layout.titles for layout in layouts),
        returned=tuple(into.returned),
    )
    if not result.returned:
        _check_usable(result, layouts, name)
    return result


def _sorter(
    layout: Layout, gazetteer: Gazetteer, territory: str | None, day: date, into: Sorted
) -> LineSorter:
    given = territory or _territory_of(layout.table.name, gazetteer)
    reader = ActorReader(layout.mapping, load_vocabulary(), gazetteer, given, day)
    return LineSorter(layout, reader, gazetteer, into)


def _rows_of(
    tables: Sequence[Table],
    chosen: Chosen | None,
    gazetteer: Gazetteer,
    territory: str | None,
    day: date,
) -> Collection[ActorRow]:
    """Return the lines of sheets that are left out, as they would be read."""
    into = Sorted()
    for layout in filter(None, (layout_of(table, chosen) for table in tables)):
        sorter = _sorter(layout, gazetteer, territory, day, into)
        for raw in layout.body:
            sorter.take(raw)
    return into.rows.values()


def _lines_of(layouts: Sequence[Layout], name: str, most: int) -> int:
    """Return how many lines a list has; raise TooManyRows."""
    total = sum(len(layout.body) for layout in layouts)
    if total > most:
        raise TooManyRows(filename=name, limit=most)
    return total


def _check_usable(result: ReadResult, layouts: Sequence[Layout], name: str) -> None:
    """Raise NoUsableLine or NoCategory."""
    if not result.rows:
        raise NoUsableLine(result, name)
    if not any(layout.mapping.classes(row) for layout in layouts for row in result.rows):
        raise NoCategory(filename=name)


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


def _territory_of(sheet: str | None, gazetteer: Gazetteer) -> str | None:
    """Return the code of the territory that a sheet is named after: "93", "CRIP (Nord)"."""
    parts = re.split(r"\s+[-–—]\s+|[()_]", sheet or "")
    for part in (sheet or "", *parts):
        if found := gazetteer.territory_named(part):
            return found.code
    return None


def _unread(
    tables: Sequence[Table],
    left: Sequence[Table],
    layouts: Sequence[Layout],
    wanted: Mapping | None,
) -> Iterator[Problem]:
    """Yield which sheets were not read, as problems of the first header's line.

    left: those that nobody chose to leave out.
    """
    why = "les colonnes de la correspondance n'y sont pas" if wanted else "pas de colonne de noms"
    for table in _left(tables, layouts):
        note = f"Feuille « {table.name} » : {why}, elle n'a pas été lue."
        if not any(table is each for each in left):
            note = f"Feuille « {table.name} » : laissée de côté, comme choisi pour cette source."
        yield from _notes(layouts[0], (note,))


def _left(tables: Sequence[Table], layouts: Sequence[Layout]) -> list[Table]:
    """Return the sheets that were not read."""
    read = [layout.table for layout in layouts]
    return [
        table
        for table in tables
        if table.name != READ_ME and not any(table is each for each in read)
    ]


def _lists_left(tables: Sequence[Table], layouts: Sequence[Layout]) -> tuple[str, ...]:
    """Return the names of the sheets that were not read and may be lists all the same."""
    return tuple(each.name or "" for each in _left(tables, layouts) if holds_a_table(each))


def _notes(layout: Layout, notes: Sequence[str]) -> Iterator[Problem]:
    """Yield what concerns a whole sheet, as problems of its header's line."""
    for note in notes:
        yield Problem(
            sheet=layout.table.name,
            line=layout.line,
            column=None,
            value=None,
            message=note,
            fatal=False,
        )


def _hidden(lines: int) -> tuple[str, ...]:
    if lines < 2:
        alone = "Une ligne masquée ou barrée est reprise sans être publiée, à confirmer."
        return (alone,) * lines
    return (
        f"{grouped(lines)} lignes masquées ou barrées sont reprises sans être publiées, à "
        "confirmer.",
    )
