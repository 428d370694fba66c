"""What a person does to several actors at once: all of it is written, or nothing.

In one transaction, since all of them are one batch of history that is taken back together; those
that cannot be done are left out before anything is written, each with its reason. Never is a
protection lifted here.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author, add
from app.gazetteer.load import cached_gazetteer
from app.models import Actor
from app.platform.database.sessions import IMPORT_LOCK, among, hold
from app.records.acts import RANK_OF_STAFF, reclassify
from app.records.causes import raised
from app.records.correcting import may_correct
from app.records.edits import Edit
from app.records.history import History
from app.records.record import Origin
from app.records.sheets import is_protected
from app.records.writing import Writer
from app.vault.digests import index_key
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.zones import paris_day
from importers import vocabulary

# Of those that somebody checks one by one, and of those that a list finds.
MOST, MOST_FOUND = 200, 500


class Refusal(StrEnum):
    """Why an actor was left out; the value stands in the address of the answer."""

    UNKNOWN = "hors"
    ALREADY = "deja"
    EXISTENCE = "existence"
    HIDDEN = "cache"
    UNCLASSIFIED = "aclasser"
    ARCHIVED = "archive"
    CHANGED = "change"


@dataclass(frozen=True, slots=True)
class Done:
    """What became of several actors. batch: that of history, None where nothing was written.

    hid: how many are less public than before, neighbours among them.
    """

    batch: UUID | None
    done: int
    refused: Counter[Refusal]
    hid: int = 0


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that is done to each. change: returns why it is not done, or does it.

    why: what history says of it.
    """

    act: str
    action: Action
    change: Callable[[Edit, date], Refusal | None]
    why: str = "plusieurs à la fois"


def verify(edit: Edit, today: date) -> Refusal | None:
    """Say that a person has checked an actor today."""
    if edit.record.status == "archived":
        return Refusal.ARCHIVED
    if edit.record.verified_on == today:
        return Refusal.ALREADY
    _set(edit, "verified_on", today, today)
    return None


def archive(edit: Edit, today: date) -> Refusal | None:
    """Close an actor. Nothing tells any more that a secret one is one, so it is decided alone."""
    if edit.record.status == "archived":
        return Refusal.ALREADY
    if edit.record.status == "secret":
        return Refusal.EXISTENCE
    _set(edit, "status", "archived", today)
    return None


def publish(edit: Edit, today: date) -> Refusal | None:
    """Publish a draft that nothing hides."""
    if edit.record.status == "archived":
        return Refusal.ARCHIVED
    if edit.record.status == "secret":
        return Refusal.EXISTENCE
    if not vocabulary.load().categories[edit.record.category].publishable:
        return Refusal.UNCLASSIFIED
    if edit.level is not None:
        return Refusal.HIDDEN
    if edit.record.status == "published":
        return Refusal.ALREADY
    _set(edit, "status", "published", today)
    return None


def _classify(category: str, edit: Edit, today: date) -> Refusal | None:
    if edit.record.category == category:
        return Refusal.ALREADY
    reclassify(edit, category, today)
    return None


VERIFY = Deed("verify", Action.VERIFIED, verify)


def settle(
    field: str,
    value: Any,
    never_public: Mapping[str, Iterable[str]],
    edit: Edit,
    today: date,
) -> Refusal | None:
    """Write a field as a person chose it among what lists say; the same value is a choice too.

    never_public: field -> what joins it, since a value that is taken stays as hidden as it came.
    """
    if is_protected(edit.level, edit.record.status):
        return Refusal.HIDDEN
    _set(edit, field, value, today)
    for name, more in never_public.items():
        before = getattr(edit.record, name)
        joined = tuple(dict.fromkeys((*before, *more)))
        if joined != before:
            _set(edit, name, joined, today)
    return None


ARCHIVE = Deed("archive", Action.ARCHIVED, archive)
PUBLISH = Deed("publish", Action.PUBLISHED, publish)


def classify_as(category: str) -> Deed:
    """Return the deed that says what actors are; a code of the vocabulary."""
    return Deed("classify", Action.CLASSIFIED, partial(_classify, category))


def do(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    public_ids: Iterable[str],
    deed: Deed,
    *,
    category: str | None = None,
) -> Done:
    """Do something to actors that a viewer may change; category: what they become.

    Raises CategoryUnlisted.
    """
    wanted = set(public_ids)
    hold(session, IMPORT_LOCK)
    readable = viewer.sealed().where(among(Actor.public_id, wanted))
    found = session.scalars(readable).all()
    writer = writer_of(session, vault)
    refused: Counter[Refusal] = Counter()
    edits, today = {}, paris_day()
    for actor, edit in writer.stored(found).items():
        becomes = {edit.record.category, category or edit.record.category}
        if any(may_correct(viewer, each, edit.record.territory) for each in becomes):
            continue
        if why := deed.change(edit, today):
            refused[why] += 1
        else:
            edits[actor] = edit
    refused[Refusal.UNKNOWN] = len(wanted) - refused.total() - len(edits)
    return write_together(session, vault, author, writer, edits, deed, +refused)


def writer_of(session: Session, vault: Vault) -> Writer:
    gazetteer = cached_gazetteer(session.connection())
    return Writer(session, vault, index_key(session, vault), gazetteer)


def write_together(
    session: Session,
    vault: Vault,
    author: Author,
    writer: Writer,
    edits: dict[UUID, Edit],
    deed: Deed,
    refused: Counter[Refusal],
) -> Done:
    if not edits:
        return Done(None, 0, refused)
    for edit in edits.values():
        edit.why = {"staff": deed.why}
    changes = writer.plan(edits)
    for edit in edits.values():
        # Where less is public now, what was public is owed an erasure.
        edit.act = "protect" if raised(edit.former_level, edit.level) else deed.act
    history = History(session, vault, author.who, "edit")
    writer.write(changes, history)
    hid = sum(edit.act == "protect" for edit in edits.values()) + changes.also_hidden
    for actor in edits:
        add(session, vault, author, deed.action, str(actor), {"lot": len(edits)})
    return Done(history.batch, len(edits), refused, hid)


def _set(edit: Edit, field: str, value: Any, today: date) -> None:
    edit.change(field, value, Origin(source="staff", day=today, rank=RANK_OF_STAFF))
