"""Corrects a list that is read for the first time as the last one of its source was."""

from app.lists import corrections, lasting
from app.lists.chosen import choices_of
from app.lists.deposits import Deposited, bytes_of
from app.platform.database.sessions import read, write
from app.records.erased import read_erased
from app.runtime.staff import Runtime
from app.vault.digests import index_key
from importers.received import ReceivedLine, received_lines


def recall(runtime: Runtime, found: Deposited) -> None:
    """Correct a list as the last one of its source was; raise UnreadableList.

    Once: what somebody takes back of it does not come again.
    """
    with read(runtime.staff) as session:
        memory = lasting.memory_of(session, runtime.vault, found.source_id)
    if not memory.cells or _is_corrected(runtime, found):
        return
    lines = _lines(runtime, found)
    with write(runtime.staff) as session:
        key = index_key(session, runtime.vault)
        learned = lasting.without_erased(memory.cells, read_erased(session, key))
        cells = lasting.recalled(key, lines, learned)
        if cells:
            corrections.take_up(session, runtime.vault, found.id, cells, memory.day)


def lines_of_corrected(runtime: Runtime, found: Deposited) -> list[ReceivedLine]:
    """Return the lines of a list as they came; of one that nobody corrected, none."""
    return _lines(runtime, found) if _is_corrected(runtime, found) else []


def _is_corrected(runtime: Runtime, found: Deposited) -> bool:
    with read(runtime.staff) as session:
        return corrections.are_there(session, found.id)


def _lines(runtime: Runtime, found: Deposited) -> list[ReceivedLine]:
    with read(runtime.staff) as session:
        data = bytes_of(session, runtime.vault, found.id)
        chosen = choices_of(session, runtime.vault, found.source_id).chosen
    if data is None:
        return []
    most = runtime.settings.import_max_bytes, runtime.settings.import_max_rows
    return received_lines(data, found.filename, chosen, max_bytes=most[0], max_rows=most[1])
