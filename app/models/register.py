"""What became of the national registers."""

from datetime import date, datetime

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class RegisterState(Base):
    """A register: the edition in force, and what the last attempt at a newer one came to.

    day: of that edition, none before the first one is whole; assumed where nothing said it, and it
    is that of loading. validator: by which the server that
    gave it knows it. actors: how many of its entries are actors. left_out: French reason -> how
    many entries are none. failure: a French sentence, that names nobody; none where the last
    attempt succeeded.
    """

    __tablename__ = "register"

    code: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date | None]
    day_assumed: Mapped[bool] = mapped_column(server_default="false")
    validator: Mapped[str | None]
    applied_at: Mapped[datetime | None]
    actors: Mapped[int] = mapped_column(server_default="0")
    left_out: Mapped[dict[str, int]] = mapped_column(JSONB, server_default="{}")
    tried_at: Mapped[datetime]
    failure: Mapped[str | None]
