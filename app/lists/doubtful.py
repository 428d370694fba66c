"""Which actors of a plan may be known ones, and what anybody may read of those."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.lists.matching import Found
from app.lists.reading import Reading
from app.lists.summary import Pair
from app.models import Actor, ActorProtected
from app.platform.database.sessions import among
from app.records.causes import was_asked
from app.records.lines import LineChanges
from app.records.proposals import Proposed, perhaps_same
from app.visibility import published
from importers.row import Where

# Of the missing, and of doubtful pairs.
NAMED = 20


def same_of(
    reading: Reading, found: Found, changes: LineChanges, actors: Mapping[Where, UUID]
) -> Iterator[Proposed]:
    """Yield which new actors may be known ones, and which take the name of one."""
    for doubt in found.doubts:
        if doubt.are_two:
            continue
        actor = actors[reading.lines[doubt.line].row.where]
        edit = changes.changes.edits.get(actor)
        # Of a name that a higher rank did not let in nothing is to be asked.
        if doubt.hides and edit and not was_asked(edit.causes, doubt.other):
            continue
        # The one that waits for a person is asked about.
        pair = (doubt.other, actor) if doubt.hides_other else (actor, doubt.other)
        yield perhaps_same(*pair, doubt.because)
    for actor, home in changes.namesakes.items():
        yield perhaps_same(actor, home.actor_id, "même nom, même commune")


def pairs_of(
    session: Session, reading: Reading, same: Sequence[Proposed], actors: Mapping[Where, UUID]
) -> Iterator[Pair]:
    """Yield the doubtful pairs of which nothing of the other actor is hidden.

    Not why they are: of another one that would tell an address or a phone that was guessed.
    """
    names = public_names(session, {each.other for each in same if each.other}, whole=True)
    lines = {actors[line.row.where]: line.row for line in reading.lines}
    for each in same:
        row = lines.get(each.actor_id)
        if each.other in names and row:
            yield Pair(row.line, row.sheet, row.name, names[each.other])


def public_names(session: Session, actors: Collection[UUID], *, whole: bool) -> dict[UUID, str]:
    """Return the names of some of the actors, of those that anybody may read.

    whole: of those alone of which nothing is hidden.
    """
    public = published().alias("public")
    statement = (
        select(Actor.id, public.c.name)
        .join(public, public.c.public_id == Actor.public_id)
        .join(ActorProtected, ActorProtected.actor_id == Actor.id)
        .where(among(Actor.id, actors), ~public.c.protected)
        .order_by(public.c.name)
        .limit(NAMED)
    )
    if whole:
        statement = statement.where(ActorProtected.level.is_(None))
    return dict(session.execute(statement).all())
