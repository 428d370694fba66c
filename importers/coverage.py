"""What an actor covers, which is not where it sits: territories, communes, or the whole country."""

import re
from typing import TypedDict

from geo.gazetteer import Gazetteer
from geo.text import fold
from importers import terms

_NATIONAL = frozenset({"national", "nationale", "france", "france entiere", "toute la france"})
_OWN = frozenset({"departement", "departementale", "departemental", "tout le departement"})
_FIVE = re.compile(r"\d[\dAB]\d{3}", re.ASCII | re.IGNORECASE)


class Coverage(TypedDict, total=False):
    """Fields of an ActorRow."""

    covers_national: bool
    covers_territories: tuple[str, ...]
    covers_communes: tuple[str, ...]


def read_coverage(text: str, gazetteer: Gazetteer, territory: str) -> tuple[Coverage, list[str]]:
    """Return what a cell covers, as codes, and the pieces that name nothing.

    "Rhône ; Métropole de Lyon", "Bobigny, Montreuil", "93008;93048", "national". territory: that
    of the actor's seat, in which communes are looked for.
    """
    if fold(text) in _NATIONAL:
        return {"covers_national": True}, []
    territories: list[str] = []
    communes: list[str] = []
    unknown: list[str] = []
    pieces = [piece for piece in map(str.strip, terms.pieces(text)) if piece]
    coded = _by_code(pieces, gazetteer)
    for piece in pieces:
        if code := coded.get(piece):
            communes.append(code)
        elif found := gazetteer.territory_named(piece):
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


def _by_code(pieces: list[str], gazetteer: Gazetteer) -> dict[str, str]:
    """Return the commune of each piece that is an INSEE code; none where they are postcodes.

    01200 is both: the other codes of the cell tell.
    """
    fives = [piece for piece in pieces if _FIVE.fullmatch(piece)]
    communes = {piece: found.code for piece in fives if (found := gazetteer.by_insee(piece))}
    postal = sum(1 for piece in fives if gazetteer.with_postcode(piece))
    return communes if len(communes) >= postal else {}
