"""The true matching of a list that is read, and not stored."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.gazetteer.load import cached_gazetteer
from app.lists.matching import Found, find_actors
from app.lists.reading import Reading, digested, read_upload
from app.lists.sources import find_source
from app.lists.uploads import Received
from app.records.writing import Writer
from app.runtime.staff import Runtime
from app.vault.digests import index_key
from tests.short_lists import sent


def found_in(
    session: Session, runtime: Runtime, data: bytes, name: str, territory: str | None = None
) -> tuple[Reading, Found]:
    """Return what is found of a list, of which nothing is stored; territory: its code."""
    upload = sent(data, name, territory=territory)
    gazetteer = cached_gazetteer(session.connection())
    key = index_key(session, runtime.vault)
    source = find_source(session, key, upload.source_name, territory, None)
    result = read_upload(upload, runtime.settings, gazetteer, territory, None)
    received = Received(source or UUID(int=1), UUID(int=2))
    reading = digested(upload, received, result, key)
    writer = Writer(session, runtime.vault, key, gazetteer)
    return reading, find_actors(session, writer, reading)
