"""Which stored actors may be one: those that changed are compared with all others, some at a time.

Nothing is written of an actor by it: a pair is proposed, and a person decides. Of whoever is hidden
exact names and numbers are compared, and nothing that resembles them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.gazetteer.load import cached_gazetteer
from app.lists.public_doubts import CLOSE, MOST, public_doubts
from app.lists.public_names import PublicNames
from app.models import Actor, ActorCompared, ActorFingerprint, ActorProtected, Source, SourceRecord
from app.platform.database.sessions import among, among_ids
from app.records.causes import is_neutral, was_asked
from app.records.marks import MATCHING_KINDS, kind_of, matching_marks
from app.records.proposals import perhaps_same, propose
from app.records.reasons import heaviness, weighed
from app.records.viewing import Seen, see_these
from app.vault.digests import index_key
from app.vault.sealing import Vault
from app.visibility import OPERATOR
from geo.arrondissements import whole_commune
from geo.gazetteer import Gazetteer

# Actors that are compared in one transaction: their records are open meanwhile.
AT_ONCE = 1_000
# Of those that bear one mark, with whom an actor is compared: more have a switchboard, or a name
# that hundreds have.
MOST_BEARERS = 20
# Of whoever is hidden, what is compared, the surest first.
_OF_HIDDEN = {
    "finess": "même FINESS",
    "identity": "même nom et même adresse",
    "named": "même nom, même commune",
    "proper": "le nom d'un lieu caché de la même commune",
}
# Kinds of marks that two share.
Marked = Mapping[UUID, Collection[str]]


class Progress(NamedTuple):
    """How many actors were compared as they are now, of how many."""

    done: int
    total: int


def progress(session: Session) -> Progress:
    """Return how far the comparison is."""
    statement = (
        select(func.count(ActorCompared.actor_id), func.count())
        .select_from(Actor)
        .outerjoin(ActorCompared, _as_compared())
        .where(Actor.status != "archived")
    )
    return Progress(*session.execute(statement).one())


def compare_some(session: Session, vault: Vault) -> int:
    """Compare some of the actors that were never, or changed since; return how many.

    Within the caller's transaction, which is the caller's to commit.
    """
    statement = (
        select(Actor.id, Actor.updated_at)
        .outerjoin(ActorCompared, _as_compared())
        .where(Actor.status != "archived", ActorCompared.actor_id.is_(None))
        # Those of one commune are read together.
        .order_by(Actor.territory_code, Actor.commune_code, Actor.id)
        .limit(AT_ONCE)
    )
    changed = dict(session.execute(statement).all())
    if changed:
        key = index_key(session, vault)
        found = Comparison(session, vault, key, changed).pairs()
        propose(session, vault, key, (perhaps_same(*pair, why) for pair, why in found))
        _note(session, changed)
    return len(changed)


def _as_compared() -> ColumnElement[bool]:
    return (ActorCompared.actor_id == Actor.id) & (ActorCompared.updated_at == Actor.updated_at)


def _note(session: Session, changed: Mapping[UUID, datetime]) -> None:
    rows = [{"actor_id": actor, "updated_at": at} for actor, at in changed.items()]
    statement = insert(ActorCompared)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[ActorCompared.actor_id],
            set_={"updated_at": statement.excluded.updated_at},
        ),
        rows,
    )


class Comparison:
    """Some actors beside all others that share something with them."""

    def __init__(
        self, session: Session, vault: Vault, key: bytes, actors: Collection[UUID]
    ) -> None:
        self._session, self._vault, self._key = session, vault, key
        self._gazetteer: Gazetteer = cached_gazetteer(session.connection())
        self._seen = see_these(session, vault, OPERATOR, actors)

    def pairs(self) -> Iterator[tuple[tuple[UUID, UUID], str]]:
        """Yield two that may be one, the one that was known first at the end, and why."""
        found: dict[frozenset[UUID], str] = {}
        for actor, other, why in self._found():
            found.setdefault(frozenset((actor, other)), why)
        two = self._judged(found)
        for pair in self._in_order(pair for pair in found if pair not in two):
            yield pair, found[frozenset(pair)]

    def _found(self) -> Iterator[tuple[UUID, UUID, str]]:
        marked, hidden = self._marked()
        communes = {
            whole_commune(each.record.commune)
            for each in self._seen.values()
            if each.level is None and each.record.commune
        }
        others = {other for each in marked.values() for other in each}
        names = PublicNames(self._session, self._gazetteer, communes, others | self._seen.keys())
        for actor, seen in self._seen.items():
            beside = marked.get(actor, {})
            if actor in names.by_id:
                yield from self._of_public(seen, names, beside)
            for other, kinds in beside.items():
                if not (actor in names.by_id and other in names.by_id):
                    home = actor in hidden or other in hidden
                    if why := _of_hidden(kinds, names_a_home=home):
                        yield actor, other, why

    def _of_public(
        self, seen: Seen, names: PublicNames, marked: Marked
    ) -> Iterator[tuple[UUID, UUID, str]]:
        """Yield the likeliest of the public actors that a public one may be, a few of them."""
        doubts = public_doubts(self._gazetteer, names, seen.record, marked)
        found = {other: (near, why) for other, near, why in doubts if other != seen.actor_id}
        numbered = [each for each, kinds in marked.items() if "finess" in kinds]
        # That of the body of several is nobody's own.
        numbered = [each for each in numbered if each in names.by_id and len(numbered) == 1]
        nearest = min((near for near, _ in found.values()), default=0)
        left = [
            (other, _worded(why, marked.get(other, ()), numbered=other in numbered))
            for other, why in [
                *((other, why) for other, (near, why) in found.items() if near == nearest),
                *((other, "") for other in numbered if other not in found),
            ]
        ]
        left.sort(key=lambda each: (heaviness(weighed(each[1])), each[0]))
        yield from ((seen.actor_id, *each) for each in left[:MOST])

    def _marked(self) -> tuple[dict[UUID, dict[UUID, set[str]]], set[UUID]]:
        """Return what each actor shares with others, and which of all are hidden whole."""
        own: dict[bytes, list[UUID]] = defaultdict(list)
        for actor, seen in self._seen.items():
            for digests in matching_marks(seen.record, self._key, MATCHING_KINDS).values():
                for each in digests:
                    own[each].append(actor)
        found: dict[UUID, dict[UUID, set[str]]] = defaultdict(lambda: defaultdict(set))
        hidden = set()
        for digest, kind, bearer, is_hidden in self._bearers(own):
            if is_hidden:
                hidden.add(bearer)
            for actor in own[digest]:
                if actor != bearer:
                    found[actor][bearer].add(kind)
        hidden |= {actor for actor, seen in self._seen.items() if is_neutral(seen.level)}
        return found, hidden

    def _bearers(self, digests: Iterable[bytes]) -> Iterator[tuple[bytes, str, UUID, bool]]:
        """Yield who bears some digests, few of each: whoever is hidden among the first of them."""
        place = func.row_number().over(
            partition_by=ActorFingerprint.digest,
            order_by=(ActorProtected.level.is_(None), ActorFingerprint.actor_id),
        )
        bearing = (
            select(
                *(ActorFingerprint.digest, ActorFingerprint.kind, ActorFingerprint.actor_id),
                ActorProtected.level,
                place.label("place"),
            )
            .join(ActorProtected, ActorProtected.actor_id == ActorFingerprint.actor_id)
            .join(Actor, Actor.id == ActorFingerprint.actor_id)
            .where(among(ActorFingerprint.digest, digests), Actor.status != "archived")
            .subquery()
        )
        statement = select(bearing).where(bearing.c.place <= MOST_BEARERS)
        for digest, kind, actor, level, _ in self._session.execute(statement):
            yield bytes(digest), kind_of(kind), actor, is_neutral(level)

    def _judged(self, found: Collection[frozenset[UUID]]) -> set[frozenset[UUID]]:
        """Return those of which a person, or a register that names both, says that they are two."""
        ids = {actor for pair in found for actor in pair}
        seen = self._seen | see_these(self._session, self._vault, OPERATOR, ids - self._seen.keys())
        registers = self._registers(ids)
        return {
            pair
            for pair in found
            for one, other in [tuple(pair)]
            if was_asked(seen[one].causes, other, answered=True)
            or was_asked(seen[other].causes, one, answered=True)
            or registers[one] & registers[other]
        }

    def _registers(self, actors: Iterable[UUID]) -> Mapping[UUID, set[str]]:
        """Return the registers that name some actors: each tells its own apart."""
        statement = (
            select(SourceRecord.actor_id, Source.register)
            .join(Source, Source.id == SourceRecord.source_id)
            .where(among_ids(SourceRecord.actor_id, actors), Source.register.is_not(None))
            .where(SourceRecord.missing_since.is_(None))
        )
        found: dict[UUID, set[str]] = defaultdict(set)
        for actor, register in self._session.execute(statement):
            found[actor].add(str(register))
        return found

    def _in_order(self, pairs: Iterable[frozenset[UUID]]) -> Iterator[tuple[UUID, UUID]]:
        """Yield pairs with the one that was known first at the end: if they are one, it stays."""
        left = list(pairs)
        ids = {actor for pair in left for actor in pair}
        statement = select(Actor.id, Actor.created_at).where(among_ids(Actor.id, ids))
        made = {actor: (at, actor) for actor, at in self._session.execute(statement)}
        for pair in left:
            first, second = sorted(pair, key=made.__getitem__)
            yield second, first


def _worded(why: str, kinds: Collection[str], *, numbered: bool) -> str:
    """Return why two public actors may be one, with what they share to the letter."""
    reasons = why.split(", ") if why else []
    if "named" in kinds:
        reasons = ["même nom" if each == CLOSE else each for each in reasons]
    return ", ".join(["même FINESS", *reasons] if numbered else reasons)


def _of_hidden(kinds: Collection[str], *, names_a_home: bool) -> str | None:
    """Return why two may be one of whom one is hidden; None where it is too little to ask."""
    for kind, why in _OF_HIDDEN.items():
        if kind in kinds and (kind != "proper" or names_a_home):
            return why
    return None
