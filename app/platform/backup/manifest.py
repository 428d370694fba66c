"""What a database holds at one point of its journal: rows and a checksum of each table.

Nobody writes for the moment in which the point is named, so that what is counted on the snapshot of
that moment is, to the byte, what a restoration up to the point brings back.
"""

import base64
import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from time import sleep

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from app.platform.backup.errors import BusyTables

_ALL = (
    "SELECT format('%I.%I', nspname, relname) FROM pg_class"
    " JOIN pg_namespace n ON n.oid = relnamespace"
    " WHERE relkind = 'r' AND relpersistence = 'p' AND nspname !~ '^pg_'"
    " AND nspname <> 'information_schema'"
)
_TABLES = text(f"{_ALL} ORDER BY 1")
# Those of an extension are made with it, as its version has them.
_OWN = text(
    f"{_ALL} AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass"
    " AND objid = pg_class.oid AND deptype = 'e') ORDER BY 1"
)
# As text, so that every value counts; a sum, so that the order of rows does not.
_CONTENT = (
    "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM {} t"
)
_KEYS = (
    "SELECT DISTINCT convert_from(substring({column} FROM 3 FOR get_byte({column}, 1)), 'UTF8')"
    " FROM {table} WHERE {column} IS NOT NULL"
)
# Whatever the login or the server prefer, a row is written the same.
_WRITTEN_THE_SAME = (
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO'",
    "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
)
_TRIES, _BETWEEN = 20, 3.0


@dataclass(frozen=True, slots=True)
class Manifest:
    """tables: name -> rows and checksum; keys: ids of the keys that sealed something."""

    tables: dict[str, tuple[int, str]]
    keys: tuple[str, ...]

    @property
    def rows(self) -> int:
        """Return how many rows there are in all."""
        return sum(count for count, _ in self.tables.values())

    def packed(self) -> str:
        """Return it as letters, digits, - and _, for a note beside a backup."""
        said = json.dumps({"tables": self.tables, "keys": self.keys}).encode()
        return base64.urlsafe_b64encode(zlib.compress(said, 9)).decode().rstrip("=")

    @classmethod
    def unpacked(cls, packed: str) -> "Manifest":
        data = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        said = json.loads(zlib.decompress(data))
        tables = {name: (rows, digest) for name, (rows, digest) in said["tables"].items()}
        return cls(tables, tuple(said["keys"]))

    def differences(self, other: "Manifest") -> list[str]:
        """Return the tables that are not the same in another one."""
        names = sorted(self.tables.keys() | other.tables.keys())
        return [name for name in names if self.tables.get(name) != other.tables.get(name)]


def take(owner: Engine, point: str, sealed: Iterable[tuple[str, str]]) -> Manifest:
    """Name a point of the journal, and return what the database holds there; raise BusyTables.

    sealed: table and column of what keys have sealed.
    """
    with owner.connect() as reading:
        reading = reading.execution_options(isolation_level="REPEATABLE READ")
        for left in reversed(range(_TRIES)):
            try:
                _at_rest(owner, reading, point)
                break
            except OperationalError:
                # Somebody writes, and is not kept from it: those behind would wait for both.
                reading.rollback()
                if not left:
                    raise BusyTables from None
                sleep(_BETWEEN)
        return read(reading, sealed)


def _at_rest(owner: Engine, reading: Connection, point: str) -> None:
    """Fix the snapshot of a connection and name the point while nobody writes."""
    with owner.connect() as locking:
        locking.execute(text("SET LOCAL lock_timeout = '2s'"))
        names = ", ".join(locking.scalars(_TABLES))
        locking.execute(text(f"LOCK TABLE {names} IN SHARE MODE"))
        reading.execute(text("SELECT count(*) FROM pg_class"))
        locking.execute(text("SELECT pg_create_restore_point(:point)"), {"point": point})
        locking.rollback()


def own_tables(connection: Connection) -> list[str]:
    """Return the tables that no extension made."""
    return list(connection.scalars(_OWN))


def read(
    connection: Connection, sealed: Iterable[tuple[str, str]], *, own: bool = False
) -> Manifest:
    """Return what a database holds, on the snapshot of a connection; own: but of extensions."""
    for statement in _WRITTEN_THE_SAME:
        connection.execute(text(statement))
    tables = {}
    for name in own_tables(connection) if own else connection.scalars(_TABLES).all():
        rows, digest = connection.execute(text(_CONTENT.format(name))).one()
        tables[name] = (rows, digest)
    keys: set[str] = set()
    for table, column in sealed:
        found = _KEYS.format(column=column, table=table)
        keys |= set(connection.scalars(text(found)))
    return Manifest(tables, tuple(sorted(keys)))
