"""Files of FINESS that are packed, cut, damaged, too large, or of another register."""

import gzip
import io
import json
from collections.abc import Callable
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest

from bench.finess import entry
from geo.gazetteer import Gazetteer
from importers.registers import finess
from importers.registers.errors import (
    DamagedRegister,
    EmptyRegister,
    OtherRegister,
    RegisterError,
    RegisterTooLarge,
    TruncatedFile,
)
from importers.registers.reading import read_register
from tests.importers.conftest import TODAY
from tests.importers.test_finess import lines, read_bytes, whole

WHOLE = whole(entry("1"), entry("2"))


def zipped(data: bytes, name: str = "finess.json", method: int = ZIP_STORED) -> bytes:
    """Return an archive of one member."""
    out = io.BytesIO()
    with ZipFile(out, "w", method) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def moved(data: bytes) -> bytes:
    """Return an archive whose table says that its file begins before it."""
    at = data.rindex(b"PK\x05\x06")
    return data[: at + 16] + (2**31).to_bytes(4, "little") + data[at + 20 :]


def locked(data: bytes) -> bytes:
    """Return an archive that says to be locked by a password."""
    here, there = data.index(b"PK\x03\x04") + 6, data.rindex(b"PK\x01\x02") + 8
    changed = bytearray(data)
    changed[here] |= 1
    changed[there] |= 1
    return bytes(changed)


class Counted(io.BytesIO):
    """Counts how often it is read."""

    reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        return super().read(size)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", EmptyRegister),
        (gzip.compress(b""), TruncatedFile),
        (WHOLE[:-1], TruncatedFile),
        (WHOLE[: len(WHOLE) // 2], TruncatedFile),
        (WHOLE[:20], TruncatedFile),
        (WHOLE.replace(b'"contact"', b"contact", 1), DamagedRegister),
        (gzip.compress(WHOLE)[:-20], TruncatedFile),
        (json.dumps({"service": [{"id": "1"}]}).encode(), OtherRegister),
        (b"[]", OtherRegister),
        (b"finess;etalab;111;2026-05-12\n", OtherRegister),
        (b"PK\x03\x04", TruncatedFile),
        (zipped(WHOLE)[:-20], TruncatedFile),
        (zipped(WHOLE).replace(WHOLE[-60:-30], b"x" * 30), DamagedRegister),
        (zipped(WHOLE, method=ZIP_BZIP2), DamagedRegister),
        (zipped(WHOLE, "lisez-moi.txt"), OtherRegister),
        (whole(), OtherRegister),
        (whole(entry("1"), [], []), OtherRegister),
        (whole(entry("1"), generated="hier"), OtherRegister),
    ],
    ids=[
        *("empty", "empty packed", "last byte", "half", "head", "damaged", "packed half"),
        *(
            "directory",
            "array",
            "csv",
            "zip",
            "zip half",
            "zip damaged",
            "zip by bzip2",
            "zip of a text",
            "no entry",
            "other entries",
            "no day",
        ),
    ],
)
def test_a_file_that_is_not_whole_or_another_one_is_refused(
    gazetteer: Gazetteer, data: bytes, error: type[RegisterError]
) -> None:
    with pytest.raises(error, match=r"« finess\.json ».*rien n'est changé") as raised:
        read_bytes(data, gazetteer)
    assert raised.value.__cause__ is None


def test_no_more_is_read_than_allowed(
    gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = io.BytesIO(WHOLE)
    with pytest.raises(RegisterTooLarge, match="rien n'est changé"):
        finess.read(file, "finess.json", gazetteer, TODAY, most=len(WHOLE) - 1)
    monkeypatch.setattr(finess, "MOST_BYTES_OF_AN_ENTRY", 200_000)
    assert read_bytes(WHOLE, gazetteer)
    with pytest.raises(DamagedRegister):
        read_bytes(whole(entry("1", nomEgeLong="X" * 1_000_000)), gazetteer)


def test_a_text_without_an_end_is_not_begun_anew_for_each_small_piece(
    gazetteer: Gazetteer,
) -> None:
    file = Counted(b'{"schemaVersion": "' + b"x" * 2_000_000 + b'"}')
    with pytest.raises(OtherRegister):
        finess.read(file, "finess.json", gazetteer, TODAY)
    assert file.reads < 50


@pytest.mark.parametrize("change", [moved, locked])
@pytest.mark.parametrize("code", ["finess", "finess_activites", "annuaire", "inclusion"])
def test_an_archive_that_cannot_be_opened_is_a_sentence(
    gazetteer: Gazetteer, change: Callable[[bytes], bytes], code: str
) -> None:
    with pytest.raises(RegisterError, match="rien n'est changé"):
        read_register(code, io.BytesIO(change(zipped(WHOLE))), "finess.zip", gazetteer)


def test_packed_it_is_the_same(gazetteer: Gazetteer) -> None:
    expected = lines(read_bytes(WHOLE, gazetteer))
    for data in (gzip.compress(WHOLE), zipped(WHOLE), zipped(WHOLE, method=ZIP_DEFLATED)):
        assert lines(read_bytes(data, gazetteer)) == expected


def test_it_is_read_by_its_code_in_either_form(gazetteer: Gazetteer) -> None:
    assert len(lines(read_register("finess", io.BytesIO(WHOLE), "a.json", gazetteer))) == 2
    with pytest.raises(OtherRegister):
        read_register("finess", io.BytesIO(b"finess;etalab;111;2026-05-12\n"), "a", gazetteer)
    with pytest.raises(OtherRegister):
        read_register("finess", io.BytesIO(b"finess,1"), "a", gazetteer)


@pytest.mark.parametrize("deep", [b"[" * 50_000, b'{"a":' * 50_000])
def test_a_nesting_without_an_end_is_refused(gazetteer: Gazetteer, deep: bytes) -> None:
    for data in (WHOLE.replace(b'"contact": ', b'"contact": ' + deep, 1), b'{"gco": ' + deep):
        with pytest.raises(DamagedRegister):
            read_bytes(data, gazetteer)
