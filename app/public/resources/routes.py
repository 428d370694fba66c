"""Resources to choose from: words, filters, order, twenty a page."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from app.platform.database.sessions import read
from app.platform.web.permissions import Profile, open_to, same_for_everybody
from app.platform.web.site import SiteOf
from app.public.resources.cached import CachedSelection, index_cached_by
from app.public.resources.collection_routes import COLLECTIONS
from app.public.resources.file_routes import FILES
from app.public.resources.print_routes import LIST
from app.resources.beside import collections
from app.resources.criteria import ORDERS, PATH, Query
from app.resources.parameters import QueryOf
from app.resources.results import find
from app.statistics.page_types import PageType, counted_as
from app.visibility import PUBLIC

router = APIRouter(route_class=CachedSelection)
# What else the same selection is given as.
WAYS = (("À imprimer", LIST), *((each.label, each.path) for each in FILES))


@router.get(PATH, include_in_schema=False)
@open_to(Profile.PUBLIC)
@counted_as(PageType.RESOURCES)
@same_for_everybody
def resources(site: SiteOf, request: Request, query: QueryOf) -> Response:
    """Show the resources of a selection."""
    with read(site.databases.public) as session:
        found = find(session, PUBLIC, query, index_cached_by(site))
        # For whoever looks for nothing yet.
        chosen = () if query.narrowed else collections(session)
    if found.query.page != query.page:
        return RedirectResponse(found.query.url(), 303)
    # The same parameters for each of them.
    asked = query.but().url("")
    return site.page(
        "public/resources/list.html",
        base=site.base(request),
        page_path=PATH,
        query=found.query,
        found=found,
        collections=chosen,
        collections_path=COLLECTIONS,
        everything=Query(),
        orders=ORDERS,
        files=[(label, path + asked) for label, path in WAYS],
    )
