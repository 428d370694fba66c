"""Webinars, meetings and training: as the desk has them, sealed, and what readers have of them.

In clear stands only what may be public, and what approved professionals may read. An event that is
proposed, or was taken from readers, has no row there: it comes back from its sealed record.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, false, func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.actor import new_public_id
from app.models.base import Base, Texts

TEXTS = Texts()
EventStatus = Literal["draft", "proposed", "published", "cancelled"]
EventAudience = Literal["public", "reseau"]
IS_AUDIENCE = "audience IN ('public', 'reseau')"


class AgendaRecord(Base):
    """An event, whatever became of it. content: sealed JSON of all its fields.

    sequence: how often readers were given another one. masked: its text names somebody hidden, and
    nobody but who wrote it last, changed_by, reads it before that is noted. cancelled_at: whatever
    became of it since.
    """

    __tablename__ = "agenda_record"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'proposed', 'published', 'cancelled')", name="status"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_public_id)
    status: Mapped[EventStatus] = mapped_column(Text, index=True)
    territory_code: Mapped[str | None] = mapped_column(ForeignKey("territory.code"))
    begins_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime] = mapped_column(index=True)
    sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    masked: Mapped[bool] = mapped_column(default=False, server_default=false())
    content: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
    made_by: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    changed_by: Mapped[str]
    cancelled_at: Mapped[datetime | None]


class AgendaEvent(Base):
    """A published event, cancelled ones as well. id: of its record.

    zone: by whose clock it is announced, as IANA names it. territory_code: None for all of France.
    actor_id: public id of who organises it; place: where, unless something of them is hidden.
    online: whether there is a link, which readers are not shown. registers: whether one asks here
    for a place. reason: why it is cancelled. replay_id: public id of the resource that
    shows it once it is over, whoever reads that one. commune_code: of that in which the place is.
    """

    __tablename__ = "agenda_event"
    __table_args__ = (
        CheckConstraint("form IN ('webinaire', 'reunion', 'formation')", name="form"),
        CheckConstraint(IS_AUDIENCE, name="audience"),
        CheckConstraint("ends_at > begins_at", name="hours"),
        CheckConstraint(
            "char_length(title) <= 200 AND char_length(text) <= 10000"
            " AND char_length(place) <= 300 AND char_length(reason) <= 300",
            name="lengths",
        ),
        CheckConstraint("capacity > 0", name="capacity"),
        Index("ix_agenda_event_actor_id", "actor_id"),
        Index("ix_agenda_event_ends_at", "ends_at"),
    )

    id: Mapped[UUID] = mapped_column(
        ForeignKey("agenda_record.id", ondelete="CASCADE"), primary_key=True
    )
    public_id: Mapped[str] = mapped_column(unique=True)
    form: Mapped[str]
    audience: Mapped[EventAudience] = mapped_column(Text)
    title: Mapped[str]
    text: Mapped[str]
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    zone: Mapped[str]
    territory_code: Mapped[str | None] = mapped_column(ForeignKey("territory.code"))
    themes: Mapped[list[str]] = mapped_column(TEXTS, server_default="{}")
    actor_id: Mapped[str | None]
    place: Mapped[str | None]
    online: Mapped[bool]
    registers: Mapped[bool] = mapped_column(default=False, server_default=false())
    capacity: Mapped[int | None]
    sequence: Mapped[int]
    cancelled_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    published_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    replay_id: Mapped[str | None]
    commune_code: Mapped[str | None]


class AgendaMark(Base):
    """Keyed digest of an address, a number… that the text of an event names."""

    __tablename__ = "agenda_mark"

    record_id: Mapped[UUID] = mapped_column(
        ForeignKey("agenda_record.id", ondelete="CASCADE"), primary_key=True
    )
    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, index=True)
