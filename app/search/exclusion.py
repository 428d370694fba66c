"""What a person excludes by its name: what is near a place, or what is in a territory."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.places.resolution import Geocode, Suggestion, read_place, resolve
from app.places.schemas import Instead
from app.search.criteria import Search
from app.search.schemas import Chip


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
        return Exclusion(_from(session, search, resolution.choices[0]), text)
    choices = tuple(
        Chip(f"{each.label} – {each.detail}" if each.detail else each.label, other.url())
        for each in resolution.choices
        for other in (_from(session, search, each),)
    )
    return Exclusion(search, text, choices, resolution.notice, shorter=resolution.shorter)


def _from(session: Session, search: Search, suggestion: Suggestion) -> Search:
    if suggestion.kind == "territoire":
        return search.but(without=tuple(sorted({*search.without, suggestion.code})))
    return search.but(far=read_place(session, suggestion.code))
