"""From a register's file to its edition, whichever register it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import BinaryIO

from geo.gazetteer import Gazetteer
from geo.zones import paris_day
from importers.registers import (
    activities,
    competence_csv,
    competence_json,
    directory,
    finess,
    finess_etalab,
    structures,
)
from importers.registers.activities import Hosts
from importers.registers.catalogue import registers
from importers.registers.competence import Competences
from importers.registers.edition import Edition
from importers.registers.errors import (
    DamagedRegister,
    EmptyRegister,
    OtherRegister,
    RegisterError,
    RegisterOfAnother,
)
from importers.registers.recognised import recognised

TABLES = frozenset({"inclusion", "ror"})


def read_register(
    code: str,
    file: BinaryIO,
    filename: str,
    gazetteer: Gazetteer,
    hosts: Hosts = lambda numbers: {},
    day: date | None = None,
) -> Edition:
    """Return what a file says, read as the register of a code; file can seek.

    hosts: finds the public establishments of FINESS, of which another register names units. day:
    the one that a person says it is of, before what the file says.
    RegisterError where nothing reads it, or where it is not that register's, or not whole.
    """
    with _named(code, file, filename):
        edition = _read_register(code, file, filename, gazetteer, hosts, day)
    return replace(edition, day=day, day_assumed=False) if day else edition


def _read_register(
    code: str,
    file: BinaryIO,
    filename: str,
    gazetteer: Gazetteer,
    hosts: Hosts,
    day: date | None,
) -> Edition:
    today = paris_day()
    if code == directory.CODE:
        return directory.read(file, filename, gazetteer, today)
    if code == finess.CODE:
        # Its old extract has another form, and is still what some have.
        if finess_etalab.begins(file):
            return finess_etalab.read(file, filename, gazetteer, today)
        return finess.read(file, filename, gazetteer, today)
    if code == activities.CODE:
        return activities.read(file, filename, hosts, today, given=day)
    if code in TABLES:
        # Either would be read as the other one: both have a name and a place.
        if recognised(file) in TABLES - {code}:
            raise OtherRegister(filename=filename, register=registers()[code].title)
        file.seek(0)
        return structures.read(file, filename, registers()[code], gazetteer, today)
    raise RegisterError()


def read_competences(
    code: str, file: BinaryIO, filename: str, gazetteer: Gazetteer, day: date | None = None
) -> Competences:
    """Return the same of a register that makes no actor."""
    with _named(code, file, filename):
        edition = _read_competences(code, file, filename, gazetteer)
    return replace(edition, day=day, day_assumed=False) if day else edition


def _read_competences(
    code: str, file: BinaryIO, filename: str, gazetteer: Gazetteer
) -> Competences:
    today = paris_day()
    if code == competence_json.CODE:
        return competence_json.read(file, filename, gazetteer, today)
    if code in (competence_csv.COURTS, competence_csv.FORCES):
        return competence_csv.read(code, file, filename, gazetteer, today)
    raise RegisterError()


@contextmanager
def _named(code: str, file: BinaryIO, filename: str) -> Iterator[None]:
    """Say of another register's file which one that is."""
    try:
        yield
    except (OtherRegister, DamagedRegister, EmptyRegister):
        found = recognised(file)
        if found in (None, code):
            raise
        raise RegisterOfAnother(
            filename=filename,
            found=registers()[found].title,
            register=registers()[code].title,
            code=found,
        ) from None
