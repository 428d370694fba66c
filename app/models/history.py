"""What became of actors, by whom and why; the public login may read nothing of this module."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Batch(Base):
    """What wrote some revisions together, so that it can be undone whole: an import, an edit…

    cause: "former" for what was done before batches were noted; "undo" takes back the import of its
    file.
    """

    __tablename__ = "batch"
    __table_args__ = (
        CheckConstraint(
            "cause IN ('import', 'edit', 'geocoding', 'purge', 'former', 'erase', 'undo')",
            name="cause",
        ),
        CheckConstraint(
            "(cause IN ('import', 'undo')) = (source_file_id IS NOT NULL)", name="source_file"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    cause: Mapped[str]
    source_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("source_file.id"), index=True)


class Revision(Base):
    """Who changed what of an actor, when and why; enough to undo it. number: from 1, per actor.

    who: an account, or "os:NAME" for who typed a command. why: sealed JSON. change: sealed JSON
    {field: [before, after, origin of the value before]}; of revisions before batches, no origin.
    Beside fields of the record: causes and level of its protection, before them reason and
    decided_on, and a geocoder's point.
    Append-only: the staff login holds no other right, and a trigger refuses the owner too.
    """

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("actor_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    actor_id: Mapped[UUID] = mapped_column(ForeignKey("actor.id"))
    number: Mapped[int]
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batch.id"), index=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    who: Mapped[str]
    action: Mapped[str]
    why: Mapped[bytes] = mapped_column(LargeBinary)
    change: Mapped[bytes] = mapped_column(LargeBinary)


class ErasureDebt(Base):
    """A revision that hid what was public, as long as the files of the database still hold it."""

    __tablename__ = "erasure_debt"

    revision_id: Mapped[UUID] = mapped_column(ForeignKey("revision.id"), primary_key=True)
