"""Takes back what a person said of two actors: both become what they were, by the history.

What lists and persons wrote since to one that two were made is left to it. Within the caller's
transaction, which is the caller's to commit.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.errors import Mesure23Error
from app.gazetteer.load import cached_gazetteer
from app.models import Proposal, Revision, SourceRecord, SourceRow
from app.platform.database.sessions import IMPORT_LOCK, among, hold
from app.records.causes import Cause, hidden_again, raised
from app.records.edits import Edit
from app.records.history import History, last_written
from app.records.joined import joined_to
from app.records.joining import Decided, described
from app.records.past import causes_before
from app.records.proposals import wait_again
from app.records.record import Origin
from app.records.restoring import ChangedMeanwhile
from app.records.sealed import read_causes
from app.records.writing import Writer
from app.vault.digests import index_key
from app.vault.sealing import Vault


class NotJoined(Mesure23Error):
    """Il n’y a rien à défaire : cette proposition n’a pas réuni deux fiches, ou une version
    d’avant du service l’a fait.
    """


class NotAnswered(Mesure23Error):
    """Il n’y a rien à défaire : personne n’a répondu à cette proposition, ou plus maintenant."""

    status = 409
    title = "Rien à défaire"
    advice = "Revenez aux propositions : elles montrent ce qui attend aujourd’hui."


class JoinedSince(Mesure23Error):
    """La fiche qui reste a été réunie depuis à une autre : défaites d'abord cette réunion-là."""


def undo_join(session: Session, vault: Vault, proposal_id: UUID, *, who: str) -> Decided:
    """Make two actors again of those that a person joined; the proposal waits anew.

    What the second one says goes back to it, with the lines of its lists. Raises NotJoined or
    JoinedSince.
    """
    hold(session, IMPORT_LOCK)
    joined = _revisions(session, vault, proposal_id)
    writer = Writer(
        session, vault, index_key(session, vault), cached_gazetteer(session.connection())
    )
    edits = writer.stored([revision.actor_id for revision in joined])
    by_part = {"rows" in why: edits[revision.actor_id] for revision, why in joined.items()}
    first, second = by_part[True], by_part[False]
    if joined_to(session, vault, {first.actor_id: first.causes}):
        raise JoinedSince
    for revision, why in joined.items():
        edit = edits[revision.actor_id]
        _restore(edit, vault.open_json("revision", revision.id, "change", revision.change))
        edit.why = {"apart": why["joined"], "proposal": str(proposal_id)}
        if edit is first:
            _lead_back(session, why, first.actor_id, second.actor_id)
    changes = writer.plan(edits)
    for edit in edits.values():
        edit.act = None if raised(edit.former_level, edit.level) else "unjoin"
    writer.write(changes, History(session, vault, who, "edit"))
    wait_again(session, proposal_id)
    return described(session, first)


def undo_part(session: Session, vault: Vault, proposal_id: UUID, *, who: str) -> Decided:
    """Let two that were found to be two be perhaps one, which waits anew.

    What hid them hides them again. Raises NotAnswered or ChangedMeanwhile.
    """
    hold(session, IMPORT_LOCK)
    statement = (
        select(Revision, Revision.number == last_written(Revision.actor_id))
        .join(Proposal, Proposal.decided_at == Revision.at)
        .where(Proposal.id == proposal_id, Proposal.about == "same", Proposal.accepted.is_(False))
        .where(Revision.action == "part")
        # The one that was asked about stands in front of the one that it may be.
        .order_by(Revision.actor_id != Proposal.actor_id)
    )
    found = session.execute(statement).all()
    if not found:
        raise NotAnswered
    if not all(is_last for _, is_last in found):
        raise ChangedMeanwhile
    writer = Writer(
        session, vault, index_key(session, vault), cached_gazetteer(session.connection())
    )
    numbers = {revision.actor_id: revision.number for revision, _ in found}
    edits = writer.stored(numbers)
    for actor, edit in edits.items():
        former = causes_before(session, vault, actor, numbers[actor])
        edit.causes = hidden_again(former, edit.causes)
        edit.why = {"proposal": str(proposal_id)}
    changes = writer.plan(edits)
    for edit in edits.values():
        edit.act = "protect" if raised(edit.former_level, edit.level) else "unpart"
    writer.write(changes, History(session, vault, who, "edit"))
    wait_again(session, proposal_id)
    asked, *_ = numbers
    return described(session, edits[asked])


def undo_answer(session: Session, vault: Vault, proposal_id: UUID, *, who: str) -> Decided:
    """Take back what a person answered of two; raises NotAnswered, or as its undoing does."""
    answer = session.scalar(select(Proposal.accepted).where(Proposal.id == proposal_id))
    if answer is None:
        raise NotAnswered
    undo = undo_join if answer else undo_part
    return undo(session, vault, proposal_id, who=who)


def _revisions(session: Session, vault: Vault, proposal_id: UUID) -> dict[Revision, dict[str, Any]]:
    """Return the two revisions by which a proposal made one actor of two, with their reasons."""
    statement = (
        select(Revision)
        # Both were written in the transaction that decided it.
        .join(Proposal, Proposal.decided_at == Revision.at)
        .where(Proposal.id == proposal_id, Proposal.about == "same", Proposal.accepted.is_(True))
    )
    reasons = {
        each: vault.open_json("revision", each.id, "why", each.why)
        for each in session.scalars(statement)
    }
    found = {each: why for each, why in reasons.items() if why.get("proposal") == str(proposal_id)}
    if len(found) != len(("first", "second")):
        raise NotJoined
    return found


def _restore(edit: Edit, change: dict[str, list[Any]]) -> None:
    """Write what each field was before, unless something else wrote it since."""
    now = edit.record.model_dump(mode="json")
    fields = {name: each for name, each in change.items() if name in now}
    written_since = {name for name, (_, after, _) in fields.items() if now[name] != after}
    for name, (before, _, origin) in fields.items():
        # An accord is for the place that was seen.
        if name in written_since or (name == "consent_on" and written_since):
            continue
        edit.change(name, before, edit.provenance[name])
        edit.provenance.pop(name)
        if origin is not None:
            edit.provenance[name] = Origin.model_validate(origin)
    if "causes" in change:
        before, after = map(read_causes, change["causes"][:2])
        edit.causes = _as_before(before, after, edit.causes, judged=not written_since)


def _as_before(
    before: Iterable[Cause], after: Iterable[Cause], now: Iterable[Cause], *, judged: bool
) -> tuple[Cause, ...]:
    """Return the causes as they were, with those that came since: of two, the one that hides.

    judged: whether what a person dismissed before is dismissed again.
    """
    known = set(after)
    since = [each for each in now if each not in known]
    found = {(each.subject, each.source): each for each in before}
    for each in since if judged else now:
        key = (each.subject, each.source)
        if (each in since and key not in found) or (key in found and each.dismissed_on is None):
            found[key] = each
    return tuple(found.values())


def _lead_back(session: Session, why: dict[str, Any], first: UUID, second: UUID) -> None:
    """Lead the lines of lists to the actor that they led to before."""
    sources, rows = (map(UUID, why[name]) for name in ("sources", "rows"))
    own = {bytes.fromhex(identity): (day, file) for identity, day, file in why["own"]}
    session.execute(
        update(SourceRecord)
        .where(
            SourceRecord.actor_id == first,
            among(SourceRecord.source_id, sources),
            ~among(SourceRecord.identity, own),
        )
        .values(actor_id=second)
    )
    for identity, (day, file) in own.items():
        # Unless a newer file named it again.
        session.execute(
            update(SourceRecord)
            .where(
                SourceRecord.actor_id == first,
                SourceRecord.identity == identity,
                SourceRecord.last_file_id == UUID(file),
                SourceRecord.missing_since.is_(None),
            )
            .values(missing_since=day and date.fromisoformat(day))
        )
    session.execute(update(SourceRow).where(among(SourceRow.id, rows)).values(actor_id=second))
