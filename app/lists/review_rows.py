"""The lines of a list as a person decides of them: what each would change, sealed.

A line of whoever is hidden says nothing but which fields change: its cells are opened one line at a
time, which is noted.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.lists.deposit_problems import VALUE_HIDDEN, digests_of, problem
from app.lists.deposits import forget_lines
from app.lists.line_territories import LineTerritories
from app.lists.plan_digest import mark_of, mark_of_missing, open_mark_of, versions
from app.lists.planning import Plan
from app.lists.review_conflicts import conflicts_of
from app.lists.review_pairs import Pairs
from app.lists.review_values import changes_of, erased, said_of_new
from app.lists.staying import staying
from app.models import Actor, ActorProtected, DepositLine
from app.platform.database.copying import copy_in
from app.platform.database.sessions import among
from app.records.edits import Edit
from app.records.heard import own_marks
from app.records.marks import marks
from app.records.record import ActorRecord
from app.records.said_by_lines import hides
from app.records.sheets import is_protected
from app.vault.digests import digest
from app.vault.sealing import Vault
from importers.row import ActorRow, Problem, Where

TABLE, COLUMN = DepositLine.__tablename__, "content"
# Causes that say who else there is.
OF_OTHERS = frozenset({"beside", "duplicate"})


@dataclass(frozen=True, slots=True)
class Former:
    """What was decided of lines before they were read anew."""

    by_mark: Mapping[bytes, Mapping[str, Any]]
    by_open_mark: Mapping[bytes, Mapping[str, Any]]
    decided: frozenset[tuple[int | None, int | None, UUID | None]]


def write_rows(
    session: Session,
    vault: Vault,
    key: bytes,
    deposit_id: UUID,
    planned: Plan,
    territory: str | None,
) -> None:
    """Write the lines of a deposit anew; what was decided of one that says the same stays.

    Who was to stay though a list before named them no more stays as long as no list names them.
    """
    former, stays = _former(session, deposit_id), staying(session, deposit_id)
    forget_lines(session, [deposit_id])
    territories = LineTerritories(planned.reading, territory)
    pairs = Pairs(session, key, planned)
    rows = _Rows(vault, key, deposit_id, planned, territories, pairs)
    # What is read of the missing is read first: the lines are made while the former are written.
    missing = [row | _as_said(stays.get(row["actor_id"])) for row in rows.of_missing(session)]
    # Of a line without an actor nobody decides: it stands behind those of which somebody does.
    numbered = enumerate(chain(rows.of_lines(), missing, rows.of_ignored()))
    said = ({**_decided(row, former), **row, "number": n} for n, row in numbered)
    copy_in(session, DepositLine, said)


def _as_said(said: dict[str, Any] | None) -> dict[str, Any]:
    """Return what stands decided of whoever stays: however they are now, so it was said."""
    return said | {"reread": False} if said else {}


def category_digest(key: bytes, code: str) -> bytes:
    """Return that by which lines of a category are narrowed."""
    return digest(key, "line category", code)


def commune_digest(key: bytes, code: str) -> bytes:
    """Return that by which lines of a commune are narrowed."""
    return digest(key, "line commune", code)


def _former(session: Session, deposit_id: UUID) -> Former:
    statement = select(
        *(DepositLine.mark, DepositLine.open_mark, DepositLine.reread),
        *(DepositLine.decision, DepositLine.who, DepositLine.at),
        *(DepositLine.sheet, DepositLine.line, DepositLine.actor_id, DepositLine.outcome),
        *(DepositLine.pair, DepositLine.answer),
    ).where(DepositLine.file_id == deposit_id, DepositLine.decision.is_not(None))
    found = [row._asdict() for row in session.execute(statement)]
    return Former(
        {row["mark"]: row for row in found},
        {row["open_mark"]: row for row in found if row["open_mark"] is not None},
        frozenset(map(_place, found)),
    )


def _place(row: Mapping[str, Any]) -> tuple[int | None, int | None, UUID | None]:
    return row["sheet"], row["line"], row["actor_id"] if row["outcome"] == "missing" else None


def _decided(row: dict[str, Any], former: Former) -> dict[str, Any]:
    """Return what was decided of a line before it was read anew."""
    was = former.by_mark.get(row["mark"], {})
    if was.get("answer") is not None and was["pair"] != row["pair"]:
        # Whom it may be is not what it was as somebody answered.
        was = {}
    reread = was.get("reread", False)
    if not was and (as_read := former.by_open_mark.get(row["open_mark"])):
        # It is another one by who is hidden beside it: that a curateur alone may learn.
        was, reread = {**as_read, "answer": None}, True
    given = {name: was.get(name) for name in ("decision", "who", "at", "answer")}
    reread = reread or (not was and _place(row) in former.decided)
    return given | {"reread": reread}


def hides_alone(row: ActorRow, edit: Edit) -> bool:
    """Return whether the actor of a line is hidden, or would be, whoever else there is."""
    was = is_protected(edit.former_level, edit.former_status or "")
    own = any(each.why not in OF_OTHERS and not each.dismissed_on for each in edit.causes)
    return hides(row) or was or own or edit.record.status == "secret"


class _Rows:
    def __init__(
        self,
        vault: Vault,
        key: bytes,
        deposit_id: UUID,
        planned: Plan,
        territories: LineTerritories,
        pairs: Pairs,
    ) -> None:
        self._vault, self._key, self._deposit = vault, key, deposit_id
        self._planned, self._territories, self._pairs = planned, territories, pairs
        result = planned.reading.result
        self._recalled = planned.reading.upload.recalled
        self._rows = {row.where: row for row in result.rows}
        self._sheets = {name: number for number, name in enumerate(result.sheets)}
        self._problems: dict[Where, list[Problem]] = defaultdict(list)
        for found in result.problems:
            self._problems[found.where].append(found)
        self._contents = {line.row.where: line.content for line in planned.reading.lines}
        edits = planned.changes.edits.values()
        self._new = {str(edit.actor_id) for edit in edits if edit.is_new}

    def of_lines(self) -> Iterator[dict[str, Any]]:
        """Yield the lines of the file that carry an actor; unchanged ones if they are recalled."""
        for where, outcome in self._planned.outcomes.items():
            if outcome in ("created", "updated", "conflicting"):
                yield self._used(where, "doubtful" if where in self._pairs.others else outcome)
            elif outcome == "rejected":
                yield self._unused(where, outcome)
            elif outcome == "unchanged" and where in self._recalled:
                yield self._unused(where, outcome) | {
                    "actor_id": self._planned.actors[where],
                    "masked": True,
                }

    def of_ignored(self) -> Iterator[dict[str, Any]]:
        """Yield the lines of the file that carry no actor."""
        for where, outcome in self._planned.outcomes.items():
            if outcome == "ignored":
                yield self._unused(where, outcome)

    def of_missing(self, session: Session) -> Iterator[dict[str, Any]]:
        """Yield the actors that the list names no more."""
        gone = self._planned.gone
        statement = (
            select(Actor.id, Actor.territory_code, Actor.status, ActorProtected.level)
            .join(ActorProtected, ActorProtected.actor_id == Actor.id)
            .where(among(Actor.id, gone))
        )
        known = {row.id: row for row in session.execute(statement)}
        numbers = versions(session, gone)
        for actor in gone:
            mark, its = mark_of_missing(self._key, actor, numbers.get(actor, 0)), known[actor]
            hidden = is_protected(its.level, its.status)
            found = self._row(None, "missing", its.territory_code, mark, {})
            yield found | {"actor_id": actor, "turns": hidden}

    def _used(self, where: Where, outcome: str) -> dict[str, Any]:
        row, actor = self._rows[where], self._planned.actors[where]
        edit = self._planned.changes.edits[actor]
        masked, alone = self._is_masked(row, actor, edit), hides_alone(row, edit)
        changes = {} if edit.is_new else edit.all_changes()
        fields = [name for name in changes if name != "causes" or "level" not in changes]
        found = self._planned.conflicts.get(where, ())
        conflicts = list(conflicts_of(edit, row, self._planned.rank, found))
        content: dict[str, Any] = {"name": row.name, "new": edit.is_new, "level": edit.level}
        content["causes"] = [each.model_dump(mode="json") for each in edit.causes]
        content["status"] = edit.record.status
        content["off_map"] = row.off_map and edit.record.status == "archived"
        content |= self._pairs.content(where, edit)
        # Of what something is wrong with, a person corrects the cell.
        if masked or where in self._recalled or where in self._problems:
            content |= self._cells(where)
        content["correctable"] = where in self._problems
        if not masked or not (edit.is_new or alone):
            content["commune"] = [edit.record.commune, edit.record.city]
            content["category"] = edit.record.category
            # What it says otherwise may be another one's as well.
            borne = own_marks(edit) | (marks(row) if conflicts else set())
            content["marks"] = [each.hex() for each in digests_of(borne, self._key)]
            if edit.is_new:
                content["said"] = said_of_new(edit.record)
            else:
                content["changes"] = list(changes_of(edit))
                content["conflicts"] = conflicts
        blanks = set[str]() if edit.is_new else erased(edit)
        content["blanks"] = sorted(blanks)
        content["otherwise"] = [each["field"] for each in conflicts]
        content["remarks"] = self._remarks(where, masked=masked)
        if not edit.is_new and not alone:
            # To whoever may not know of others: as if nobody stood beside it.
            content["alone"] = self._remarks(where, masked=False)
        mark = self._mark(where)
        narrowed = self._narrowed(edit.record, masked=masked if edit.is_new else alone)
        line = self._row(where, outcome, self._territories.of(where), mark, content, masked=masked)
        known = None if edit.is_new else actor
        return (
            line
            | narrowed
            | {
                "fields": list(dict.fromkeys((*fields, *content["otherwise"]))),
                "takes": any(each["takes"] for each in conflicts),
                "actor_id": known,
                "erases": bool(blanks),
                # Whoever else there is: a new line reads the same beside anybody.
                "turns": alone,
                "pair": self._pairs.mark(where),
                "open_mark": self._open_mark(where, alone=alone),
            }
        )

    def _unused(self, where: Where, outcome: str) -> dict[str, Any]:
        # The sentences of the page of its list.
        remarks = [problem(each, None, masked=True) for each in self._problems.get(where, ())]
        shown = [{name: each[name] for name in ("column", "message")} for each in remarks]
        content = self._cells(where) | {"remarks": shown}
        # Read with its cells, once these are open.
        content["wrong"] = self._remarks(where, masked=False)
        mark = self._mark(where)
        territory = self._territories.of(where)
        return self._row(where, outcome, territory, mark, content, masked=outcome == "rejected")

    def _row(
        self,
        where: Where | None,
        outcome: str,
        territory: str | None,
        mark: bytes,
        content: dict[str, Any],
        *,
        masked: bool = False,
    ) -> dict[str, Any]:
        row_id = uuid4()
        if where:
            content = content | {"sheet": where.sheet}
        return {
            "id": row_id,
            "file_id": self._deposit,
            "number": 0,
            "sheet": self._sheets[where.sheet] if where else None,
            "line": where.line if where else None,
            "outcome": outcome,
            "territory": territory,
            "category": None,
            "commune": None,
            "fields": [],
            "actor_id": None,
            "masked": masked,
            "erases": False,
            "turns": False,
            "recalled": where in self._recalled,
            "takes": False,
            "mark": mark,
            "open_mark": None,
            "pair": None,
            "content": self._vault.seal_json(TABLE, row_id, COLUMN, content),
        }

    def _is_masked(self, row: ActorRow, actor: UUID, edit: Edit) -> bool:
        """Return whether somebody is hidden, was, or would be; not who is off the map alone."""
        if row.off_map and edit.is_new and edit.record.status == "archived":
            return False
        return (
            hides(row)
            or actor in self._planned.protected
            or is_protected(edit.level, edit.record.status)
            or is_protected(edit.former_level, edit.former_status or "")
        )

    def _narrowed(self, record: ActorRecord, *, masked: bool) -> dict[str, bytes | None]:
        if masked:
            return {}
        commune = record.commune and commune_digest(self._key, record.commune)
        return {"category": category_digest(self._key, record.category), "commune": commune or None}

    def _mark(self, where: Where) -> bytes:
        given = (self._contents.get(where), self._new, self._pairs.others.get(where, ()))
        return mark_of(self._key, self._planned, where, *given)

    def _open_mark(self, where: Where, *, alone: bool) -> bytes:
        content = self._contents.get(where)
        return open_mark_of(self._key, self._planned, where, content, alone=alone)

    def _cells(self, where: Where) -> dict[str, Any]:
        result = self._planned.reading.result
        number = self._sheets[where.sheet]
        titles = result.titles[number] if number < len(result.titles) else ()
        return {"raw": result.raw.get(where, ()), "titles": titles}

    def _remarks(self, where: Where, *, masked: bool) -> list[dict[str, Any]]:
        return [
            {
                "column": each.column,
                "message": VALUE_HIDDEN if masked and _quotes(each) else each.message,
            }
            for each in self._problems.get(where, ())
        ]


def _quotes(found: Problem) -> bool:
    return bool(found.value)
