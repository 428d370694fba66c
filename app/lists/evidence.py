"""What speaks for two actors being one, and what against it: in words, each with its weight."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from geo.address import address_key
from geo.arrondissements import whole_commune
from geo.likeness import closeness
from importers.identity import proper_key, where_key
from importers.row import ActorFields

# Of the weights of two actors together: from here on a person is asked.
DOUBTFUL = 50
# From 0 to 100, of two names, of the proper names of two of which one is hidden, of two streets.
SIMILAR, SIMILAR_TO_A_HOME, SIMILAR_STREETS = 80, 85, 85
# Of two names that are the same; of others, one less for each point that they are less close.
_SAME_NAME = 40
# Kind of a mark -> what is said of it, its weight, and that of one which others have as well.
_SHARED = {
    "finess": ("même FINESS", 80, 15),
    "siret": ("même SIRET", 80, 15),
    "phone": ("même téléphone", 40, 10),
    "mail": ("même adresse électronique", 40, 10),
    "address": ("même adresse postale", 30, 30),
    "rna": ("même RNA", 15, 5),
    "site": ("même site", 15, 5),
}
_COMMON = " que plusieurs fiches"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two actors are one, or, below zero, two.

    discreet: it tells no address, number or contact of them. sure: one asks, whatever the others.
    """

    words: str
    weight: int
    discreet: bool = False
    sure: bool = False

    def __str__(self) -> str:
        """Return the words with their weight: "même téléphone (40)"."""
        return f"{self.words} ({self.weight})".replace("(-", "(−")


OF_A_HOME = Reason("le nom d'un lieu caché de la même commune", 60, discreet=True, sure=True)
NEAR_A_HOME = Reason(
    "un nom proche de celui d'un lieu caché de la même commune", 50, discreet=True, sure=True
)
ABSENT = Reason("absent de la liste où cette fiche arrive", 10, discreet=True)
LISTED = Reason("la liste lui donne une autre ligne", -25, discreet=True)
_SAME_COMMUNE = Reason("même commune", 20, discreet=True)
_OTHER_COMMUNE = Reason("autre commune", -20, discreet=True)
_CLOSE_STREETS = Reason("adresses postales proches", 20)
_OTHER_STREET = Reason("autre adresse postale", -25)
_OTHER_NUMBERS = {"finess": Reason("autre FINESS", -30), "siret": Reason("autre SIRET", -15)}


def is_doubtful(reasons: Iterable[Reason]) -> bool:
    """Return whether a person is to be asked."""
    found = list(reasons)
    return any(each.sure for each in found) or sum(each.weight for each in found) >= DOUBTFUL


def spoken(reasons: Iterable[Reason]) -> str:
    """Return the reasons in words, the weightiest first, those against it behind."""
    return ", ".join(map(str, sorted(reasons, key=lambda each: -each.weight)))


def weigh(
    row: ActorFields, other: ActorFields, shared: Mapping[str, bool], *, names_a_home: bool
) -> list[Reason]:
    """Return what speaks for a line being a stored actor, and against it.

    shared: kinds of marks that both bear, and whether these two alone do. names_a_home: one of the
    two is hidden, or houses children.
    """
    found = [
        Reason(words, alone) if shared[kind] or alone == common else Reason(words + _COMMON, common)
        for kind, (words, alone, common) in _SHARED.items()
        if kind in shared
    ]
    here = where_key(row) == where_key(other)
    found += _of_names(row, other, here=here, home=names_a_home, proper="proper" in shared)
    if "address" not in shared:
        found += _of_places(row, other, here=here)
    for name, reason in _OTHER_NUMBERS.items():
        mine, theirs = getattr(row, name), getattr(other, name)
        if mine and theirs and mine != theirs:
            found.append(reason)
    return found


def agree(row: ActorFields, other: ActorFields, *, numbered: bool) -> bool:
    """Return whether what a line says beside what ties it to a stored actor lets it be that one.

    A body gives its number to each of its offices: in another commune, or under another name, the
    address, a phone or a mailbox has to be the same. Without a number it is the name that ties: two
    of different categories that are reached otherwise are two, and so where none has a street.
    """
    mine, theirs = ({*each.phones, *each.emails} for each in (row, other))
    if mine & theirs:
        return True
    if not numbered:
        placed = row.street and not (mine and theirs)
        return bool(placed) or row.category == other.category
    here, there = _place(row), _place(other)
    if here and here == there:
        return True
    return where_key(row) == where_key(other) and closeness(row.name, other.name) >= SIMILAR


def _place(actor: ActorFields) -> str | None:
    return address_key(actor.street or actor.address, actor.commune)


def _of_names(
    row: ActorFields, other: ActorFields, *, here: bool, home: bool, proper: bool
) -> list[Reason]:
    if home and (proper or here):
        mine, theirs = proper_key(row), proper_key(other)
        if proper:
            return [OF_A_HOME]
        if mine and theirs and _close(mine, theirs) >= SIMILAR_TO_A_HOME:
            return [NEAR_A_HOME]
    close = closeness(row.name, other.name)
    if close < SIMILAR:
        return []
    words = "même nom" if close == 100 else f"noms proches à {close} %"
    reason = Reason(words, close - 100 + _SAME_NAME, discreet=True)
    return [reason, _SAME_COMMUNE] if here else [reason]


def _close(mine: str, theirs: str) -> float:
    return fuzz.ratio(mine.rpartition("|")[0], theirs.rpartition("|")[0])


def _of_places(row: ActorFields, other: ActorFields, *, here: bool) -> list[Reason]:
    if row.commune and other.commune and whole_commune(row.commune) != whole_commune(other.commune):
        return [_OTHER_COMMUNE]
    mine, theirs = _place(row), _place(other)
    if not here or not mine or not theirs:
        return []
    same_number = _number(mine) == _number(theirs)
    close = same_number and fuzz.ratio(mine, theirs) >= SIMILAR_STREETS
    return [_CLOSE_STREETS if close else _OTHER_STREET]


def _number(place: str) -> str:
    return place.partition("|")[2].partition(" ")[0]
