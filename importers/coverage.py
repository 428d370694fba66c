"""What an actor covers, which is not where it sits: territories, communes, or the whole country."""

from typing import TypedDict

from geo.gazetteer import Gazetteer
from geo.text import fold
from importers import terms

_NATIONAL = frozenset({"national", "nationale", "france", "france entiere", "toute la france"})
_OWN = frozenset({"departement", "departementale", "departemental", "tout le departement"})


class Coverage(TypedDict, total=False):
    """Fields of an ActorRow."""

    covers_national: bool
    covers_territories: tuple[str, ...]
    covers_communes: tuple[str, ...]


def read_coverage(text: str, gazetteer: Gazetteer, territory: str) -> tuple[Coverage, list[str]]:
    """Return what a cell covers, as codes, and the pieces that name nothing.

    "Rhône ; Métropole de Lyon", "Bobigny, Montreuil", "national". territory: that of the actor's
    seat, in which communes are looked for.
    """
    if fold(text) in _NATIONAL:
        return {"covers_national": True}, []
    territories: list[str] = []
    communes: list[str] = []
    unknown: list[str] = []
    for piece in map(str.strip, terms.pieces(text)):
        if not piece:
            continue
        if found := gazetteer.territory_named(piece):
            territories.append(found.code)
        elif fold(piece) in _OWN:
            territories.append(territory)
        elif len(towns := gazetteer.find(piece, territory=territory)) == 1:
            communes.append(towns[0].code)
        else:
            unknown.append(piece)
    return {
        "covers_territories": tuple(dict.fromkeys(territories)),
        "covers_communes": tuple(dict.fromkeys(communes)),
    }, unknown
