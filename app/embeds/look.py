"""How an embed looks, as its address says: what is shown beside the map, in which colours."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query

from app.errors import FilterUnknown, RequestInvalid
from app.search.criteria import Search

# A colour as a colour picker writes it, without the "#" that an address would have to escape.
COLOUR = re.compile(r"[0-9a-fA-F]{6}")
CORNER = 8
CORNER_MAX = 24
NO = "non"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the address of an embed says beside its search.

    listed: the list stands beside the map. filters: they are shown; hidden ones still apply.
    accent, paper, ink: of links and buttons, of the page, of its text; six lower-case hexadecimal
    digits, None for our own. corner: radius in px.
    """

    listed: bool = True
    filters: bool = True
    accent: str | None = None
    paper: str | None = None
    ink: str | None = None
    corner: int = CORNER

    def pairs(self) -> list[tuple[str, str]]:
        """Return the parameters of its address, in one order; what is as usual is left out."""
        shown = (("liste", self.listed), ("filtres", self.filters))
        return [*((name, NO) for name, on in shown if not on), *self.colours()]

    def colours(self) -> list[tuple[str, str]]:
        """Return those of its parameters that change colours or corners."""
        named = (("couleur", self.accent), ("papier", self.paper), ("encre", self.ink))
        pairs = [(name, colour) for name, colour in named if colour]
        return pairs + ([("coins", str(self.corner))] if self.corner != CORNER else [])


def read_look(
    *,
    liste: str = "",
    filtres: str = "",
    couleur: str = "",
    papier: str = "",
    encre: str = "",
    coins: str = "",
) -> Look:
    """Return how an embed looks, each value as a form sends it, "" for none.

    Raises FilterUnknown or RequestInvalid.
    """
    return Look(
        listed=_shown("liste", liste),
        filters=_shown("filtres", filtres),
        accent=_colour("couleur", couleur),
        paper=_colour("papier", papier),
        ink=_colour("encre", encre),
        corner=_corner("coins", coins),
    )


def embed_url(search: Search, look: Look) -> str:
    """Return the address of the embed of a search: path and query, without who follows a child."""
    path = f"/integration/{search.territory or 'autour'}"
    shown = search.but(page=search.page, followed_by=None)
    return addressed(path, shown.pairs() + look.pairs())


def theme_url(look: Look) -> str | None:
    """Return the address of the style sheet of its colours; None where they are our own."""
    colours = look.colours()
    return addressed("/integration/theme.css", colours) if colours else None


def addressed(path: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Return a path with these parameters, if there are any."""
    query = urlencode(list(pairs))
    return f"{path}?{query}" if query else path


def _shown(name: str, value: str) -> bool:
    if value not in ("", NO):
        raise FilterUnknown(name=name, value=value[:80], valid=NO)
    return not value


def _colour(name: str, value: str) -> str | None:
    if value and not COLOUR.fullmatch(value):
        problem = f"« {name} » s’écrit en six chiffres hexadécimaux, comme 14508c"
        raise RequestInvalid(problem=problem)
    return value.lower() or None


def _corner(name: str, value: str) -> int:
    if not value:
        return CORNER
    if value not in map(str, range(CORNER_MAX + 1)):
        raise RequestInvalid(problem=f"« {name} » est un nombre de pixels entre 0 et {CORNER_MAX}")
    return int(value)


async def _look(
    liste: Annotated[str, Query(max_length=100)] = "",
    filtres: Annotated[str, Query(max_length=100)] = "",
    couleur: Annotated[str, Query(max_length=100)] = "",
    papier: Annotated[str, Query(max_length=100)] = "",
    encre: Annotated[str, Query(max_length=100)] = "",
    coins: Annotated[str, Query(max_length=100)] = "",
) -> Look:
    return read_look(
        liste=liste, filtres=filtres, couleur=couleur, papier=papier, encre=encre, coins=coins
    )


LookOf = Annotated[Look, Depends(_look)]
