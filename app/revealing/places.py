"""A protected place as a professional asks for it: what the public reads, and what it chose."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import literal_column, select
from sqlalchemy.orm import Session

from app.errors import ActorUnknown
from app.models import Actor, ActorProtected, FormerAddress
from app.models.protected import Level
from app.records.sealed import open_causes, open_record
from app.revealing.choices import Chosen, read_choice
from app.vault.sealing import Vault
from app.visibility import as_revealed

# Open: what the public reads is all there is. Closed: nothing is told, whatever the reason.
Way = Literal["open", "closed", "asked", "direct"]
ASKED_WAYS: frozenset[Way] = frozenset({"asked", "direct"})


@dataclass(frozen=True, slots=True)
class Place:
    """name: the public one. sealed: what stands for its record as it is now."""

    actor_id: UUID
    public_id: str
    name: str
    territory: str
    level: Level | None
    chosen: Chosen | None
    sealed: bytes

    @property
    def way(self) -> Way:
        """Return how its contact is had."""
        if self.level != "neutral":
            return "open"
        way = self.chosen.way if self.chosen else "never"
        return "closed" if way == "never" else way

    @property
    def agrees(self) -> str | None:
        """Return the number that agrees, where that is how its contact is had."""
        return self.chosen.number if self.chosen and self.way == "asked" else None

    @property
    def describes(self) -> bool:
        """Say whether its operator lets professionals read what it is."""
        return self.level == "neutral" and self.chosen is not None and self.chosen.describes

    @property
    def is_entry(self) -> bool:
        """Say whether all that is told is a coordinator, and no address ever."""
        return self.chosen is not None and self.chosen.entry


def led_to(session: Session, public_id: str) -> str | None:
    """Return where the address of an actor leads that was joined to another one: to whom visitors
    are led as well, and to nobody of whom anything is hidden.
    """
    return session.scalar(
        select(FormerAddress.target)
        .join(Actor, Actor.public_id == FormerAddress.target)
        .join(ActorProtected, ActorProtected.actor_id == Actor.id)
        .where(
            FormerAddress.public_id == public_id,
            Actor.status == literal_column("'published'"),
            ActorProtected.level.is_(None),
        )
    )


def read_place(session: Session, vault: Vault, public_id: str) -> Place:
    """Return a published actor; raise ActorUnknown, also of one whose existence is secret."""
    row = session.execute(
        select(
            *(Actor.id, Actor.public_id, Actor.name, Actor.territory_code),
            *(ActorProtected.level, ActorProtected.record, ActorProtected.causes, as_revealed()),
        )
        .join(ActorProtected, ActorProtected.actor_id == Actor.id)
        .where(Actor.public_id == public_id, Actor.status == literal_column("'published'"))
    ).first()
    if row is None:
        raise ActorUnknown
    actor_id, address, name, territory, level, record, causes, sealed = row
    why = open_causes(vault, actor_id, causes)
    known = open_record(vault, actor_id, record)
    chosen = read_choice(session, vault, actor_id, known, why)
    return Place(actor_id, address, name, territory, level, chosen, sealed)
