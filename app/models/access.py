"""Who asks for an account of a professional; of it the public login reads whether one may ask."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class AccessRequest(Base):
    """Somebody who asks, until it is decided: then an account has it, or nothing.

    login: unique for a former release, which finds a request by it; of this one its own id.
    mailbox: keyed digest of the mailbox of its address; one mailbox has many until it confirms
    one. content: sealed JSON {name, mail, organisation, siret, function}. token: SHA-256 of what
    the link of a mail holds. asked_at: when that mail was sent; confirmed_at: when somebody said
    by the link that they ask; notified_at: when who decides was told of it. tried_at: when that
    mail last did not open, was not taken, or was over a cap.
    """

    __tablename__ = "access_request"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    login: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    mailbox: Mapped[bytes | None] = mapped_column(LargeBinary)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    territory_code: Mapped[str] = mapped_column(ForeignKey("territory.code"))
    received_at: Mapped[datetime]
    token: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    asked_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    notified_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]


class AccessMail(Base):
    """A mail that was sent to whoever asked, so that nobody has many sent: digests, for a day."""

    __tablename__ = "access_mail"

    id: Mapped[UUID] = mapped_column(
        primary_key=True, default=uuid4, server_default=text("gen_random_uuid()")
    )
    at: Mapped[datetime] = mapped_column(index=True)
    mailbox: Mapped[bytes] = mapped_column(LargeBinary)
    domain: Mapped[bytes] = mapped_column(LargeBinary)


class AccessForm(Base):
    """One row. open_until: until when the form takes requests, as a worker that can mail said."""

    __tablename__ = "access_form"
    __table_args__ = (CheckConstraint("id = 1", name="id"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    open_until: Mapped[datetime]
