"""What the form of the page that builds an embed sends: read strictly, as addresses are."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Query
from sqlalchemy.orm import Session

from app.embeds.code import HEIGHT, HEIGHT_MAX, HEIGHT_MIN
from app.embeds.look import read_look
from app.errors import FilterUnknown, RequestInvalid
from app.public.embeds.recipe import Colours, Recipe, Where
from app.search.facets import BY_NAME, FACETS
from app.search.parameters import Place, given_by, of_facet
from app.search.reading import read_search
from app.search.values import NUMBER

Given = dict[str, Any]
Short = Annotated[str, Query(max_length=100)]
Many = Annotated[tuple[str, ...], Query(max_length=200)]
LOOK = ("liste", "filtres", "coins")
COLOURS = ("couleur", "papier", "encre")


PARAMETERS: dict[str, Any] = {
    "portee": Short,
    "dans": Many,
    "lieu": Place,
    "rayon": Short,
    "q": Annotated[str, Query(max_length=500)],
    **{facet.name: of_facet(facet) for facet in FACETS},
    **dict.fromkeys(("s", "fond", *LOOK, "couleurs", *COLOURS, "hauteur"), Short),
}

GivenOf = Annotated[Given, Depends(given_by(PARAMETERS))]


def read_recipe(session: Session, given: Given, place_text: str) -> Recipe:
    """Return what the form says; of its three ways to say where, only the one that is open.

    Raises FilterUnknown, RequestInvalid, PlaceUnknown or TerritoryUnknown.
    """
    where = _where(given["portee"], lieu=given["lieu"], ou=place_text)
    codes = sorted({code for code in given["dans"] if code}) if where is Where.TERRITORIES else []
    around = where is Where.PLACE
    search = read_search(
        session,
        territory=codes[0] if len(codes) == 1 else "",
        dans=codes if len(codes) > 1 else (),
        lieu=given["lieu"] if around else "",
        rayon=given["rayon"] if around else "",
        **{name: given[name] for name in ("q", *BY_NAME, "s", "fond")},
    )
    colours = _colours(given["couleurs"], {name: given[name] for name in COLOURS})
    look = read_look(**{name: given[name] for name in LOOK}, **colours)
    return Recipe(where=where, search=search, look=look, height=_height(given["hauteur"]))


def _where(portee: str, *, lieu: str, ou: str) -> Where:
    """Return how one says where; a link from a search says it by what it carries.

    Raises FilterUnknown.
    """
    if portee and portee not in tuple(Where):
        raise FilterUnknown(name="portee", value=portee[:80], valid=", ".join(Where))
    return Where(portee or (Where.PLACE if lieu or ou else Where.TERRITORIES))


def _colours(couleurs: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return the colours to read, by parameter, without the "#" of a form's; {} for our own.

    Raises FilterUnknown.
    """
    if couleurs and couleurs not in tuple(Colours):
        raise FilterUnknown(name="couleurs", value=couleurs[:80], valid=", ".join(Colours))
    if couleurs == Colours.OURS:
        return {}
    return {name: value.removeprefix("#") for name, value in given.items()}


def _height(hauteur: str) -> int:
    """Return a height in px; raises RequestInvalid."""
    if not hauteur:
        return HEIGHT
    if not (NUMBER.fullmatch(hauteur) and HEIGHT_MIN <= int(hauteur) <= HEIGHT_MAX):
        limits = f"entre {HEIGHT_MIN} et {HEIGHT_MAX}"
        raise RequestInvalid(problem=f"« hauteur » est un nombre de pixels {limits}")
    return int(hauteur)
