"""Which stored actors one that a person is about to create may be.

Nobody learns more by it than they may read: of one that is hidden the name and the commune alone
are compared, and of one that they do not work on nothing is said.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Actor, ActorFingerprint, ActorProtected
from app.platform.database.sessions import among
from app.records.marks import matching_marks
from app.records.viewing import Seen, see_these
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.text import fold
from importers.row import ActorRow

# What each mark says, the surest first.
_BECAUSE = {
    "siret": "même SIRET",
    "finess": "même FINESS",
    "rna": "même RNA",
    "named": "même nom, même commune",
    "proper": "même nom propre, même commune",
    "phone": "même téléphone",
    "mail": "même adresse électronique",
}
_OF_HIDDEN = frozenset({"named", "proper"})
_NAMESAKE = "nom proche"
# By one of these an actor is another one, most surely.
_SURE = frozenset({"siret", "finess", "rna", "seat", "identity", "named"})
# From 0 to 1, of two names as pg_trgm compares them.
_CLOSE = 0.5
MOST = 8


@dataclass(frozen=True, slots=True)
class Similar:
    """A stored actor, as far as its reader knows it. hidden: whether something of it is."""

    actor_id: UUID
    public_id: str
    name: str
    city: str
    because: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Likely:
    """Those that somebody may see, and hidden ones of which they learn nothing.

    named: of these, those that have its whole name.
    """

    shown: tuple[Similar, ...]
    unseen: tuple[UUID, ...]
    named: frozenset[UUID]


def find_similar(
    session: Session, vault: Vault, key: bytes, viewer: Viewer, row: ActorRow
) -> Likely:
    """Return which stored actors a new one may be; key: of the digests."""
    kinds = _kinds(session, key, row)
    close = _close(session, viewer, row)
    seen = see_these(session, vault, viewer, {*kinds, *close})
    found = [
        similar
        for actor, each in seen.items()
        if (similar := _similar(each, kinds.get(actor, ()), close))
    ]
    found.sort(key=lambda each: (each.because == _NAMESAKE, fold(each.name)))
    shown = tuple(found[:MOST])
    sure = {actor for actor, of in kinds.items() if not _SURE.isdisjoint(of)}
    hidden = (
        select(ActorProtected.actor_id)
        .join(Actor, Actor.id == ActorProtected.actor_id)
        .where(among(ActorProtected.actor_id, sure - {each.actor_id for each in shown}))
        .where(ActorProtected.level.is_not(None) | (Actor.status == "secret"))
        .where(Actor.status != "archived")
    )
    unseen = tuple(session.scalars(hidden))
    return Likely(shown, unseen, frozenset(each for each in unseen if "named" in kinds[each]))


def mark_of(found: Iterable[Similar]) -> str:
    """Return what a person sends back who says that a new actor is none of these."""
    return sha256(" ".join(sorted(each.public_id for each in found)).encode()).hexdigest()[:16]


def _kinds(session: Session, key: bytes, row: ActorRow) -> dict[UUID, set[str]]:
    """Return the actors that share marks with a new one, and of which kinds these are."""
    wanted = matching_marks(row, key, frozenset(_BECAUSE) | _SURE)
    by_digest = {digest: kind for kind, digests in wanted.items() for digest in digests}
    statement = select(ActorFingerprint.actor_id, ActorFingerprint.digest).where(
        among(ActorFingerprint.digest, by_digest)
    )
    found: dict[UUID, set[str]] = defaultdict(set)
    for actor, digest in session.execute(statement):
        found[actor].add(by_digest[bytes(digest)])
    return found


def _close(session: Session, viewer: Viewer, row: ActorRow) -> set[UUID]:
    """Return open actors of the same territory whose names resemble it."""
    name = fold(row.name)
    likeness = func.similarity(Actor.folded, name)
    statement = (
        select(Actor.id)
        .where(viewer.worked_on(), ~Actor.protected, Actor.territory_code == row.territory)
        .where(Actor.folded.op("%")(name), likeness > _CLOSE)
        .order_by(likeness.desc())
        .limit(MOST)
    )
    return set(session.scalars(statement))


def _similar(seen: Seen, kinds: Collection[str], close: Collection[UUID]) -> Similar | None:
    """Return how a stored actor is shown; None where what they share is not to be known."""
    record = seen.record
    hidden = seen.level is not None or record.status == "secret"
    shared = _OF_HIDDEN.intersection(kinds) if hidden else set(kinds)
    if "named" in shared:
        # The same name has the same proper name in it.
        shared -= {"proper"}
    known = [said for kind, said in _BECAUSE.items() if kind in shared]
    if not hidden and not known and seen.actor_id in close:
        known = [_NAMESAKE]
    if not known or record.status == "archived":
        return None
    city = record.city or record.territory
    return Similar(seen.actor_id, seen.public_id, record.name, city, ", ".join(known), hidden)
