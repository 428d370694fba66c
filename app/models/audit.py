"""The journal of what people of the staff did; the public login may read nothing of it."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, LargeBinary, func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class AuditEntry(Base):
    """Who did what, to whom or what, when; each entry holds the one before it.

    number: from 1, without a gap. who: an account's id, or "os:NAME". detail: sealed JSON; mac: its
    keyed digest, so that new sealing keys change no link. link: keyed digest of the link before it
    and of all that is in clear here. Append-only, for the owner too, but for what an anchor covers.
    """

    __tablename__ = "audit_entry"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[int] = mapped_column(BigInteger, unique=True)
    at: Mapped[datetime] = mapped_column(index=True)
    who: Mapped[str]
    role: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[bytes] = mapped_column(LargeBinary)
    mac: Mapped[bytes] = mapped_column(LargeBinary)
    link: Mapped[bytes] = mapped_column(LargeBinary)


class AuditAnchor(Base):
    """Where the journal begins once its oldest months are cut.

    signature: Ed25519, of number, link and who.
    """

    __tablename__ = "audit_anchor"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    link: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    who: Mapped[str]
    signature: Mapped[bytes] = mapped_column(LargeBinary)
