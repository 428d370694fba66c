"""Who reads a field of one actor, where a person said so; the public login may read none of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from importers.vocabulary import Readers


class ReadersChoice(Base):
    """What a person said of one value of a field: professionals read it, or nobody but staff does.

    mark: keyed digest of that value, so that nothing is said of what is written later. readers:
    "protege" gives nothing, and the value waits no more; without a mark, as no new row is, it says
    nothing. revision: the number of the actor's last change then. made_by: an account.
    """

    __tablename__ = "readers_choice"
    __table_args__ = (
        CheckConstraint("readers IN ('protege', 'professionnel')", name="readers"),
        CheckConstraint("readers = 'protege' OR mark <> ''::bytea", name="mark"),
    )

    actor_id: Mapped[UUID] = mapped_column(
        ForeignKey("actor.id", ondelete="CASCADE"), primary_key=True
    )
    field: Mapped[str] = mapped_column(primary_key=True)
    mark: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    readers: Mapped[Readers] = mapped_column(Text)
    revision: Mapped[int]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
