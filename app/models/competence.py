"""Who is competent for a commune as registers say it, each for itself."""

from sqlalchemy import Computed, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Competence(Base):
    """A register says of a commune that somebody of a category is competent there.

    key: keyed digest of how it names whom, empty where it names the category alone: anyone of it.
    public_id: the actor that was found by the key, none where none is known.
    """

    __tablename__ = "competence"
    commune_code: Mapped[str] = mapped_column(
        ForeignKey("commune.code", ondelete="CASCADE"), primary_key=True
    )
    register: Mapped[str] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    anyone: Mapped[bool] = mapped_column(Computed(r"key = '\x'::bytea", persisted=True))
    public_id: Mapped[str | None] = mapped_column(
        # Who is hidden gets another id, to which nothing may lead.
        ForeignKey("actor.public_id", ondelete="SET NULL", onupdate="SET NULL"),
        index=True,
    )
