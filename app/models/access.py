"""Who asks for an account of a professional; the public login may read nothing of it."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class AccessRequest(Base):
    """Somebody who asks, until it is decided: then an account has it, or nothing.

    login: keyed digest of the mail address, as that of an account. content: sealed JSON {name,
    mail, organisation, siret, function}. token: SHA-256 of what the link of a mail holds. asked_at:
    when that mail was sent; confirmed_at: when somebody said by the link that they ask.
    """

    __tablename__ = "access_request"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    login: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    territory_code: Mapped[str] = mapped_column(ForeignKey("territory.code"))
    received_at: Mapped[datetime]
    token: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    asked_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
