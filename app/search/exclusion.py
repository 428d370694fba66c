"""What a person types to keep away from: a place, around which a distance holds, or a territory."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.places.resolution import Geocode, Suggestion, read_place, resolve
from app.places.schemas import Instead
from app.search.criteria import Search
from app.search.schemas import Chip


@dataclass(frozen=True, slots=True)
class Away:
    """A search that keeps away from what was typed, or what that may mean.

    choices: what it may mean, each with the search that keeps away from it. notice: a French
    sentence to show; without one nor choices, the address of the search says all. instead: why a
    commune stands for what was typed; shorter: of Resolution.
    """

    search: Search
    typed: str = ""
    choices: tuple[Chip, ...] = ()
    notice: str | None = None
    instead: Instead | None = None
    shorter: str | None = None

    @property
    def settled(self) -> bool:
        """Return whether something was typed, and an address can say what came of it."""
        return bool(self.typed) and not (self.choices or self.notice)


def keep_away(session: Session, search: Search, typed: str, geocode: Geocode | None = None) -> Away:
    """Return the same search away from what was typed; as it was where nothing was."""
    if not typed.strip():
        return Away(search)
    meant = resolve(session, typed, geocode)
    if meant.place:
        return Away(search.but(far=meant.place), typed, instead=meant.instead)
    if len(meant.choices) == 1 and not meant.notice:
        return Away(_from(session, search, meant.choices[0]), typed)
    choices = tuple(
        Chip(f"{each.label} – {each.detail}" if each.detail else each.label, other.url())
        for each in meant.choices
        for other in (_from(session, search, each),)
    )
    return Away(search, typed, choices, meant.notice, shorter=meant.shorter)


def _from(session: Session, search: Search, meant: Suggestion) -> Search:
    if meant.kind == "territoire":
        return search.but(without=tuple(sorted({*search.without, meant.code})))
    return search.but(far=read_place(session, meant.code))
