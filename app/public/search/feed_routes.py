"""Who is new of a search, as an Atom feed: the same search as its page, told to a program."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import RowMapping, select
from sqlalchemy.orm import Session

from app.gazetteer.territories import CODE, canonical_code
from app.models import FirstSeen, Territory
from app.platform.database.sessions import read
from app.platform.web.permissions import Profile, open_to, same_for_everybody
from app.platform.web.site import SiteOf
from app.resources import atom
from app.resources.atom import MEDIA_TYPE, MOST, SINCE, tag
from app.search.cache import CachedPage
from app.search.criteria import Search
from app.search.newest import first_seen, lasting
from app.search.parameters import ReaderOf, finer
from app.search.parameters import Territory as TerritoryCode
from app.search.rows import place_in_words
from app.statistics.page_types import PageType, counted_as
from app.visibility import published
from importers import vocabulary

FEED = "/acteurs.atom"
router = APIRouter(route_class=CachedPage)
DOCUMENTED: Mapping[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}}
}


@router.get(FEED, tags=["acteurs"], response_class=Response, responses=dict(DOCUMENTED))
@open_to(Profile.PUBLIC)
@counted_as(PageType.FILE)
@same_for_everybody
def feed(
    site: SiteOf, request: Request, reader: ReaderOf, territoire: TerritoryCode = ""
) -> Response:
    """Return the fifty actors of a search that were published here last as an Atom feed.

    Who changes or disappears is in none, nor is who is protected.
    """
    written = canonical_code(territoire) if territoire else ""
    known = written if CODE.fullmatch(written) else territoire
    with read(site.databases.public) as session:
        search = reader(session, known)
        if known != territoire or finer(search, request):
            # A search has one address, and no position in it is finer than the grid.
            return RedirectResponse(search.url(FEED), 303)
        asked = lasting(search)
        rows, where = _newest(session, asked), place_in_words(session, asked)
    base = site.base(request)
    # Nothing of what is looked for, which a program shows in its list.
    root = atom.started(
        site=base,
        title=f"Nouveaux acteurs : {where}",
        page=f"{base}{asked.url()}",
        feed=f"{base}{asked.url(FEED)}",
        updated=max((row["at"] for row in rows), default=site.now()),
    )
    labels = vocabulary.load().categories
    for row in rows:
        entry, category = tag(root, "entry"), labels[row["category"]].label
        tag(entry, "id", f"tag:{atom.host_of(base)},{SINCE}:acteurs/{row['public_id']}")
        tag(entry, "title", row["name"])
        tag(entry, "updated", row["at"].isoformat())
        page = f"{base}/acteurs/{row['public_id']}/{row['slug']}"
        tag(entry, "link", rel="alternate", href=page, type="text/html")
        tag(entry, "category", term=row["category"], label=category)
        tag(entry, "summary", f"{category}, {row['territory']}.")
    return Response(atom.written(root), media_type=MEDIA_TYPE)


def _newest(session: Session, search: Search) -> Sequence[RowMapping]:
    column = published().c
    seat = select(Territory.name).where(Territory.code == column.territory_code)
    found = (
        first_seen(search)
        .with_only_columns(
            *(column.public_id, column.slug, column.name, column.category, FirstSeen.at),
            seat.scalar_subquery().label("territory"),
        )
        .order_by(FirstSeen.at.desc(), column.public_id)
        .limit(MOST)
    )
    return session.execute(found).mappings().all()
