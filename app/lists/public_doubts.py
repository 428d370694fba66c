"""Which public actors a new line may be, though nothing names it for sure: reasons in words.

Between who is public before and after alone, a line of which a doubt holds the place included: its
name is public. Of whoever is hidden exact names are compared, and nothing else: what resembles one
would be found by lists of guesses.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from sqlalchemy.orm import Session

from app.lists.public_names import Public, PublicNames
from app.lists.reading import Reading
from app.records.reasons import heaviness, weighed
from app.records.said_by_lines import hides, is_named
from geo.address import address_keys, place_keys
from geo.arrondissements import whole_commune
from geo.gazetteer import Gazetteer
from geo.spelling import same_address
from importers.likeness import Likeness, compare, read_name, spell_out
from importers.row import ActorFields, ActorRow

# Whom one line may be, at most.
MOST = 5
# So many public actors share a mark with a line at most, where it tells something of each: more
# have a switchboard, and of a SIRET that several have nobody knows whose it is.
_BEARERS = {"phone": 3, "mail": 3, "siret": 1}
_LABELS = {
    "address": "même adresse postale",
    "phone": "même téléphone",
    "mail": "même adresse électronique",
    "site": "même site",
}
_REACHED = frozenset({"phone", "mail"})
CLOSE, _WITHIN = "noms proches", "nom contenu dans l'autre"
_NEAREST: tuple[Likeness, ...] = ("same", "part", "other", "apart")
_HERE, _CATEGORY = "même commune", "même catégorie"


def shared(kinds: Collection[str]) -> list[str]:
    """Return what two actors share, in words."""
    return [label for kind, label in _LABELS.items() if kind in kinds]


class PublicDoubts:
    """Compares new lines of which all, or all but their place, is public with public actors.

    pairs: line and actor -> what they share of marks. present: whom other lines of the list are.
    """

    def __init__(
        self,
        session: Session,
        gazetteer: Gazetteer,
        reading: Reading,
        pairs: Mapping[tuple[int, UUID], Collection[str]],
        new: Collection[int],
        present: Collection[UUID],
    ) -> None:
        rows = {number: reading.lines[number].row for number in new}
        self._rows = {number: row for number, row in rows.items() if is_named(row)}
        self._gazetteer, self._pairs, self._present = gazetteer, pairs, present
        communes = {whole_commune(row.commune) for row in self._rows.values() if row.commune}
        self._marked: dict[int, list[UUID]] = defaultdict(list)
        for number, actor in pairs:
            if number in self._rows:
                self._marked[number].append(actor)
        marked = set(chain.from_iterable(self._marked.values()))
        self._names = PublicNames(session, gazetteer, communes, marked)

    def is_public(self, number: int, actor: UUID) -> bool:
        """Return whether a line and an actor are both public."""
        return number in self._rows and actor in self._names.by_id

    def of(self) -> Iterator[tuple[int, UUID, str]]:
        """Yield lines, whom each may be, and why: the likeliest first, and few of them.

        Of lines that may be one actor those count whose names are nearest to its own; one that is
        known to be it has the same.
        """
        found = {number: list(self._of_line(number, row)) for number, row in self._rows.items()}
        nearest: dict[UUID, int] = dict.fromkeys(self._present, 0)
        for actor, near, _ in chain.from_iterable(found.values()):
            nearest[actor] = min(near, nearest.get(actor, near))
        for number, each in found.items():
            left = [(actor, why) for actor, near, why in each if near == nearest[actor]]
            left.sort(key=lambda one: (heaviness(weighed(one[1])), one[0]))
            yield from ((number, *one) for one in left[:MOST])

    def _of_line(self, number: int, row: ActorRow) -> Iterator[tuple[UUID, int, str]]:
        """Yield whom a line may be, how near their names are, and why."""
        marked = {each: self._pairs[number, each] for each in self._marked.get(number, ())}
        return public_doubts(self._gazetteer, self._names, row, marked)


def public_doubts(
    gazetteer: Gazetteer,
    names: PublicNames,
    row: ActorFields,
    marked: Mapping[UUID, Collection[str]],
) -> Iterator[tuple[UUID, int, str]]:
    """Yield whom among public actors a public one may be, how near their names are, and why.

    marked: those that share marks with it, and of which kinds these are.
    """
    shared_kinds = {each: kinds for each, kinds in marked.items() if each in names.by_id}
    bearers = Counter(kind for kinds in shared_kinds.values() for kind in kinds)
    tell = {kind for kind, count in bearers.items() if count <= _BEARERS.get(kind, count)}
    for actor in {*shared_kinds, *names.close_to(row)}:
        if known := names.by_id.get(actor):
            beside = _beside(gazetteer, row, known)
            kinds = tell.intersection(shared_kinds.get(actor, ()))
            if because := _because(beside, row, known, kinds):
                yield actor, _NEAREST.index(beside.likeness), because


def without_others(
    session: Session,
    gazetteer: Gazetteer,
    reading: Reading,
    ties: Mapping[int, UUID],
    by_body: Mapping[int, str],
) -> dict[int, UUID]:
    """Return ties of lines to actors without those of two services of one body, or two antennas.

    by_body: lines that "siret" or "rna" alone ties: lists give those of the body as well. A
    register tells its own apart.
    """
    rows = {number: reading.lines[number].row for number in by_body}
    rows = {number: row for number, row in rows.items() if not hides(row)}
    if reading.upload.register is not None or not rows:
        return dict(ties)
    known = PublicNames(session, gazetteer, (), {ties[number] for number in rows}).by_id

    def is_another(number: int, actor: UUID) -> bool:
        if number not in rows or actor not in known:
            return False
        return _is_another(_beside(gazetteer, rows[number], known[actor]), by_body[number])

    return {number: actor for number, actor in ties.items() if not is_another(number, actor)}


@dataclass(frozen=True, slots=True)
class _Beside:
    """How far names are the same, whether both are proper ones, and say anything of who they are;
    here: in one commune. spelled_out: both have a sigle of their own and what it stands for.
    """

    likeness: Likeness
    is_proper: bool
    tell: bool
    here: bool
    spelled_out: bool = False


def _is_another(beside: _Beside, by: str) -> bool:
    """Return whether two that share the number of a body are two of its services or antennas."""
    match beside.likeness:
        case "same":
            return False
        case "apart":
            return True
    # All that an association has in a building bears its RNA.
    other = beside.likeness == "other"
    return beside.tell if by == "rna" else other and not beside.here


def _beside(gazetteer: Gazetteer, row: ActorFields, known: Public) -> _Beside:
    here = row.commune is not None and whole_commune(row.commune) == known.commune
    commune = gazetteer.by_insee(known.commune) if known.commune else None
    mine, theirs = row.city or "", commune.name if commune else ""
    own = (row.name, mine), (known.name, theirs)
    if not here and all(read_name(name, (town,)).towned for name, town in own):
        # Each is called after its own town.
        return _Beside("apart", is_proper=False, tell=True, here=False)
    codes = {row.territory, known.territory}
    territories = (gazetteer.territory(code) for code in codes)
    # "CRIP 62" is the one of Pas-de-Calais.
    towns = (mine, theirs, *sorted(each.name for each in territories if each), *sorted(codes))
    one, other = read_name(row.name, towns), read_name(known.name, towns)
    is_proper, tell = one.is_proper and other.is_proper, one.tells and other.tells
    return _Beside(compare(one, other), is_proper, tell, here, spell_out(one, other))


def _because(
    beside: _Beside, row: ActorFields, known: Public, kinds: Collection[str]
) -> str | None:
    """Return why a line may be a public actor, in words; None where it is too little to ask."""
    if beside.likeness == "apart" and not (beside.here and "siret" in kinds):
        return None
    if beside.here and "address" not in kinds and _same_place(row, known):
        kinds = {*kinds, "address"}
    return ", ".join(_reasons(beside, row, known, kinds)) or None


def _reasons(beside: _Beside, row: ActorFields, known: Public, kinds: Collection[str]) -> list[str]:
    """Return why two whose names do not tell them apart may be one; none where it is too little."""
    here, found = beside.here, shared(kinds)
    close = [*found, CLOSE] if found else [CLOSE, _HERE]
    unplaced = not (row.street and known.address)
    reached, placed = len(_REACHED & set(kinds)), "address" in kinds
    match beside.likeness:
        case _ if "siret" in kinds:
            return ["même SIRET", *found]
        case "same" if reached or (here and (found or unplaced or beside.spelled_out)):
            return close
        case "part" | "other" if not beside.tell:
            # "Antenne 21" is like any other.
            return []
        case "part" if here and (
            (placed and (reached or not (row.phones and known.has_phone)))
            or (beside.is_proper and (reached or unplaced))
            or ("mail" in kinds and unplaced)
            or reached == len(_REACHED)
        ):
            return [*found, _WITHIN]
        case "part" if beside.is_proper and reached == len(_REACHED):
            return [*found, _WITHIN]
        case "other" if here and reached + placed > 1 and row.category == known.category:
            return [*found, _CATEGORY]
    return []


def _same_place(row: ActorFields, known: Public) -> bool:
    """Return whether two addresses of a commune are one: "26 rue V. Hugo", "26 rue Victor-Hugo".

    One without a number is one place as well, where both say no more than it.
    """
    if row.address and known.address and same_address(row.address, known.address):
        return True
    mine = address_keys(row.street, row.address, row.commune)
    theirs = address_keys(None, known.address, row.commune)
    short = (
        place_keys(keys, text, row.commune, row.city)
        for keys, text in ((mine, row.address), (theirs, known.address))
    )
    # "rue du 11-Novembre", "rue du 11-Novembre-1918".
    longer = any(
        one.startswith(f"{two} ") or two.startswith(f"{one} ") for one in mine for two in theirs
    )
    return longer or not next(short).isdisjoint(next(short))
