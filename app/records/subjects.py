"""What entries of the journal are about, as whoever opens no record may read it."""

import re
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Actor, Proposal
from app.platform.database.sessions import among

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PUBLIC = frozenset({"published", "host"})


def names_of_actors(session: Session, texts: Iterable[str]) -> dict[str, str]:
    """Return what some texts name by an id -> the actor's name as visitors read it.

    A proposal is called after its actor. What is not public is called by its territory alone.
    """
    found = {UUID(each) for text in texts for each in _ID.findall(text)}
    proposals = select(Proposal.id, Proposal.actor_id).where(among(Proposal.id, found))
    subjects = {each: each for each in found} | dict(session.execute(proposals).all())
    columns = (Actor.id, Actor.name, Actor.status, Actor.territory_code)
    known = {
        actor: name if status in _PUBLIC else f"Acteur non public ({territory})"
        for actor, name, status, territory in session.execute(
            select(*columns).where(among(Actor.id, set(subjects.values())))
        )
    }
    return {str(each): known[actor] for each, actor in subjects.items() if actor in known}


def with_names(text: str, names: dict[str, str]) -> str:
    """Return a text with names instead of ids; of what is unknown the beginning of its id."""
    return _ID.sub(lambda each: names.get(each[0], each[0][:8]), text)
