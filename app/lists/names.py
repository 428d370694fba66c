"""Stored actors whose names resemble those of lines, commune by commune, whatever else they share.

What is compared is bounded: in a large commune, by the rarest runs of letters of a name.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.models import Actor, ActorFingerprint
from app.platform.database.sessions import among
from app.records.writing import Writer
from geo.text import fold
from importers.identity import where_key
from importers.row import ActorRow

# Of one commune, bearers of the rarest runs of a name that are counted for it.
COUNTED = 1_000
# Of one commune, those that are compared with a line: they share the most runs with it.
COMPARED = 5
_RUN = 3
Named = tuple[UUID, str]


class Block:
    """The actors of one commune, found by runs of letters of their names."""

    def __init__(self, actors: Sequence[Named]) -> None:
        self._actors = [actor for actor, _ in actors]
        self._by_run: dict[str, list[int]] = defaultdict(list)
        for place, (_, name) in enumerate(actors):
            for run in _runs(name):
                self._by_run[run].append(place)

    def nearest(self, name: str) -> Iterator[UUID]:
        """Yield the few actors whose names share the most with one."""
        counted: Counter[int] = Counter()
        bearers = [self._by_run[run] for run in _runs(name) if run in self._by_run]
        left = COUNTED
        for found in sorted(bearers, key=len):
            if (left := left - len(found)) < 0:
                break
            counted.update(found)
        for place, shared in counted.most_common(COMPARED):
            if shared > 1:
                yield self._actors[place]


def near(
    session: Session, writer: Writer, lines: Mapping[int, ActorRow]
) -> Iterator[tuple[int, UUID]]:
    """Yield lines with stored actors of their communes that may have their names."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for number, row in lines.items():
        wanted[where_key(row)].append(number)
    blocks = _blocks(session, writer, lines.values(), wanted.keys())
    for where, numbers in wanted.items():
        if where in blocks:
            block = Block(blocks.pop(where))
            for number in numbers:
                for actor in block.nearest(lines[number].name):
                    yield number, actor


def _blocks(
    session: Session, writer: Writer, rows: Iterable[ActorRow], wanted: Iterable[str]
) -> dict[str, list[Named]]:
    """Return the stored actors of some communes, by where_key, with their true names."""
    known, territories = set(wanted), {row.territory for row in rows}
    found: dict[str, list[Named]] = defaultdict(list)
    open_ones = select(Actor.id, Actor.name, Actor.commune_code).where(
        among(Actor.commune_code, known), Actor.status != "archived"
    )
    for actor, name, commune in session.execute(open_ones):
        found[commune or ""].append((actor, name))
    # The public record of these says no commune, and of some another name. A home that is closed
    # may still house; who was joined to another one has no marks.
    sealed = select(Actor.id).where(
        among(Actor.territory_code, territories),
        Actor.commune_code.is_(None),
        exists().where(ActorFingerprint.actor_id == Actor.id),
    )
    for stored in writer.records(session.scalars(sealed).all()):
        if (where := where_key(stored.record)) in known:
            found[where].append((stored.actor_id, stored.record.name))
    return found


def _runs(name: str) -> set[str]:
    plain = f" {fold(name)} "
    return {plain[at : at + _RUN] for at in range(len(plain) - _RUN + 1)}
