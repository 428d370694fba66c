"""Actors that stand in the base without a list that would have asked whom they may be."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID, uuid4

from app.gazetteer.load import cached_gazetteer
from app.lists.reading import read_upload
from app.platform.database.sessions import read, write
from app.records.edits import create
from app.records.history import History
from app.records.record import Origin
from app.records.writing import Writer
from app.runtime.staff import Runtime
from app.vault.digests import index_key
from importers.row import ActorRow
from tests.short_lists import sent


def stored(runtime: Runtime, *data: bytes) -> list[list[UUID]]:
    """Write each line of some lists as an actor of its own; return their ids, list by list."""
    found = []
    with write(runtime.staff) as session:
        gazetteer = cached_gazetteer(session.connection())
        writer = Writer(session, runtime.vault, index_key(session, runtime.vault), gazetteer)
        for each in data:
            rows = rows_of(runtime, each)
            by = Origin(source=uuid4(), line=1, day=date(2026, 1, 1), rank=50)
            edits = [create(row, by, draft=False) for row in rows]
            by_id = {edit.actor_id: edit for edit in edits}
            writer.settle(by_id, History(session, runtime.vault, "essai", "edit"))
            found.append(list(by_id))
    return found


def rows_of(runtime: Runtime, data: bytes) -> Iterable[ActorRow]:
    with read(runtime.staff) as session:
        gazetteer = cached_gazetteer(session.connection())
    upload = sent(data, territory=None)
    return read_upload(upload, runtime.settings, gazetteer, None, None).rows
