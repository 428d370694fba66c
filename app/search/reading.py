"""Reads a search from an address, strictly: what it does not know is an error in French."""

from collections.abc import Iterable
from functools import cache

from sqlalchemy import bindparam, literal_column, select
from sqlalchemy.orm import Session

from app.errors import PlaceNowhere, RequestInvalid, TerritoryUnknown
from app.gazetteer.territories import canonical_code, read_territory
from app.models import Commune
from app.places.extent import read_extent
from app.places.points import of_extent
from app.places.resolution import read_place
from app.places.schemas import Place
from app.platform.database.driver import Statement, Written, compiled, read_rows
from app.search.conditions import TEXTS, is_one_of
from app.search.criteria import EVERYWHERE, RADII, TEXT_MAX, Match, Order, Search, choose
from app.search.facets import BY_NAME, FACETS
from app.search.selection import has_text
from app.search.situations import situations
from app.search.statements import written
from app.search.values import number, one_of
from app.search.words import Towns, phrases, tsquery
from app.visibility import published

LAST_PAGE = 2_000
MOST_TERRITORIES = 20
VIEWS = ("carte",)

# What each parameter of a few values knows, in the order in which it is shown.
CODES: dict[str, tuple[str, ...]] = {
    **{facet.name: facet.choices for facet in FACETS},
    "rayon": tuple(str(radius or EVERYWHERE) for radius in RADII),
    "ecart": tuple(str(radius) for radius in RADII if radius),
    "s": tuple(str(number) for number in situations()),
    "tri": tuple(sign + each for each in Order for sign in ("", "-")),
    "vue": VIEWS,
    "fond": ("sans", "detaille"),
}


def read_search(
    session: Session,
    *,
    territory: str = "",
    territory_known: bool = False,
    dans: Iterable[str] = (),
    lieu: str = "",
    cadre: str = "",
    rayon: str = "",
    suivi: str = "",
    q: str = "",
    sans: Iterable[str] = (),
    loin: str = "",
    ecart: str = "",
    s: str = "",
    tri: str = "",
    page: str = "",
    vue: str = "",
    fond: str = "",
    **facets: str | Iterable[str],
) -> Search:
    """Return what an address asks for, each value as a form sends it, "" for none.

    facets: by their names. territory_known: do not look it up, since who runs the search finds out.
    A commune of which no point is known is looked in by its territory.
    An unknown "suivi" is left out: nothing is selected by it, and a page says so.
    Raises FilterUnknown, RequestInvalid, PlaceUnknown or TerritoryUnknown.
    """
    order = _one("tri", tri)
    if territory and not territory_known:
        territory = read_territory(session, territory).code
    among = _territories(session, "dans", dans)
    if among and (territory or lieu or cadre):
        raise RequestInvalid(problem="« dans » ne va ni avec un territoire, ni avec un lieu")
    if lieu and cadre:
        raise RequestInvalid(problem="« cadre » ne va pas avec « lieu »")
    place = None
    try:
        place = None if territory else _place(session, lieu, cadre)
    except PlaceNowhere as nowhere:
        territory = nowhere.territory
    search = Search(
        territory=territory or None,
        among=among,
        place=place,
        radius=_radius("rayon", rayon),
        followed_by=_followed_by(session, suivi) if suivi else None,
        text=" ".join(q[:TEXT_MAX].replace("\x00", " ").split()),
        chosen=choose({name: BY_NAME[name].read(given) for name, given in facets.items()}),
        without=tuple(sorted(_territories(session, "sans", sans))),
        far=read_place(session, loin) if loin else None,
        far_km=_radius("ecart", ecart) or Search().far_km,
        situation=situations()[int(_one("s", s))] if s else None,
        order=Order(order.lstrip("-")) if order else None,
        descending=order.startswith("-"),
        page=number("page", page, 1, LAST_PAGE) if page else 1,
        view=_one("vue", vue),
        ground=_one("fond", fond),
    )
    return found_by(session, search)


def found_by(session: Session, search: Search) -> Search:
    """Return the search with how its text is looked for: no actor anywhere may have its words."""
    if not search.text:
        return search
    worded = search.as_found(Match.WORDS, _towns(session, search.text))
    if _has_words(session, worded):
        return worded
    return search.as_found(Match.SIMILAR, ())


def _towns(session: Session, text: str) -> Towns:
    """Return the towns that a text names, whose homonyms are all meant."""
    found: dict[str, list[str]] = {}
    for name, code in read_rows(session, _towns_named().given({"phrases": phrases(text)})):
        found.setdefault(name, []).append(code)
    return tuple(sorted((name, tuple(sorted(codes))) for name, codes in found.items()))


def _has_words(session: Session, search: Search) -> bool:
    if not tsquery(search.text):
        return False
    text = Search(text=search.text, match=search.match, towns=search.towns)
    return bool(read_rows(session, written(text, _one_with_words)))


def _one_with_words(search: Search) -> Statement:
    actor = published()
    return select(literal_column("1")).select_from(actor).where(has_text(actor, search)).limit(1)


@cache
def _towns_named() -> Written:
    """Return what reads the towns that some phrases name."""
    column = Commune.__table__.c
    named = is_one_of(column.search_name, bindparam("phrases", type_=TEXTS))
    return compiled(select(column.search_name, column.code).where(named))


def _place(session: Session, lieu: str, cadre: str) -> Place | None:
    if lieu:
        return read_place(session, lieu)
    extent = read_extent(cadre) if cadre else None
    return of_extent(session, extent) if extent else None


def _one(name: str, value: str) -> str:
    return one_of(name, value, CODES[name])


def _radius(name: str, value: str) -> int | None:
    if not value:
        return Search().radius
    return None if _one(name, value) == EVERYWHERE else int(value)


def _followed_by(session: Session, code: str) -> str | None:
    try:
        return read_territory(session, canonical_code(code)).code
    except TerritoryUnknown:
        return None


def _territories(session: Session, name: str, codes: Iterable[str]) -> tuple[str, ...]:
    """Return codes once each, in the order in which they are asked for."""
    asked = dict.fromkeys(code for code in codes if code)
    if len(asked) > MOST_TERRITORIES:
        raise RequestInvalid(problem=f"« {name} » prend au plus {MOST_TERRITORIES} territoires")
    return tuple(read_territory(session, code).code for code in asked)
