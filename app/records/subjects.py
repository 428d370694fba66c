"""What entries of the journal are about, as whoever opens no record may read it."""

import re
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Actor, Proposal
from app.platform.database.sessions import among
from geo.text import curled

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
        actor: curled(name) if status in _PUBLIC else f"Acteur non public ({territory})"
        for actor, name, status, territory in session.execute(
            select(*columns).where(among(Actor.id, set(subjects.values())))
        )
    }
    return {str(each): known[actor] for each, actor in subjects.items() if actor in known}


def in_parts(text: str, names: dict[str, str]) -> list[tuple[str, str]]:
    """Return a text in parts, with names instead of ids, each with the id that it stands for; of
    what is unknown the beginning of its id.
    """
    parts, at = [], 0
    for found in _ID.finditer(text):
        parts += [(text[at : found.start()], ""), (names.get(found[0], found[0][:8]), found[0])]
        at = found.end()
    return [*parts, (text[at:], "")]
