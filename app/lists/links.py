"""Links by which a list is sent without an account, each for one source.

Whoever has one sends files, and reads which ones came by it: nothing else is shown to them.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from app.accounts.people import TOKEN_BYTES, token_digest
from app.errors import Mesure23Error
from app.lists.followed import SourceUnknown, followed_by
from app.models import DepositLink, LinkReceipt, Source
from app.vault.sealing import Vault
from app.visibility import Viewer

VALID_FOR = timedelta(days=30)
MOST_OPEN = 5
# What one link may bring in 24 hours, whoever has it.
FILES_A_DAY, BYTES_A_DAY = 20, 200_000_000
TABLE, COLUMN = LinkReceipt.__tablename__, "name"


class LinkEnded(Mesure23Error):
    """Ce lien ne sert plus : ses 30 jours sont passés, ou quelqu’un l’a fermé."""

    status = 404
    title = "Lien terminé"
    advice = "Demandez-en un autre au service qui vous l’a envoyé."


class EnoughForToday(Mesure23Error):
    """Rien n’est reçu : un lien reçoit 20 fichiers et 200 Mo au plus en 24 heures."""

    status = 429
    title = "Trop de fichiers pour aujourd’hui"
    advice = "Envoyez la suite demain, par ce même lien."


class TooManyLinks(Mesure23Error):
    """Aucun lien n’est créé : cette source en a déjà 5 ouverts."""

    status = 409
    title = "Trop de liens ouverts"
    advice = "Fermez-en un qui ne sert plus, puis créez le nouveau."


class NoLinkToRegister(Mesure23Error):
    """Aucun lien n’est créé : un registre national n’est envoyé par personne."""

    status = 409
    title = "Pas de lien pour un registre"
    advice = "Créez le lien sur la page d’une liste."


@dataclass(frozen=True, slots=True)
class Link:
    """An open link as staff see it. made_by: an account's id. files, last: what came by it."""

    id: UUID
    made_at: datetime
    made_by: str
    ends_at: datetime
    files: int
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Found:
    """What a link is for. source, source_id: of the list, which its bearer is not shown."""

    id: UUID
    source: str
    source_id: UUID
    territory: str | None
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """A file that came by a link, as its sender called it. size: bytes."""

    name: str
    size: int
    at: datetime


def make(
    session: Session, viewer: Viewer, source_id: UUID, link_id: UUID, who: str, now: datetime
) -> str | None:
    """Return the token of a new link, which stands nowhere else.

    link_id: as its form says it, so that one that is sent again makes no second link: None.
    Raises SourceUnknown, NoLinkToRegister, TooManyLinks.
    """
    # Two who make one at once: one goes after the other.
    source = session.scalar(_followed(viewer, source_id).with_for_update(key_share=True))
    if source is None:
        raise SourceUnknown
    if source.register is not None:
        raise NoLinkToRegister
    if session.get(DepositLink, link_id) is not None:
        return None
    if len(open_links(session, source_id, now)) >= MOST_OPEN:
        raise TooManyLinks
    token = secrets.token_urlsafe(TOKEN_BYTES)
    made = DepositLink(
        id=link_id,
        source_id=source_id,
        token=token_digest(token),
        made_at=now,
        made_by=who,
        ends_at=now + VALID_FOR,
    )
    session.add(made)
    session.flush()
    return token


def close(session: Session, viewer: Viewer, source_id: UUID, link: UUID, now: datetime) -> bool:
    """Let nothing more come by a link; return whether it was open. Raises SourceUnknown."""
    if session.scalar(_followed(viewer, source_id)) is None:
        raise SourceUnknown
    ended = session.scalar(
        update(DepositLink)
        .where(
            DepositLink.id == link, DepositLink.source_id == source_id, DepositLink.ends_at > now
        )
        .values(ends_at=now)
        .returning(DepositLink.id)
    )
    return ended is not None


def open_links(session: Session, source_id: UUID, now: datetime) -> list[Link]:
    """Return the links of a source by which something may still come, the last one first."""
    statement = (
        select(DepositLink, func.count(LinkReceipt.id), func.max(LinkReceipt.at))
        .outerjoin(LinkReceipt, LinkReceipt.link_id == DepositLink.id)
        .where(DepositLink.source_id == source_id, DepositLink.ends_at > now)
        .group_by(DepositLink.id)
        .order_by(DepositLink.made_at.desc(), DepositLink.id)
    )
    return [
        Link(each.id, each.made_at, each.made_by, each.ends_at, files, last)
        for each, files, last in session.execute(statement)
    ]


def find(session: Session, vault: Vault, token: str, now: datetime, *, lock: bool = False) -> Found:
    """Return what a link is for; raise LinkEnded, whatever the reason.

    lock: until the transaction ends nobody closes it, and nothing else comes by it.
    """
    statement = (
        select(DepositLink, Source)
        .join(Source, Source.id == DepositLink.source_id)
        .where(DepositLink.token == token_digest(token), DepositLink.ends_at > now)
    )
    row = session.execute(statement.with_for_update(of=DepositLink) if lock else statement).first()
    if row is None:
        raise LinkEnded
    link, source = row
    name = vault.open("source", source.id, "name", source.name).decode()
    return Found(link.id, name, source.id, source.territory_code, link.ends_at)


def note(session: Session, vault: Vault, link: UUID, name: str, size: int, now: datetime) -> None:
    """Note that a file came by a link; raise EnoughForToday where it may bring no more."""
    receipt = uuid4()
    session.add(
        LinkReceipt(
            id=receipt,
            link_id=link,
            name=vault.seal(TABLE, receipt, COLUMN, name.encode("utf-8", "surrogateescape")),
            size=size,
            at=now,
        )
    )
    session.flush()
    check_day(session, link, now)


def check_day(session: Session, link: UUID, now: datetime, files: int = 0) -> None:
    """Raise EnoughForToday where a link may bring no more than it did, and than some files."""
    came, weight = session.execute(
        select(func.count(), func.coalesce(func.sum(LinkReceipt.size), 0)).where(
            LinkReceipt.link_id == link, LinkReceipt.at > now - timedelta(days=1)
        )
    ).one()
    if came + files > FILES_A_DAY or weight > BYTES_A_DAY:
        raise EnoughForToday


def receipts(session: Session, vault: Vault, link: UUID) -> list[Receipt]:
    """Return what came by a link, the last one first."""
    statement = (
        select(LinkReceipt)
        .where(LinkReceipt.link_id == link)
        .order_by(LinkReceipt.at.desc(), LinkReceipt.id)
    )
    return [
        Receipt(
            vault.open(TABLE, each.id, COLUMN, each.name).decode("utf-8", "replace"),
            each.size,
            each.at,
        )
        for each in session.scalars(statement)
    ]


def _followed(viewer: Viewer, source_id: UUID) -> Select[Source]:
    return select(Source).where(Source.id == source_id, followed_by(viewer))
