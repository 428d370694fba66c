"""Resources as the desk has them, sealed; the public login may read nothing of this module."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    false,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.models.actor import new_public_id
from app.models.base import Base
from app.models.resource import IS_AUDIENCE, IS_FORM, Audience

Status = Literal["draft", "waiting", "held", "published", "withdrawn", "erased"]
Act = Literal[
    "asked",
    "published",
    "held",
    "released",
    "refused",
    "withdrawn",
    "erased",
    "restored",
    "reviewed",
]


# Of what a published text names. A release that finds more in a text raises it, with a migration
# that makes it the default: texts published before are marked anew (app/cataloguing/remarking.py).
TEXT_MARKS_VERSION = 5


class ResourceRecord(Base):
    """A resource, whatever became of it; its public id is never given to another one.

    latest: number of its last version. edition: how often it was published, None: never.
    owed_since: when something of it was taken from visitors, and lies in the files in clear still.
    """

    __tablename__ = "resource_record"
    __table_args__ = (
        CheckConstraint(IS_FORM, name="form"),
        CheckConstraint(IS_AUDIENCE, name="audience"),
        CheckConstraint(
            "status IN ('draft', 'waiting', 'held', 'published', 'withdrawn', 'erased')",
            name="status",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_public_id)
    form: Mapped[str]
    audience: Mapped[Audience] = mapped_column(Text)
    status: Mapped[Status] = mapped_column(Text, index=True)
    latest: Mapped[int]
    edition: Mapped[int | None]
    review_on: Mapped[date | None] = mapped_column(index=True)
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
    made_by: Mapped[str]
    owed_since: Mapped[datetime | None]
    marks_version: Mapped[int] = mapped_column(SmallInteger, server_default=str(TEXT_MARKS_VERSION))


class ResourceVersion(Base):
    """A resource as somebody saved it. content: sealed JSON of all its fields; note: why, sealed.

    Append-only: the staff login holds no other right, and a trigger refuses the owner too, but for
    new keys and erasures.
    """

    __tablename__ = "resource_version"
    __table_args__ = (UniqueConstraint("resource_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    resource_id: Mapped[UUID] = mapped_column(ForeignKey("resource_record.id"))
    number: Mapped[int]
    at: Mapped[datetime]
    who: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    note: Mapped[bytes | None] = mapped_column(LargeBinary)


class ResourceAct(Base):
    """What somebody did with a version of a resource beyond saving it."""

    __tablename__ = "resource_act"
    __table_args__ = (
        CheckConstraint(
            "act IN ('asked', 'published', 'held', 'released', 'refused', 'withdrawn',"
            " 'erased', 'restored', 'reviewed')",
            name="act",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    resource_id: Mapped[UUID] = mapped_column(ForeignKey("resource_record.id"), index=True)
    version: Mapped[int]
    at: Mapped[datetime]
    who: Mapped[str]
    act: Mapped[Act] = mapped_column(Text)


class ResourceMark(Base):
    """Keyed digest of an address, a number… that a published edition names, as actors have them.

    judged: it was of somebody hidden as two people let the text out.
    """

    __tablename__ = "resource_mark"

    resource_id: Mapped[UUID] = mapped_column(ForeignKey("resource_record.id"), primary_key=True)
    edition: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, index=True)
    judged: Mapped[bool] = mapped_column(default=False, server_default=false())


class ResourceHold(Base):
    """Why a version is not published until two people decide. by_text: sealed JSON of why."""

    __tablename__ = "resource_hold"
    __table_args__ = (UniqueConstraint("resource_id", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    resource_id: Mapped[UUID] = mapped_column(ForeignKey("resource_record.id"))
    version: Mapped[int]
    since: Mapped[datetime]
    by_text: Mapped[bytes] = mapped_column(LargeBinary)
    decided_at: Mapped[datetime | None]


class ResourceDraft(Base):
    """The last state of a person's form of a resource; resource_id: None of one to be created.

    content: sealed JSON of what was entered.
    """

    __tablename__ = "resource_draft"
    __table_args__ = (
        UniqueConstraint("account_id", "resource_id", postgresql_nulls_not_distinct=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    resource_id: Mapped[UUID | None] = mapped_column(ForeignKey("resource_record.id"))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
