"""The page of an embed: a search in somebody else's frame, where every state is an address."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.embeds.look import Look, addressed, embed_url, theme_url
from app.embeds.registered import WHERE, Registered, read_locked
from app.gazetteer.territories import read_territory
from app.maps.drawing import clusters_url, frame_of, options_of
from app.platform.web.site import STATIC, Site
from app.search.cache import buckets_cached_by
from app.search.criteria import Search
from app.search.results import find
from app.search.rows import MOST_PRINTED
from app.search.schemas import Found
from app.search.wording import heading
from app.statistics.counting import about, one_territory

# Frames are small, and 50 cards would be most of what an embed weighs.
PAGE_SIZE = 20
ADDRESS_OF_SHAPES = re.compile(rb"/static/shapes\.svg\?v=[0-9a-f]+#")

Address = Callable[[Search], str]


@dataclass(frozen=True, slots=True)
class FilterLink:
    """A value of a filter: how many actors there are with it, and where one chooses it or not."""

    code: str
    label: str
    count: int
    chosen: bool
    url: str


@dataclass(frozen=True, slots=True)
class FilterPart:
    """A filter of an embed. name: as addresses call it; title: as pages do."""

    name: str
    title: str
    links: tuple[FilterLink, ...]


def embed_page(
    site: Site,
    request: Request,
    session: Session,
    search: Search,
    look: Look,
    *,
    registered: Registered | None = None,
) -> Response:
    """Show a search as an embed, which anyone may frame, or only the origins of a registered one.

    request: where it was asked for; an address beyond the last page leads to the last.
    """
    # Who follows a child is nothing that the page of somebody else shows.
    search = search.but(page=search.page, followed_by=None)
    address = address_of(session, look, registered)
    found = find(
        session,
        search,
        site.now(),
        size=PAGE_SIZE,
        address=address,
        read_buckets=buckets_cached_by(site),
    )
    if search.page > found.pages:
        return framed(
            site, RedirectResponse(address(search.but(page=found.pages)), 303), registered
        )
    here = address(search.but())
    frame = frame_of(site, search.ground)
    drawn = options_of(session, search)
    territory = read_territory(session, search.territory) if search.territory else None
    page = site.page(
        "public/embeds/embed.html",
        search=search,
        look=look,
        found=found,
        registered=registered,
        address=address,
        base=site.base(request),
        title=territory.name if territory else heading(session, search),
        parts=tuple(_parts(found, address)) if look.filters else (),
        # A locked filter is named but cannot be removed: removing it leads to this same address.
        here=here,
        relaxed=[each for each in found.relaxed if look.filters and each.url != here],
        most_printed=MOST_PRINTED,
        theme_url=theme_url(look),
        geojson_url=drawn["actors"],
        clusters_url=clusters_url(search),
        map_html=Markup(frame.parts.html),  # noqa: S704 - Folium's element, without data
        map_script_url=frame.script_url,
        map_options=drawn,
        shapes=Markup(_shapes()),  # noqa: S704 - a file of ours
    )
    # A frame that its site sandboxes has no origin, and a browser then takes no drawing from
    # another file: they are in the page itself.
    html = ADDRESS_OF_SHAPES.sub(b"#", bytes(page.body))
    answer = HTMLResponse(html)
    about(answer, one_territory(search), found, registered.id if registered else "")
    return framed(site, answer, registered)


def framed(site: Site, response: Response, registered: Registered | None = None) -> Response:
    """Let a response be framed: by the origins of a registered embed, else by anyone.

    Anyone is said by naming nobody: "*" would leave out pages that have no host, as of a file.
    """
    policy = site.headers.content_security(registered.origins if registered else None)
    response.headers["Content-Security-Policy"] = policy
    return response


def address_of(session: Session, look: Look, registered: Registered | None) -> Address:
    """Return what gives the address at which an embed shows a search.

    Of a registered one, without what it does not read from its address.
    """
    if registered is None:
        return lambda search: embed_url(search, look)
    path = registered.path
    locked = {name for name, _ in read_locked(session, registered.search).pairs()}.union(WHERE)
    return lambda search: addressed(
        path, (each for each in search.pairs() if each[0] not in locked)
    )


@lru_cache(maxsize=1)
def _shapes() -> str:
    return (STATIC / "shapes.svg").read_text()


def _parts(found: Found, address: Address) -> Iterator[FilterPart]:
    search = found.search
    here = address(search.but())
    for each in found.filters:
        facet = each.facet
        links = []
        for value in each.values:
            url = address(search.but(**{facet.name: facet.toggled(each.asked, value.code)}))
            if value.count or value.checked:
                links.append(FilterLink(value.code, value.label, value.count, value.checked, url))
        # A link to this same address belongs to a locked filter, which is left out.
        if links and all(link.url != here for link in links):
            yield FilterPart(facet.name, facet.title, tuple(links))
