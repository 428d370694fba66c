"""Reads a search from an address, strictly: what it does not know is an error in French."""

import re
from collections.abc import Iterable

from sqlalchemy import func, literal_column, select
from sqlalchemy.orm import Session

from app.errors import FilterUnknown, RequestInvalid
from app.gazetteer.territories import read_territory
from app.places.resolution import read_place
from app.search.criteria import AGE_MAX, EVERYWHERE, RADII, TEXT_MAX, Match, Opening, Order, Search
from app.search.selection import has_text
from app.search.situations import situations
from app.search.words import tsquery
from app.visibility import published
from importers import vocabulary

LAST_PAGE = 2_000
# As addresses write them, without zeros in front: one page has one address.
NUMBER = re.compile(r"0|[1-9][0-9]{0,3}")
MOST_TERRITORIES = 20
VIEWS = ("carte",)


def valid_codes() -> dict[str, tuple[str, ...]]:
    """Return what each filter of the address knows, in the order in which it is shown."""
    words = vocabulary.load()
    categories = (each.code for each in words.categories.values() if each.publishable)
    orders = tuple(sign + each for each in Order for sign in ("", "-"))
    return {
        "categorie": tuple(categories),
        "fonction": tuple(words.functions),
        "public": tuple(words.audiences),
        "rayon": tuple(str(radius or EVERYWHERE) for radius in RADII),
        "ecart": tuple(str(radius) for radius in RADII if radius),
        "ouvert": tuple(Opening),
        "s": tuple(str(number) for number in situations()),
        "tri": orders,
        "vue": VIEWS,
        "fond": ("sans",),
    }


CODES = valid_codes()


def read_search(
    session: Session,
    *,
    territory: str = "",
    territory_known: bool = False,
    dans: Iterable[str] = (),
    lieu: str = "",
    rayon: str = "",
    q: str = "",
    categorie: Iterable[str] = (),
    fonction: Iterable[str] = (),
    public: Iterable[str] = (),
    age: str = "",
    ouvert: str = "",
    sans: Iterable[str] = (),
    loin: str = "",
    ecart: str = "",
    s: str = "",
    tri: str = "",
    page: str = "",
    vue: str = "",
    fond: str = "",
) -> Search:
    """Return what an address asks for, each value as a form sends it, "" for none.

    territory_known: do not look it up, since who runs the search finds out.
    Raises FilterUnknown, RequestInvalid, PlaceUnknown or TerritoryUnknown.
    """
    order = _one("tri", tri)
    if territory and not territory_known:
        territory = read_territory(session, territory).code
    among = _territories(session, "dans", dans)
    if among and (territory or lieu):
        raise RequestInvalid(problem="« dans » ne va ni avec un territoire, ni avec un lieu")
    search = Search(
        territory=territory or None,
        among=among,
        place=read_place(session, lieu) if lieu and not territory else None,
        radius=_radius("rayon", rayon),
        text=" ".join(q[:TEXT_MAX].replace("\x00", " ").split()),
        categorie=_several("categorie", categorie),
        fonction=_several("fonction", fonction),
        public=_several("public", public),
        age=_number("age", age, 0, AGE_MAX) if age else None,
        opening=Opening(_one("ouvert", ouvert)) if ouvert else None,
        without=tuple(sorted(_territories(session, "sans", sans))),
        far=read_place(session, loin) if loin else None,
        far_km=_radius("ecart", ecart) or Search().far_km,
        situation=situations()[int(_one("s", s))] if s else None,
        order=Order(order.lstrip("-")) if order else None,
        descending=order.startswith("-"),
        page=_number("page", page, 1, LAST_PAGE) if page else 1,
        view=_one("vue", vue),
        background=not _one("fond", fond),
    )
    return search.as_found(match_of(session, search))


def match_of(session: Session, search: Search) -> Match:
    """Say how the text of a search is looked for: no actor anywhere may have its words."""
    if search.text and not _has_words(session, search):
        return Match.SIMILAR
    return Match.WORDS


def _has_words(session: Session, search: Search) -> bool:
    if not tsquery(search.text):
        return False
    actor = published()
    found = select(literal_column("1")).select_from(actor).where(has_text(actor, search)).exists()
    return bool(session.scalar(select(func.coalesce(found, literal_column("false")))))


def _one(name: str, value: str) -> str:
    if value and value not in CODES[name]:
        raise FilterUnknown(name=name, value=value[:80], valid=", ".join(CODES[name]))
    return value


def _several(name: str, values: Iterable[str]) -> tuple[str, ...]:
    asked = {value for value in values if value}
    for value in sorted(asked):
        _one(name, value)
    return tuple(code for code in CODES[name] if code in asked)


def _radius(name: str, value: str) -> int | None:
    if not value:
        return Search().radius
    return None if _one(name, value) == EVERYWHERE else int(value)


def _number(name: str, value: str, least: int, most: int) -> int:
    if not (NUMBER.fullmatch(value) and least <= int(value) <= most):
        raise RequestInvalid(problem=f"« {name} » est un nombre entre {least} et {most}")
    return int(value)


def _territories(session: Session, name: str, codes: Iterable[str]) -> tuple[str, ...]:
    """Return codes once each, in the order in which they are asked for."""
    asked = dict.fromkeys(code for code in codes if code)
    if len(asked) > MOST_TERRITORIES:
        raise RequestInvalid(problem=f"« {name} » prend au plus {MOST_TERRITORIES} territoires")
    return tuple(read_territory(session, code).code for code in asked)
