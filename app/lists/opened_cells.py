"""Of which lines of a deposited list somebody may see cells, as lines are opened one by one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.lists import review
from app.lists.deposits import Deposited
from app.models import DepositLine, Role
from app.records.opening import open_ones
from app.records.sheets import is_protected
from app.records.viewing import see_these
from app.vault.sealing import Vault
from app.visibility import Viewer
from importers.row import Where


@dataclass(frozen=True, slots=True)
class Opened:
    """Whose cells somebody may read: all where they sent the list, else of some lines."""

    whole: bool
    lines: frozenset[Where] = frozenset()

    def may(self, where: Where) -> bool:
        """Return whether the cells of a line may be shown."""
        return self.whole or where in self.lines


NOTHING = Opened(whole=False)


def opened_by(
    session: Session, vault: Vault, viewer: Viewer, found: Deposited, who: str, now: datetime
) -> Opened:
    """Return whose cells somebody may read: whoever sent a list, of all of it.

    Others of the lines that they may open one by one: not those of a protected actor whose sheet
    they have not opened, nor of one that they do not work on; a référent of no new actor.
    """
    # A list that cannot be read is of nobody known yet: its lines are unusable ones.
    is_unread = found.state == "refused" and viewer.role is Role.CURATEUR
    if found.sender == who or is_unread:
        return Opened(whole=True)
    numbers = found.page.get("sheets", [])
    statement = select(DepositLine).where(*review.readable(viewer, found.id))
    rows = [each for each in session.scalars(statement) if each.line is not None]
    actors = {each.actor_id for each in rows if each.actor_id}
    seen = see_these(session, vault, viewer, actors)
    open_now = open_ones(session, who, now)
    lines = set()
    for each in rows:
        if each.actor_id is None:
            is_new = each.outcome in review.WRITES
            may = viewer.role is Role.CURATEUR or not is_new
        else:
            actor = seen.get(each.actor_id)
            may = actor is not None and (
                not is_protected(actor.level, actor.record.status) or each.actor_id in open_now
            )
        if may and each.sheet is not None and each.line is not None:
            name = numbers[each.sheet] if each.sheet < len(numbers) else None
            lines.add(Where(name, each.line))
    return Opened(whole=False, lines=frozenset(lines))
