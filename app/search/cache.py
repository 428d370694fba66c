"""What is cached: pages for a minute, GeoJSON and buckets of territories, their names."""

from asyncio import get_running_loop
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from os import cpu_count

from fastapi import Request, Response
from sqlalchemy.orm import Session

from app.gazetteer.territories import CODE, canonical_code, read_names
from app.platform.database.sessions import read_once
from app.platform.web.cached_route import CachedRoute, Handle
from app.platform.web.site import Site
from app.platform.web.versions import FRANCE, version_seen
from app.search.counts import Bucket, buckets
from app.search.criteria import FOLLOWED_BY, Search
from app.search.facets import BY_NAME, OPENING
from app.search.in_step import Pairs
from app.search.parameters import FOLLOWED_BY_MAX, PLACE_MAX, read_whole
from app.search.reading import CODES, LAST_PAGE

# What a visitor wrote, where a map was moved, and where somebody must not be sent: never cached.
NEVER_CACHED = frozenset({"q", "ou", "cadre", "eloigner", "loin"})
# What depends on the hour as well.
UNSTABLE = NEVER_CACHED | {OPENING.name}
# How a selection is shown, and how far around a place: no data of a territory differ by them.
SHOWING = frozenset({"tri", "vue", "fond", "rayon", "ecart"})
# What an answer may be asked by that a proxy keeps for a second: neither a place nor anything that
# a visitor wrote, only what many choose.
CHOSEN_BY_MANY = frozenset(BY_NAME) - NEVER_CACHED | {"tri", "vue", "page"}
# Fields of a search that change its buckets, to which filters are applied.
SELECTING = ("among", "place", "text", "without", "far", "situation")
PAGES = frozenset(map(str, range(1, LAST_PAGE + 1)))
# A tuple, its texts and numbers, most of them shared.
BYTES_OF_A_BUCKET = 300
BYTES_OF_NAMES = 20_000
# More statements at once than processors can run take longer, each of them.
THREADS = ThreadPoolExecutor(2 * (cpu_count() or 2), thread_name_prefix="data")


class CachedData(CachedRoute):
    """A route of a territory, whose answers are cached as long as its version stands.

    Its endpoint takes a site, the code of a territory and a reader of searches.
    """

    in_front = CHOSEN_BY_MANY

    def stands_for(
        self, site: Site, path: Mapping[str, str], query: Mapping[str, str]
    ) -> tuple[str, None] | None:
        """Return the territory of the path, unless the hour, a text or an exclusion counts."""
        return None if UNSTABLE & query.keys() else (path["code"], None)

    def changes(self, name: str, value: str, query: Mapping[str, str]) -> bool:
        """Say that a parameter selects actors, or is wrong, which the route must say."""
        if name == "lieu":
            # A territory is looked in as a whole.
            return len(value) > PLACE_MAX
        if name == FOLLOWED_BY:
            # It selects nothing, and an unknown one is left out.
            return len(value) > FOLLOWED_BY_MAX
        if name == "page":
            return value not in PAGES
        return name not in SHOWING or value not in CODES[name]

    async def make(self, site: Site, request: Request, handle: Handle) -> Response:
        """Return an answer; most ask for all of a territory, without any parameter to check."""
        if request.scope["query_string"]:
            return await handle(request)
        # By the loop itself: anyio takes as long again to hand it to a thread. With what is known
        # of the request: its id, and how long it may wait still.
        made: Response = await get_running_loop().run_in_executor(
            THREADS,
            copy_context().run,
            self.endpoint,
            site,
            request.path_params["code"],
            read_whole,
        )
        return made


class CachedPage(CachedRoute):
    """A route of pages that are the same for everybody during a minute, and cached as long.

    Cards say who is open, by the minute. Pages name actors of several territories, so that the
    version of France tells what changed. Embeds name the service as it was asked for, and an
    answer to htmx has a header more.
    """

    in_front = CHOSEN_BY_MANY
    names_itself = True
    flags = ("hx-request",)
    # Territories are named as they were asked for.
    ordered = ("dans",)

    def stands_for(
        self, site: Site, path: Mapping[str, str], query: Mapping[str, str]
    ) -> tuple[str, int] | None:
        """Return France and the minute, unless a text or a position is in it."""
        # A commune is asked for by many; a position, which has a comma, may be of one.
        if "," in query.get("lieu", "") or NEVER_CACHED & query.keys():
            return None
        # What is no code is what a visitor wrote.
        if FOLLOWED_BY in query and not CODE.fullmatch(canonical_code(query[FOLLOWED_BY])):
            return None
        return FRANCE, int(site.now().timestamp() // 60)


def buckets_cached_by(site: Site) -> Callable[[Session, Search, Pairs], tuple[Bucket, ...]]:
    """Return what reads the buckets of a selection, from memory for a whole territory or France.

    In the session of the page: a second connection each would be more than there are.
    """

    def read_buckets(session: Session, search: Search, open_pairs: Pairs) -> tuple[Bucket, ...]:
        whole = Search(territory=search.territory)
        elsewhere = any(getattr(search, name) != getattr(whole, name) for name in SELECTING)
        if elsewhere or search.open_now:
            return buckets(session, search, open_pairs)
        # As this session sees it, which may be older than the present one.
        version = version_seen(session, search.territory or FRANCE)
        key = ("buckets", search.territory)
        return site.cache.value_under(key, version, lambda: buckets(session, whole), _size)

    return read_buckets


def _size(found: tuple[Bucket, ...]) -> int:
    return BYTES_OF_A_BUCKET * len(found)


def names_cached_by(site: Site) -> Mapping[str, str]:
    """Return the name of every territory by its code, in order of code, from memory.

    To be called before a page opens its session: two connections each would be more than there are.
    """

    def make() -> Mapping[str, str]:
        with read_once(site.databases.public) as own:
            return read_names(own)

    return site.cache.value("names of territories", FRANCE, make, lambda _: BYTES_OF_NAMES)
