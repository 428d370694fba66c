"""Actors that anybody may read, found by words of their names inside a commune: in blocks of few.

No sealed record is opened for it, and whoever is hidden has no part in it.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.models import Actor, ActorProtected
from app.platform.database.sessions import among, among_ids
from geo.arrondissements import whole_commune
from geo.gazetteer import Gazetteer
from importers.likeness import read_name
from importers.row import ActorFields

# Of actors of one commune that share a word of their names; more of them tell nobody apart.
MOST_OF_A_WORD = 40
# Of those, whose names are compared with that of one line.
MOST_COMPARED = 8
# Letters of a word that find it, however it ends.
_LETTERS = 4


@dataclass(frozen=True, slots=True)
class Public:
    """What is public of an actor."""

    actor_id: UUID
    name: str
    category: str
    commune: str | None
    territory: str
    address: str | None
    has_phone: bool


class PublicNames:
    """The public actors of some communes, and some others, by their ids."""

    def __init__(
        self,
        session: Session,
        gazetteer: Gazetteer,
        communes: Collection[str],
        others: Collection[UUID],
    ) -> None:
        self._towns = {code: _names_of(gazetteer, code) for code in communes}
        here = among(Actor.commune_code, sorted(communes))
        found = (*_read(session, here), *_read(session, among_ids(Actor.id, others)))
        self.by_id = {each.actor_id: each for each in found}
        self._blocks: dict[tuple[str, str], list[UUID]] = defaultdict(list)
        for each in self.by_id.values():
            if each.commune and each.commune in communes:
                for word in _found_by(each.name, self._towns[each.commune]):
                    self._blocks[each.commune, word].append(each.actor_id)

    def close_to(self, row: ActorFields) -> list[UUID]:
        """Return the actors of the commune of a line whose names share most words with its own."""
        if row.commune is None:
            return []
        commune = whole_commune(row.commune)
        towns = (*self._towns[commune], row.city or "")
        blocks = (self._blocks.get((commune, word), ()) for word in _found_by(row.name, towns))
        found = Counter(
            actor for block in blocks if len(block) <= MOST_OF_A_WORD for actor in block
        )
        likeliest = sorted(found, key=lambda actor: (-found[actor], actor))
        return likeliest[:MOST_COMPARED]


def _names_of(gazetteer: Gazetteer, code: str) -> tuple[str, ...]:
    commune = gazetteer.by_insee(code)
    return (commune.name,) if commune else ()


def _found_by(name: str, towns: tuple[str, ...]) -> set[str]:
    """Return the beginnings of the words that tell a name from others, and its initials."""
    read = read_name(name, towns)
    return {word[:_LETTERS] for word in (*read.words, read.initials)}


def _read(session: Session, which: ColumnElement[bool]) -> Iterator[Public]:
    """Yield who is public of some actors."""
    statement = (
        select(*(Actor.id, Actor.name, Actor.category, Actor.commune_code, Actor.territory_code))
        .add_columns(Actor.address, Actor.phones)
        .join(ActorProtected, ActorProtected.actor_id == Actor.id)
        .where(
            Actor.status.in_(("published", "host")),
            ~Actor.protected,
            ActorProtected.level.is_(None),
            which,
        )
    )
    for row in session.execute(statement):
        yield Public(
            *(row.id, row.name, row.category, row.commune_code, row.territory_code, row.address),
            has_phone=any(phone.startswith("+") for phone in row.phones),
        )
