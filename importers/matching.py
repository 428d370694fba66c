"""Which actor each line of a list is, and which of those that its source knew are absent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from importers.row import ActorRow

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Known(Generic[Key]):
    """What a source said of an actor the last time: keyed digest of all that was read."""

    actor: Key
    content: bytes


@dataclass(frozen=True, slots=True)
class MatchedLine(Generic[Key]):
    """One usable line, its identity in its source, and the actor it is known to be."""

    row: ActorRow
    identity: bytes
    content: bytes
    actor: Key | None
    unchanged: bool


@dataclass(frozen=True, slots=True)
class Matching(Generic[Key]):
    """Lines in their order, and the identities that this source knew and that are absent today."""

    lines: tuple[MatchedLine[Key], ...]
    missing: tuple[bytes, ...]


def match_lines(
    rows: Sequence[tuple[ActorRow, bytes, bytes]],
    known: Mapping[bytes, Known[Key]],
    elsewhere: Mapping[bytes, Key],
) -> Matching[Key]:
    """Match (row, identity, content) triples.

    known: identity -> what this source said before. elsewhere: identity -> actor that other sources
    brought and that this line is without doubt; each such actor is taken by one line at most.
    """
    taken = {each.actor for each in known.values()}
    lines = []
    for row, identity, content in rows:
        before = known.get(identity)
        actor = before.actor if before else elsewhere.get(identity)
        if before is None and actor is not None:
            if actor in taken:
                actor = None
            else:
                taken.add(actor)
        unchanged = before is not None and before.content == content
        lines.append(MatchedLine(row, identity, content, actor, unchanged))
    present = {line.identity for line in lines}
    return Matching(tuple(lines), tuple(identity for identity in known if identity not in present))
