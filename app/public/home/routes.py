"""The first page: France by territory; and all territories by region, without the map."""

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from app.gazetteer.territories import France, by_region, read_france
from app.platform.database.sessions import read
from app.platform.web.cached_route import CachedRoute
from app.platform.web.permissions import Profile, open_to, same_for_everybody
from app.platform.web.site import Site, SiteOf
from app.platform.web.versions import FRANCE
from app.search.situations import situations
from app.statistics.page_types import PageType, counted_as
from geo.france_svg import Shape, france_svg

# A territory's code, names and number.
BYTES_OF_A_COUNT = 500
# What the search that was here read of a text.
OLD_SEARCH_MAX = 80


class OfFrance(CachedRoute):
    """A route whose answer changes with what is public in France, but for a search."""

    in_front = frozenset[str]()
    names_itself = True

    def stands_for(
        self, site: Site, path: Mapping[str, str], query: Mapping[str, str]
    ) -> tuple[str, None] | None:
        """Return France; None for an address of the search that was here."""
        return None if "q" in query else (FRANCE, None)


router = APIRouter(route_class=OfFrance)


# Drawing 100 outlines takes far longer than all the rest of the page, and changes with the counts.
@lru_cache(maxsize=2)
def _drawing(shapes: tuple[Shape, ...]) -> Markup:
    # france_svg escapes the names that it writes.
    return Markup(france_svg(shapes))  # noqa: S704


def _france(site: Site) -> France:
    def counted() -> France:
        with read(site.databases.public) as session:
            return read_france(session)

    # To count 100,000 actors takes 0.2 s.
    return site.cache.value("france", FRANCE, counted, _size)


def _size(france: France) -> int:
    return sum(len(outline or b"") + BYTES_OF_A_COUNT for outline in france[1])


@router.get("/", include_in_schema=False)
@open_to(Profile.PUBLIC)
@counted_as(PageType.HOME)
@same_for_everybody
def home(site: SiteOf, request: Request, q: str = "") -> Response:
    """Show France by territory; q, which once searched here, leads to the search of today."""
    if q.strip():
        return RedirectResponse(f"/autour?{urlencode({'ou': q[:OLD_SEARCH_MAX]})}", 308)
    territories, outlines = _france(site)
    shapes = tuple(
        Shape(territory.code, territory.name, territory.count, outline)
        for territory, outline in zip(territories, outlines, strict=True)
        if outline is not None
    )
    return site.page(
        "public/home/home.html",
        base=site.base(request),
        page_path="/",
        regions=by_region(territories),
        france_svg=_drawing(shapes),
        situations=situations().values(),
    )


@router.get("/departements", include_in_schema=False)
@open_to(Profile.PUBLIC)
@counted_as(PageType.TERRITORIES)
@same_for_everybody
def all_territories(site: SiteOf, request: Request) -> Response:
    """Show every territory under its region, with how many actors it has: some act in several."""
    territories, _ = _france(site)
    return site.page(
        "public/home/territories.html",
        base=site.base(request),
        page_path="/departements",
        regions=by_region(territories),
    )
