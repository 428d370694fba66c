"""Takes back the import of a list: what it changed is as it was, unless somebody wrote it since.

Nothing is published by it: who was hidden or archived stays so, and whom the list created is
archived and found by nothing any more, so that the same file again makes the same plan. Whom
another source names by now is left: it would say the same next time, and nobody would be shown.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.orm import Session, aliased

from app.errors import Mesure23Error
from app.lists import former_ties
from app.lists.deposit_page import MOST
from app.models import (
    Actor,
    ActorFingerprint,
    Batch,
    Deposit,
    Proposal,
    Revision,
    SourceFile,
    SourceRecord,
    SourceRow,
)
from app.platform.database.sessions import IMPORT_LOCK, among, among_ids, hold
from app.records import reverting
from app.records.acts import RANK_OF_STAFF
from app.records.causes import raised
from app.records.edits import Edit, rewrite
from app.records.heard import hear
from app.records.history import History
from app.records.many import writer_of
from app.records.past import change_of
from app.records.record import Origin
from app.records.sealed import read_causes
from app.records.stored import find_points
from app.vault.sealing import Vault
from geo.zones import paris_day

# A point of what was written, the files of the database, and what was there before.
_WRITE_NOTHING = ("geocoding", "purge", "undo")


class AlreadyUndone(Mesure23Error):
    """Rien n’a été fait : cette liste n’est pas appliquée, ou elle a déjà été annulée."""

    status = 409
    title = "Rien à annuler"
    advice = "Revenez à sa page : elle dit où elle en est."


class NotUndone(Mesure23Error):
    """Rien n’a été fait : cette liste n’est pas annulée, et personne n’est à rouvrir."""

    status = 409
    title = "Rien à rouvrir"
    advice = "Revenez à sa page : elle dit où elle en est."


class NewerApplied(Mesure23Error):
    """Rien n’a été annulé : une liste plus récente de la même source a été appliquée depuis."""

    status = 409
    title = "Une liste plus récente est appliquée"
    advice = "Annulez d’abord la plus récente, puis revenez à celle-ci."


class NotRemembered(Mesure23Error):
    """Rien n’a été annulé : ce qui était là avant cette liste n’est pas conservé."""

    status = 410
    title = "Liste trop ancienne"
    advice = "Corrigez les fiches une par une : leur historique dit ce que la liste a changé."


@dataclass(frozen=True, slots=True)
class Undone:
    """What becomes of the actors that a list changed.

    restored, archived: how many are as they were, and were created by the list. left: those that
    somebody wrote since, or that are new and another source names, who stay as they are. closed:
    those that the list archived, and that stay so. hidden: those of its lines of whom less is
    public since, which stays so. beside: the others of whom it is.
    """

    restored: int = 0
    archived: int = 0
    left: tuple[UUID, ...] = ()
    closed: tuple[UUID, ...] = ()
    hidden: tuple[UUID, ...] = ()
    beside: tuple[UUID, ...] = ()

    def stored(self) -> dict[str, Any]:
        """Return it as JSON: how many of each, all that are left and some of the others by ids."""
        named = {name: getattr(self, name) for name in ("left", "closed", "hidden", "beside")}
        found: dict[str, Any] = {name: len(some) for name, some in named.items()}
        found |= {name: getattr(self, name) for name in ("restored", "archived")}
        named |= {name: named[name][:MOST] for name in ("closed", "hidden", "beside")}
        return found | {"names": {name: [*map(str, some)] for name, some in named.items()}}


@dataclass(frozen=True, slots=True)
class _Step:
    """What a list changed of an actor. is_last: nobody wrote it since, nor has another source named
    who is new. is_listed: by its line.
    """

    actor_id: UUID
    is_new: bool
    is_last: bool
    is_listed: bool
    change: Mapping[str, list[Any]]
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def says_something(self) -> bool:
        """Say whether there is anything to take back but what hides."""
        return self.is_new or bool(self.fields) or reverting.closes(self.change)


def why_not(session: Session, file: UUID) -> Mesure23Error | None:
    """Return why the import of a deposited list cannot be undone; None where it can."""
    statement = (
        select(SourceFile.source_id, SourceFile.imported_at, SourceFile.status, Deposit.content)
        .join(Deposit, Deposit.file_id == SourceFile.id)
        .where(SourceFile.id == file)
    )
    row = session.execute(statement).one()
    if row.status != "imported":
        return AlreadyUndone()
    if row.imported_at is None or row.content is None:
        return NotRemembered()
    newer = exists().where(
        SourceFile.source_id == row.source_id,
        SourceFile.status == "imported",
        SourceFile.imported_at > row.imported_at,
    )
    return NewerApplied() if session.scalar(select(newer)) else None


def foresee(session: Session, vault: Vault, file: UUID) -> Undone:
    """Return what would become of the actors that a list changed; only reads."""
    return _undone(list(_steps(session, vault, file)))


def undo(session: Session, vault: Vault, file: UUID, *, who: str) -> Undone:
    """Undo the import of a list, in the caller's transaction; raise what why_not returns."""
    hold(session, IMPORT_LOCK, who=who, what=file)
    if why := why_not(session, file):
        raise why
    found = select(SourceFile.source_id, SourceFile.imported_at).where(SourceFile.id == file)
    source, at = session.execute(found).one()
    steps = list(_steps(session, vault, file))
    undone = _undone(steps)
    writer = writer_of(session, vault)
    todo = {each.actor_id: each for each in steps if each.is_last}
    edits = writer.stored(todo)
    # What the list said of a home is a place that it leaves.
    hear(session, vault, edits.values())
    former_ties.restore(session, source, file, undone.left)
    today = paris_day()
    for actor, edit in edits.items():
        edit.heard = ()
        _take_back(edit, todo[actor], source, today)
        edit.why = {"staff": _reason(at), "undone": str(file)}
    find_points(session, vault, writer.key, edits)
    changes = writer.plan(edits)
    for actor, edit in edits.items():
        if todo[actor].says_something and not raised(edit.former_level, edit.level):
            edit.act = "undo"
    history = History(session, vault, who, "undo", file)
    created = {actor: edit for actor, edit in edits.items() if todo[actor].is_new}
    writer.save(created.values(), history)
    known = {actor: edit for actor, edit in edits.items() if actor not in created}
    writer.write(replace(changes, edits=known), history)
    # Nothing may be found by who was created any more.
    session.execute(delete(ActorFingerprint).where(among_ids(ActorFingerprint.actor_id, created)))
    _withdraw(session, at, undone.left)
    former_ties.forget_former_ties(session, [file])
    session.execute(update(SourceFile).where(SourceFile.id == file).values(status="undone"))
    return undone


def closed_by(session: Session, vault: Vault, file: UUID, left: Collection[UUID]) -> list[UUID]:
    """Return the actors that an undone list had archived and that are so, by their public names.

    left: those that somebody wrote between the two.
    """
    statement = (
        select(Revision.id, Revision.actor_id, Revision.change)
        .join(Batch, Batch.id == Revision.batch_id)
        .join(Actor, Actor.id == Revision.actor_id)
        .where(Batch.source_file_id == file, Batch.cause == "import", Revision.number > 1)
        .where(Actor.status == "archived", ~among_ids(Actor.id, left))
        .order_by(Actor.name, Actor.id)
    )
    return [
        row.actor_id
        for row in session.execute(statement)
        if reverting.closes(change_of(vault, row.id, row.change))
    ]


def still_closed(session: Session, file: UUID, actors: Iterable[UUID]) -> list[str]:
    """Return the public ids of actors that an undone list archived, and nobody wrote since.

    Nor does anybody until the caller commits.
    """
    hold(session, IMPORT_LOCK)
    statement = (
        select(Actor.public_id)
        .join(Revision, Revision.actor_id == Actor.id)
        .join(Batch, Batch.id == Revision.batch_id)
        .where(
            *(among(Actor.id, actors), Actor.status == "archived", ~_written_since()),
            *(Batch.source_file_id == file, Batch.cause == "import"),
        )
    )
    return list(session.scalars(statement))


def _reason(at: datetime | None) -> str:
    return f"annulation de l’import du {paris_day(at):%d/%m/%Y}" if at else "annulation"


def _take_back(edit: Edit, step: _Step, source: UUID, today: date) -> None:
    """Make of an actor what it was before the list, without showing anything of it."""
    by = Origin(source="staff", day=today, rank=RANK_OF_STAFF)
    if step.is_new:
        edit.change("status", "archived", by)
    else:
        # Where a person chose that it is open, another list may have closed it since.
        status = edit.record.status
        fields = {
            name: given
            for name, given in step.fields.items()
            if not (name == "status" and given[0] == "published" != status)
        }
        rewrite(edit, fields, by)
    if "causes" in step.change:
        before = read_causes(step.change["causes"][0] or ())
        edit.causes = reverting.causes_before(before, edit.causes, source, today)


def _withdraw(session: Session, at: datetime | None, left: tuple[UUID, ...]) -> None:
    """Take back the accords that the list proposed, and that wait: it says nothing any more.

    That two may be one stays a question: somebody may be hidden until it is answered.
    """
    session.execute(
        delete(Proposal).where(
            # A list is written at the moment at which it proposes.
            Proposal.made_at == at,
            Proposal.about == "consent",
            Proposal.decided_at.is_(None),
            ~among(Proposal.actor_id, left),
        )
    )


def _steps(session: Session, vault: Vault, file: UUID) -> Iterator[_Step]:
    """Yield what a list changed, of each actor."""
    listed = exists().where(
        SourceRow.source_file_id == file, SourceRow.actor_id == Revision.actor_id
    )
    source = select(SourceFile.source_id).where(SourceFile.id == file).scalar_subquery()
    named = exists().where(
        SourceRecord.actor_id == Revision.actor_id,
        SourceRecord.source_id != source,
        SourceRecord.missing_since.is_(None),
    )
    is_last = ~_written_since() & ~((Revision.number == 1) & named)
    statement = (
        select(
            *(Revision.id, Revision.actor_id, Revision.number, Revision.change),
            *(is_last.label("is_last"), listed.label("is_listed")),
        )
        .join(Batch, Batch.id == Revision.batch_id)
        .where(Batch.source_file_id == file, Batch.cause == "import")
    )
    for row in session.execute(statement):
        change, is_new = change_of(vault, row.id, row.change), row.number == 1
        fields = {} if is_new else reverting.fields_before(change)
        yield _Step(row.actor_id, is_new, row.is_last, row.is_listed, change, fields)


def _written_since() -> ColumnElement[bool]:
    """Say whether somebody wrote an actor since: a list that was taken back of it wrote nothing."""
    later, batch = aliased(Revision), aliased(Batch)
    back, its = aliased(Revision), aliased(Batch)
    taken_back = (
        exists()
        .select_from(back)
        .where(
            back.batch_id == its.id,
            back.actor_id == later.actor_id,
            its.cause == "undo",
            its.source_file_id == batch.source_file_id,
        )
        .correlate(later, batch)
    )
    return (
        exists()
        .select_from(later)
        .where(
            later.batch_id == batch.id,
            later.actor_id == Revision.actor_id,
            later.number > Revision.number,
            batch.cause.not_in(_WRITE_NOTHING),
            ~taken_back,
        )
        .correlate(Revision)
    )


def _undone(steps: list[_Step]) -> Undone:
    """Return what the steps say, each list of actors in their order."""
    last = [each for each in steps if each.is_last]
    known = [each for each in last if not each.is_new]
    closed = [each for each in known if reverting.closes(each.change)]
    hidden = [
        each for each in known if reverting.hides(each.change) and not reverting.closes(each.change)
    ]
    return Undone(
        restored=sum(bool(each.fields) for each in known),
        archived=sum(each.is_new for each in last),
        left=_ids(each for each in steps if not each.is_last and each.says_something),
        closed=_ids(closed),
        hidden=_ids(each for each in hidden if each.is_listed),
        beside=_ids(each for each in hidden if not each.is_listed),
    )


def _ids(steps: Iterable[_Step]) -> tuple[UUID, ...]:
    return tuple(each.actor_id for each in steps)
