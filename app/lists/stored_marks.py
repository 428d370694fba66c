"""Stored actors that bear what lines of a list bear, as far as their marks tell."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import islice
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Actor, ActorFingerprint, ActorProtected
from app.platform.database.sessions import among
from app.records.causes import is_neutral
from app.records.lines import as_written
from app.records.marks import digests_by_kind, kind_of, name_marks
from app.records.writing import Writer
from importers.matching import Keys
from importers.row import ActorRow

# Lines whose actors are looked for by one statement.
AT_ONCE = 1_000


class StoredMarks:
    """Stored actors of all lists that bear some of the wanted digests."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.hidden: set[UUID] = set()
        self.keys: dict[UUID, dict[str, frozenset[bytes]]] = {}

    def known_of(
        self, lines: Iterable[tuple[int, Keys]], former: AbstractSet[bytes]
    ) -> dict[int, Keys]:
        """Read the actors that bear something of lines; return what of these they or former have.

        All that lines bear would take more memory than the lines, and what nobody has ties nothing.
        """
        found: dict[int, Keys] = {}
        given = iter(lines)
        while some := list(islice(given, AT_ONCE)):
            wanted = {key for _, keys in some for each in keys.values() for key in each}
            known = self._read(wanted) | (wanted & former)
            for number, keys in some:
                left = ((kind, each & known) for kind, each in keys.items())
                found[number] = {kind: each for kind, each in left if each}
        return found

    def names_written(
        self, writer: Writer, changed: Mapping[int, tuple[ActorRow, UUID]]
    ) -> Iterator[tuple[int, Keys]]:
        """Yield by which names lines may leave their actors known.

        Most give the commune that is public: the records of the others alone are opened.
        """
        actors = {actor for _, actor in changed.values()}
        statement = select(Actor.id, Actor.commune_code).where(among(Actor.id, actors))
        public = dict(self._session.execute(statement).all())
        opened = writer.records(
            actor
            for row, actor in changed.values()
            if row.commune is None or public[actor] != row.commune
        )
        for number, (row, actor) in changed.items():
            record = opened.get(actor)
            keys: dict[str, frozenset[bytes]] = defaultdict(frozenset)
            for each in as_written(row, record) if record else (row,):
                for kind, digests in digests_by_kind(name_marks(each), writer.key).items():
                    keys[kind] |= digests
            yield number, keys

    def _read(self, wanted: Collection[bytes]) -> set[bytes]:
        """Read the actors that bear some of the digests; return those that one bears."""
        statement = (
            select(
                ActorFingerprint.actor_id,
                ActorFingerprint.kind,
                ActorFingerprint.digest,
                ActorProtected.level,
            )
            .join(ActorProtected, ActorProtected.actor_id == ActorFingerprint.actor_id)
            .where(among(ActorFingerprint.digest, wanted))
        )
        found: dict[UUID, dict[str, set[bytes]]] = defaultdict(lambda: defaultdict(set))
        for actor, kind, digest, level in self._session.execute(statement):
            found[actor][kind_of(kind)].add(digest)
            if is_neutral(level):
                self.hidden.add(actor)
        for actor, kinds in found.items():
            known = self.keys.setdefault(actor, {})
            for kind, digests in kinds.items():
                known[kind] = known.get(kind, frozenset()) | digests
        return {key for kinds in found.values() for digests in kinds.values() for key in digests}

    def across_lists(self) -> dict[UUID, Keys]:
        """Return what they bear, with their names under the kinds of ACROSS_LISTS."""
        found: dict[UUID, Keys] = {}
        for actor, keys in self.keys.items():
            named = keys.get("named", frozenset())
            hidden = named if actor in self.hidden else frozenset()
            found[actor] = {**keys, "hidden": hidden, "housing": named}
        return found
