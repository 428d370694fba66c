"""The addresses that published resources lead to: which are to be looked at, and which are dead.

Who asks them is the worker, app/jobs/linking.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session

from app.models import Resource, ResourceLink
from app.platform.database.sessions import IMPORT_LOCK, among, hold
from app.resources.content import Content, links_of
from app.resources.stored import content_of
from app.vault.digests import digest, index_key
from app.vault.sealing import Vault
from geo.zones import paris_day

# An address is looked at again after so long.
WEEKLY = timedelta(days=6, hours=12)
# Of one night: the others are looked at by the next ones.
MOST = 1_000
# What nobody could reach twice, so long apart, is dead.
UNSURE_FOR = timedelta(days=14)
# After so long its page says so.
SAID_AFTER = timedelta(days=30)
_PURPOSE = "resource link"
_WEB = ("http://", "https://")

# "unsure": a server that is down, a network that is gone, what we may not ask.
Verdict = Literal["alive", "dead", "unsure"]


@dataclass(frozen=True, slots=True)
class Link:
    """An address of a resource, its own or one that it refers to. digest: keyed, of the address."""

    resource_id: UUID
    url: str
    digest: bytes
    is_own: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """What an address answered; status: over HTTP, None where nothing did."""

    verdict: Verdict
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Dead:
    """A dead address of a published resource."""

    public_id: str
    title: str
    url: str
    since: date
    status: int | None


def due(session: Session, vault: Vault, now: datetime, most: int = MOST) -> list[Link]:
    """Return addresses that nobody looked at for a week, those first that wait longest."""
    known = {
        (row.resource_id, row.url_digest): row.looked_at
        for row in session.execute(
            select(ResourceLink.resource_id, ResourceLink.url_digest, ResourceLink.looked_at)
        )
    }
    waiting = []
    for link in _links(session, vault):
        looked_at = known.get((link.resource_id, link.digest))
        if looked_at is None or looked_at < now - WEEKLY:
            since = looked_at.timestamp() if looked_at else 0.0
            waiting.append((since, str(link.resource_id), link.url, link))
    return [link for *_, link in sorted(waiting, key=lambda each: each[:3])[:most]]


def note(session: Session, link: Link, heard: Heard, now: datetime) -> None:
    """Note what an address answered, and since when it is dead."""
    today = paris_day(now)
    row = session.get(ResourceLink, (link.resource_id, link.digest), with_for_update=True)
    if row is None:
        row = ResourceLink(resource_id=link.resource_id, url_digest=link.digest)
        session.add(row)
    row.looked_at, row.status = now, heard.status
    match heard.verdict:
        case "alive":
            row.failed_since = row.unsure_since = None
        case "dead":
            row.failed_since, row.unsure_since = row.failed_since or today, None
        case "unsure" if row.failed_since is None:
            row.unsure_since = row.unsure_since or today
            if today - row.unsure_since >= UNSURE_FOR:
                row.failed_since = today
    session.flush()


def settle(session: Session, vault: Vault, now: datetime) -> None:
    """Forget addresses that no published resource has any more; say on pages which are dead long.

    Of a resource's own address alone, not of what a sheet refers to. Under the lock of whoever
    publishes, hides or withdraws: each waits for rows that the other has.
    """
    hold(session, IMPORT_LOCK)
    links = {(link.resource_id, link.digest): link for link in _links(session, vault)}
    old = paris_day(now) - SAID_AFTER
    dead: dict[UUID, date] = {}
    for row in session.scalars(select(ResourceLink)):
        link = links.get((row.resource_id, row.url_digest))
        if link is None:
            session.delete(row)
        elif link.is_own and row.failed_since and row.failed_since <= old:
            dead[row.resource_id] = row.failed_since
    session.flush()
    _say(session, dead)


def ids_of_dead() -> Select[UUID]:
    """Return the query of the internal ids of what has a dead address."""
    return select(ResourceLink.resource_id).where(ResourceLink.failed_since.is_not(None))


def counting_dead() -> Select[int]:
    """Return the query of how many published resources lead to a dead address."""
    return select(func.count()).select_from(Resource).where(Resource.id.in_(ids_of_dead()))


def forget_former(session: Session, vault: Vault, resource: UUID, content: Content) -> None:
    """Forget what the addresses of a resource answered that it has no more, as it is published."""
    known = select(ResourceLink).where(ResourceLink.resource_id == resource)
    rows = session.scalars(known).all()
    if not rows:
        return
    key = index_key(session, vault)
    left = {digest(key, _PURPOSE, url) for url in links_of(content)}
    for row in rows:
        if row.url_digest not in left:
            session.delete(row)


def read_dead(session: Session, vault: Vault) -> list[Dead]:
    """Return the dead addresses of published resources, those first that are dead longest."""
    failed = select(ResourceLink).where(ResourceLink.failed_since.is_not(None))
    rows = {(row.resource_id, row.url_digest): row for row in session.scalars(failed)}
    titles = select(Resource.id, Resource.public_id, Resource.title).where(
        among(Resource.id, [resource for resource, _ in rows])
    )
    named = {row.id: (row.public_id, row.title) for row in session.execute(titles)}
    found = [
        Dead(*named[link.resource_id], link.url, row.failed_since, row.status)
        for link in _links(session, vault, of=list(named))
        if (row := rows.get((link.resource_id, link.digest))) and row.failed_since
    ]
    return sorted(found, key=lambda each: (each.since, each.title, each.url))


def _links(session: Session, vault: Vault, of: list[UUID] | None = None) -> Iterator[Link]:
    """Yield the addresses of published resources, of each its own first, each once."""
    key = index_key(session, vault)
    rows = select(Resource.__table__)
    if of is not None:
        rows = rows.where(among(Resource.id, of))
    for row in session.execute(rows.order_by(Resource.id)).mappings():
        for url in dict.fromkeys(links_of(content_of(dict(row)))):
            if url.startswith(_WEB):
                yield Link(row["id"], url, digest(key, _PURPOSE, url), url == row["url"])


def _say(session: Session, dead: dict[UUID, date]) -> None:
    """Write on the open rows since when their address is dead, and on no other one."""
    said = {
        row.id: row.link_dead_since
        for row in session.execute(
            select(Resource.id, Resource.link_dead_since).where(
                or_(Resource.link_dead_since.is_not(None), among(Resource.id, list(dead)))
            )
        )
    }
    for resource, since in said.items():
        if since != dead.get(resource):
            changed = update(Resource).where(Resource.id == resource)
            session.execute(changed.values(link_dead_since=dead.get(resource)))
