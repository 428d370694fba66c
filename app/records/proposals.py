"""What is proposed and not done: a consent to publish, two that may be one, a closure."""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.errors import Mesure23Error
from app.models import ActorProtected, Proposal
from app.models.proposal import About
from app.platform.database.sessions import among, among_ids, written
from app.records.hidden import by_name
from app.records.hidden_numbers import numbers_of_hidden
from app.records.record import ActorRecord
from app.records.sheets import is_protected
from app.records.viewing import Seen, see_survivors
from app.vault.digests import digest
from app.vault.sealing import Vault
from app.visibility import Viewer
from importers.secrecy import weigh_consent

T = TypeVar("T")
_REFUSED_HERE: tuple[About, ...] = ("consent", "closed")
# What one curateur asks of another one stands on the sheet.
_WAITING = (Proposal.decided_at.is_(None), Proposal.about != "show")
# Two that may be one wait in a queue of their own (app/records/doubles.py).
OF_PAIRS = (Proposal.decided_at.is_(None), Proposal.about == "same")
_OF_THE_PAGE = (*_WAITING, Proposal.about != "same")


class ProposalUnknown(Mesure23Error):
    """Cette proposition n’existe pas, ou quelqu’un l’a déjà décidée."""

    status = 409
    title = "Rien à décider"
    advice = "Relisez les propositions qui attendent."


@dataclass(frozen=True, slots=True)
class Proposed:
    """Something to propose of an actor. subject: what makes it the same proposal another time.

    other: the actor that it may be.
    """

    about: About
    actor_id: UUID
    subject: str
    detail: dict[str, Any]
    other: UUID | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal that nobody decided yet, of an actor by its true record; other: its double.

    other_id: its public id. to_open: the ids of those whose records are masked until opened.
    """

    id: UUID
    about: About
    public_id: str
    record: ActorRecord
    detail: dict[str, Any]
    other: ActorRecord | None
    other_id: str
    made_at: datetime
    to_open: frozenset[UUID]


class _Counted(NamedTuple):
    """What was counted. mark: of the rows that said so. others: actors that were looked at for it,
    beside those of the proposals.
    """

    mark: tuple[object, ...]
    others: frozenset[UUID]
    value: Any


_COUNTED: dict[Hashable, _Counted] = {}


def perhaps_same(actor: UUID, other: UUID, because: str) -> Proposed:
    """Return the proposal that an actor is another one."""
    detail = {"other": str(other), "because": because}
    return Proposed("same", actor, _pair(actor, other), detail, other)


def _pair(actor: UUID, other: UUID) -> str:
    return "/".join(sorted((str(actor), str(other))))


def propose(
    session: Session,
    vault: Vault,
    key: bytes,
    found: Iterable[Proposed],
    at: datetime | None = None,
) -> None:
    """Store proposals, each once; one that was decided is not made again.

    at: when they were made, None for when the caller's transaction began.
    """
    rows: list[dict[str, Any]] = []
    made = {} if at is None else {"made_at": at}
    for each in found:
        proposal_id = uuid4()
        rows.append(
            {
                "id": proposal_id,
                "about": each.about,
                "actor_id": each.actor_id,
                "subject": _digest(key, each.about, each.subject),
                "detail": vault.seal_json("proposal", proposal_id, "detail", each.detail),
                **made,
            }
        )
    if rows:
        session.execute(insert(Proposal).on_conflict_do_nothing(), rows)


def waiting(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    territory: str | None = None,
    looked_at: set[UUID] | None = None,
    *,
    with_pairs: bool = True,
) -> list[Waiting]:
    """Return what waits for a person and has still an object, by territory and name.

    territory: its code. That of an actor which was joined to another one is asked of the other one.
    looked_at: as see_survivors has it.
    """
    statement = select(Proposal).where(*(_WAITING if with_pairs else _OF_THE_PAGE))
    statement = statement.order_by(Proposal.made_at, Proposal.id)
    made = session.scalars(statement).all()
    details = {
        each.id: vault.open_json("proposal", each.id, "detail", each.detail) for each in made
    }
    others = {
        each.id: UUID(details[each.id]["other"]) for each in made if "other" in details[each.id]
    }
    followers = {each["moved_to"] for each in details.values() if each.get("moved_to")}
    unsaid = numbers_of_hidden(session, vault, followers)
    ids = {each.actor_id for each in made} | set(others.values())
    seen = see_survivors(session, vault, viewer, ids, looked_at)
    found = []
    for each in made:
        actor, other = seen.get(each.actor_id), seen.get(others.get(each.id, each.actor_id))
        detail = _said_of(details[each.id], unsaid)
        if actor is None or other is None or not _stands(each.about, actor, other, detail):
            continue
        # A former release proposed refusals as well.
        if each.about == "consent" and weigh_consent(detail["said"]) == "no":
            continue
        if territory in (None, actor.record.territory):
            double = other.record if each.about == "same" else None
            found.append(
                Waiting(
                    *(each.id, each.about, actor.public_id, actor.record, detail, double),
                    other_id=other.public_id if double else "",
                    made_at=each.made_at,
                    to_open=frozenset(
                        one.actor_id
                        for one in (actor, other)
                        if is_protected(one.level, one.record.status)
                    ),
                )
            )
    return sorted(found, key=lambda each: by_name(each.record, each.public_id))


def _said_of(detail: dict[str, Any], unsaid: Collection[str]) -> dict[str, Any]:
    """Return what a proposal says, but for who took over where somebody has been hidden since."""
    follower = detail.get("moved_to")
    return detail | {"moved_to": None, "moved_on": None} if follower in unsaid else detail


def count(session: Session, vault: Vault, viewer: Viewer) -> Counter[About]:
    """Return how many wait of each heading, as their page shows them."""

    def make(looked_at: set[UUID]) -> Counter[About]:
        found = waiting(session, vault, viewer, looked_at=looked_at, with_pairs=False)
        return Counter(each.about for each in found)

    return counted(session, ("page", viewer), _OF_THE_PAGE, make)


def counted(
    session: Session,
    what: Hashable,
    which: Iterable[ColumnElement[bool]],
    make: Callable[[set[UUID]], T],
) -> T:
    """Return what is counted of some proposals.

    Every page of the desk says it: what was counted holds until one of them, or an actor that was
    looked at for it, is written. make: counts anew, and notes at whom it looked.
    """
    known = _COUNTED.get(what)
    if known is None or known.mark != _mark(session, which, known.others):
        actors: set[UUID] = set()
        value = make(actors)
        # Many have no other actor than their own, which stands in a column.
        actors.difference_update(session.scalars(select(Proposal.actor_id).where(*which)))
        mark = _mark(session, which, actors)
        known = _COUNTED[what] = _Counted(mark, frozenset(actors), value)
    value_known: T = known.value
    return value_known


def _mark(
    session: Session, which: Iterable[ColumnElement[bool]], others: Collection[UUID]
) -> tuple[object, ...]:
    """Return what is another once a proposal that waits, its actor or one of others is written."""
    made = (
        select(func.current_database(), func.count(), written(Proposal), written(ActorProtected))
        .outerjoin(ActorProtected, ActorProtected.actor_id == Proposal.actor_id)
        .where(*which)
    )
    mark = tuple(session.execute(made).one())
    if not others:
        return mark
    beside = select(func.count(), written(ActorProtected)).where(
        among_ids(ActorProtected.actor_id, others)
    )
    return (*mark, *session.execute(beside).one())


def _stands(about: About, actor: Seen, other: Seen, detail: dict[str, Any]) -> bool:
    """Return whether there is still something to decide of an actor."""
    if actor.record.status == "archived":
        return False
    if about == "closed":
        return not actor.is_hidden and actor.record.siret == detail["siret"]
    return actor.is_hidden if about == "consent" else actor.actor_id != other.actor_id


def is_open(session: Session, proposal_id: UUID, about: About) -> bool:
    """Return whether a proposal of that heading waits for a person."""
    statement = select(Proposal.id).where(
        Proposal.id == proposal_id, Proposal.about == about, Proposal.decided_at.is_(None)
    )
    return session.scalar(statement) is not None


def decide(session: Session, proposal_id: UUID, *, accepted: bool, who: str) -> None:
    """Note what a person decided of a proposal; raises ProposalUnknown."""
    statement = (
        update(Proposal)
        .where(Proposal.id == proposal_id, Proposal.decided_at.is_(None))
        .values(decided_at=func.now(), accepted=accepted, who=who)
        .returning(Proposal.id)
    )
    if session.scalar(statement) is None:
        raise ProposalUnknown


def refuse(session: Session, proposal_id: UUID, *, who: str) -> None:
    """Refuse an accord or a closure for good; raises ProposalUnknown.

    Two that may be one are parted, and what another curateur asks is answered on its sheet.
    """
    if not any(is_open(session, proposal_id, about) for about in _REFUSED_HERE):
        raise ProposalUnknown
    decide(session, proposal_id, accepted=False, who=who)


def take_back(session: Session, proposal_id: UUID) -> None:
    """Let an accord or a closure that was refused wait again; raises ProposalUnknown."""
    refused = select(Proposal.id).where(
        Proposal.id == proposal_id,
        Proposal.accepted.is_(False),
        Proposal.about.in_(_REFUSED_HERE),
    )
    if session.scalar(refused) is None:
        raise ProposalUnknown
    wait_again(session, proposal_id)


def wait_again(session: Session, proposal_id: UUID) -> None:
    """Forget what was decided of a proposal."""
    session.execute(
        update(Proposal)
        .where(Proposal.id == proposal_id)
        .values(decided_at=None, accepted=None, who=None)
    )


def close(session: Session, actor_id: UUID, about: About, *, accepted: bool, who: str) -> None:
    """Note that a person decided all that is proposed of an actor under one heading."""
    session.execute(
        update(Proposal)
        .where(
            Proposal.actor_id == actor_id, Proposal.about == about, Proposal.decided_at.is_(None)
        )
        .values(decided_at=func.now(), accepted=accepted, who=who)
    )


def close_pairs(
    session: Session, key: bytes, actor_id: UUID, others: Iterable[UUID], *, who: str
) -> None:
    """Note that a person found an actor to be none of the others."""
    subjects = [_digest(key, "same", _pair(actor_id, other)) for other in others]
    session.execute(
        update(Proposal)
        .where(among(Proposal.subject, subjects), Proposal.decided_at.is_(None))
        .values(decided_at=func.now(), accepted=False, who=who)
    )


def _digest(key: bytes, about: About, subject: str) -> bytes:
    return digest(key, f"proposal {about}", subject)
