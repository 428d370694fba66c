"""What a person excludes by its name: what is near a place, or what is in a territory."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.errors import PlaceNowhere
from app.places.resolution import Geocode, Suggestion, read_place, resolve
from app.places.schemas import Instead
from app.search.criteria import Search
from app.search.schemas import Chip

NOWHERE = (
    "La position de cette commune n’est pas connue : excluez son territoire,"
    " ou une commune voisine."
)


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A search without what is near a place, or the places that a text may mean.

    choices: what it may mean, each with the search that excludes it. notice: a French
    sentence to show; without one nor choices, the address of the search says all. instead: why a
    commune stands for the text; shorter: of Resolution.
    """

    search: Search
    text: str = ""
    choices: tuple[Chip, ...] = ()
    notice: str | None = None
    instead: Instead | None = None
    shorter: str | None = None

    @property
    def settled(self) -> bool:
        """Return whether there was a text, and an address can say what came of it."""
        return bool(self.text) and not (self.choices or self.notice)


def exclude(
    session: Session, search: Search, text: str, geocode: Geocode | None = None
) -> Exclusion:
    """Return the same search without the place of a text; as it was where there is no text."""
    if not text.strip():
        return Exclusion(search)
    resolution = resolve(session, text, geocode)
    if resolution.place:
        return Exclusion(search.but(far=resolution.place), text, instead=resolution.instead)
    if len(resolution.choices) == 1 and not resolution.notice:
        only = resolution.choices[0]
        there = _from(session, search, only)
        if only.kind == "territoire" or there.without == search.without:
            return Exclusion(there, text)
        return Exclusion(search, text, (_chip(session, search, only),), NOWHERE)
    choices = tuple(_chip(session, search, each) for each in resolution.choices)
    return Exclusion(search, text, choices, resolution.notice, shorter=resolution.shorter)


def _chip(session: Session, search: Search, suggestion: Suggestion) -> Chip:
    there = _from(session, search, suggestion)
    whole = suggestion.kind != "territoire" and there.without != search.without
    parts = (suggestion.label, suggestion.detail, "tout le territoire" if whole else "")
    return Chip(" – ".join(part for part in parts if part), there.url())


def _from(session: Session, search: Search, suggestion: Suggestion) -> Search:
    """Return the search without a place or a territory: that of a place without a point."""
    territory = suggestion.code
    if suggestion.kind != "territoire":
        try:
            return search.but(far=read_place(session, suggestion.code))
        except PlaceNowhere as nowhere:
            territory = nowhere.territory
    return search.but(without=tuple(sorted({*search.without, territory})))
