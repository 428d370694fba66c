"""What is still to be destroyed of resources: what visitors could read of those taken from them,
and of those that were erased their versions, which are sealed.

The last version of each of these stays, emptied, until the files of the database are rewritten: as
long as there is one, it is owed.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from app.cataloguing.import_forgetting import forget_lines
from app.models import (
    ClearedAround,
    ResourceDraft,
    ResourceHold,
    ResourceProposal,
    ResourceRecord,
    ResourceVersion,
)
from app.platform.database.sessions import among
from app.vault.sealing import Vault

# What visitors could read stands in clear in these, and in what the planner knows of them.
OPEN = (
    *("resource", "resource_edition", "resource_withdrawn", "issuing_body"),
    *("resource_collection", "resource_collection_entry", "resource_synonym"),
    *("agenda_event", "letter_issue"),
)
SEALED = (
    *("resource_version", "resource_hold", "resource_draft"),
    *("resource_import", "resource_proposal"),
)


def owed(session: Session) -> list[UUID]:
    """Return the resources that were erased, and of which there still is a version."""
    erased = select(ResourceRecord.id).where(
        ResourceRecord.status == "erased",
        select(ResourceVersion.id).where(ResourceVersion.resource_id == ResourceRecord.id).exists(),
    )
    return list(session.scalars(erased))


def taken(session: Session) -> dict[UUID, datetime]:
    """Return the resources of which the files hold what visitors read no more, and since when."""
    since = ResourceRecord.owed_since
    rows = session.execute(select(ResourceRecord.id, since).where(since.is_not(None)))
    return {resource: day for resource, day in rows if day}


def cleared(session: Session) -> datetime | None:
    """Return when something was last cleared of what stands around resources, None: it is done."""
    return session.scalar(select(func.max(ClearedAround.at)))


def settle_taken(
    session: Session, done: Mapping[UUID, datetime], around: datetime | None = None
) -> None:
    """Note that the files are written anew; of what was taken again meanwhile they are owed."""
    if done:
        since = ResourceRecord.owed_since
        settled = update(ResourceRecord).where(among(ResourceRecord.id, done))
        session.execute(settled.where(since <= max(done.values())).values(owed_since=None))
    if around:
        session.execute(delete(ClearedAround).where(ClearedAround.at <= around))


def empty(session: Session, vault: Vault, resources: list[UUID]) -> None:
    """Destroy what versions of resources say, as the owner, whether it was begun before or not."""
    session.execute(text("SET LOCAL mesure23.erasing = 'on'"))
    session.execute(text("SET LOCAL mesure23.new_key = 'on'"))
    forget_lines(session, vault, resources)
    for model in (ResourceHold, ResourceDraft, ResourceProposal):
        session.execute(delete(model).where(among(model.resource_id, resources)))
    of_them = among(ResourceVersion.resource_id, resources)
    versions = select(ResourceVersion.id, ResourceVersion.resource_id).where(of_them)
    ordered = versions.order_by(ResourceVersion.number)
    last = {resource: version for version, resource in session.execute(ordered)}
    former = ~among(ResourceVersion.id, last.values())
    session.execute(delete(ResourceVersion).where(of_them, former))
    for version in last.values():
        nothing = vault.seal_json("resource_version", version, "content", {})
        emptied = update(ResourceVersion).where(ResourceVersion.id == version)
        session.execute(emptied.values(content=nothing, note=None))


def settle(session: Session, resources: list[UUID]) -> None:
    """Delete what is left, as the owner, once nothing of it stands in the files any more."""
    session.execute(text("SET LOCAL mesure23.erasing = 'on'"))
    session.execute(delete(ResourceVersion).where(among(ResourceVersion.resource_id, resources)))
