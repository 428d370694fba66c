"""The whole way of a list: bytes -> checked actors, problems, and lines that carry no actor."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import PurePath

from geo.gazetteer import Gazetteer
from importers.actor import ActorReader
from importers.errors import NoCategory, NoUsableLine, TooManyRows, UnknownTerritory
from importers.header import Layout, find_layout
from importers.mapping import Mapping, named
from importers.problems import joined
from importers.readers import read_tables
from importers.row import Problem, ReadResult
from importers.sorting import LineSorter
from importers.table import Table
from importers.vocabulary import load as load_vocabulary

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
    sorter = LineSorter(layout, reader)
    for done, raw in enumerate(rows):
        if progress and done % _PROGRESS_EVERY == 0:
            progress(done, len(rows))
        sorter.take(raw)
    if progress:
        progress(len(rows), len(rows))
    actors = sorter.rows
    result = ReadResult(
        rows=tuple(actors.values()),
        identities=tuple(actors),
        problems=(*_notes(tables, layout), *joined(sorter.problems)),
        ignored=tuple(sorter.ignored),
        mapping=layout.mapping.described(),
        mapping_guessed=layout.mapping.guessed,
        left_aside=sorter.cells.left_aside,
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
