"""Finds the known lines of a list whose columns are read otherwise than the last time.

What a line is found by comes from what is read of it. Read as it was read before, the same bytes
say which known line each one is: it gets its new identity as the list is applied.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from app.lists.history import known_lines
from app.lists.reading import Reading, ReadLine
from app.vault.digests import digest
from importers.chosen import Chosen
from importers.errors import UnreadableList
from importers.matching import Known
from importers.row import ReadResult, Where

ReadAs = Callable[[Chosen | None], ReadResult]


def rekeyed(
    session: Session,
    key: bytes,
    reading: Reading,
    former: Iterable[Chosen | None],
    read_as: ReadAs,
) -> Reading:
    """Return the lines with the identities under which their source knows them.

    former: how its columns were read before. It is read so only if some known line is not found.
    """
    former = list(former)
    if not former:
        return reading
    known = known_lines(session, reading.source)
    own = {line.identity for line in reading.lines}
    if known.keys() <= own:
        return reading
    best: dict[Where, bytes] = {}
    for each in former:
        with suppress(UnreadableList):
            was = _known_of(read_as(each), key, known)
            best = was if len(was) > len(best) else best
    # A list of which few lines are the same under any reading is another one.
    if len(best) <= len(own & known.keys()):
        return reading
    return replace(reading, lines=tuple(_line(each, best, known) for each in reading.lines))


def _known_of(
    result: ReadResult, key: bytes, known: Mapping[bytes, Known[UUID]]
) -> dict[Where, bytes]:
    identified = zip(result.rows, result.identities, strict=True)
    digests = {row.where: digest(key, "identity", identity) for row, identity in identified}
    return {where: each for where, each in digests.items() if each in known}


def _line(
    line: ReadLine, was: Mapping[Where, bytes], known: Mapping[bytes, Known[UUID]]
) -> ReadLine:
    former = was.get(line.row.where)
    if former is None or former == line.identity:
        return line
    if line.identity in known:
        # It is found by what another line was found by: row numbers and such.
        return replace(line, actor=known[former].actor)
    return replace(line, former=former)
