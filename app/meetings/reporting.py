"""The état des lieux of a meeting, or of today, as somebody may read it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.freshness.progress import state_at
from app.meetings import snapshot
from app.meetings.meetings import last_before
from app.meetings.state import State, counted, known_before, since_of, state_of
from app.models import Actor, ActorCall, ActorProtected, ActorQuestion, CdlpMeeting, Revision
from app.models.call import Result
from app.platform.database.sessions import among
from app.reports.waiting import theirs
from app.search.here import read_here, read_nationwide
from app.vault.sealing import Vault
from app.visibility import Viewer, published
from geo.zones import paris_day


@dataclass(frozen=True, slots=True)
class Asked:
    """How an actor was asked last, and when. mail: a state of app/freshness/progress.py."""

    mail: tuple[str, datetime] | None = None
    call: tuple[Result, datetime] | None = None


def report(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    territory: str,
    meeting: CdlpMeeting | None,
    now: datetime,
) -> State:
    """Return the état des lieux of a meeting: as it was confirmed, else as it would be today.

    viewer: PUBLIC for what is handed around.
    """
    today = paris_day(now)
    here = actors = read_here(session, territory, today)
    on, due_by = today, max(today, meeting.day) if meeting else today
    if meeting is not None and meeting.confirmed_at is not None:
        actors = snapshot.as_it_was(here, snapshot.read(vault, meeting))
        on = due_by = paris_day(meeting.confirmed_at)
    former = last_before(session, meeting, territory)
    since, before = None, None
    if former is not None:
        then = snapshot.read(vault, former)
        knows = viewer.learns_what_is_hidden_in(territory)
        until = meeting.confirmed_at if meeting and meeting.confirmed_at else now
        since = since_of(
            actors,
            then,
            former.day,
            corrected=_corrected(session, then.keys(), former.confirmed_at or now, until),
            archived=_archived(session, viewer, territory, then.keys()),
            public=_public(session, then.keys()) if knows else None,
        )
        before = counted(known_before(here, then)) if knows else None
    return state_of(actors, read_nationwide(session), on, due_by, since, before)


def last_asked(
    session: Session, viewer: Viewer, actors: Collection[str], now: datetime
) -> Mapping[str, Asked]:
    """Return public id -> who was asked about an actor, of those that a viewer asks about."""
    of_theirs = (among(Actor.public_id, set(actors)), theirs(viewer))
    protected = ActorProtected.actor_id == Actor.id
    questions = (
        select(Actor.public_id, state_at(now), ActorQuestion.made_at)
        .join(ActorQuestion, ActorQuestion.actor_id == Actor.id)
        .join(ActorProtected, protected)
        .where(*of_theirs)
        .order_by(ActorQuestion.made_at, ActorQuestion.id)
    )
    called = (
        select(Actor.public_id, ActorCall.result, ActorCall.at)
        .join(ActorCall, ActorCall.actor_id == Actor.id)
        .join(ActorProtected, protected)
        .where(*of_theirs)
        .order_by(ActorCall.at, ActorCall.id)
    )
    # Of several the last one stays.
    mails = {actor: (state, at) for actor, state, at in session.execute(questions)}
    calls = {actor: (result, at) for actor, result, at in session.execute(called)}
    return {each: Asked(mails.get(each), calls.get(each)) for each in mails.keys() | calls.keys()}


def _public(session: Session, actors: Iterable[str]) -> Sequence[str]:
    """Return which of some actors visitors read, wherever they are by now."""
    column = published().c.public_id
    return session.scalars(select(column).where(among(column, set(actors)))).all()


def _corrected(
    session: Session, actors: Iterable[str], after: datetime, until: datetime
) -> Sequence[str]:
    """Return whose sheet was corrected, of actors that nothing hides."""
    return session.scalars(
        select(Actor.public_id)
        .join(Revision, Revision.actor_id == Actor.id)
        .join(ActorProtected, ActorProtected.actor_id == Actor.id)
        .where(
            among(Actor.public_id, set(actors)),
            ActorProtected.level.is_(None),
            Revision.action == "update",
            Revision.at > after,
            Revision.at <= until,
        )
        .distinct()
    ).all()


def _archived(
    session: Session, viewer: Viewer, territory: str, actors: Iterable[str]
) -> list[tuple[str, str]]:
    """Return public id and name of those that are closed, as far as a viewer reads archives."""
    actor = viewer.actors()
    column = actor.c
    asked = select(column.public_id, column.name).where(
        column.status == "archived",
        column.territory_code == territory,
        among(column.public_id, set(actors)),
        ~column.protected,
    )
    rows = session.execute(asked.order_by(column.folded, column.public_id))
    return [(public_id, name) for public_id, name in rows]
