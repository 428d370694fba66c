"""What an operator let professionals be told counts no more: the place is asked anew."""

from collections.abc import Iterable
from typing import Literal
from uuid import UUID

from sqlalchemy import delete, func, or_, update
from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author, add
from app.models import Reveal, RevealChoice
from app.platform.database.sessions import among
from app.records.readers import take_back_given
from app.vault.sealing import Vault

# As the journal words them.
By = Literal["operator code", "joined", "restored"]


def end_choices(session: Session, actors: Iterable[UUID]) -> frozenset[UUID]:
    """End what was chosen of some actors, what is read by it, and what waits for it; return of
    whom there was any of that. So ends what a person gave to professionals of them.
    """
    wanted = set(actors)
    take_back_given(session, wanted)
    gone = delete(RevealChoice).where(among(RevealChoice.actor_id, wanted))
    ended = set(session.scalars(gone.returning(RevealChoice.actor_id)))
    goes_on = (
        Reveal.ended_at.is_(None),
        or_(Reveal.ends_at.is_(None), Reveal.ends_at > func.now()),
    )
    over = update(Reveal).where(among(Reveal.actor_id, wanted), *goes_on)
    over = over.values(ended_at=func.now()).execution_options(synchronize_session=False)
    return frozenset(ended | set(session.scalars(over.returning(Reveal.actor_id))))


def note_ended(
    session: Session, vault: Vault, author: Author, actors: Iterable[UUID], by: By
) -> None:
    """Note of each actor that its choice ended, last in the transaction that ended it."""
    for each in sorted(actors):
        add(session, vault, author, Action.CHOICE_ENDED, str(each), {"by": by})
