"""Letters that were sent: their list, each of them, and a feed; as visitors may read them now."""

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from app.letters import atom
from app.letters.letter import PATH, Item
from app.letters.mail import linked
from app.letters.queries import read_blocks, read_issue, read_issues
from app.platform.database.sessions import read
from app.platform.web.cached_route import CachedRoute
from app.platform.web.permissions import Profile, open_to, same_for_everybody
from app.platform.web.site import Site, SiteOf
from app.platform.web.versions import FRANCE
from app.statistics.page_types import PageType, counted_as


class CachedLetter(CachedRoute):
    """A route that changes with what is public of letters, resources and events."""

    in_front = frozenset[str]()
    names_itself = True

    def stands_for(
        self, site: Site, path: Mapping[str, str], query: Mapping[str, str]
    ) -> tuple[str, None]:
        """Return France, whose version each of them raises."""
        return FRANCE, None


router = APIRouter(route_class=CachedLetter)


@router.get(PATH, include_in_schema=False)
@open_to(Profile.PUBLIC)
@counted_as(PageType.LETTER)
@same_for_everybody
def letters(site: SiteOf, request: Request) -> Response:
    """Show the letters that were sent, the last one first."""
    with read(site.databases.public) as session:
        issues = read_issues(session)
    return site.page(
        "public/letters/list.html",
        base=site.base(request),
        page_path=PATH,
        issues=issues,
        feed_url=atom.FEED,
    )


@router.get(atom.FEED, tags=["lettres"], response_class=Response)
@open_to(Profile.PUBLIC)
@counted_as(PageType.FILE)
@same_for_everybody
def feed(site: SiteOf, request: Request) -> Response:
    """Return the last letters as an Atom feed."""
    with read(site.databases.public) as session:
        issues = read_issues(session, atom.MOST)
        found = [(each, read_blocks(session, each.blocks)) for each in issues]
    updated = max((each.published_at for each in issues), default=site.now())
    written = atom.write(found, site=site.base(request), updated=updated)
    return Response(written, media_type=atom.MEDIA_TYPE)


@router.get(f"{PATH}/{{month}}", include_in_schema=False)
@open_to(Profile.PUBLIC)
@counted_as(PageType.LETTER)
@same_for_everybody
def letter(site: SiteOf, request: Request, month: str) -> Response:
    """Show one letter; raise LetterUnknown."""
    base = site.base(request)
    with read(site.databases.public) as session:
        issue = read_issue(session, month)
        blocks = read_blocks(session, issue.blocks)
    return site.page(
        "public/letters/letter.html",
        base=base,
        page_path=issue.path,
        issue=issue,
        blocks=[
            (each, "") if isinstance(each, Item) else (None, linked(each, "")) for each in blocks
        ],
    )
