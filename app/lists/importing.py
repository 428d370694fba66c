"""From the bytes of a list to actors: received, read, planned, applied."""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from uuid import uuid4

from sqlalchemy import Engine

from app.gazetteer.load import cached_gazetteer
from app.lists.applying import apply
from app.lists.chosen import choices_of
from app.lists.forgetting import may_hold
from app.lists.planning import plan
from app.lists.reading import Progress, check_size, digested, read_upload
from app.lists.rekeying import rekeyed
from app.lists.returned import as_update
from app.lists.sources import find_source
from app.lists.summary import Summary
from app.lists.uploads import Received, Upload, as_of, empty_files, name_of, receive, refuse
from app.platform.database.sessions import read, write
from app.records.erased import read_erased
from app.records.writing import Writer
from app.settings import Settings
from app.vault.digests import KEY_BYTES, find_key, index_key
from app.vault.sealing import Vault
from geo.gazetteer import Gazetteer
from geo.text import forget
from importers.errors import UnreadableList
from importers.reading import find_territory

_NEVER = 1_000_000_000


@contextmanager
def uncollected() -> Iterator[None]:
    """Let the collector of cycles leave old objects alone, and forget what was remembered.

    The lines of a list form no cycles, and to walk all of them again and again took a quarter of
    the time. Statements form some, which are collected while they are young.
    """
    thresholds = gc.get_threshold()
    gc.set_threshold(10_000, 10, _NEVER)
    try:
        yield
    finally:
        forget()
        # Of two imports at once, the first one knows what it was.
        if thresholds[2] != _NEVER:
            gc.set_threshold(*thresholds)


@uncollected()
def import_list(
    staff: Engine,
    vault: Vault,
    settings: Settings,
    upload: Upload,
    progress: Progress | None = None,
    on_wait: Callable[[], None] | None = None,
) -> Summary:
    """Import a list: what was received is one transaction, what it changes another.

    on_wait is called where another command writes, which is waited for. Raises UnreadableList,
    after which the bytes received are stored all the same.
    """
    check_size(upload, settings)
    gazetteer, territory = _where(staff, upload)
    with write(staff) as session:
        received = receive(session, vault, upload, territory)
        choices = choices_of(session, vault, received.source)
    read_as = partial(read_upload, upload, settings, gazetteer, territory)
    try:
        result = read_as(progress, choices.chosen)
        with read(staff) as session:
            upload = as_update(session, gazetteer, upload, result.returned)
    except UnreadableList:
        with write(staff) as session:
            refuse(session, received.file)
            if may_hold(upload.data, read_erased(session, index_key(session, vault))):
                empty_files(session, [received.file])
        raise
    with write(staff) as session:
        key = index_key(session, vault)
        if result.returned:
            received = as_of(session, vault, received, upload)
    reading = digested(upload, received, result, key)
    with read(staff) as session:
        reading = rekeyed(session, key, reading, choices.former, partial(read_as, None))
    with write(staff) as session:
        writer = Writer(session, vault, key, gazetteer)
        return apply(session, vault, writer, reading, on_wait).summary


@uncollected()
def preview(
    staff: Engine,
    vault: Vault,
    settings: Settings,
    upload: Upload,
    progress: Progress | None = None,
) -> Summary:
    """Return what import_list would do; nothing is stored, written or locked."""
    check_size(upload, settings)
    gazetteer, territory = _where(staff, upload)
    read_as = partial(read_upload, upload, settings, gazetteer, territory)
    with read(staff) as session:
        # Without a key nothing was ever digested: no line can be known, whatever the key.
        key = find_key(session, vault) or os.urandom(KEY_BYTES)
        called = name_of(session, vault, upload, territory)
        source = find_source(session, key, called, territory, upload.register)
        choices = choices_of(session, vault, source)
    result = read_as(progress, choices.chosen)
    with read(staff) as session:
        upload = as_update(session, gazetteer, upload, result.returned)
        territory = find_territory(upload.territory, gazetteer)
        called = name_of(session, vault, upload, territory)
        source = find_source(session, key, called, territory, upload.register)
        writer = Writer(session, vault, key, gazetteer)
        reading = digested(upload, Received(source or uuid4(), uuid4()), result, key)
        reading = rekeyed(session, key, reading, choices.former, partial(read_as, None))
        return plan(session, writer, reading).summary


def _where(staff: Engine, upload: Upload) -> tuple[Gazetteer, str | None]:
    """Return the gazetteer, and the code of the territory that the upload names."""
    with read(staff) as session:
        gazetteer = cached_gazetteer(session.connection())
    return gazetteer, find_territory(upload.territory, gazetteer)
