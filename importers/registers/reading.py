"""From a register's file to its edition, whichever register it is."""

from datetime import UTC, datetime
from typing import BinaryIO

from geo.gazetteer import Gazetteer
from importers.registers import directory, finess, finess_etalab
from importers.registers.edition import Edition
from importers.registers.errors import RegisterError


def read_register(code: str, file: BinaryIO, filename: str, gazetteer: Gazetteer) -> Edition:
    """Return what a file says, read as the register of a code; file can seek.

    RegisterError where nothing reads it, or where it is not that register's, or not whole.
    """
    today = datetime.now(UTC).date()
    if code == directory.CODE:
        return directory.read(file, filename, gazetteer, today)
    if code == finess.CODE:
        # Its old extract has another form, and is still what some have.
        if finess_etalab.begins(file):
            return finess_etalab.read(file, filename, gazetteer, today)
        return finess.read(file, filename, gazetteer, today)
    raise RegisterError()
