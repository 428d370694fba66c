"""Puts the prepared territories into the database, and reads them back as a gazetteer."""

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from psycopg import sql
from psycopg.errors import ForeignKeyViolation
from sqlalchemy import Connection, func, text, update
from sqlalchemy.orm import Session

from app.models import Commune as CommuneRow
from geo.gazetteer import Gazetteer
from geo.territories import Commune, FormerCommune, Territory

T = TypeVar("T")
# Columns in the order of the prepared file, those of the primary key first.
_KEYS = {"territory": 1, "epci": 1, "commune": 1, "former_commune": 2}
_COLUMNS: dict[str, tuple[str, ...]] = {
    "territory": (
        *("code", "name", "slug", "kind", "region_code", "region_name"),
        *("boundary", "outline"),
    ),
    "epci": ("code", "name"),
    "commune": (
        *("code", "name", "search_name", "territory_code", "postcodes", "epci_code", "point"),
        "population",
    ),
    "former_commune": (
        *("code", "name", "kind", "commune_code", "postcodes"),
        *("search_name", "population", "point"),
    ),
}


# Which transactions wrote the rows that are there: any load, and any undo of one, tells.
_STATE = """
SELECT (SELECT sum(xmin::text::bigint) FROM territory), (SELECT count(*) FROM territory),
    (SELECT sum(xmin::text::bigint) FROM commune), (SELECT count(*) FROM commune),
    (SELECT sum(xmin::text::bigint) FROM former_commune), (SELECT count(*) FROM former_commune)
"""


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows in the prepared file, and codes that it no longer has but that others still refer to."""

    territories: int
    epcis: int
    communes: int
    former: int
    still_referenced: tuple[str, ...]


def load(connection: Connection, prepared: Path) -> Counts:
    """Write the prepared file (see prepare) into territory, epci, commune and former_commune.

    Rows are updated in place, so what refers to them stays, and only rows that differ are
    written. A row that the file no longer has is deleted unless something refers to it with a
    foreign key that refuses. The caller commits.
    """
    document = json.loads(gzip.decompress(prepared.read_bytes()))
    rows: dict[str, list[Sequence[Any]]] = {
        "territory": [list(row.values()) for row in document["territories"]],
        "epci": document["epcis"],
        "commune": [[*row[:6], _point(row[6]), row[7]] for row in document["communes"]],
        "former_commune": [[*row[:7], _point(row[7])] for row in document["former"]],
    }
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("territories are loaded through psycopg")
    texts = {table: _records(_COLUMNS[table], values) for table, values in rows.items()}
    for table, records in texts.items():
        _upsert(driver, table, records)
    # Those that refer go before those that are referred to.
    still_referenced = [
        row for table in reversed(texts) for row in _delete_missing(driver, table, texts[table])
    ]
    # Through SQLAlchemy, so that it knows of a transaction to commit.
    connection.execute(text("ANALYZE territory, epci, commune, former_commune"))
    return Counts(
        territories=len(rows["territory"]),
        epcis=len(rows["epci"]),
        communes=len(rows["commune"]),
        former=len(rows["former_commune"]),
        still_referenced=tuple(sorted(still_referenced)),
    )


def place_communes(session: Session, points: Mapping[str, tuple[float, float]]) -> None:
    """Give communes without a point theirs; points: by code, longitude and latitude, EPSG:4326."""
    lacking = CommuneRow.point.is_(None)
    for code, (lon, lat) in points.items():
        point = func.ST_SetSRID(func.ST_MakePoint(lon, lat), 4326)
        session.execute(
            update(CommuneRow).where(CommuneRow.code == code, lacking).values(point=point)
        )


def _point(position: list[float] | None) -> str | None:
    return None if position is None else f"SRID=4326;POINT({position[0]} {position[1]})"


def _records(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    records = [dict(zip(columns, row, strict=True)) for row in rows]
    return json.dumps(records, ensure_ascii=False)


def _names(columns: Iterable[str], *prefix: str) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(*prefix, column) for column in columns)


def _upsert(driver: psycopg.Connection, table: str, records: str) -> None:
    """Write the rows of a JSON array: one statement, and no temporary table, which takes a right.

    json_populate_recordset reads each value as the column's own type would.
    """
    columns = _COLUMNS[table]
    values = columns[_KEYS[table] :]
    statement = sql.SQL(
        "INSERT INTO {table} ({columns}) "
        "SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s::json) "
        "ON CONFLICT ({key}) DO UPDATE SET ({values}) = ROW({new}) "
        "WHERE ({old}) IS DISTINCT FROM ({new})"
    ).format(
        table=sql.Identifier(table),
        columns=_names(columns),
        key=_names(columns[: _KEYS[table]]),
        values=_names(values),
        old=_names(values, table),
        new=sql.SQL(", ").join(_new(table, column) for column in values),
    )
    driver.execute(statement, (records,))


def _new(table: str, column: str) -> sql.Composable:
    """Return the new value of a column; a point that the file lacks stays: a register gave it."""
    new = sql.Identifier("excluded", column)
    if column != "point":
        return new
    return sql.SQL("coalesce({}, {})").format(new, sql.Identifier(table, column))


def _delete_missing(driver: psycopg.Connection, table: str, records: str) -> list[str]:
    """Delete the rows that are not among the records; return those that are still referred to."""
    key = _COLUMNS[table][: _KEYS[table]]
    parts = {
        "table": sql.Identifier(table),
        "key": _names(key),
        "given": sql.SQL(", ").join(sql.Placeholder() for _ in key),
    }
    missing = sql.SQL(
        "SELECT {key} FROM {table} EXCEPT "
        "SELECT {key} FROM json_populate_recordset(NULL::{table}, %s::json)"
    ).format(**parts)
    deleting = sql.SQL("DELETE FROM {table} WHERE ({key}) = ({given})").format(**parts)
    still_referenced = []
    for row in driver.execute(missing, (records,)).fetchall():
        try:
            with driver.transaction():
                driver.execute(deleting, row)
        except ForeignKeyViolation:
            still_referenced.append(f"{table} {row[0]}")
    return still_referenced


def read_gazetteer(connection: Connection) -> Gazetteer:
    """Return the gazetteer of the loaded territories (0.5 s for 35,000 communes).

    A commune that has since merged, and stays because something refers to it, resolves to what
    it has become.
    """
    territories = connection.execute(
        text("SELECT code, name, kind, region_code, region_name FROM territory ORDER BY code")
    )
    communes = connection.execute(
        text(
            "SELECT code, name, territory_code, postcodes, epci_code, ST_X(point), ST_Y(point) "
            "FROM commune WHERE NOT EXISTS (SELECT FROM former_commune former "
            "WHERE former.code = commune.code AND former.commune_code <> commune.code) "
            "ORDER BY code"
        )
    )
    former = connection.execute(
        text("SELECT code, name, kind, commune_code, postcodes FROM former_commune ORDER BY code")
    )
    # The driver gives each text as an object of its own, and few of them differ.
    known: dict[Any, Any] = {}

    def one(value: T) -> T:
        first: T = known.setdefault(value, value)
        return first

    def all_of(texts: Iterable[str]) -> tuple[str, ...]:
        return one(tuple(map(one, texts)))

    return Gazetteer(
        (Territory(*row) for row in territories),
        (
            Commune(
                one(code), name, one(territory), all_of(postcodes), epci and one(epci), lon, lat
            )
            for code, name, territory, postcodes, epci, lon, lat in communes
        ),
        (
            FormerCommune(one(code), name, one(commune_type), one(commune), all_of(postcodes))
            for code, name, commune_type, commune, postcodes in former
        ),
    )


@dataclass(frozen=True, slots=True)
class _Cached:
    state: tuple[object, ...]
    gazetteer: Gazetteer


# Of this process: one database is one gazetteer, whatever actors change.
_cached: list[_Cached] = []


def state_of(connection: Connection) -> tuple[object, ...]:
    """Return what is another one as soon as a row of the gazetteer is written (0.02 s)."""
    return tuple(connection.execute(text(_STATE)).one())


def cached_gazetteer(connection: Connection) -> Gazetteer:
    """Return the gazetteer, read again only where a row of it was written since."""
    state = state_of(connection)
    # Another thread may put another one in its place meanwhile.
    found = next((each for each in _cached if each.state == state), None)
    if found is None:
        found = _Cached(state, read_gazetteer(connection))
        _cached[:] = [found]
    return found.gazetteer
