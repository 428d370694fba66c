"""What an operator let professionals be told counts no more: the place is asked anew."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.models import RevealChoice
from app.platform.database.sessions import among


def end_choices(session: Session, actors: Iterable[UUID]) -> int:
    """End what was chosen of some actors, and what is read by it at once; return how many."""
    wanted = among(RevealChoice.actor_id, set(actors))
    gone = delete(RevealChoice).where(wanted).returning(RevealChoice.actor_id)
    return len(session.scalars(gone).all())
