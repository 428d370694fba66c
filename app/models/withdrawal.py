"""What was taken from the public, and which database this is; staff and their register read it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, false, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Withdrawal(Base):
    """That something was hidden, withdrawn or revoked, by its id: written by triggers, of withheld
    phones and mailboxes by app/records/withheld.py, of requests for an access by
    app/accounts/requests.py.

    what: "actor", "embed"…; subject: its id; how: its level, status or edition since, or
    "contacts". noted: whether the register outside the database has it too
    (app/vault/withdrawals.py), so that no restored backup shows it again.
    """

    __tablename__ = "withdrawal"
    __table_args__ = (Index("ix_withdrawal_noted", "noted", postgresql_where=text("NOT noted")),)

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    what: Mapped[str]
    subject: Mapped[str]
    how: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    noted: Mapped[bool] = mapped_column(default=False, server_default=false())


class DatabaseOrigin(Base):
    """The server in which what is here was last known to be complete; one row.

    A restored copy lies in another one, or on another timeline of it: until what was hidden since
    is hidden again, public pages do not start.
    """

    __tablename__ = "database_origin"
    __table_args__ = (CheckConstraint("id = 1", name="id"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    system: Mapped[str]
    timeline: Mapped[int]
