"""Collections: resources that the desk put in an order, to be read one after another."""

from fastapi import APIRouter, Request, Response

from app.platform.database.sessions import read
from app.platform.web.permissions import Profile, open_to, same_for_everybody
from app.platform.web.site import SiteOf
from app.public.resources.cached import CachedList
from app.resources.beside import collections as read_collections
from app.resources.beside import read_collection
from app.resources.criteria import PATH
from app.statistics.page_types import PageType, counted_as

router = APIRouter(route_class=CachedList)
COLLECTIONS = f"{PATH}/collections"


@router.get(COLLECTIONS, include_in_schema=False)
@open_to(Profile.PUBLIC)
@counted_as(PageType.RESOURCES)
@same_for_everybody
def collections(site: SiteOf, request: Request) -> Response:
    """List the collections that have something to read."""
    with read(site.databases.public) as session:
        found = read_collections(session)
    return site.page(
        "public/resources/collections.html",
        base=site.base(request),
        page_path=COLLECTIONS,
        path=COLLECTIONS,
        collections=found,
    )


@router.get(f"{COLLECTIONS}/{{collection}}", include_in_schema=False)
@open_to(Profile.PUBLIC)
@counted_as(PageType.RESOURCES)
@same_for_everybody
def collection(site: SiteOf, request: Request, collection: str) -> Response:
    """Show one collection in its order."""
    with read(site.databases.public) as session:
        found = read_collection(session, collection)
    return site.page(
        "public/resources/collection.html",
        base=site.base(request),
        page_path=f"{COLLECTIONS}/{found.slug}",
        path=COLLECTIONS,
        collection=found,
        entries=[(card, found.notes.get(card.public_id, "")) for card in found.cards],
    )
