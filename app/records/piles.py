"""What waits in two piles: who is to be classified, by the words of lists, and who is hidden."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.models import Actor, ActorProtected, SourceFile, SourceRow
from app.platform.database.sessions import among, written
from app.records.finding import Finding
from app.records.known_causes import known_whys
from app.records.listing import count_wanted
from app.records.true_names import communes, true_names
from app.records.wanted import Wanted, conditions, of_list
from app.vault.sealing import Vault
from app.visibility import Viewer
from importers.problems import UNKNOWN_CATEGORY
from importers.terms import stem

_COUNTED: dict[Viewer, tuple[tuple[object, ...], int]] = {}
# Of a cell that is no category but a sentence.
LONGEST = 80


@dataclass(frozen=True, slots=True)
class Waiting:
    """An actor to classify, as staff read it without opening it."""

    public_id: str
    name: str
    commune: str
    territory: str


@dataclass(frozen=True, slots=True)
class Group:
    """Those for which lists have one word; "" where they have none."""

    word: str
    actors: tuple[Waiting, ...]


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
    words = _words(session, vault, ids)
    actors = select(Actor.id, Actor.public_id, Actor.territory_code).where(among(Actor.id, ids))
    found: dict[str, list[Waiting]] = defaultdict(list)
    spelled: dict[str, str] = {}
    for actor, public_id, territory in session.execute(actors):
        named, word = names[actor], words.get(actor, "")
        key = stem(word)
        spelled.setdefault(key, word)
        commune = places.get(named.commune or "", named.city or "")
        found[key].append(Waiting(public_id, named.name, commune, territory))
    sorted_groups = sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))
    return [
        Group(spelled[key], tuple(sorted(those, key=lambda e: (e.territory, e.name.casefold()))))
        for key, those in sorted_groups
    ]


def _words(session: Session, vault: Vault, actors: Iterable[UUID]) -> dict[UUID, str]:
    """Return the word of the last line of each actor that was no known category."""
    statement = (
        select(SourceRow.actor_id, SourceRow.id, SourceRow.content)
        .join(SourceFile, SourceFile.id == SourceRow.source_file_id)
        .where(among(SourceRow.actor_id, set(actors)))
        .ext(distinct_on(SourceRow.actor_id))
        .order_by(SourceRow.actor_id, SourceFile.received_at.desc(), SourceRow.line)
    )
    found: dict[UUID, str] = {}
    for actor, row_id, sealed in session.execute(statement):
        content = vault.open_json("source_row", row_id, "content", sealed)
        for problem in content["told"]:
            if actor and problem["message"] == UNKNOWN_CATEGORY and problem["value"]:
                found[actor] = " ".join(problem["value"].split())[:LONGEST]
    return found
