"""Takes from the public what resources say of an actor, in the transaction that hides it.

A published text has the digests of all that it names. Who reads it then decides with another
person whether it may come back: app/cataloguing/.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Literal, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.models import (
    IssuingBody,
    Resource,
    ResourceAct,
    ResourceCollectionEntry,
    ResourceEdition,
    ResourceHold,
    ResourceMark,
    ResourceOfSituation,
    ResourceRecord,
    ResourceWithdrawn,
)
from app.models.resource_record import Status
from app.platform.database.sessions import among
from app.records.clearing import clear_around, clear_bodies
from app.records.edits import Edit
from app.records.marks import Mark, stored_mark
from app.records.naming import hidden_among, hiding_marks, shown_among
from app.records.unannouncing import mask_members, take_down_events
from app.records.unlettering import take_down_letters
from app.vault.sealing import Vault

Why = Literal["hidden", "erased", "near", "restored"]
TABLE, COLUMN = ResourceHold.__tablename__, "by_text"
# Who holds a text where nobody reads it.
BY_ITSELF = "service"
# Actors whose marks are looked for by one statement.
AT_ONCE = 1_000
# Of what is withdrawn, whose title alone is public.
TITLE_ALONE = 0


@dataclass(frozen=True, slots=True)
class Remark:
    """Why a text waits. field: name of the field; what: the kind of mark, or the word found.

    why: it names somebody hidden, or what was erased; or an address stands near the word; where
    it says a point of a map, that word is "point". "restored": it was corrected, and a backup that
    was restored says the former.
    """

    field: str
    what: str
    why: Why


def hold_those_that_name(
    session: Session,
    vault: Vault,
    key: bytes,
    edits: Iterable[Edit],
    renewed: Set[UUID] = frozenset(),
    *,
    whole: bool = False,
) -> set[UUID]:
    """Take from the public each text that names somebody of those who are hidden now.

    Returns their resources. Under the import lock, once what is public of the actors is written.
    renewed: of whom more is known than before. whole: their operator asks for it, and why they are
    hidden is not written yet.
    """
    left = iter(edits)
    some = iter(lambda: list(islice(left, AT_ONCE)), [])
    return _hold_all(session, vault, key, (_hiding(each, renewed, whole) for each in some))


def hold_shown_no_more(session: Session, vault: Vault, key: bytes, lost: set[Mark]) -> set[UUID]:
    """Take from the public each text that names somebody hidden by what another one showed.

    lost: what public records showed until now. Returns as hold_those_that_name() does.
    """
    some = (_Hidden(hidden_among(session, vault, each), set()) for each in (lost,) if each)
    return _hold_all(session, vault, key, some)


def may_show_less(edit: Edit) -> bool:
    """Return whether an actor may show a phone, a mailbox or a site no more."""
    if edit.is_new:
        return False
    hidden = edit.level != edit.former_level or edit.record.status != edit.former_status
    return hidden or not edit.changes.keys().isdisjoint(("phones", "email", "website"))


class _Hidden(NamedTuple):
    """Marks of actors that are hidden; lately: of those who were not, or not by as much."""

    marks: set[Mark]
    lately: set[Mark]


class Places(NamedTuple):
    """Where a text stands: (collection, place, note), and (situation, place)."""

    collections: list[tuple[str, int, str]]
    situations: list[tuple[int, int]]


def _hiding(edits: Iterable[Edit], renewed: Set[UUID], whole: bool) -> _Hidden:
    found = _Hidden(set(), set())
    for edit in edits:
        marks = hiding_marks(edit, whole=whole)
        found.marks.update(marks)
        same = edit.level == edit.former_level and edit.record.status == edit.former_status
        if whole or edit.is_new or edit.actor_id in renewed or not same:
            found.lately.update(marks)
    return found


def _hold_all(session: Session, vault: Vault, key: bytes, hidden: Iterable[_Hidden]) -> set[UUID]:
    """Take down what has one of the marks that no public record shows; some of them at a time.

    Two people let a text out with the marks that are judged: these count for who is hidden lately.
    """
    found: dict[UUID, dict[int, set[Mark]]] = defaultdict(lambda: defaultdict(set))
    row = ResourceMark
    named = select(row.resource_id, row.edition, row.judged, row.digest)
    for some, lately in hidden:
        marks = {stored_mark(mark, key, home=False)[1]: mark for mark in some}
        clear_around(session, some)
        take_down_events(session, marks)
        mask_members(session, marks)
        take_down_letters(session, marks)
        rows = session.execute(named.where(among(ResourceMark.digest, marks))).all()
        shown = shown_among(session, {marks[digest] for *_, digest in rows})
        for resource, edition, judged, digest in rows:
            if marks[digest] not in shown and (marks[digest] in lately or not judged):
                found[resource][edition].add(marks[digest])
    for resource in sorted(found):
        take_down_text(session, vault, resource, found[resource])
    return set(found)


def note_hold(
    session: Session,
    vault: Vault,
    resource: UUID,
    version: int,
    remarks: Iterable[Remark],
    hidden: Iterable[Mark],
    now: datetime,
    places: Places | None = None,
) -> None:
    """Note why a version waits for two people; one that was decided waits anew.

    hidden: the marks that its reader judges; what is hidden later is judged anew. places: where it
    stood; noted before, they stay as long as it waits.
    """
    row, former = _hold_of(session, vault, resource, version)
    row.since, row.decided_at = now, None
    found = {"remarks": [asdict(each) for each in remarks], "hidden": sorted(hidden)}
    if noted := places or former.get("places"):
        found["places"] = noted
    row.by_text = vault.seal_json(TABLE, row.id, COLUMN, found)
    session.flush()


def seal_places(
    session: Session, vault: Vault, record: ResourceRecord, version: int, now: datetime
) -> None:
    """Seal where a version stands that is about to be withdrawn; it waits for nobody's decision."""
    places = _places_of(session, record.public_id)
    if any(places):
        row, former = _hold_of(session, vault, record.id, version)
        row.since, row.decided_at = row.since or now, row.decided_at or now
        found = {"remarks": [], "hidden": [], **former, "places": places}
        row.by_text = vault.seal_json(TABLE, row.id, COLUMN, found)
        session.flush()


def _hold_of(
    session: Session, vault: Vault, resource: UUID, version: int
) -> tuple[ResourceHold, dict[str, Any]]:
    """Return the row of a version, a new one where there is none, and what it says."""
    wanted = (ResourceHold.resource_id == resource, ResourceHold.version == version)
    row = session.scalar(select(ResourceHold).where(*wanted))
    if row is not None:
        return row, _opened(vault, row)
    row = ResourceHold(id=uuid4(), resource_id=resource, version=version)
    session.add(row)
    return row, {}


def take_down_text(
    session: Session, vault: Vault, resource: UUID, named: dict[int, set[Mark]]
) -> None:
    """Take the editions of a text from visitors that name somebody hidden; named: by edition.

    With the one in force go all.
    """
    record = session.get_one(ResourceRecord, resource, with_for_update=True)
    now = record.owed_since = datetime.now(UTC)
    marks = delete(ResourceMark).where(ResourceMark.resource_id == resource)
    if named.keys().isdisjoint({record.edition, TITLE_ALONE}):
        # Of former editions each stands for itself.
        of = (ResourceEdition.public_id == record.public_id, among(ResourceEdition.number, named))
        session.execute(delete(ResourceEdition).where(*of))
        session.execute(marks.where(among(ResourceMark.edition, named)))
        return
    session.execute(marks)
    hidden = set().union(*named.values())
    remarks = [Remark("", each, "hidden") for each in sorted({kind for kind, _ in hidden})]
    _take_down_whole(session, vault, record, remarks, hidden, now)


def take_down_restored(session: Session, vault: Vault, resource: UUID) -> None:
    """Take a text from its readers that was corrected since: a restored backup says the former."""
    record = session.get_one(ResourceRecord, resource, with_for_update=True)
    now = record.owed_since = datetime.now(UTC)
    session.execute(delete(ResourceMark).where(ResourceMark.resource_id == resource))
    _take_down_whole(session, vault, record, [Remark("", "", "restored")], set(), now)


def _take_down_whole(
    session: Session,
    vault: Vault,
    record: ResourceRecord,
    remarks: Iterable[Remark],
    hidden: Set[Mark],
    now: datetime,
) -> None:
    """Leave nothing of a text to its readers, and have it wait where it is neither withdrawn nor
    erased.
    """
    places = _places_of(session, record.public_id)
    issued = delete(Resource).where(Resource.id == record.id).returning(Resource.body_codes)
    bodies = session.scalar(issued)
    forget_bodies(session)
    clear_bodies(session, hidden, bodies or ())
    title = ResourceWithdrawn.public_id == record.public_id
    session.execute(delete(ResourceWithdrawn).where(title))
    if record.status in ("withdrawn", "erased"):
        return
    version = published_version(session, record.id)
    note_hold(session, vault, record.id, version, remarks, hidden, now, places)
    act = {"resource_id": record.id, "version": version, "at": now}
    session.add(ResourceAct(**act, who=BY_ITSELF, act="held"))
    stand(record, version, "held")
    session.flush()


def stand(record: ResourceRecord, version: int, status: Status) -> None:
    """Say what became of a version; a newer one that waits to be read goes on to wait."""
    if record.status != "waiting" or record.latest <= version:
        record.status = status


def read_hold(vault: Vault, row: ResourceHold) -> tuple[tuple[Remark, ...], frozenset[Mark]]:
    """Return why a version waits, and which marks of it are judged."""
    found = _opened(vault, row)
    hidden = frozenset((kind, value) for kind, value in found["hidden"])
    return tuple(Remark(**each) for each in found["remarks"]), hidden


def take_places(session: Session, vault: Vault, resource: UUID) -> Iterator[Places]:
    """Yield where a text stood as it was taken down, the last time first, and forget it."""
    holds = select(ResourceHold).where(ResourceHold.resource_id == resource)
    for row in session.scalars(holds.order_by(ResourceHold.since.desc(), ResourceHold.id)).all():
        found = _opened(vault, row)
        if places := found.pop("places", None):
            row.by_text = vault.seal_json(TABLE, row.id, COLUMN, found)
            yield Places(*places)


def _places_of(session: Session, public_id: str) -> Places:
    entry, beside = ResourceCollectionEntry, ResourceOfSituation
    entries = select(entry.collection, entry.place, entry.note).where(entry.public_id == public_id)
    others = select(beside.situation, beside.place).where(beside.public_id == public_id)
    return Places(
        [(row.collection, row.place, row.note) for row in session.execute(entries)],
        [(row.situation, row.place) for row in session.execute(others)],
    )


def _opened(vault: Vault, row: ResourceHold) -> dict[str, Any]:
    found = vault.open_json(TABLE, row.id, COLUMN, row.by_text)
    # As it was written before marks were judged.
    return {"remarks": found, "hidden": []} if isinstance(found, list) else found


def forget_bodies(session: Session, *, curated: bool = False) -> None:
    """Delete the issuing bodies that no published text names: their names stand in clear.

    curated: those as well that somebody gave other names, which are lost with them.
    """
    unnamed = IssuingBody.code.not_in(select(func.unnest(Resource.body_codes)))
    found = unnamed if curated else unnamed & (func.cardinality(IssuingBody.variants) == 0)
    session.execute(delete(IssuingBody).where(found))


def published_version(session: Session, resource: UUID) -> int:
    """Return the version that visitors read, or read until it was taken from them."""
    published = (ResourceAct.resource_id == resource, ResourceAct.act == "published")
    order = (ResourceAct.at.desc(), ResourceAct.version.desc())
    newest = select(ResourceAct.version).where(*published).order_by(*order).limit(1)
    return session.scalars(newest).one()
