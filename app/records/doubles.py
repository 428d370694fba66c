"""Pairs of actors that may be one, as a queue: who sees which of them, in which order, how many.

No record is opened for it but of actors that were archived, which may have been joined to others.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from app.models import Actor, Proposal, Role
from app.platform.database.sessions import among_ids
from app.records.joined import pair_joined, pair_parted
from app.records.proposals import OF_PAIRS, ProposalUnknown, counted
from app.records.reasons import Reason, heaviness, weighed
from app.records.viewing import see_survivors
from app.records.wanted import Wanted
from app.vault.sealing import Vault
from app.visibility import Viewer
from importers import vocabulary

# Who reads the queue: a référent of a département those of which both are of their territories.
READERS = frozenset({Role.CURATEUR, Role.REFERENT_DEPARTEMENT})


class PairUnknown(ProposalUnknown):
    """Cette paire n’existe pas, ou n’attend pas de réponse : quelqu’un l’a peut-être décidée."""

    status = 409
    title = "Rien à décider"
    advice = "Revenez aux doublons : ils montrent ce qui attend aujourd’hui."


@dataclass(frozen=True, slots=True)
class Double:
    """Two that may be one, and why. first: the one that stays if they are."""

    id: UUID
    first: UUID
    second: UUID
    reasons: list[Reason]
    put_off: bool


@dataclass(frozen=True, slots=True)
class _Light:
    """What is known of an actor without opening it."""

    status: str
    territory: str
    category: str


def doubles(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    wanted: Wanted | None = None,
    looked_at: set[UUID] | None = None,
    *which: ColumnElement[bool],
) -> list[Double]:
    """Return the pairs that wait for a viewer, the likeliest first, those put off at the end.

    wanted: the territory and the category of one of the two. looked_at: is given all whose change
    may change that. which: conditions of Proposal; no others are opened. Of who was joined to
    another one the other one is asked about.
    """
    if viewer.role not in READERS:
        return []
    statement = select(Proposal).where(*OF_PAIRS, *which)
    if viewer.role is not Role.CURATEUR:
        statement = statement.join(Actor, Actor.id == Proposal.actor_id).where(viewer.worked_on())
    made = session.scalars(statement.order_by(Proposal.made_at, Proposal.id)).all()
    details = [vault.open_json("proposal", each.id, "detail", each.detail) for each in made]
    pairs = [
        (each.actor_id, UUID(detail["other"])) for each, detail in zip(made, details, strict=True)
    ]
    known, ends = _known(session, vault, viewer, {one for pair in pairs for one in pair}, looked_at)
    found = []
    for each, detail, (one, other) in zip(made, details, pairs, strict=True):
        second, first = ends.get(one, one), ends.get(other, other)
        leaves, stays = known.get(second), known.get(first)
        if leaves is None or stays is None or second == first or leaves.status == "archived":
            continue
        if wanted is None or _is_wanted(wanted, [leaves, stays]):
            reasons = weighed(detail["because"])
            found.append(Double(each.id, first, second, reasons, each.put_off_at is not None))
    # What was made first stands first among pairs of the same weight.
    return sorted(found, key=lambda each: (each.put_off, heaviness(each.reasons)))


def _known(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    actors: Collection[UUID],
    looked_at: set[UUID] | None,
) -> tuple[Mapping[UUID, _Light], Mapping[UUID, UUID]]:
    """Return what a viewer knows of actors, and of those that were joined to another one which."""
    known = _light(session, viewer, actors)
    archived = {actor for actor, each in known.items() if each.status == "archived"}
    survivors = see_survivors(session, vault, viewer, archived, looked_at) if archived else {}
    ends = {actor: seen.actor_id for actor, seen in survivors.items()}
    further = set(ends.values()) - known.keys()
    if looked_at is not None:
        looked_at |= set(actors) | further
    return known | _light(session, viewer, further), ends


def _light(session: Session, viewer: Viewer, actors: Collection[UUID]) -> dict[UUID, _Light]:
    statement = select(Actor.id, Actor.status, Actor.territory_code, Actor.category).where(
        viewer.worked_on(), among_ids(Actor.id, actors)
    )
    return {actor: _Light(*rest) for actor, *rest in session.execute(statement)}


def _is_wanted(wanted: Wanted, both: Iterable[_Light]) -> bool:
    """Say whether one of two is in the territory, and one of the category, that is asked for."""
    both = list(both)
    territories = wanted.mine if wanted.territoire == "miens" else {wanted.territoire}
    if wanted.territoire and not any(each.territory in territories for each in both):
        return False
    if not wanted.categorie:
        return True
    known = vocabulary.load().categories.values()
    codes = {each.code for each in known if wanted.categorie in (each.code, each.family)}
    return any(each.category in {wanted.categorie, *codes} for each in both)


def count(session: Session, vault: Vault, viewer: Viewer) -> int:
    """Return how many pairs wait for a viewer, put off or not."""
    return counted(
        session,
        ("same", viewer),
        OF_PAIRS,
        lambda looked_at: len(doubles(session, vault, viewer, looked_at=looked_at)),
    )


def find_double(session: Session, vault: Vault, viewer: Viewer, proposal_id: UUID) -> Double:
    """Return a pair that waits for a viewer; raise PairUnknown."""
    for each in doubles(session, vault, viewer, None, None, Proposal.id == proposal_id):
        return each
    raise PairUnknown


def put_off(session: Session, proposal_id: UUID, *, back: bool = False) -> None:
    """Leave a pair for later, at the end of the queue; back: where it was before."""
    session.execute(
        update(Proposal)
        .where(Proposal.id == proposal_id, *OF_PAIRS)
        .values(put_off_at=None if back else func.now())
    )


def find_put_off(
    session: Session, vault: Vault, viewer: Viewer, proposal_id: UUID
) -> Double | None:
    """Return a pair that waits for a viewer and was left for later; None where it was not."""
    which = (Proposal.id == proposal_id, Proposal.put_off_at.is_not(None))
    return next(iter(doubles(session, vault, viewer, None, None, *which)), None)


def find_decided(session: Session, vault: Vault, viewer: Viewer, proposal_id: UUID) -> Double:
    """Return a pair that was decided, without its reasons, of which a viewer works on both; raise
    PairUnknown.
    """
    statement = select(Proposal).where(
        Proposal.id == proposal_id, Proposal.about == "same", Proposal.decided_at.is_not(None)
    )
    proposal = session.scalar(statement)
    if proposal is None:
        raise PairUnknown
    detail = vault.open_json("proposal", proposal.id, "detail", proposal.detail)
    named = UUID(detail["other"]), proposal.actor_id
    first, second = (
        pair_joined(session, vault, proposal_id)
        or pair_parted(session, vault, proposal_id)
        or named
    )
    if _light(session, viewer, {first, second}).keys() != {first, second}:
        raise PairUnknown
    return Double(proposal_id, first, second, [], put_off=False)
