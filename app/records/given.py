"""Which withheld numbers stay public, since another source gives them to anybody."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import SourceRow
from app.platform.database.sessions import among
from app.records.edits import Edit
from app.records.record import ActorRecord, Origin
from app.vault.sealing import Vault
from importers.row import ActorRow


def without_given(row: ActorRow, edit: Edit, origin: Origin) -> ActorRow:
    """Return a line that does not withhold what another source, or a person, has made public.

    Only where nothing but a person's name beside the number withholds it, and nothing of the actor
    is hidden: the name is never shown, and it says nothing of the number that was not known.
    """
    by = edit.provenance.get("phones")
    is_open = (edit.former_level, edit.former_status) == (None, "published")
    if not row.beside_names or not is_open or by is None or by.source == origin.source:
        return row
    # Of a lower rank it would take the number over, and who gave it could take it back no more.
    if by.rank < origin.rank:
        return row
    public = set(edit.record.phones) - set(edit.record.unpublished)
    given = public.intersection(row.beside_names)
    left = tuple(each for each in row.unpublished if each not in given)
    return row.model_copy(update={"unpublished": left}) if given else row


def withheld_here_alone(one: ActorRecord, other: ActorRecord) -> frozenset[str]:
    """Return the numbers that an actor withholds and that another one gives to anybody."""
    return frozenset(one.unpublished) & (frozenset(other.phones) - frozenset(other.unpublished))


def by_name_alone(
    session: Session, vault: Vault, asked: Mapping[UUID, Collection[str]]
) -> dict[UUID, frozenset[str]]:
    """Return the numbers that nothing but a person's name withholds in any stored line of an actor.

    asked: actor -> numbers that it withholds. What a former release stored does not say why.
    """
    rows = select(SourceRow.actor_id, SourceRow.id, SourceRow.content).where(
        among(SourceRow.actor_id, [actor for actor, numbers in asked.items() if numbers])
    )
    named: dict[UUID, set[str]] = defaultdict(set)
    more: dict[UUID, set[str]] = defaultdict(set)
    for actor, row, content in session.execute(rows):
        if actor is None:
            continue
        line = vault.open_json("source_row", row, "content", content)["read"] or {}
        by_name = set(line.get("beside_names", ()))
        named[actor] |= by_name
        more[actor] |= set(line.get("unpublished", ())) - by_name
    return {actor: frozenset(asked[actor]) & named[actor] - more[actor] for actor in named}
