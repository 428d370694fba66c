"""Cells of a deposited list that a person corrected, sealed beside what was received.

The bytes stay as they came: a list is read with its corrections, until it is applied or given up.
The next list of its source is read with those that were applied: see lasting.py.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select, update
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
    """Rien n’est corrigé : une cellule tient en 2 000 caractères, sans signe invisible."""

    status = 422
    title = "Cellule illisible"
    advice = "Raccourcissez ce que vous y avez écrit, ou tapez-le au lieu de le coller."


class Cell(NamedTuple):
    """A cell as it was received, and what it was corrected to.

    recalled: as it was in the list before, and nobody said otherwise of this one. who: the account
    that corrected it, "" where that is not known.
    """

    received: str
    given: str
    recalled: bool = False
    who: str = ""


Cells = Mapping[Where, Mapping[int, Cell]]


def of(session: Session, vault: Vault, deposit_id: UUID) -> dict[Where, dict[int, Cell]]:
    """Return the cells of a deposit that were corrected, by line and column."""
    found: dict[Where, dict[int, Cell]] = defaultdict(dict)
    stored = _stored(session, vault, deposit_id)
    # Those of a former release say no more than what was given.
    for sheet, line, column, received, given, *rest in stored.get("cells", ()):
        # What was erased at somebody's request is null.
        cell = Cell(received or "", given or "", *rest)
        found[Where(sheet, line)][column] = cell
    return dict(found)


def recalled_from(session: Session, vault: Vault, deposit_id: UUID) -> date | None:
    """Return the day of the list from which a deposit was corrected as it came, if it was."""
    day = _stored(session, vault, deposit_id).get("day")
    return date.fromisoformat(day) if day else None


def are_there(session: Session, deposit_id: UUID) -> bool:
    """Return whether anything of a deposit was corrected, taken back since included."""
    here = select(Deposit.corrected.is_not(None)).where(Deposit.file_id == deposit_id)
    return bool(session.scalar(here))


def take_up(
    session: Session, vault: Vault, deposit_id: UUID, cells: Cells, day: date | None
) -> None:
    """Correct a deposit that is read for the first time, unless somebody did meanwhile."""
    here = (Deposit.file_id == deposit_id, Deposit.state == "checking")
    sealed = seal(vault, deposit_id, cells, day)
    uncorrected = Deposit.corrected.is_(None)
    session.execute(update(Deposit).where(*here, uncorrected).values(corrected=sealed))


def _stored(session: Session, vault: Vault, deposit_id: UUID) -> dict[str, Any]:
    sealed = session.scalar(select(Deposit.corrected).where(Deposit.file_id == deposit_id))
    found: dict[str, Any] = vault.open_json(TABLE, deposit_id, COLUMN, sealed) if sealed else {}
    return found


def seal(vault: Vault, deposit_id: UUID, cells: Cells, day: date | None) -> bytes | None:
    """Return corrected cells sealed for their deposit; day: of the list that some come from.

    Where these were all taken back, that stays said: they do not come again.
    """
    rows = [
        (*where, column, *cell) for where, line in cells.items() for column, cell in line.items()
    ]
    if not rows and day is None:
        return None
    return vault.seal_json(TABLE, deposit_id, COLUMN, {"cells": rows, "day": day and f"{day}"})


def given(cells: Cells) -> dict[Where, dict[int, str]]:
    """Return what stands in the place of cells, as a list is read with it."""
    return {where: {n: each.given for n, each in line.items()} for where, line in cells.items()}


def recalled_lines(cells: Cells) -> frozenset[Where]:
    """Return the lines of which some cell is corrected as in the list before."""
    return frozenset(
        where for where, line in cells.items() if any(each.recalled for each in line.values())
    )


def lines_of_others(cells: Cells, sender: str) -> frozenset[Where]:
    """Return the lines of which some cell was corrected by somebody else than who sent them."""
    return frozenset(
        where for where, line in cells.items() if any(each.who != sender for each in line.values())
    )


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
    line = corrected.setdefault(where, {})
    changed = {
        column: text
        for column, text in wanted.items()
        if column < len(raw) and text != as_sent(raw[column])
    }
    for column, text in changed.items():
        received = line[column].received if column in line else raw[column]
        if text == received:
            del line[column]
        elif _is_readable(text):
            line[column] = Cell(received, text, who=who)
        else:
            raise CellTooLong
    if changed:
        _read_anew(session, vault, deposit_id, corrected, who)
    return len(changed)


def withdraw(session: Session, vault: Vault, deposit_id: UUID, where: Where, who: str) -> int:
    """Read a line of a list that is held as it came, where it was corrected as in the list before.

    Return how many cells.
    """
    corrected = of(session, vault, deposit_id)
    line = corrected.get(where, {})
    left = {column: cell for column, cell in line.items() if not cell.recalled}
    if left != line:
        _read_anew(session, vault, deposit_id, corrected | {where: left}, who)
    return len(line) - len(left)


def _read_anew(session: Session, vault: Vault, deposit_id: UUID, cells: Cells, who: str) -> None:
    day = recalled_from(session, vault, deposit_id)
    values = {"corrected": seal(vault, deposit_id, cells, day), "done": 0, "who": who}
    if not move(session, deposit_id, ["ready"], "checking", **values):
        raise DepositMoved
    defer(session, Job.CHECK, deposit_id)


def as_sent(cell: str) -> str:
    """Return a cell as the form of a browser sends it, untouched."""
    return cell.replace("\r\n", "\n").removeprefix("\n")


def _is_readable(text: str) -> bool:
    return len(text) <= LONGEST and all(
        each.isprintable() or each in "\n\t\u00a0\u202f" for each in text
    )
