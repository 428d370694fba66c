"""All resources as they were last written, to compare others with: also held and withdrawn ones."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import and_, false, func, select
from sqlalchemy.orm import Session

from app.cataloguing.duplicates import Known, address_key
from app.cataloguing.import_plan import Twin
from app.cataloguing.opening import is_read, read_version
from app.cataloguing.secrecy import masked_titles
from app.cataloguing.versions import CONTENT, TABLE, ContentUnreadable
from app.models import Resource, ResourceRecord, ResourceVersion
from app.resources.content import Content, read_stored
from app.vault.sealing import Vault


def known_resources(
    session: Session, vault: Vault, opened: dict[UUID, Content] | None = None
) -> Iterator[Known]:
    """Yield the latest version of each resource that was not erased, the oldest resource first.

    opened: what versions say that were read before, for who reads them again under a lock.
    """
    opened = {} if opened is None else opened
    latest = and_(
        ResourceVersion.resource_id == ResourceRecord.id,
        ResourceVersion.number == ResourceRecord.latest,
    )
    named = (ResourceRecord.id, ResourceRecord.public_id, ResourceRecord.latest)
    shown = func.coalesce(and_(is_read(), read_version() == ResourceRecord.latest), false())
    about = (ResourceRecord.status, ResourceVersion.who, shown)
    rows = (
        select(*named, *about, ResourceVersion.id, ResourceVersion.content)
        .join(ResourceVersion, latest)
        .where(ResourceRecord.status != "erased")
        .order_by(ResourceRecord.made_at, ResourceRecord.id)
    )
    for row in session.execute(rows):
        resource, public_id, number, status, who, has_it, version, sealed = row
        if version not in opened:
            try:
                opened[version] = read_stored(vault.open_json(TABLE, version, CONTENT, sealed))
            except ValidationError:
                # From None: what is in a draft may be secret.
                raise ContentUnreadable from None
        yield Known(opened[version], resource, public_id, number, 0, status, who, has_it)


def read_at(session: Session, url: str | None, but: UUID | None) -> list[tuple[str, str]]:
    """Return id and title of what readers have at an address, however it is written; but: of all
    others than this one.
    """
    key, read = address_key(url), Resource
    columns = select(read.id, read.public_id, read.title, read.url).where(read.url.is_not(None))
    rows = session.execute(columns.order_by(read.public_id)) if key else ()
    return [
        (row.public_id, row.title) for row in rows if row.id != but and address_key(row.url) == key
    ]


def untold(
    session: Session, vault: Vault, who: str, known: Iterable[Known], twins: Iterable[Twin]
) -> set[str]:
    """Return the public ids of those whose title somebody may not read: it names who is hidden.

    That something is close to it would tell what it says, to whoever guesses it.
    """
    found = {each.public_id for each in twins if each.public_id}
    others = (each for each in known if each.public_id in found)
    titles = {
        each.public_id: each.content.full_title
        for each in others
        if not each.is_read and each.who != who
    }
    return masked_titles(session, vault, titles) & titles.keys()
