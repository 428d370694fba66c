"""What a person does to several actors at once: all of it is written, or nothing.

In one transaction, since all of them are one batch of history that is taken back together; those
that cannot be done are left out before anything is written, each with its reason. Never is a
protection lifted here.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author, add
from app.gazetteer.load import cached_gazetteer
from app.models import Actor
from app.models.protected import Level
from app.platform.database.sessions import IMPORT_LOCK, among, hold
from app.records.acts import RANK_OF_STAFF, close_questions, reclassify
from app.records.causes import Cause, raised
from app.records.choosing import settle
from app.records.correcting import may_correct, verify
from app.records.edits import Edit
from app.records.history import History, last_revisions
from app.records.record import ActorRecord, Origin
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
    PUBLIC = "public"
    DOUBLE = "double"
    NO_DOUBT = "sansdoute"
    ALONE = "seul"
    REREAD = "relire"


@dataclass(frozen=True, slots=True)
class Done:
    """What became of several actors. batch: that of history, None where nothing was written.

    hid: how many are less public than before, neighbours that its viewer may know of among them.
    reread: public ids of those left out, since they changed after somebody read them; left: of all
    that were left out.
    """

    batch: UUID | None
    done: int
    refused: Counter[Refusal]
    hid: int = 0
    reread: tuple[str, ...] = ()
    left: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that is done to each. refuses: why it is not done to one, None where it is.

    why: what history says of it. judges: what hides one for which it is not done either. answers:
    it answers whatever is asked about publishing them.
    """

    act: str
    action: Action
    refuses: Callable[[ActorRecord, Level | None, date], Refusal | None]
    change: Callable[[Edit, date], None]
    why: str = "plusieurs à la fois"
    judges: Callable[[tuple[Cause, ...]], Refusal | None] = lambda _: None
    answers: bool = False


def _not_verified(record: ActorRecord, _level: Level | None, today: date) -> Refusal | None:
    if record.status == "archived":
        return Refusal.ARCHIVED
    return Refusal.ALREADY if record.verified_on == today else None


def _not_archived(record: ActorRecord, _level: Level | None, _today: date) -> Refusal | None:
    if record.status == "archived":
        return Refusal.ALREADY
    # Nothing tells any more that a secret one is one, so it is decided alone.
    return Refusal.EXISTENCE if record.status == "secret" else None


def _not_published(record: ActorRecord, level: Level | None, _today: date) -> Refusal | None:
    """Return why something is no draft that nothing hides."""
    if record.status == "archived":
        return Refusal.ARCHIVED
    if record.status == "secret":
        return Refusal.EXISTENCE
    if not vocabulary.load().categories[record.category].publishable:
        return Refusal.UNCLASSIFIED
    if level is not None:
        return Refusal.HIDDEN
    return Refusal.ALREADY if record.status == "published" else None


def _not_reopened(record: ActorRecord, level: Level | None, today: date) -> Refusal | None:
    """Return why something is no archived actor that nothing hides."""
    if record.status != "archived":
        return Refusal.ALREADY
    return _not_published(record.model_copy(update={"status": "draft"}), level, today)


def verify_as(how: Literal["own", "call", "meeting"], why: str) -> Deed:
    """Return the deed that confirms an actor as somebody said it to a person."""

    def change(edit: Edit, today: date) -> None:
        verify(edit, today, how)

    return Deed("verify", Action.VERIFIED, _not_verified, change, why)


def said_right(done: Done) -> bool:
    """Say whether the one actor that was to be verified has today's day now."""
    return done.done == 1 or bool(done.refused[Refusal.ALREADY])


VERIFY = Deed(
    "verify",
    Action.VERIFIED,
    _not_verified,
    lambda edit, today: _set(edit, "verified_on", today, today),
)
ARCHIVE = Deed(
    "archive",
    Action.ARCHIVED,
    _not_archived,
    lambda edit, today: _set(edit, "status", "archived", today),
)
PUBLISH = Deed(
    "publish",
    Action.PUBLISHED,
    _not_published,
    lambda edit, today: _set(edit, "status", "published", today),
)

REOPEN = Deed(
    "publish",
    Action.PUBLISHED,
    _not_reopened,
    lambda edit, today: _set(edit, "status", "published", today),
    "liste annulée",
)


@dataclass(frozen=True, slots=True)
class Settled:
    """A field of an actor as a person chose it; never_public: what joins it."""

    field: str
    value: Any
    never_public: Mapping[str, Iterable[str]]


def settle_each(chosen: Mapping[str, Iterable[Settled]], why: str) -> Deed:
    """Return the deed that chooses among what lists say, of who is not protected.

    chosen: public id -> their fields.
    """

    def change(edit: Edit, today: date) -> None:
        for each in chosen[edit.public_id]:
            settle(each.field, each.value, each.never_public, edit, today)

    return Deed(
        "settle",
        Action.EDITED,
        lambda record, level, _: Refusal.HIDDEN if is_protected(level, record.status) else None,
        change,
        why,
    )


def classify_as(category: str) -> Deed:
    """Return the deed that says what actors are; a code of the vocabulary."""
    return Deed(
        "classify",
        Action.CLASSIFIED,
        lambda record, *_: Refusal.ALREADY if record.category == category else None,
        lambda edit, today: reclassify(edit, category, today),
    )


def do(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    public_ids: Iterable[str],
    deed: Deed,
    *,
    category: str | None = None,
    read: Mapping[str, int] = MappingProxyType({}),
    today: date | None = None,
) -> Done:
    """Do something to actors that a viewer may change; category: what they become; today: of Paris.

    read: of those that are judged as they were read, public id -> the number of that revision.
    Raises CategoryUnlisted.
    """
    wanted = set(public_ids)
    hold(session, IMPORT_LOCK)
    readable = viewer.sealed().where(among(Actor.public_id, wanted))
    found = session.scalars(readable).all()
    writer = writer_of(session, vault)
    refused: Counter[Refusal] = Counter()
    edits, today = {}, today or paris_day()
    now, reread = last_revisions(session, read), []
    for actor, edit in writer.stored(found).items():
        becomes = {edit.record.category, category or edit.record.category}
        if any(may_correct(viewer, each, edit.record.territory) for each in becomes):
            continue
        if why := deed.refuses(edit.record, edit.level, today) or deed.judges(edit.causes):
            refused[why] += 1
        elif read.get(edit.public_id, now.get(edit.public_id)) != now.get(edit.public_id):
            reread.append(edit.public_id)
            refused[Refusal.REREAD] += 1
        else:
            deed.change(edit, today)
            edits[actor] = edit
    refused[Refusal.UNKNOWN] = len(wanted) - refused.total() - len(edits)
    left = frozenset(wanted.difference(each.public_id for each in edits.values()))
    done = write_together(session, vault, viewer, author, writer, edits, deed, +refused)
    return replace(done, reread=tuple(reread), left=left)


def writer_of(session: Session, vault: Vault) -> Writer:
    gazetteer = cached_gazetteer(session.connection())
    return Writer(session, vault, index_key(session, vault), gazetteer)


def write_together(
    session: Session,
    vault: Vault,
    viewer: Viewer,
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
    hid = sum(raised(each.former_level, each.level) for each in edits.values())
    for actor in edits:
        if deed.answers:
            close_questions(session, actor, who=author.who)
        add(session, vault, author, deed.action, str(actor), {"lot": len(edits)})
    return Done(history.batch, len(edits), refused, hid + changes.also_hidden(viewer))


def _set(edit: Edit, field: str, value: Any, today: date) -> None:
    edit.change(field, value, Origin(source="staff", day=today, rank=RANK_OF_STAFF))
