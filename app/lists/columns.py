"""The columns of a deposited list, with cells that its reader may open.

They are read from the bytes when somebody looks, and stored nowhere else. Where no cell may be
shown the first lines are enough, which say what a column seems to hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Mesure23Error
from app.lists.chosen import Choices, choices_of
from app.lists.deposits import Deposited, DepositMoved, bytes_of, move
from app.lists.opened_cells import NOTHING, Opened
from app.models import Deposit
from app.models.deposit import State
from app.models.job import Job
from app.platform.queue.deferring import defer
from app.settings import Settings
from app.vault.sealing import Vault
from geo.text import forget
from importers.chosen import Chosen
from importers.columns import Column, Sheet, sheets_of
from importers.errors import UnreadableList
from importers.left_words import Word, words_of
from importers.readers import read_tables

# Lines of each sheet that are looked at where no cell is shown.
FIRST = 1_000
# In which a list is read anew as somebody chooses its columns.
WAITS: tuple[State, ...] = ("checking", "ready", "applying", "refused")


class ListNotStored(Mesure23Error):
    """Ce fichier n’est plus conservé, ou ne s’ouvre pas : ses colonnes ne se montrent plus."""

    status = 410
    title = "Liste plus conservée"
    advice = "Déposez la liste de nouveau : ses colonnes se choisiront alors."


class ListDecided(Mesure23Error):
    """Les colonnes d’une liste qui n’attend plus ne se montrent qu’à un curateur."""

    status = 403
    title = "Liste déjà décidée"
    advice = "Changez-les sur la liste suivante de cette source, avant de l’appliquer."


@dataclass(frozen=True, slots=True)
class Looked:
    """What is shown of the columns of a list. words: of the lines whose cells may be shown; fresh:
    those of them that nobody answered, and that only what is being chosen asks for.
    """

    sheets: list[Sheet]
    words: list[Word]
    choices: Choices
    fresh: frozenset[str] = frozenset()


def look(
    session: Session,
    vault: Vault,
    settings: Settings,
    found: Deposited,
    opened: Opened,
    chosen: Chosen | None = None,
) -> Looked:
    """Return the columns of a list; raise ListNotStored. chosen: as if that had been chosen."""
    data = bytes_of(session, vault, found.id)
    choices = choices_of(session, vault, found.source_id)
    former = choices.chosen
    if data is None:
        raise ListNotStored
    limits = {"max_bytes": settings.import_max_bytes, "max_rows": settings.import_max_rows}
    first = FIRST if opened == NOTHING else None
    try:
        tables = read_tables(data, found.filename, **limits, first=first)
        before = words_of(tables, former, opened.may)
        if chosen is not None:
            choices = replace(choices, chosen=chosen)
        sheets = sheets_of(tables, choices.chosen, opened.may)
        # As menus stand at first, words of columns that they propose are asked for at once.
        asks = chosen is None and opened != NOTHING
        wanted = proposed(sheets, former) if asks else choices.chosen
        words = before if wanted == former else words_of(tables, wanted, opened.may)
    except UnreadableList:
        raise ListNotStored from None
    finally:
        # No cell is remembered in this process.
        forget()
    known = {each.place for each in before}
    fresh = {each.place for each in words if not each.code} - known
    return Looked(sheets, words, choices, frozenset(fresh))


def standing(column: Column, chosen: Chosen | None, *, read: bool) -> str:
    """Return the field at which the menu of a column stands: what it is read as, or what its cells
    look like. read: whether its sheet is read; in one that is not, titles say too little.
    """
    known = chosen is not None and column.key in chosen.columns
    if known or column.field or read or column.of_person:
        return column.field
    return column.seems


def proposed(sheets: Sequence[Sheet], chosen: Chosen | None) -> Chosen | None:
    """Return what is chosen as the menus of sheets stand; None where they propose nothing."""
    former, taken = chosen or Chosen(), set[str]()
    new: dict[str, str] = {}
    for sheet in sheets:
        for column in sheet.columns:
            field = standing(column, chosen, read=sheet.read)
            # Of columns of one title the first has the menu.
            if column.key not in taken and field != column.field and not column.split:
                new[column.key] = field
            taken.add(column.key)
    return former.model_copy(update={"columns": former.columns | new}) if new else chosen


def read_anew(session: Session, deposit_id: UUID, seen: datetime) -> bool:
    """Let the worker read a list again that is not applied; return whether it is to be.

    seen: since when it stood so as its reader saw it. Raises DepositMoved.
    """
    state = session.scalar(
        select(Deposit.state).where(Deposit.file_id == deposit_id).with_for_update()
    )
    if state not in WAITS:
        return False
    if not move(session, deposit_id, ["ready", "refused"], "checking", Deposit.at == seen, done=0):
        raise DepositMoved
    defer(session, Job.CHECK, deposit_id)
    return True
