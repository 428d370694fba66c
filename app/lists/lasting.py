"""Corrections that last: the next list of a source is read with those of the one before.

They are sealed with the list that was applied last, and so undone and forgotten with it. A line is
known again by the digest of all that it says as it is received: where that changes, it is read as
it comes. The command that imports uses none and learns none: nobody reads its lines before they
are written, so that nobody could take a correction back.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.lists import corrections
from app.lists.corrections import COLUMN, TABLE, Cell
from app.lists.deposits import Deposited
from app.lists.planning import Plan
from app.lists.review import readable
from app.lists.review_known import is_own
from app.models import Deposit, DepositLine, SourceFile
from app.records.erased import GONE, Erased, read_erased
from app.vault.digests import digest
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.zones import paris_day
from importers.received import Column, ReceivedLine, may_show
from importers.row import ReadResult, Where


class Lasting(NamedTuple):
    """A cell that was corrected. line: digest of what its line said, in hexadecimal; actor: whose.

    column: its title, and how many columns before it have the same.
    """

    line: str
    actor: str
    column: Column
    received: str
    given: str


class Memory(NamedTuple):
    """What the last list of a source was corrected to, and the day on which it was received."""

    cells: list[Lasting]
    day: date | None = None


def learn(
    session: Session,
    vault: Vault,
    key: bytes,
    found: Deposited,
    lines: Iterable[ReceivedLine],
    whole: Plan,
    planned: Plan,
) -> bytes | None:
    """Return the corrections of a list that is applied, sealed for it.

    lines: as they came. whole: what the list would write; planned: what of it was accepted. A new
    line that was left out is nobody's, and its corrections end.
    """
    known = {each.row.where: each.actor for each in whole.matching.lines if each.actor}
    actors = known | dict(planned.actors)
    cells = corrections.of(session, vault, found.id)
    learned, seen = list[Lasting](), set[str]()
    for line in lines:
        seen.add(said := digest(key, "received line", line.said).hex())
        corrected, actor = cells.get(line.where, {}), actors.get(line.where)
        # What a person let be shown this time is asked again of the next list.
        if actor and not _may_show(planned.reading.result, line.where, corrected):
            learned += [
                Lasting(said, str(actor), line.columns[number], cell.received, cell.given)
                for number, cell in corrected.items()
                if number < len(line.columns)
            ]
    if not found.whole:
        # Of what a partial list does not name, nothing changes.
        before = memory_of(session, vault, found.source_id, but=found.id).cells
        learned += [each for each in before if each.line not in seen]
    return seal(vault, found.id, without_erased(learned, read_erased(session, key)))


def seal(vault: Vault, deposit_id: UUID, learned: list[Lasting]) -> bytes | None:
    """Return what is learned of a deposit, sealed for it; of nothing, nothing."""
    return vault.seal_json(TABLE, deposit_id, COLUMN, {"lasting": learned}) if learned else None


def without_erased(learned: Iterable[Lasting], erased: Erased) -> list[Lasting]:
    """Return what is learned without that of erased actors, and of cells that hold what was."""
    return [
        each
        for each in learned
        if not erased.is_actor(each.actor)
        and not any(GONE in erased.text(text) for text in (*each.column[:1], *each[3:]))
    ]


def cleaned(opened: Any, erased: Erased) -> Any:
    """Return what is sealed of the corrections of a deposit without what was erased."""
    if "lasting" not in opened:
        return erased.json(opened)
    learned = opened_of(opened)
    left = without_erased(learned, erased)
    return opened if left == learned else {"lasting": left}


def count_lines(session: Session, viewer: Viewer, deposit_id: UUID) -> int:
    """Return how many lines that a viewer may know are read as the list before was corrected."""
    which = (*readable(viewer, deposit_id), DepositLine.recalled, is_own(viewer))
    return session.scalars(select(func.count()).select_from(DepositLine).where(*which)).one()


def memory_of(session: Session, vault: Vault, source_id: UUID, but: UUID | None = None) -> Memory:
    """Return what was learned of the deposit of a source that was applied last, and is still so.

    but: a deposit that is being applied.
    """
    here = (SourceFile.source_id == source_id, SourceFile.status == "imported")
    last = session.execute(
        select(Deposit.file_id, Deposit.corrected, SourceFile.received_at)
        .join(SourceFile, SourceFile.id == Deposit.file_id)
        .where(*here, Deposit.file_id.is_distinct_from(but))
        .order_by(SourceFile.imported_at.desc().nulls_last())
        .limit(1)
    ).one_or_none()
    if last is None or last.corrected is None:
        return Memory([])
    opened = vault.open_json(TABLE, last.file_id, COLUMN, last.corrected)
    return Memory(opened_of(opened), paris_day(last.received_at))


def opened_of(opened: Mapping[str, Any]) -> list[Lasting]:
    """Return what was learned as it was sealed; of a list that is not applied, nothing."""
    return [
        Lasting(line, actor, (title, place), received, given)
        for line, actor, (title, place), received, given in opened.get("lasting", ())
    ]


def recalled(
    key: bytes, lines: Iterable[ReceivedLine], learned: Iterable[Lasting]
) -> dict[Where, dict[int, Cell]]:
    """Return the cells to correct of lines that came before, all that are known of each or none."""
    by_line: dict[str, list[Lasting]] = defaultdict(list)
    for each in learned:
        by_line[each.line].append(each)
    found = {}
    for line in lines:
        known = by_line.get(digest(key, "received line", line.said).hex(), ())
        columns = {column: number for number, column in enumerate(line.columns)}
        if known and all(each.column in columns for each in known):
            found[line.where] = {
                columns[each.column]: Cell(each.received, each.given, recalled=True)
                for each in known
            }
    return found


def _may_show(result: ReadResult, where: Where, corrected: Mapping[int, Cell]) -> bool:
    titles = dict(zip(result.sheets, result.titles, strict=False)).get(where.sheet, ())
    for number, cell in corrected.items():
        title = titles[number] if number < len(titles) else ""
        fields = result.mapping.get(title, "").split(", ")
        if may_show(fields, title, cell.received, cell.given):
            return True
    return False
