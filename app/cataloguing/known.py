"""All resources as they were last written, to compare others with: also held and withdrawn ones."""

from collections.abc import Iterator
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.cataloguing.duplicates import Known
from app.cataloguing.versions import CONTENT, TABLE, ContentUnreadable
from app.models import ResourceRecord, ResourceVersion
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
    rows = (
        select(*named, ResourceRecord.status, ResourceVersion.id, ResourceVersion.content)
        .join(ResourceVersion, latest)
        .where(ResourceRecord.status != "erased")
        .order_by(ResourceRecord.made_at, ResourceRecord.id)
    )
    for resource, public_id, number, status, version, sealed in session.execute(rows):
        if version not in opened:
            try:
                opened[version] = read_stored(vault.open_json(TABLE, version, CONTENT, sealed))
            except ValidationError:
                # From None: what is in a draft may be secret.
                raise ContentUnreadable from None
        yield Known(opened[version], resource, public_id, number, status=status)
