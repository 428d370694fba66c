"""Redirects after a place was entered: to which address, and what that page then says."""

from dataclasses import replace
from urllib.parse import urlencode

from fastapi import Response
from fastapi.responses import RedirectResponse

from app.places.resolution import WITHOUT_COMMUNE
from app.places.schemas import HOMONYMS, NO_COMMUNE, NO_POINT, Instead
from app.search.criteria import Search
from app.search.exclusion import Exclusion

# Before a reason of Instead, where the place is excluded from the search.
FAR = "loin-"


def settled(
    search: Search, *, lieu: Instead | None = None, loin: Instead | None = None
) -> Response:
    """Lead to the address of a search, which repeats nothing that was entered but its words."""
    avis = lieu or (loin and FAR + loin)
    return lead(search, *([("avis", avis)] if avis else []))


def shortened(exclusion: Exclusion, *more: tuple[str, str]) -> Response:
    """Lead to the address of a search that repeats no street that was entered as an exclusion."""
    said = ("eloigner", exclusion.shorter) if exclusion.shorter else ("avis", FAR + NO_COMMUNE)
    return lead(exclusion.search, said, *more)


def in_territory(exclusion: Exclusion) -> Response:
    """Lead to the territory that stands for a commune without a point, and say there why."""
    if exclusion.text and not exclusion.settled:
        return lead(exclusion.search, ("eloigner", exclusion.text))
    return lead(
        exclusion.search, ("avis", FAR + exclusion.instead if exclusion.instead else NO_POINT)
    )


def lead(search: Search, *more: tuple[str, str]) -> Response:
    """Lead to the address of a search, with more parameters."""
    url = search.url()
    if more:
        url += f"{'&' if '?' in url else '?'}{urlencode(more)}"
    return RedirectResponse(url, 303)


def is_said(avis: str, *, around: bool) -> bool:
    """Return whether a page says something for "avis"; around: it names a place, excludes none."""
    return avis in (NO_COMMUNE, NO_POINT, FAR + NO_COMMUNE) or (
        around and avis in (HOMONYMS, *Instead)
    )


def explained(exclusion: Exclusion, avis: str) -> Exclusion:
    """Say why a commune is excluded in place of what was entered."""
    instead = avis.removeprefix(FAR)
    if avis == FAR + NO_COMMUNE:
        return replace(exclusion, notice=f"L’éloignement ne s’applique pas. {WITHOUT_COMMUNE}")
    if exclusion.search.far and avis.startswith(FAR) and instead in tuple(Instead):
        return replace(exclusion, notice=Instead(instead).sentence(exclusion.search.far))
    return exclusion
