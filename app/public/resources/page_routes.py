"""One resource: its page, former editions of it, and what is left of one that was withdrawn."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from app.errors import ResourceUnknown
from app.places.geocoding import geocoder_for
from app.places.parameters import PlaceText
from app.platform.database.sessions import read
from app.platform.web.clients import counted
from app.platform.web.permissions import Profile, open_to, same_for_everybody
from app.platform.web.site import Site, SiteOf
from app.public.resources.cached import CachedResource
from app.public.resources.calls import Calls, address_of, calls_at
from app.public.resources.showing import NamedActor, facts, read_actors
from app.resources import citation, json_ld
from app.resources.content import SheetPart
from app.resources.criteria import PATH
from app.resources.markdown import render
from app.resources.page import (
    Withdrawn,
    read_cited,
    read_edition,
    read_resource,
    read_withdrawn,
)
from app.resources.resource import Resource
from app.resources.vocabulary import label
from app.resources.wording import standing
from app.search.parameters import PLACE_MAX
from app.statistics.page_types import PageType, counted_as
from app.visibility import PUBLIC
from geo.zones import paris_day

router = APIRouter(route_class=CachedResource)
Number = Annotated[int, Path(ge=1, le=1_000_000)]


@router.get(f"{PATH}/{{resource_id}}", include_in_schema=False)
@open_to(Profile.PUBLIC)
def short(site: SiteOf, request: Request, resource_id: str) -> Response:
    """Lead from the short address that is in the code on paper to the whole one."""
    with read(site.databases.public) as session:
        found = _read(session, resource_id)
    if isinstance(found, Withdrawn):
        return _withdrawn(site, request, found)
    return RedirectResponse(found.path, 308)


@router.get(f"{PATH}/{{resource_id}}/versions/{{number}}", include_in_schema=False)
@open_to(Profile.PUBLIC)
@counted_as(PageType.RESOURCE)
@same_for_everybody
def edition(site: SiteOf, request: Request, resource_id: str, number: Number) -> Response:
    """Show a former edition, which says that it is one; the present one has the plain address."""
    with read(site.databases.public) as session:
        resource = read_edition(session, PUBLIC, resource_id, number)
        actors = read_actors(session, resource.content.actor_ids)
        cited = read_cited(session, PUBLIC, resource.content)
    if resource.ended_at is None:
        return RedirectResponse(resource.path, 302)
    return _page(site, request, resource, actors, cited)


@router.get(f"{PATH}/{{resource_id}}/{{slug}}", include_in_schema=False)
@open_to(Profile.PUBLIC)
@counted_as(PageType.RESOURCE)
@same_for_everybody
def resource(
    site: SiteOf,
    request: Request,
    resource_id: str,
    slug: str,
    ou: PlaceText = "",
    lieu: Annotated[str, Query(max_length=PLACE_MAX)] = "",
) -> Response:
    """Show one resource; an old slug leads to it, and one that was withdrawn says so.

    ou, lieu: where the reader of a sheet is, as typed and as addresses write it.
    """
    with read(site.databases.public) as session:
        found = _read(session, resource_id)
        if isinstance(found, Withdrawn):
            return _withdrawn(site, request, found)
        if slug != found.slug:
            return RedirectResponse(found.path, 308)
        own, calls = found.content.own, None
        if isinstance(own, SheetPart) and ou.strip():
            geocode = geocoder_for(site.settings, counted(request.scope))
            return RedirectResponse(address_of(session, found.path, own.calls, ou, geocode), 303)
        if isinstance(own, SheetPart) and own.calls and lieu:
            calls = calls_at(session, own.calls, lieu, site.now())
            if calls.code != lieu:
                # No position in an address is finer than the grid.
                return RedirectResponse(f"{found.path}?lieu={calls.code}", 303)
        actors = read_actors(session, found.content.actor_ids)
        cited = read_cited(session, PUBLIC, found.content)
    return _page(site, request, found, actors, cited, calls)


def _read(session: Session, resource_id: str) -> Resource | Withdrawn:
    try:
        return read_resource(session, PUBLIC, resource_id)
    except ResourceUnknown:
        if withdrawn := read_withdrawn(session, resource_id):
            return withdrawn
        raise


def _withdrawn(site: Site, request: Request, withdrawn: Withdrawn) -> Response:
    return site.page(
        "public/resources/withdrawn.html",
        http_status=410,
        base=site.base(request),
        page_path=PATH,
        withdrawn=withdrawn,
    )


def _page(
    site: Site,
    request: Request,
    resource: Resource,
    actors: tuple[NamedActor, ...],
    cited: Mapping[str, str],
    calls: Calls | None = None,
) -> Response:
    base, content = site.base(request), resource.content
    return site.page(
        f"public/resources/{content.form.value}.html",
        base=base,
        page_path=resource.path,
        resource=resource,
        content=content,
        own=content.own,
        form=label("forms", content.form),
        type=label("types", content.type) if content.type else "",
        facts=facts(resource),
        standing=standing(content),
        actors=actors,
        cited=cited,
        calls=calls,
        render=render,
        citation=citation.text(resource, base, paris_day(site.now())),
        meta=citation.meta(resource, base),
        data=json_ld.element(resource, base),
        ended_on=paris_day(resource.ended_at) if resource.ended_at else None,
        published_on=paris_day(resource.published_at),
    )
