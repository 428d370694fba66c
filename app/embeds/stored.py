"""Registered embeds as the database has them, and their end: all of it without their search."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.embeds.ids import ID, RegisteredUnknown
from app.models import Embed, EmbedRevocation
from app.vault.sealing import Vault


@dataclass(frozen=True, slots=True)
class Registration:
    """A registered embed as staff see it; revoked_at, revoked_by: null while it is shown.

    logo: size in bytes, or None without one. why: sealed, see app.vault.sealing.
    """

    id: str
    search: str
    look: str
    origins: tuple[str, ...]
    name: str
    contact: str | None
    logo: int | None
    created_at: datetime
    created_by: str
    revoked_at: datetime | None
    revoked_by: str | None
    why: bytes | None


def revoke(
    session: Session, vault: Vault, embed_id: str, *, who: str, why: str
) -> tuple[Registration, bool]:
    """Revoke an embed for good; return it, and whether it was not revoked before.

    Raises RegisteredUnknown.
    """
    read_registration(session, embed_id)
    values = {
        "embed_id": embed_id,
        "who": who,
        "why": vault.seal(EmbedRevocation.__tablename__, embed_id, "why", why.encode()),
    }
    added = upsert(EmbedRevocation).values(values).on_conflict_do_nothing()
    done = session.scalar(added.returning(EmbedRevocation.embed_id))
    return read_registration(session, embed_id), done is not None


def read_registration(session: Session, embed_id: str) -> Registration:
    """Return a registered embed; raises RegisteredUnknown."""
    row = None
    if ID.fullmatch(embed_id):
        row = session.execute(_REGISTRATIONS.where(Embed.id == embed_id)).one_or_none()
    if row is None:
        raise RegisteredUnknown
    return _registration(row)


def reason_of(vault: Vault, embed: Registration) -> str:
    """Return why an embed was revoked; "" while it is shown. Raises KeyMissing or NotOpened."""
    if embed.why is None:
        return ""
    return vault.open(EmbedRevocation.__tablename__, embed.id, "why", embed.why).decode()


def read_all(session: Session) -> list[Registration]:
    """Return every embed, those that are shown first, by name."""
    order = (EmbedRevocation.at.is_not(None), Embed.name, Embed.created_at)
    return [_registration(row) for row in session.execute(_REGISTRATIONS.order_by(*order))]


_REGISTRATIONS = select(
    Embed.id,
    Embed.search,
    Embed.look,
    Embed.origins,
    Embed.name,
    Embed.contact,
    func.octet_length(Embed.logo).label("logo"),
    Embed.created_at,
    Embed.created_by,
    EmbedRevocation.at.label("revoked_at"),
    EmbedRevocation.who.label("revoked_by"),
    EmbedRevocation.why,
).outerjoin(EmbedRevocation, EmbedRevocation.embed_id == Embed.id)


def _registration(row: Row[tuple[object, ...]]) -> Registration:
    return Registration(**row._asdict() | {"origins": tuple(row.origins)})
