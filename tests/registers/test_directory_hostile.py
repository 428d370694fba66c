"""Files of the directory that would fill the memory, or never end."""

import io
import tracemalloc

import pytest

from importers.registers.directory_file import MOST_BYTES, MOST_BYTES_OF_A_SERVICE, opened
from importers.registers.errors import DamagedRegister, OtherRegister
from tests.directories import as_archive


def read(data: bytes) -> None:
    with opened(io.BytesIO(data), "all_latest.tar.bz2", MOST_BYTES) as entries:
        list(entries)


def test_a_text_that_never_ends_fills_no_memory() -> None:
    with pytest.raises(DamagedRegister):
        read(b'{"service": [{"id": "' + b"x" * MOST_BYTES_OF_A_SERVICE + b'"}]}')


def test_what_an_archive_stands_for_is_never_in_memory_whole() -> None:
    data = as_archive(bytes(30_000_000), "autre.json")
    assert len(data) < 10_000
    tracemalloc.start()
    with pytest.raises(OtherRegister):
        read(data)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5_000_000


def test_brackets_without_end_are_refused_at_once() -> None:
    with pytest.raises(DamagedRegister):
        read(b'{"service": [{"id": "a", "nom": ' + b"[" * 50_000)
