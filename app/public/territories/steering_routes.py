"""Who steers in a territory, role by role, and which roles nobody is known for."""

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from app.gazetteer.territories import CODE, canonical_code, read_territory
from app.platform.database.sessions import read
from app.platform.web.cached_route import CachedRoute
from app.platform.web.permissions import Profile, open_to, same_for_everybody
from app.platform.web.site import Site, SiteOf
from app.platform.web.versions import FRANCE
from app.search.here import read_here
from app.search.steering import steering_of
from app.statistics.counting import about
from app.statistics.page_types import PageType, counted_as
from geo.zones import paris_day


class OfADay(CachedRoute):
    """A route whose answer changes with what is public in France, and with the day: terms end."""

    in_front = frozenset[str]()
    names_itself = True

    def stands_for(
        self, site: Site, path: Mapping[str, str], query: Mapping[str, str]
    ) -> tuple[str, int]:
        """Return France, whose actors may cover this territory, and the day."""
        return FRANCE, paris_day(site.now()).toordinal()


router = APIRouter(route_class=OfADay)


@router.get("/departements/{code}/pilotage", include_in_schema=False)
@open_to(Profile.PUBLIC)
@counted_as(PageType.TERRITORY)
@same_for_everybody
def steering(site: SiteOf, request: Request, code: str) -> Response:
    """Show who has a part in the policy of a territory, and how to write to them."""
    if code != (written := canonical_code(code)) and CODE.fullmatch(written):
        return RedirectResponse(f"/departements/{written}/pilotage", 308)
    today = paris_day(site.now())
    with read(site.databases.public) as session:
        territory = read_territory(session, code)
        actors = read_here(session, territory.code, today)
    answer = site.page(
        "public/territories/steering.html",
        base=site.base(request),
        page_path=f"/departements/{territory.code}/pilotage",
        territory=territory,
        steering=steering_of(actors),
        is_listed=any(each.listed and each.seated for each in actors),
        today=today,
    )
    about(answer, territory.code)
    return answer
