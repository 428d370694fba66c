"""Whom a sheet says to call, where its reader is."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from app.gazetteer.territories import read_territory
from app.places.addresses import Geocode
from app.places.resolution import resolve
from app.resources.calling import Called, who_to_call
from app.search.reading import read_search

# Of the part of the page that says it.
PART = "appeler"


@dataclass(frozen=True, slots=True)
class Calls:
    """Who does what a sheet needs done. code, label: of the place, in addresses and in French."""

    code: str
    label: str
    called: tuple[Called, ...]


def address_of(
    session: Session, path: str, functions: Sequence[str], text: str, geocode: Geocode
) -> str:
    """Return where a typed place leads: to the sheet at path, with whom to call there.

    What means no place, or several, is asked about by the search, which looks for the same.
    """
    found = resolve(session, text, geocode)
    if found.place is not None:
        return f"{path}?{urlencode({'lieu': found.place.code})}#{PART}"
    # Of an address the name of its commune stays, and the street does not.
    said = text if found.shorter is None else found.shorter
    pairs = [("fonction", each) for each in functions] + [("ou", said)]
    return f"/autour?{urlencode(pairs)}"


def calls_at(session: Session, functions: Sequence[str], place: str, at: datetime) -> Calls:
    """Return whom to call at a place, by its code; raises PlaceUnknown or RequestInvalid.

    Who does several things stands under the first of them alone.
    """
    where = read_search(session, lieu=place)
    called = tuple(_once(who_to_call(session, functions, where, at)))
    if where.place is not None:
        return Calls(where.place.code, where.place.label, called)
    # A commune of which no point is known is looked in by its territory.
    return Calls(place, read_territory(session, where.territory or "").name, called)


def _once(called: Iterable[Called]) -> Iterator[Called]:
    seen: set[str] = set()
    for each in called:
        cards = tuple(card for card in each.cards if card.public_id not in seen)
        seen |= {card.public_id for card in cards}
        yield replace(each, cards=cards)
