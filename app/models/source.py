"""What was received, byte for byte and line by line, sealed; the public login reads none of it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Source(Base):
    """A list that is sent again and again: its territory, its rank among sources.

    digest finds it by its name, which is sealed: lists are named after shelters. cadence: months
    after which the next file is expected, 0 for never, null where nobody chose. contact: sealed
    JSON of who sends it. mapping: sealed JSON of how its columns and words are read, as people
    chose it; mapped_at: when they last did.
    """

    __tablename__ = "source"
    __table_args__ = (CheckConstraint("cadence BETWEEN 0 AND 36", name="cadence"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    name: Mapped[bytes] = mapped_column(LargeBinary)
    territory_code: Mapped[str | None] = mapped_column(ForeignKey("territory.code"))
    # Code of a national register, none of a list.
    register: Mapped[str | None]
    # Of two sources that disagree on a field, the higher rank is used.
    rank: Mapped[int]
    cadence: Mapped[int | None]
    contact: Mapped[bytes | None] = mapped_column(LargeBinary)
    mapping: Mapped[bytes | None] = mapped_column(LargeBinary)
    mapped_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class SourceFile(Base):
    """One file as received. summary: the counts of its import, and nothing of its content."""

    __tablename__ = "source_file"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    source_id: Mapped[UUID] = mapped_column(ForeignKey("source.id"), index=True)
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())
    who: Mapped[str]
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    size: Mapped[int]
    name: Mapped[bytes] = mapped_column(LargeBinary)
    # Null once its period is over (app/operations/retention.py), or where it held what was erased.
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    # Of the columns of each sheet that was read; null before it was, and once no line is left.
    titles: Mapped[bytes | None] = mapped_column(LargeBinary)
    # Sealed JSON of which column was read as which field; null as titles are.
    mapping: Mapped[bytes | None] = mapped_column(LargeBinary)
    # "received", then "imported" by the commit, or "refused" where it has no usable line; "undone"
    # once an import was taken back.
    status: Mapped[str]
    # Null of one that was not, or by a former release, which cannot be undone.
    imported_at: Mapped[datetime | None]
    summary: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class SourceRow(Base):
    """One line of a file and what became of it. content: sealed JSON of values and problems."""

    __tablename__ = "source_row"
    __table_args__ = (UniqueConstraint("source_file_id", "sheet", "line"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    source_file_id: Mapped[UUID] = mapped_column(ForeignKey("source_file.id"))
    # Its place among the sheets that were read: their names are sealed, as those of lists.
    sheet: Mapped[int] = mapped_column(server_default="0")
    line: Mapped[int]
    outcome: Mapped[str]
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("actor.id"), index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class SourceRecord(Base):
    """The tie between a line's identity in a source and its actor, from one file to the next.

    identity, content: keyed digests of the line's identity and of all that was read from it.
    """

    __tablename__ = "source_record"
    __table_args__ = (
        Index("ix_source_record_actor_id", "actor_id"),
        Index(
            "ix_source_record_missing",
            "actor_id",
            postgresql_where=text("missing_since IS NOT NULL"),
        ),
    )

    source_id: Mapped[UUID] = mapped_column(ForeignKey("source.id"), primary_key=True)
    identity: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    actor_id: Mapped[UUID] = mapped_column(ForeignKey("actor.id"))
    last_file_id: Mapped[UUID] = mapped_column(ForeignKey("source_file.id"))
    missing_since: Mapped[date | None]


class FormerTie(Base):
    """A tie as it was before a file changed it, so that its import can be undone.

    content, actor_id, last_file_id: null where there was none. next_actor_id: the actor that the
    file tied the identity to, null where it took the identity from its line. An erased actor takes
    its ties with it.
    """

    __tablename__ = "former_tie"

    file_id: Mapped[UUID] = mapped_column(ForeignKey("source_file.id"), primary_key=True)
    identity: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    actor_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("actor.id", ondelete="CASCADE"), index=True
    )
    last_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("source_file.id"))
    missing_since: Mapped[date | None]
    next_actor_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("actor.id", ondelete="CASCADE"), index=True
    )
