"""What a curateur answers of a doubtful line: it is a known actor, or none of those it may be."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.lists.decided import Decided
from app.lists.review import LineUnknown
from app.lists.review_rows import COLUMN, TABLE
from app.models import DepositLine
from app.platform.database.sessions import among
from app.vault.sealing import Vault
from importers.row import Where

# Of a line that is none of those it may be; else the place of the one that it is.
NONE_OF_THEM = 0


def answer(session: Session, line: UUID, given: int, who: str) -> None:
    """Accept a line of a list that is held, with what its reader answered; raise LineUnknown."""
    statement = (
        update(DepositLine)
        .where(
            DepositLine.id == line,
            DepositLine.outcome == "doubtful",
            # A known one is made one with another by its proposal.
            *(DepositLine.actor_id.is_(None), DepositLine.pair.is_not(None)),
        )
        .values(decision="accept", answer=given, who=who, at=func.clock_timestamp(), reread=False)
        .returning(DepositLine.id)
    )
    if session.scalar(statement) is None:
        raise LineUnknown


def with_answers(
    session: Session,
    vault: Vault,
    deposit_id: UUID,
    sheets: Sequence[str | None],
    decided: Decided,
) -> Decided:
    """Return what is written of a list, with what was answered of its doubtful lines."""
    same: dict[Where, UUID] = {}
    two: set[Where] = set()
    for sheet, line, actor in _answered(session, vault, deposit_id):
        if actor is None:
            two.add(Where(sheets[sheet], line))
        else:
            same[Where(sheets[sheet], line)] = actor
    # Who is found again is not missing.
    archived = decided.archived - set(same.values())
    return replace(decided, archived=archived, same=same, two=frozenset(two))


def note_found(session: Session, vault: Vault, deposit_id: UUID) -> None:
    """Note which missing actors lines of a list are, as was answered: they are no more missing."""
    same = {actor for *_, actor in _answered(session, vault, deposit_id) if actor}
    is_same = among(DepositLine.actor_id, same)
    missing = (DepositLine.file_id == deposit_id, DepositLine.outcome == "missing")
    changed = DepositLine.takes != is_same
    session.execute(update(DepositLine).where(*missing, changed).values(takes=is_same))


def _answered(
    session: Session, vault: Vault, deposit_id: UUID
) -> Iterator[tuple[int, int, UUID | None]]:
    """Yield sheet and line of those that were answered, and who each is; None: none of them."""
    statement = select(
        *(DepositLine.id, DepositLine.sheet, DepositLine.line),
        *(DepositLine.answer, DepositLine.content),
    ).where(DepositLine.file_id == deposit_id, DepositLine.answer.is_not(None))
    for row in session.execute(statement):
        if row.answer == NONE_OF_THEM:
            yield row.sheet, row.line, None
            continue
        content = vault.open_json(TABLE, row.id, COLUMN, row.content)
        yield row.sheet, row.line, UUID(content["pair"]["others"][row.answer - 1]["id"])
