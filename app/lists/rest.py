"""What a référent leaves of a list to a curateur: a deposit of its own, of the same bytes.

So each part is applied once and undone by itself, and no line is lost between them: those that are
applied are read as unchanged.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    cast,
    exists,
    false,
    func,
    insert,
    join,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased

from app.lists import asked, corrections
from app.lists.deposit_page import territories_of
from app.lists.deposits import Deposited
from app.lists.line_territories import LineTerritories
from app.lists.own_part import WRITTEN
from app.lists.planning import Plan
from app.lists.review import WRITES, may_decide, readable
from app.lists.staying import STAYS
from app.lists.uploads import Upload, receive
from app.models import Account, Deposit, DepositLine, Role, Source, SourceFile
from app.models.job import Job
from app.platform.queue.deferring import defer
from app.records.lists_of import lists_known_to
from app.vault.sealing import Vault
from app.visibility import Viewer
from importers.row import Where

# Count of an applied deposit: how many lines its référent left to a curateur.
HANDED = "handed"


def hand_over(
    session: Session,
    vault: Vault,
    found: Deposited,
    upload: Upload,
    planned: Plan,
    whole: Plan,
    own: Collection[str],
) -> dict[str, Any]:
    """Let what a référent does not apply of a list wait for a curateur; return what its page says.

    upload: its bytes. planned: what is written of it, of the whole plan. own: their territories.
    """
    handed = _count_handed(session, found, planned, whole, own)
    page: dict[str, Any] = {"own_part": sorted(own), "handed": handed}
    if handed:
        page["rest"] = str(_leave(session, vault, found, upload, planned.reading.source))
    return page


def _count_handed(
    session: Session, found: Deposited, planned: Plan, whole: Plan, own: Collection[str]
) -> Counter[str]:
    """Count by territory what is left to a curateur of a list of which somebody applied their part.

    That is what was accepted and is not written, and what they may not decide of, unless it was
    refused. Of what nobody answered nothing is said: it would tell who is hidden beside it.
    """
    territories = LineTerritories(planned.reading, found.territory)
    # What says what was erased waits as any line of an actor elsewhere: else it is told right.
    lines = {*_heard(planned, whole), *_elsewhere(session, whole, own), *whole.reading.of_erased}
    counted: Counter[str] = Counter()
    viewer = Viewer.staff(Role.REFERENT_DEPARTEMENT, own)
    sheets = planned.reading.result.sheets
    for sheet, line, actor, territory in session.execute(_open(viewer, found.id)):
        if sheet is None or line is None:
            counted[territory or ""] += actor not in planned.changes.edits
        elif planned.outcomes[where := Where(sheets[sheet], line)] not in WRITTEN:
            lines.add(where)
    counted.update(territories.said(where) or "" for where in lines)
    return +counted


def _open(
    viewer: Viewer, deposit_id: UUID
) -> Select[int | None, int | None, UUID | None, str | None]:
    """Return the lines, and the closures without one, that are written by somebody."""
    line = DepositLine
    decision = func.coalesce(line.decision, "")
    mine = func.coalesce(and_(*readable(viewer, deposit_id), may_decide(viewer)), false())
    accepted = decision == "accept"
    return select(line.sheet, line.line, line.actor_id, line.territory).where(
        line.file_id == deposit_id,
        or_(
            line.outcome.in_(WRITES) & (decision != "reject") & (accepted | ~mine),
            (line.outcome == "missing") & accepted,
        ),
    )


def _heard(planned: Plan, whole: Plan) -> Iterator[Where]:
    """Yield the lines that are left though they change nothing by themselves: what they say of a
    home is heard of it, and what a person took of them may hide somebody.
    """
    for where in planned.left:
        if whole.outcomes[where] in ("unchanged", "conflicting"):
            yield where


def _elsewhere(session: Session, whole: Plan, own: Collection[str]) -> Iterator[Where]:
    """Yield the lines of known actors of other territories, whatever they would change of them:
    that something is left of some of them alone would tell what nobody shows of these.
    """
    stored = territories_of(session, whole.actors.values())
    for where, actor in whole.actors.items():
        if actor in stored and stored[actor] not in own:
            yield where


def _leave(session: Session, vault: Vault, found: Deposited, upload: Upload, source: UUID) -> UUID:
    """Receive a list once more, for what a référent leaves of it; return the id of that deposit.

    upload: its bytes. What was corrected, refused or put off in it stays so, and what a curateur
    accepted.
    """
    sent = Upload(found.filename, upload.data, found.sender, source_id=source)
    rest = receive(session, vault, sent, None).file
    # It came as the list did, and is listed after it.
    at = found.received_at + timedelta(microseconds=1)
    session.execute(update(SourceFile).where(SourceFile.id == rest).values(received_at=at))
    cells = corrections.of(session, vault, found.id)
    day = corrections.recalled_from(session, vault, found.id)
    sealed = corrections.seal(vault, rest, cells, day)
    values = {"file_id": rest, "state": "checking", "who": found.who, "whole": found.whole}
    session.execute(insert(Deposit).values(**values, corrected=sealed))
    # Whoever accepted what touches a protection, or answered who a line is, is a curateur.
    curateurs = select(cast(Account.id, Text)).where(Account.role == Role.CURATEUR.value)
    stays = or_(
        DepositLine.decision.in_(("reject", "later")),
        DepositLine.answer.is_not(None),
        (DepositLine.decision == "accept") & (DepositLine.turns | DepositLine.who.in_(curateurs)),
    )
    asked.hand_on(session, vault, found.id, rest)
    here = (DepositLine.file_id == found.id, stays, ~asked.IS_ASKED, ~STAYS)
    moved = update(DepositLine).where(*here)
    session.execute(moved.values(file_id=rest))
    defer(session, Job.CHECK, rest)
    return rest


def is_rest() -> ColumnElement[bool]:
    """Return which deposits, joined with their files, are what a référent left of the last list of
    their source.
    """
    part, its, newer = aliased(SourceFile), aliased(Deposit), aliased(SourceFile)
    followed = exists().where(
        newer.source_id == part.source_id,
        newer.status == "imported",
        newer.imported_at > part.imported_at,
    )
    return (
        exists()
        .select_from(join(part, its, its.file_id == part.id))
        .where(
            part.source_id == SourceFile.source_id,
            part.sha256 == SourceFile.sha256,
            part.id != SourceFile.id,
            part.status == "imported",
            its.counts[HANDED].as_integer() > 0,
            ~followed,
        )
        .correlate(SourceFile)
    )


def is_left_to_a_curateur(session: Session, deposit_id: UUID) -> bool:
    """Return whether a deposit is what a référent left of the last list of its source."""
    here = select(SourceFile.id).where(SourceFile.id == deposit_id, is_rest())
    return session.scalar(here) is not None


def is_waiting(session: Session, found: Deposited) -> bool:
    """Return whether what a référent left of a list is not decided of yet."""
    rest = found.page.get("rest")
    here = select(Deposit.state).where(Deposit.file_id == UUID(rest)) if rest else None
    return here is not None and session.scalar(here) in ("checking", "ready", "applying")


def count_to_apply(viewer: Viewer) -> Select[int]:
    """Return how many lists wait for somebody to apply them, or their part of them."""
    ready = select(func.count()).where(Deposit.state == "ready")
    if viewer.role is Role.CURATEUR:
        return ready
    return (
        ready.select_from(Deposit)
        .join(SourceFile, SourceFile.id == Deposit.file_id)
        .join(Source, Source.id == SourceFile.source_id)
        .where(lists_known_to(viewer), ~is_rest())
    )
