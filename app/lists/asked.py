"""Whom a source is to be asked about: actors that its list names no more, as somebody answered.

The answer stands on the line of the list that misses them, and stays there once the list is
applied. It ends as a newer list names the actor again, as somebody archives it, or says that it
stays; with its actor where that is erased, and with the page of its list.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from app.errors import Mesure23Error
from app.lists.followed import SourceUnknown, followed_by
from app.lists.review_rows import COLUMN, TABLE
from app.lists.staying import ANSWERED, STAYS, named_since
from app.models import (
    Actor,
    ActorProtected,
    Commune,
    Deposit,
    DepositLine,
    Role,
    Source,
    SourceFile,
)
from app.models.deposit import Decision
from app.platform.database.copying import copy_in
from app.platform.database.sessions import among
from app.records.sheets import is_protected
from app.records.viewing import see_these
from app.vault.sealing import Vault
from app.visibility import Viewer

_MISSING = DepositLine.outcome == "missing"
IS_ASKED = and_(_MISSING, func.coalesce(DepositLine.decision, "") == "later")
_WRITTEN = ("applied", "undoing")
# On the page of a list: lines of those before it whose questions it ended.
_ENDED = "ended"


class QuestionUnknown(Mesure23Error):
    """Rien n’est noté : il n’y a plus rien à demander de cet acteur, ou un curateur en décide."""

    status = 404
    title = "Question close"
    advice = "Revenez à la page de la source : elle dit qui reste à lui demander."


@dataclass(frozen=True, slots=True)
class Question:
    """An actor that a source is to be asked about. who, at: of whoever said so.

    name: the true one. public_name, town: as visitors read them, "" where they read nothing of it.
    is_protected: it is named to nobody outside but by its id. deposit: of a list that is not
    applied yet, where the answer is changed. may: whether its reader may answer it.
    """

    public_id: str
    name: str
    public_name: str
    town: str
    is_protected: bool
    who: str
    at: datetime
    deposit: UUID | None
    may: bool


def questions(session: Session, vault: Vault, viewer: Viewer, source: UUID) -> list[Question]:
    """Return whom a source is to be asked about, the oldest question first."""
    columns = (
        *(DepositLine.actor_id, DepositLine.at, DepositLine.who, Deposit.file_id, Deposit.state),
        *(Actor.public_id, Actor.name, Actor.status, ActorProtected.level),
        Commune.name.label("town"),
    )
    statement = (
        _open(viewer, *columns)
        .outerjoin(Commune, Commune.code == Actor.commune_code)
        .where(SourceFile.source_id == source)
        .order_by(DepositLine.at, Actor.public_id)
    )
    found: dict[UUID, list[Any]] = {}
    for row in session.execute(statement):
        found.setdefault(row.actor_id, []).append(row)
    seen = see_these(session, vault, viewer, found)
    return [
        _question(viewer, rows, seen[actor].record.name)
        for actor, rows in found.items()
        if actor in seen
    ]


def _question(viewer: Viewer, rows: list[Any], name: str) -> Question:
    """Return what several lists ask about one actor: since the first of them."""
    first = rows[0]
    is_written = any(row.state in _WRITTEN for row in rows)
    is_public = first.status in ("published", "host")
    masked = is_protected(first.level, first.status)
    return Question(
        first.public_id,
        name,
        first.name if is_public else "",
        (first.town or "") if is_public else "",
        masked,
        first.who or "",
        first.at,
        None if is_written else first.file_id,
        viewer.role is Role.CURATEUR or not masked,
    )


def count(session: Session, viewer: Viewer) -> dict[UUID, int]:
    """Return source -> about how many actors it is to be asked, of those that a viewer follows."""
    asked = func.count(DepositLine.actor_id.distinct())
    statement = _open(viewer, SourceFile.source_id, asked).group_by(SourceFile.source_id)
    return dict(session.execute(statement).all())


def answer(
    session: Session, viewer: Viewer, source: UUID, public_id: str, *, ends: bool = True
) -> UUID:
    """Note that an actor stays, as its source or somebody else said; return its id.

    ends: or that it is to be asked about after all. Of a list that waits to be applied the answer
    is changed there. Raises QuestionUnknown, SourceUnknown.
    """
    known = select(Source.id).where(Source.id == source, followed_by(viewer))
    if session.scalar(known) is None:
        raise SourceUnknown
    here = [Actor.public_id == public_id, SourceFile.source_id == source]
    if viewer.role is not Role.CURATEUR:
        # What becomes of who is hidden a curateur decides.
        here.append(ActorProtected.level.is_(None))
    lines = _open(viewer, DepositLine.id) if ends else _asked(viewer, "reject", DepositLine.id)
    lines = lines.where(Deposit.state.in_(_WRITTEN), *here)
    changed = session.scalars(
        update(DepositLine)
        .where(DepositLine.id.in_(lines))
        .values(decision="reject" if ends else "later")
        .returning(DepositLine.actor_id)
    ).all()
    if not changed or changed[0] is None:
        raise QuestionUnknown
    return changed[0]


def settle(session: Session, deposit: UUID) -> dict[str, Any]:
    """End what is asked about actors of whom a list that is applied says that they stay.

    Return what its page notes of it, so that it is asked again where the list is undone.
    """
    source = select(SourceFile.source_id).where(SourceFile.id == deposit).scalar_subquery()
    others = (
        select(Deposit.file_id)
        .join(SourceFile, SourceFile.id == Deposit.file_id)
        .where(SourceFile.source_id == source, Deposit.state == "applied")
    )
    stay = aliased(DepositLine)
    said = (stay.file_id == deposit, stay.outcome == "missing", stay.decision == "reject")
    ended = (
        update(DepositLine)
        .where(IS_ASKED, DepositLine.file_id.in_(others))
        .where(DepositLine.actor_id.in_(select(stay.actor_id).where(*said)))
        .values(decision="reject")
        .returning(DepositLine.id)
    )
    lines = session.scalars(ended).all()
    return {_ENDED: [*map(str, lines)]} if lines else {}


def ask_again(session: Session, page: Mapping[str, Any]) -> None:
    """Ask again what a list that is undone had ended; page: what was noted of it."""
    lines = map(UUID, page.get(_ENDED, ()))
    here = (among(DepositLine.id, lines), _MISSING, DepositLine.decision == "reject")
    session.execute(update(DepositLine).where(*here).values(decision="later"))


def forget_others(session: Session, deposit: UUID) -> None:
    """Take the lines of a list that is applied, but for what was answered of whom it misses."""
    others = (DepositLine.file_id == deposit, ~ANSWERED)
    session.execute(delete(DepositLine).where(*others))


def hand_on(session: Session, vault: Vault, deposit: UUID, rest: UUID) -> None:
    """Say the same in what is left of a list: whoever decides of that reads what was answered."""
    here = select(DepositLine).where(DepositLine.file_id == deposit, IS_ASKED | STAYS)
    names = [each.key for each in DepositLine.__table__.columns]
    rows = []
    for line in session.scalars(here):
        row_id = uuid4()
        content = vault.open_json(TABLE, line.id, COLUMN, line.content)
        values = {name: getattr(line, name) for name in names}
        sealed = vault.seal_json(TABLE, row_id, COLUMN, content)
        rows.append(values | {"id": row_id, "file_id": rest, "content": sealed})
    copy_in(session, DepositLine, rows)


def _open(viewer: Viewer, *columns: Any) -> Select[Any]:
    """Return what is asked still, of whom a viewer works on and of the sources that they follow."""
    is_open = or_(Deposit.state.not_in(_WRITTEN), ~named_since())
    # Nothing tells outside that a secret one is there.
    there = Actor.status.not_in(("archived", "secret"))
    return _asked(viewer, "later", *columns).where(there, is_open)


def _asked(viewer: Viewer, decision: Decision, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(DepositLine)
        .join(Deposit, Deposit.file_id == DepositLine.file_id)
        .join(SourceFile, SourceFile.id == Deposit.file_id)
        .join(Source, Source.id == SourceFile.source_id)
        .join(Actor, Actor.id == DepositLine.actor_id)
        .join(ActorProtected, ActorProtected.actor_id == Actor.id)
        .where(_MISSING, DepositLine.decision == decision)
        .where(viewer.worked_on(), followed_by(viewer))
    )
