"""The lines of a deposited list that a person decides of: found, counted, answered."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    and_,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from app.errors import Mesure23Error
from app.lists.review_known import (
    decision_for,
    is_own,
    is_placed,
    is_read_anew,
    is_undecided,
    outcome_for,
)
from app.lists.review_rows import COLUMN, TABLE, category_digest, commune_digest
from app.models import Deposit, DepositLine, Role, SourceFile
from app.models.deposit import Decision
from app.platform.database.sessions import among, among_pairs
from app.vault.sealing import Vault
from app.visibility import Viewer

A_PAGE = 50
# What is written if it is accepted.
WRITES = ("created", "updated", "doubtful")
# It says otherwise than its actor: without a decision the value in place stays.
CONFLICTING = "conflicting"
DECIDED_OF = (*WRITES, "missing", CONFLICTING)
# What is decided of together only where it is asked for by name.
BY_NAME = ("missing", CONFLICTING)
# Nothing that is decided of it now would be written.
APPLIED = frozenset({"applying", "applied", "undoing", "undone"})
# What lines are narrowed by beside their outcome; of "masked" ones a curateur alone learns.
FLAGS: dict[str, ColumnElement[bool]] = {
    "erases": DepositLine.erases.expression,
    "recalled": DepositLine.recalled.expression,
    "masked": DepositLine.masked & DepositLine.outcome.in_(WRITES),
}


class LineUnknown(Mesure23Error):
    """Cette ligne n’est plus à relire, ou vous ne pouvez pas la lire."""

    status = 404
    title = "Ligne introuvable"
    advice = "Revenez à la page de la liste : elle dit où elle en est."


class AppliedMeanwhile(Mesure23Error):
    """Ceci n’est pas retenu : quelqu’un applique cette liste, ou l’a appliquée, telle qu’elle était
    décidée avant.
    """

    status = 409
    title = "Liste appliquée entre-temps"
    advice = (
        "Voyez sur sa page ce qu’elle a écrit. Ce que vous vouliez autrement se corrige sur la"
        " fiche, ou sur la prochaine liste de cette source."
    )


class DepositReread(Mesure23Error):
    """Rien n’a été fait : cette liste a été relue depuis l’affichage de la page."""

    status = 409
    title = "Liste relue entre-temps"
    advice = "Revenez à ses lignes : elles disent ce qu’elles changeraient maintenant."


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What lines are looked at: by outcome, decision, field, category and commune, "" for all.

    decision: "none" for those that wait for one, "reserved" for those that wait for a curateur;
    outcome: one of FLAGS as well.
    """

    outcome: str = ""
    decision: str = ""
    field: str = ""
    category: str = ""
    commune: str = ""
    # Sheet and line of those of a remark; none for all.
    places: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is stored, opened: what of it is shown is decided by who reads it."""

    id: UUID
    number: int
    line: int | None
    outcome: str
    territory: str | None
    actor_id: UUID | None
    masked: bool
    erases: bool
    turns: bool
    reread: bool
    recalled: bool
    takes: bool
    decision: Decision | None
    who: str | None
    at: datetime | None
    answer: int | None
    fields: tuple[str, ...]
    content: Mapping[str, Any]


def find(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    deposit_id: UUID,
    *which: ColumnElement[bool],
    most: int,
    offset: int = 0,
) -> list[Line]:
    """Return lines of a deposit that a viewer may read of, in their order."""
    statement = (
        select(DepositLine)
        .where(*readable(viewer, deposit_id), *which)
        .order_by(DepositLine.number)
        .limit(most)
        .offset(offset)
    )
    return [_opened(vault, viewer, each) for each in session.scalars(statement)]


def find_one(
    session: Session, vault: Vault, viewer: Viewer, deposit_id: UUID, line_id: UUID
) -> Line:
    """Return a line that a viewer may read of; raise LineUnknown."""
    found = find(session, vault, viewer, deposit_id, DepositLine.id == line_id, most=1)
    if not found:
        raise LineUnknown
    return found[0]


def conditions(
    viewer: Viewer, key: bytes, narrowed: Narrowed, without: str = ""
) -> list[ColumnElement[bool]]:
    """Return what narrows lines; without: but for that."""
    found: list[ColumnElement[bool]] = []
    if narrowed.outcome in FLAGS and without != "outcome":
        found += [FLAGS[narrowed.outcome].is_(True), is_own(viewer)]
    elif narrowed.outcome and without != "outcome":
        found.append(outcome_for(viewer) == narrowed.outcome)
    if narrowed.decision == "none" and without != "decision":
        undecided = (is_undecided(viewer), DepositLine.outcome.in_(DECIDED_OF))
        found += [*undecided, may_decide(viewer)]
    elif narrowed.decision == "reserved" and without != "decision":
        found.append(is_reserved(viewer))
    elif narrowed.decision and without != "decision":
        found.append(decision_for(viewer) == narrowed.decision)
    if narrowed.field and without != "field":
        found += [DepositLine.fields.contains([narrowed.field]), is_own(viewer)]
    if narrowed.category and without != "category":
        digest = category_digest(key, narrowed.category)
        found += [DepositLine.category == digest, is_placed(viewer)]
    if narrowed.commune and without != "commune":
        found += [DepositLine.commune == commune_digest(key, narrowed.commune), is_placed(viewer)]
    if narrowed.places:
        found.append(among_pairs(DepositLine.sheet, DepositLine.line, narrowed.places))
    return found


def count(session: Session, viewer: Viewer, deposit_id: UUID, key: bytes, by: Narrowed) -> int:
    """Return how many lines are found."""
    which = (*readable(viewer, deposit_id), *conditions(viewer, key, by))
    return session.scalars(select(func.count()).select_from(DepositLine).where(*which)).one()


def hold(session: Session, deposit_id: UUID, seen: datetime) -> None:
    """Let whoever decides of a list or applies it wait; raise AppliedMeanwhile or DepositReread.

    seen: since when it was ready as its reader saw it.
    """
    here = select(Deposit.state, Deposit.at).where(Deposit.file_id == deposit_id)
    state, at = session.execute(here.with_for_update()).one_or_none() or (None, None)
    if state in APPLIED:
        raise AppliedMeanwhile
    if state != "ready" or at != seen:
        raise DepositReread


def decide(
    session: Session,
    viewer: Viewer,
    deposit_id: UUID,
    decision: Decision | None,
    who: str,
    *which: ColumnElement[bool],
) -> int:
    """Answer lines of a list that is held, which a viewer may decide of; return how many.

    None: takes an answer back.
    """
    # Once the list is held: whoever comes later is later.
    at = func.clock_timestamp()
    given: dict[str, Any] = {"decision": decision, "who": who, "at": at, "reread": False}
    # Who took it back, and when, is said to whoever did not see it.
    taken = {**given, "answer": None}
    if decision == "accept":
        # Of what is not taken as it is, a form asks what follows.
        which = (*which, (DepositLine.outcome != CONFLICTING) | DepositLine.takes)
    else:
        given["answer"] = None
    statement = (
        update(DepositLine)
        .where(
            *readable(viewer, deposit_id),
            DepositLine.outcome.in_(DECIDED_OF),
            may_decide(viewer),
            *which,
        )
        .values(given if decision else taken)
        .returning(DepositLine.id)
    )
    return len(session.scalars(statement).all())


def accept_rest(
    session: Session, viewer: Viewer, deposit_id: UUID, who: str, *, erasing: bool
) -> int:
    """Accept what nobody answered yet, blanks alone where somebody said so; missing ones stay.

    A line that says something else since somebody answered stays as well: it may be refused.
    """
    which: list[ColumnElement[bool]] = [
        is_undecided(viewer),
        DepositLine.outcome.in_(WRITES),
        ~DepositLine.reread,
    ]
    if not erasing:
        which.append(~DepositLine.erases)
    return decide(session, viewer, deposit_id, "accept", who, *which)


def these(ids: Collection[UUID]) -> ColumnElement[bool]:
    """Return which lines are some of them."""
    return among(DepositLine.id, ids)


def together(
    viewer: Viewer, by: Narrowed, *, accepts: bool, chosen: bool = False
) -> list[ColumnElement[bool]]:
    """Return which lines may be answered together: a blank, a closure or a conflict by its name.

    chosen: one by one; else what somebody answered stays answered.
    """
    found: list[ColumnElement[bool]] = []
    if not chosen and by.decision in ("", "none"):
        found.append(is_undecided(viewer))
        if accepts:
            # Decided of, and read anew since: each is accepted by itself.
            found.append(~DepositLine.reread)
    if by.outcome not in BY_NAME:
        found.append(DepositLine.outcome.in_(WRITES))
    if accepts and by.outcome != "erases":
        found.append(~DepositLine.erases)
    if accepts and by.outcome == CONFLICTING:
        found.append(DepositLine.takes.is_(True))
    return found


def readable(viewer: Viewer, deposit_id: UUID) -> list[ColumnElement[bool]]:
    """Return which lines of a deposit a viewer may read of: those of their own territories, and
    those without an actor of a file that they sent.

    Of actors of other ones they read of none: whether a guess is the same, another value or fills
    a field would tell what nobody shows of them. Nor of lines that a former release found unusable:
    it told of which actors were erased.
    """
    found: list[ColumnElement[bool]] = [DepositLine.file_id == deposit_id]
    if viewer.role is not Role.CURATEUR:
        own = among(DepositLine.territory, sorted(viewer.territories)) & is_own(viewer)
        found.append(or_(own, _is_sent_by(viewer)))
        tells = select(Deposit.counts.has_key("erased")).where(Deposit.file_id == deposit_id)
        found.append((DepositLine.outcome != "rejected") | tells.scalar_subquery())
        return found
    # Whom a line is, as a curateur answered, is not missing; to others nothing tells who it is.
    return [*found, (DepositLine.outcome != "missing") | ~DepositLine.takes]


def _is_sent_by(viewer: Viewer) -> ColumnElement[bool]:
    """Return which lines without an actor, of nobody knows which territory, a viewer sent.

    Of none is no line that others corrected: that is not what they sent.
    """
    sent = exists().where(SourceFile.id == DepositLine.file_id, SourceFile.who == viewer.account)
    # Those of a list before are nobody's too where a former release read them.
    without_actor = DepositLine.outcome.in_(("rejected", "ignored")) & ~DepositLine.recalled
    return and_(DepositLine.territory.is_(None), without_actor, sent)


def may_decide(viewer: Viewer) -> ColumnElement[bool]:
    """Return which lines a viewer may decide of: what touches a protection is a curateur's.

    Of what is said otherwise of whoever is hidden a person decides on its sheet.
    """
    is_open = (DepositLine.outcome != CONFLICTING) | ~DepositLine.masked
    if viewer.role is Role.CURATEUR:
        return is_open
    return is_open & ~DepositLine.turns & is_own(viewer)


def is_reserved(viewer: Viewer) -> ColumnElement[bool]:
    """Return which lines wait for a curateur, of a viewer who is none."""
    return ~may_decide(viewer) & DepositLine.outcome.in_(WRITES)


def _opened(vault: Vault, viewer: Viewer, row: DepositLine) -> Line:
    anew = is_read_anew(viewer, row)
    return Line(
        row.id,
        row.number,
        row.line,
        row.outcome,
        row.territory,
        row.actor_id,
        row.masked,
        row.erases,
        row.turns,
        anew or (row.reread and row.decision is None),
        row.recalled,
        row.takes,
        None if anew else row.decision,
        None if anew else row.who,
        None if anew else row.at,
        row.answer,
        tuple(row.fields),
        vault.open_json(TABLE, row.id, COLUMN, row.content),
    )
