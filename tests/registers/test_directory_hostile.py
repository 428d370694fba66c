"""Files of the directory that would fill the memory, or never end."""

import gzip
import io
import tarfile
import tracemalloc
from bz2 import compress
from collections.abc import Callable

import pytest

from importers.registers.directory_file import MOST_BYTES, MOST_BYTES_OF_A_SERVICE, opened
from importers.registers.errors import DamagedRegister, OtherRegister
from tests.directories import as_archive


def read(data: bytes) -> None:
    with opened(io.BytesIO(data), "all_latest.tar.bz2", MOST_BYTES) as entries:
        list(entries)


@pytest.mark.slow
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


@pytest.mark.slow
@pytest.mark.parametrize("sort", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME])
@pytest.mark.parametrize("pack", [compress, gzip.compress])
def test_a_header_that_claims_gigabytes_fills_no_memory(
    sort: bytes, pack: Callable[[bytes], bytes]
) -> None:
    header = tarfile.TarInfo("données")
    header.type, header.size = sort, 8_000_000_000
    data = pack(header.tobuf(tarfile.GNU_FORMAT) + bytes(60_000_000))
    assert len(data) < 100_000
    tracemalloc.start()
    with pytest.raises(DamagedRegister):
        read(data)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5_000_000


@pytest.mark.slow
def test_headers_of_headers_are_refused() -> None:
    header = tarfile.TarInfo("x")
    header.type = tarfile.XHDTYPE
    with pytest.raises((DamagedRegister, OtherRegister)):
        read(compress(header.tobuf(tarfile.GNU_FORMAT) * 100_000))
