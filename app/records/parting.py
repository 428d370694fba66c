"""Takes back what a person said of two actors: both become what they were, by the history.

What lists and persons wrote since to one that two were made is left to it. Within the caller's
transaction, which is the caller's to commit.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.errors import Mesure23Error
from app.gazetteer.load import cached_gazetteer
from app.models import Batch, Proposal, Report, Revision, SourceRecord, SourceRow
from app.platform.database.sessions import IMPORT_LOCK, among, hold
from app.records import addresses
from app.records.causes import Cause, active, hidden_again, raised
from app.records.edits import Edit
from app.records.history import History, last_written
from app.records.joined import concerned, joined_by, joined_to, two_of
from app.records.joining import Decided, described, goes_on
from app.records.past import ACTIONS, causes_before
from app.records.proposals import wait_again
from app.records.record import Origin
from app.records.restoring import ChangedMeanwhile
from app.records.sealed import read_causes
from app.records.taking_back import WITHIN
from app.records.writing import Writer
from app.vault.digests import index_key
from app.vault.sealing import Vault


class NotJoined(Mesure23Error):
    """Il n’y a rien à défaire : cette proposition n’a pas réuni deux fiches, ou une version
    d’avant du service l’a fait.
    """

    status = 409
    title = "Rien à défaire"
    advice = "Si ce sont deux acteurs, corrigez la fiche qui reste, et créez l’autre de nouveau."


class NotAnswered(Mesure23Error):
    """Il n’y a rien à défaire : personne n’a répondu à cette proposition, ou plus maintenant."""

    status = 409
    title = "Rien à défaire"
    advice = "Revenez aux doublons : ils montrent ce qui attend aujourd’hui."


class JoinedSince(Mesure23Error):
    """La fiche qui reste a été réunie depuis à une autre : cette réunion-là se défait d’abord."""

    status = 409
    title = "Réunie depuis à une autre"
    advice = (
        "L’historique de la fiche dit à laquelle, et par qui. Demandez à qui exploite le service de"
        " défaire cette réunion-là, puis celle-ci."
    )


class EditedSince(Mesure23Error):
    """Cette réunion ne se défait plus d’un geste, car une fiche a changé depuis : {edits}."""

    status = 409
    title = "Modifiée depuis"
    advice = (
        "Corrigez la fiche qui reste. Si ce sont deux acteurs, demandez à qui exploite le service"
        " de défaire la réunion : ce qui a été écrit depuis y restera."
    )


@dataclass(frozen=True, slots=True)
class Edited:
    """What a person did to an actor since it was joined to another one. who: their account."""

    who: str
    at: datetime
    what: str


def edited_since(session: Session, vault: Vault, proposal_id: UUID) -> list[Edited]:
    """Return what people did to two actors since a proposal made one of them.

    What lists wrote since is no hindrance: it is left to the one that stays.
    """
    joined = joined_by(session, vault, proposal_id)
    found = []
    for revision in joined:
        statement = (
            select(Revision)
            .join(Batch, Batch.id == Revision.batch_id)
            .where(Revision.actor_id == revision.actor_id, Revision.number > revision.number)
            .where(Batch.cause == "edit")
        )
        found += [
            Edited(each.who, each.at, ACTIONS.get(each.action, each.action))
            for each in session.scalars(statement)
            if not _is_over(session, vault, each)
        ]
    return sorted(found, key=lambda each: each.at)


def _is_over(session: Session, vault: Vault, revision: Revision) -> bool:
    """Say whether a revision is of a pair that was answered and waits again, or was parted."""
    why = vault.open_json("revision", revision.id, "why", revision.why)
    if revision.action in ("part", "unpart"):
        return True
    if "proposal" not in why:
        return False
    accepted = select(Proposal.accepted).where(Proposal.id == UUID(why["proposal"]))
    return session.scalar(accepted) is not True


def undo_join(session: Session, vault: Vault, proposal_id: UUID, *, who: str) -> Decided:
    """Make two actors again of those that a person joined; the proposal waits anew.

    What the second one says goes back to it, with the lines of its lists. What hid one of them
    hides both, unless who joined them takes it back within minutes. Raises NotJoined or
    JoinedSince.
    """
    hold(session, IMPORT_LOCK)
    joined = joined_by(session, vault, proposal_id)
    if len(joined) != len(("first", "second")):
        raise NotJoined
    writer = Writer(
        session, vault, index_key(session, vault), cached_gazetteer(session.connection())
    )
    edits = writer.stored([revision.actor_id for revision in joined])
    by_part = {"rows" in why: edits[revision.actor_id] for revision, why in joined.items()}
    first, second = by_part[True], by_part[False]
    if joined_to(session, vault, {first.actor_id: first.causes}):
        raise JoinedSince
    hid = [
        each
        for edit in (first, second)
        for each in active(edit.causes)
        if goes_on(each, first.actor_id, second.actor_id)
    ]
    for revision, why in joined.items():
        edit = edits[revision.actor_id]
        _restore(edit, vault.open_json("revision", revision.id, "change", revision.change))
        edit.why = {"apart": why["joined"], "proposal": str(proposal_id)}
        if edit is first:
            _lead_back(session, why, first.actor_id, second.actor_id)
    _hide_again(session, joined, first, second, hid, who=who)
    changes = writer.plan(edits)
    for edit in edits.values():
        edit.act = None if raised(edit.former_level, edit.level) else "unjoin"
    (why,) = (each for each in joined.values() if "rows" in each)
    takes = second.level is None and second.record.status == "published" and "address" in why
    if takes and addresses.is_free(session, why["address"], second.actor_id):
        second.own_address = why["address"]
    addresses.forget(session, second.actor_id)
    writer.write(changes, History(session, vault, who, "edit"))
    if second.own_address:
        addresses.lead_back(session, why, first.public_id)
    wait_again(session, proposal_id)
    return described(session, first)


def _hide_again(
    session: Session,
    joined: Iterable[Revision],
    first: Edit,
    second: Edit,
    hid: Iterable[Cause],
    *,
    who: str,
) -> None:
    """Let two hide again what hid the one of them that was left: hid.

    Within minutes its author shows again what everybody read a moment ago. Later two people lift
    it, and always what an operator hid of it since.
    """
    limit = session.scalars(select(func.now())).one() - WITHIN
    if not all(each.who == who and each.at > limit for each in joined):
        first.causes = hidden_again(hid, first.causes)
        second.causes = hidden_again(hid, second.causes)
    pressed = [each for each in active(first.causes) if each.why == "operator"]
    second.causes = hidden_again(pressed, second.causes)


def undo_part(session: Session, vault: Vault, proposal_id: UUID, *, who: str) -> Decided:
    """Let two that were found to be two be perhaps one, which waits anew.

    What hid them hides them again. Raises NotAnswered or ChangedMeanwhile.
    """
    hold(session, IMPORT_LOCK)
    actors = concerned(session, vault, proposal_id)
    statement = (
        select(Revision, Revision.number == last_written(Revision.actor_id))
        .join(Proposal, Proposal.decided_at == Revision.at)
        .where(Proposal.id == proposal_id, Proposal.about == "same", Proposal.accepted.is_(False))
        .where(Revision.action == "part", among(Revision.actor_id, actors))
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
    edits, two = writer.stored(numbers), two_of(session, vault, proposal_id)
    for actor, edit in edits.items():
        former = causes_before(session, vault, actor, numbers[actor])
        edit.causes = hidden_again(former, _unanswered(former, edit.causes, two))
        edit.why = {"proposal": str(proposal_id)}
    changes = writer.plan(edits)
    for edit in edits.values():
        edit.act = "protect" if raised(edit.former_level, edit.level) else "unpart"
    writer.write(changes, History(session, vault, who, "edit"))
    wait_again(session, proposal_id)
    asked, *_ = numbers
    return described(session, edits[asked])


def _unanswered(
    former: Iterable[Cause], now: Iterable[Cause], actors: Iterable[UUID]
) -> list[Cause]:
    """Return causes without what was noted of two as somebody found that they are two."""
    subjects = {each.subject for each in former}
    of_them = {("duplicate", str(actor), "") for actor in actors}
    return [each for each in now if each.subject in subjects or each.subject not in of_them]


def undo_answer(session: Session, vault: Vault, proposal_id: UUID, *, who: str) -> Decided:
    """Take back what a person answered of two; raises NotAnswered, or as its undoing does."""
    answer = session.scalar(select(Proposal.accepted).where(Proposal.id == proposal_id))
    if answer is None:
        raise NotAnswered
    undo = undo_join if answer else undo_part
    return undo(session, vault, proposal_id, who=who)


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
    """Lead lines of lists, and errors that were reported, to the actor that they led to before."""
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
    # None, where an older release made one of the two.
    reports = map(UUID, why.get("reports", ()))
    session.execute(update(Report).where(among(Report.id, reports)).values(actor_id=second))
