"""Cells of a deposited list that a person corrected, sealed beside what was received.

The bytes stay as they came: a list is read with its corrections, until it is applied or given up.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Mesure23Error
from app.lists.deposits import DepositMoved, move
from app.models import Deposit
from app.models.job import Job
from app.platform.queue.deferring import defer
from app.vault.sealing import Vault
from importers.row import Where

TABLE, COLUMN = Deposit.__tablename__, "corrected"
LONGEST = 2_000


class CellTooLong(Mesure23Error):
    """Rien n’est corrigé : une cellule tient en 2 000 caractères, sans caractère de commande."""

    status = 422
    title = "Cellule illisible"
    advice = "Revenez à la ligne, raccourcissez ce que vous y avez écrit, puis corrigez de nouveau."


class Cell(NamedTuple):
    """A cell as it was received, and what it was corrected to."""

    received: str
    given: str


def of(session: Session, vault: Vault, deposit_id: UUID) -> dict[Where, dict[int, Cell]]:
    """Return the cells of a deposit that were corrected, by line and column."""
    sealed = session.scalar(select(Deposit.corrected).where(Deposit.file_id == deposit_id))
    found: dict[Where, dict[int, Cell]] = defaultdict(dict)
    stored = vault.open_json(TABLE, deposit_id, COLUMN, sealed)["cells"] if sealed else ()
    for sheet, line, column, received, given in stored:
        # What was erased at somebody's request is null.
        found[Where(sheet, line)][column] = Cell(received or "", given or "")
    return dict(found)


def given(session: Session, vault: Vault, deposit_id: UUID) -> dict[Where, dict[int, str]]:
    """Return what stands in the place of cells, as a list is read with it."""
    found = of(session, vault, deposit_id)
    return {where: {n: each.given for n, each in cells.items()} for where, cells in found.items()}


def correct(
    session: Session,
    vault: Vault,
    deposit_id: UUID,
    where: Where,
    raw: tuple[str, ...],
    wanted: Mapping[int, str],
    who: str,
) -> int:
    """Correct cells of a line of a list that is held, which is then read anew; return how many.

    raw: its cells as they are read now. wanted: by column. Raises CellTooLong.
    """
    corrected = of(session, vault, deposit_id)
    line = corrected.get(where, {})
    changed = {
        column: text
        for column, text in wanted.items()
        if column < len(raw) and text != _as_sent(raw[column])
    }
    if not all(map(_is_readable, changed.values())):
        raise CellTooLong
    for column, text in changed.items():
        received = line[column].received if column in line else raw[column]
        if text == received:
            del line[column]
        else:
            line[column] = Cell(received, text)
    corrected[where] = line
    rows = [
        (*place, column, cell.received, cell.given)
        for place, cells in corrected.items()
        for column, cell in cells.items()
    ]
    if changed:
        sealed = vault.seal_json(TABLE, deposit_id, COLUMN, {"cells": rows}) if rows else None
        values = {"corrected": sealed, "done": 0, "who": who}
        if not move(session, deposit_id, ["ready"], "checking", **values):
            raise DepositMoved
        defer(session, Job.CHECK, deposit_id)
    return len(changed)


def _as_sent(cell: str) -> str:
    """Return a cell as the form of a browser sends it, untouched."""
    return cell.replace("\r\n", "\n").removeprefix("\n")


def _is_readable(text: str) -> bool:
    return len(text) <= LONGEST and all(
        each.isprintable() or each in "\n\t\u00a0\u202f" for each in text
    )
