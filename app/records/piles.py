"""What waits in two piles: who is to be classified, by the words of lists, and who is hidden."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.models import Actor, ActorProtected, SourceFile, SourceRow
from app.platform.database.sessions import among, written
from app.records.finding import Finding
from app.records.hidden import why_hidden
from app.records.known_causes import known_whys
from app.records.listing import count_wanted
from app.records.true_names import communes, true_names
from app.records.wanted import Wanted, conditions, of_list
from app.vault.sealing import Vault
from app.visibility import Viewer
from importers.problems import UNKNOWN_CATEGORIES
from importers.terms import stem

_COUNTED: dict[Viewer, tuple[tuple[object, ...], int]] = {}
# Of a cell that is no category but a sentence.
LONGEST = 80
# Words under which lists put whoever has no other one.
_VAGUE = frozenset({"autre", "divers", "et", "inconnu", "partenaire", "structure", "a", "classer"})


@dataclass(frozen=True, slots=True)
class Waiting:
    """An actor to classify, as staff read it without opening it.

    doubts: why it is hidden besides.
    """

    public_id: str
    name: str
    commune: str
    territory: str
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Those for which lists have one word; "" where they have none."""

    word: str
    actors: tuple[Waiting, ...]

    @property
    def is_sure(self) -> bool:
        """Say whether its word may stand for what they all are: one that says something, and none
        of them is doubtful.
        """
        vague = frozenset(word_key(self.word).split()) <= _VAGUE
        return not vague and not any(each.doubts for each in self.actors)


class SaidAs(NamedTuple):
    """The word for an actor that was no known category, and the list that has it."""

    word: str
    source: UUID


def unclassified(
    session: Session, vault: Vault, viewer: Viewer, territories: Collection[str] = ()
) -> list[UUID]:
    """Return the actors that are hidden since nobody knows what they are.

    territories: of these alone, by code; all where none is given.
    """
    which = [ActorProtected.level == "unlisted", Actor.status != "archived"]
    if territories:
        which.append(among(Actor.territory_code, sorted(territories)))
    known = known_whys(session, vault, viewer, *which)
    return [actor for actor, whys in known.items() if "unclassified" in whys.every]


def undecided(finding: Finding) -> int:
    """Return how many of the hidden wait for a person, as their page counts them.

    Every page of the desk says it: what was counted holds until one of them is written.
    """
    asked = Wanted(masque="oui", decide="non")
    which = conditions(finding.viewer, asked, finding.today)
    rows = of_list(which, func.current_database(), func.count(), written(ActorProtected))
    mark = tuple(finding.session.execute(rows).one())
    known = _COUNTED.get(finding.viewer)
    if known is None or known[0] != mark:
        known = _COUNTED[finding.viewer] = (mark, count_wanted(finding, asked))
    return known[1]


def groups(
    session: Session, vault: Vault, viewer: Viewer, territories: Collection[str] = ()
) -> list[Group]:
    """Return those to classify by the word of their last list, the largest group first."""
    ids = unclassified(session, vault, viewer, territories)
    names = true_names(session, vault, viewer, ids)
    places = communes(session, names.values())
    words = said_as(session, vault, ids)
    why = why_hidden(session, vault, viewer, ids, but="unclassified")
    actors = select(Actor.id, Actor.public_id, Actor.territory_code).where(among(Actor.id, ids))
    found: dict[str, list[Waiting]] = defaultdict(list)
    spelled: dict[str, str] = {}
    for actor, public_id, territory in session.execute(actors):
        named = names[actor]
        word = words[actor].word[:LONGEST] if actor in words else ""
        key = word_key(word)
        spelled.setdefault(key, word)
        commune = places.get(named.commune or "", named.city or "")
        doubts = tuple(why.get(actor, ()))
        found[key].append(Waiting(public_id, named.name, commune, territory, doubts))
    sorted_groups = sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))
    return [
        Group(spelled[key], tuple(sorted(those, key=lambda e: (e.territory, e.name.casefold()))))
        for key, those in sorted_groups
    ]


def word_key(word: str) -> str:
    """Return what a word is known by on the pile, however a list writes it."""
    return stem(word[:LONGEST])


def said_as(session: Session, vault: Vault, actors: Iterable[UUID]) -> dict[UUID, SaidAs]:
    """Return the word of the last line of each actor that was no known category."""
    statement = (
        select(SourceRow.actor_id, SourceRow.id, SourceRow.content, SourceFile.source_id)
        .join(SourceFile, SourceFile.id == SourceRow.source_file_id)
        .where(among(SourceRow.actor_id, set(actors)))
        .ext(distinct_on(SourceRow.actor_id))
        .order_by(SourceRow.actor_id, SourceFile.received_at.desc(), SourceRow.line)
    )
    found: dict[UUID, SaidAs] = {}
    for actor, row_id, sealed, source in session.execute(statement):
        content = vault.open_json("source_row", row_id, "content", sealed)
        for problem in content["told"]:
            if actor and problem["message"] in UNKNOWN_CATEGORIES and problem["value"]:
                found[actor] = SaidAs(" ".join(problem["value"].split()), source)
    return found
