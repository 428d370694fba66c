"""Two actors that may be one: a person says that they are, or that they are not.

They write within the caller's transaction, which is the caller's to commit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.gazetteer.load import cached_gazetteer
from app.models import Actor, ActorFingerprint, Proposal, Report, SourceRecord, SourceRow
from app.platform.database.sessions import IMPORT_LOCK, hold
from app.records import addresses
from app.records.acts import RANK_OF_STAFF
from app.records.causes import BY_CONSENT, Cause, active, of_both, two_actors, was_asked
from app.records.edits import Edit
from app.records.given import by_name_alone, withheld_here_alone
from app.records.history import History
from app.records.joined import joined_to
from app.records.lines import another
from app.records.merging import Side, merge_into
from app.records.proposals import ProposalUnknown, decide
from app.records.record import Origin, withholds
from app.records.unchosen import end_choices
from app.records.writing import Writer
from app.vault.digests import index_key
from app.vault.sealing import Vault
from geo.zones import paris_day


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a proposal: the public name of the actor that stays, and its public id.

    hidden: whether something of the actor is still hidden. unchosen: of whom nothing is told any
    more that professionals were told.
    """

    name: str
    public_id: str
    hidden: bool
    unchosen: frozenset[UUID] = frozenset()


def join(
    session: Session,
    vault: Vault,
    proposal_id: UUID,
    *,
    who: str,
    chosen: Mapping[str, Side] | None = None,
) -> Decided:
    """Make one actor of two: the one that was known first, with what the second one says better.

    chosen: of which fields a person took whose value. Lines of the second, and errors reported of
    it that wait, lead to the first from now on; the second is archived. What hid one of the two
    hides the one that is left. Raises ProposalUnknown.
    """
    writer, second, first, _ = _open(session, vault, proposal_id)
    if second.actor_id == first.actor_id:
        decide(session, proposal_id, accepted=True, who=who)
        return described(session, first)
    # Neither operator spoke for both.
    unchosen = end_choices(session, (first.actor_id, second.actor_id))
    today = paris_day()
    asked = {
        one.actor_id: withheld_here_alone(one.record, other.record)
        for one, other in ((first, second), (second, first))
    }
    merge_into(first, second, chosen or {}, today, by_name_alone(session, vault, asked))
    carried = [each for each in second.causes if goes_on(each, first.actor_id)]
    if first.record.consent_on and any(each.why in BY_CONSENT for each in active(carried)):
        # Who agreed to publish the first one did not know what hides the second.
        by = Origin(source="staff", day=today, rank=RANK_OF_STAFF)
        first.change("consent_on", None, by)
    first.causes = two_actors(of_both(first.causes, carried), second.actor_id, today)
    # With what leads back: see app/records/parting.py.
    moved = _move_said(session, second.actor_id, first.actor_id)
    both_open = addresses.is_open(first) and addresses.is_open(second)
    second.why = {"joined": str(first.actor_id), "proposal": str(proposal_id)}
    _archive(second, first.actor_id, today)
    changes = writer.plan({each.actor_id: each for each in (first, second)})
    if both_open and first.level is None:
        moved |= addresses.lead(session, second.actor_id, second.public_id, first.public_id)
    first.why = {"joined": str(second.actor_id), "proposal": str(proposal_id), **moved}
    if first.level is None:
        # Else history says "protect", and what was public of them is owed an erasure.
        second.act = "archive"
        if not withholds(first.record, first.changes):
            first.act = "join"
    writer.write(changes, History(session, vault, who, "edit"))
    # Nothing may be found by the second any more.
    gone = delete(ActorFingerprint).where(ActorFingerprint.actor_id == second.actor_id)
    session.execute(gone)
    decide(session, proposal_id, accepted=True, who=who)
    return replace(described(session, first), unchosen=unchosen)


def part(session: Session, vault: Vault, proposal_id: UUID, *, who: str) -> Decided:
    """Note that two actors are two, whichever of them was asked about: what hid one of them as the
    other hides it no more. Raises ProposalUnknown.
    """
    writer, second, first, (one, other) = _open(session, vault, proposal_id)
    if second.actor_id == first.actor_id:
        # Somebody joined them meanwhile: that is undone first.
        raise ProposalUnknown
    today, edits = paris_day(), {second.actor_id: second}
    second.causes = two_actors(second.causes, other, today)
    if not was_asked(second.causes, other):
        # Nothing hid it, and lists and the comparison of all ask nobody again.
        second.causes = (*second.causes, another(other, today))
    second.act, second.why = "part", {"apart": str(other)}
    causes = two_actors(first.causes, one, today)
    if causes != first.causes:
        edits[first.actor_id] = first
        first.causes, first.act, first.why = causes, "part", {"apart": str(one)}
    writer.settle(edits, History(session, vault, who, "edit"))
    decide(session, proposal_id, accepted=False, who=who)
    return described(session, second)


def _move_said(session: Session, second: UUID, first: UUID) -> dict[str, Any]:
    """Lead what is said of one actor to another; return what it was, as JSON.

    sources: ids of the lists of the second. own: of the lines of the first in them, identity, since
    when it was missing, and its last file. rows: ids of the lines of the second as received.
    reports: of the errors of the second that wait.
    """
    own = session.execute(
        select(SourceRecord.identity, SourceRecord.missing_since, SourceRecord.last_file_id).where(
            SourceRecord.actor_id == first, _sources_of(second)
        )
    ).all()
    # The former line is no more missing: it is the one that came in its place.
    session.execute(
        update(SourceRecord)
        .where(SourceRecord.actor_id == first, _sources_of(second))
        .values(missing_since=None)
    )
    sources = session.scalars(
        update(SourceRecord)
        .where(SourceRecord.actor_id == second)
        .values(actor_id=first)
        .returning(SourceRecord.source_id)
    )
    rows = session.scalars(
        update(SourceRow)
        .where(SourceRow.actor_id == second)
        .values(actor_id=first)
        .returning(SourceRow.id)
    )
    reports = session.scalars(
        update(Report)
        .where(Report.actor_id == second, Report.decided_at.is_(None))
        .values(actor_id=first)
        .returning(Report.id)
    )
    return {
        "sources": sorted({str(source) for source in sources}),
        "own": [[key.hex(), day and day.isoformat(), str(file)] for key, day, file in own],
        "rows": [str(row) for row in rows],
        "reports": [str(report) for report in reports],
    }


def _open(
    session: Session, vault: Vault, proposal_id: UUID
) -> tuple[Writer, Edit, Edit, tuple[UUID, UUID]]:
    """Return a writer, the actor of a proposal, the one that it may be, and the ids proposed."""
    hold(session, IMPORT_LOCK)
    proposal = session.scalar(
        select(Proposal).where(
            Proposal.id == proposal_id, Proposal.about == "same", Proposal.decided_at.is_(None)
        )
    )
    if proposal is None:
        raise ProposalUnknown
    detail = vault.open_json("proposal", proposal.id, "detail", proposal.detail)
    other = UUID(detail["other"])
    gazetteer = cached_gazetteer(session.connection())
    writer = Writer(session, vault, index_key(session, vault), gazetteer)
    found = writer.stored([proposal.actor_id, other])
    pair = proposal.actor_id, other
    second, first = (_survivor(session, vault, writer, found[each]) for each in pair)
    return writer, second, first, pair


def goes_on(cause: Cause, *known: UUID) -> bool:
    """Return whether what hides one of two hides the one that is left; known: those it is not.

    What it may be besides, and what was beside it and is no more, only a person lifts; what is
    beside the one that is left is looked for anew. Of whom it is not, nobody is asked again.
    """
    if cause.why == "duplicate":
        return cause.what not in map(str, known)
    return cause.why != "beside" or (cause.ended_on is not None and cause.dismissed_on is None)


def _archive(edit: Edit, other: UUID, today: date) -> None:
    edit.change("status", "archived", Origin(source="staff", day=today, rank=RANK_OF_STAFF))
    causes = [each for each in edit.causes if (each.why, each.what) != ("duplicate", str(other))]
    edit.causes = (*causes, Cause(why="duplicate", what=str(other), since=today))


def _survivor(session: Session, vault: Vault, writer: Writer, edit: Edit) -> Edit:
    """Return the actor that one was joined to, or the actor itself."""
    passed = {edit.actor_id}
    while other := joined_to(session, vault, {edit.actor_id: edit.causes}).get(edit.actor_id):
        if other in passed:
            break
        passed.add(other)
        edit = writer.stored([other])[other]
    return edit


def _sources_of(actor: UUID) -> Any:
    return SourceRecord.source_id.in_(
        select(SourceRecord.source_id).where(SourceRecord.actor_id == actor)
    )


def described(session: Session, edit: Edit) -> Decided:
    """Return an actor as whoever decided of it is told: by its public record."""
    found = select(Actor.public_id, Actor.name).where(Actor.id == edit.actor_id)
    public_id, name = session.execute(found).one()
    return Decided(name, public_id, edit.level is not None)
