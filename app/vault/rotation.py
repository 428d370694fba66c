"""New sealing keys: what the old ones sealed is sealed again, batch by batch."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Engine, bindparam, func, or_, select, text

from app.platform.database.sessions import IMPORT_LOCK, hold, write
from app.vault.columns import SEALED, SealedColumns
from app.vault.digests import secret
from app.vault.sealing import FORMAT, NotOpened, Vault

BATCH = 500


@dataclass(slots=True)
class Status:
    """Sealed values by the id of their key, and those that no known key opens, by column."""

    by_key: Counter[str] = field(default_factory=Counter)
    unopened: Counter[str] = field(default_factory=Counter)

    def add(self, vault: Vault, table: str, row: UUID | str, column: str, value: bytes) -> None:
        """Open one more value, and count it."""
        key_id = value[2 : 2 + value[1]].decode("ascii", "replace")
        self.by_key[key_id] += 1
        try:
            vault.open(table, row, column, value)
        except NotOpened:
            self.unopened[f"{table}.{column} ({key_id})"] += 1


def status(engine: Engine, vault: Vault) -> Status:
    """Open every sealed value, and count."""
    found = Status()
    with engine.connect() as connection:
        for sealed in SEALED:
            for row, column, value in _values(connection, sealed):
                found.add(vault, sealed.table, row, column, value)
    return found


def verifier(vault: Vault) -> str:
    """Return the name of the secret by which it is known that the database needs a key."""
    return _verifier(vault.primary)


def verifiers(vault: Vault) -> set[str]:
    """Return the same of all its keys, former ones too."""
    return {_verifier(each) for each in vault.keys}


def _verifier(key_id: str) -> str:
    return f"verifier {key_id}"


def rotate(owner: Engine, vault: Vault, progress: Callable[[int, int], None]) -> int:
    """Seal again, under the primary key, all that another key sealed; return how many values.

    As the owner: the staff login may not touch history. Each batch is committed by itself, so that
    an interrupted rotation goes on where it was; raises KeyMissing or NotOpened before a batch that
    it cannot open is written. progress(done, total) counts rows.
    """
    with write(owner) as session:
        # From now on no process starts without the new key.
        secret(session, vault, verifier(vault))
    with owner.connect() as connection:
        total = sum(_count(connection, sealed, vault) for sealed in SEALED)
    rows = values = 0
    for sealed in SEALED:
        while True:
            with write(owner) as session:
                # What an import has begun under the old key is committed before it is looked at.
                hold(session, IMPORT_LOCK)
                connection = session.connection()
                connection.execute(text("SET LOCAL mesure23.new_key = 'on'"))
                done, changed = _batch(connection, sealed, vault)
            if not done:
                break
            rows, values = rows + done, values + changed
            progress(rows, max(total, rows))
    return values


def _old(sealed: SealedColumns, column: str, vault: Vault) -> ColumnElement[bool]:
    key_id = vault.primary.encode()
    prefix = FORMAT + bytes([len(key_id)]) + key_id
    return func.substring(sealed.model.c[column], 1, len(prefix)) != prefix


def _any_old(sealed: SealedColumns, vault: Vault) -> ColumnElement[bool]:
    return or_(*(_old(sealed, column, vault) for column in sealed.columns))


def _count(connection: Connection, sealed: SealedColumns, vault: Vault) -> int:
    counted = select(func.count()).select_from(sealed.model).where(_any_old(sealed, vault))
    return connection.scalars(counted).one()


def _batch(connection: Connection, sealed: SealedColumns, vault: Vault) -> tuple[int, int]:
    table = sealed.model
    columns = [table.c[name] for name in (sealed.key, *sealed.columns)]
    statement = select(*columns).where(_any_old(sealed, vault)).limit(BATCH).with_for_update()
    changes, values = [], 0
    for key, *old in connection.execute(statement):
        change = {"row": key}
        for column, value in zip(sealed.columns, old, strict=True):
            if value is None:
                change[f"new_{column}"] = None
                continue
            opened = vault.open(sealed.table, key, column, value)
            change[f"new_{column}"] = vault.seal(sealed.table, key, column, opened)
            values += 1
        changes.append(change)
    if changes:
        update = (
            table.update()
            .where(table.c[sealed.key] == bindparam("row"))
            .values({column: bindparam(f"new_{column}") for column in sealed.columns})
        )
        connection.execute(update, changes)
    return len(changes), values


def _values(
    connection: Connection, sealed: SealedColumns
) -> Iterator[tuple[UUID | str, str, bytes]]:
    columns = [sealed.model.c[name] for name in (sealed.key, *sealed.columns)]
    rows = connection.execution_options(yield_per=BATCH).execute(select(*columns))
    for key, *values in rows:
        for column, value in zip(sealed.columns, values, strict=True):
            if value is not None:
                yield key, column, value
