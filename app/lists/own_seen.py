"""Whether a list still says what whoever applies it read of it.

A référent would learn by a refusal that somebody whom they may not know of changed meanwhile: to
them it is what they may read that counts, and what else changed waits for a curateur.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.lists.deposit_page import territories_of
from app.lists.deposits import Deposited
from app.lists.line_territories import LineTerritories
from app.lists.plan_digest import digest_of, mark_of_missing, open_mark_of, versions
from app.lists.planning import Plan
from app.lists.review import DECIDED_OF, readable
from app.lists.review_rows import hides_alone
from app.models import Actor, ActorProtected, DepositLine, Role
from app.platform.database.sessions import among
from app.records.sheets import is_protected
from app.visibility import Viewer
from importers.row import Where

# A line by its sheet and number, none of a missing actor, and what is read of it.
Read = tuple[int | None, int | None, bytes]
_WRITES = ("created", "updated", "conflicting")


def is_as_read(
    session: Session, key: bytes, found: Deposited, planned: Plan, own: AbstractSet[str] | None
) -> bool:
    """Return whether a plan is the one that was read, as far as whoever applies it may know.

    own: the territories of a référent; None of a curateur, who reads all of it.
    """
    if digest_of(session, planned) == found.page.get("digest"):
        return True
    if own is None:
        return False
    now = _Now(session, key, planned, found.territory, own)
    return _before(session, found.id, own) - now.waiting() == now.read()


def _before(session: Session, deposit_id: UUID, own: AbstractSet[str]) -> set[Read]:
    line, viewer = DepositLine, Viewer.staff(Role.REFERENT_DEPARTEMENT, own)
    columns = (line.sheet, line.line, line.open_mark, line.mark, line.turns, line.actor_id)
    here = (*readable(viewer, deposit_id), line.outcome.in_(DECIDED_OF))
    return {
        (row.sheet, row.line, row.open_mark or _missing(row.actor_id, row.mark, hidden=row.turns))
        for row in session.execute(select(*columns).where(*here))
    }


def _missing(actor: UUID | None, mark: bytes, *, hidden: bool) -> bytes:
    # Of who is hidden a revision may say no more than who else is: a curateur decides of them.
    # A former release read a new line without what tells it to whoever may not know of others.
    return actor.bytes if hidden and actor else mark


class _Now:
    def __init__(
        self,
        session: Session,
        key: bytes,
        planned: Plan,
        territory: str | None,
        own: AbstractSet[str],
    ) -> None:
        self._session, self._key, self._planned, self._own = session, key, planned, own
        self._territories = LineTerritories(planned.reading, territory)
        self._stored = territories_of(session, {*planned.actors.values(), *planned.gone})
        result = planned.reading.result
        self._sheets = {name: number for number, name in enumerate(result.sheets)}
        self._rows = {row.where: row for row in result.rows}
        self._contents = {line.row.where: line.content for line in planned.reading.lines}

    def read(self) -> set[Read]:
        """Return what a référent would read of the plan."""
        return {*self._lines(), *self._gone()}

    def waiting(self) -> set[Read]:
        """Return what was read of lines that are a curateur's by now, as nothing tells who reads.

        A new one that is an actor elsewhere by now, or says what was erased meanwhile.
        """
        planned = self._planned
        erased = planned.reading.of_erased
        elsewhere = {where for where, actor in planned.actors.items() if self._is_elsewhere(actor)}
        return {self._read(where, new=True) for where in elsewhere | erased}

    def _lines(self) -> Iterator[Read]:
        for where, outcome in self._planned.outcomes.items():
            if outcome not in _WRITES or self._territories.of(where) not in self._own:
                continue
            if not self._is_elsewhere(self._planned.actors[where]):
                yield self._read(where)

    def _read(self, where: Where, *, new: bool = False) -> Read:
        content, alone = self._contents.get(where), False
        if not new:
            edit = self._planned.changes.edits[self._planned.actors[where]]
            alone = hides_alone(self._rows[where], edit)
        mark = open_mark_of(self._key, self._planned, where, content, alone=alone, new=new)
        return self._sheets[where.sheet], where.line, mark

    def _is_elsewhere(self, actor: UUID) -> bool:
        return actor in self._stored and self._stored[actor] not in self._own

    def _gone(self) -> Iterator[Read]:
        gone = [actor for actor in self._planned.gone if self._stored[actor] in self._own]
        numbers = versions(self._session, gone)
        statement = (
            select(Actor.id, Actor.status, ActorProtected.level)
            .join(ActorProtected, ActorProtected.actor_id == Actor.id)
            .where(among(Actor.id, gone))
        )
        for actor, status, level in self._session.execute(statement):
            mark = mark_of_missing(self._key, actor, numbers.get(actor, 0))
            yield None, None, _missing(actor, mark, hidden=is_protected(level, status))
