"""What monitors ask: does the service live, is it ready to be asked, is it well."""

import asyncio
from collections.abc import Callable

from fastapi import APIRouter

from app.platform.database.schema import has_outgrown, is_too_old
from app.platform.web.errors import DatabaseUnreachable, Ending, KeysWrong, SchemaTooOld
from app.platform.web.permissions import Profile, open_to
from app.platform.web.site import SiteOf
from app.platform.web.versions import FRANCE

router = APIRouter()
PATH, ALIVE, READY = "/sante", "/livez", "/readyz"
PATHS = frozenset({PATH, ALIVE, READY})
# The versions of territories are read again within a second once somebody asks for them.
LOOKS, PAUSE = 15, 0.1


@router.get(PATH, tags=["service"])
@open_to(Profile.PUBLIC)
def health(site: SiteOf) -> dict[str, str]:
    """Answer 200 once the database does, with the tables of this release; 503 until then."""
    if is_too_old(site.databases.public) or has_outgrown(site.databases.public):
        raise SchemaTooOld
    return {"status": "ok"}


@router.get(ALIVE, tags=["service"])
@open_to(Profile.PUBLIC)
async def alive() -> dict[str, str]:
    """Answer, whatever others wait for: 200 as long as the process lives."""
    return {"status": "ok"}


@router.get(READY, tags=["service"])
@open_to(Profile.PUBLIC)
async def ready(site: SiteOf) -> dict[str, str]:
    """Answer 200 while the database answers, by a connection of its own, with tables that
    this release goes on with, its keys open them if it has any, and no end is near; else 503.
    """
    if site.draining.is_set():
        raise Ending
    for opens in site.opens:
        if not await _ask(opens):
            raise KeysWrong
    for _ in range(LOOKS):
        known = site.versions.of(FRANCE) is not None
        if site.versions.misfit:
            raise SchemaTooOld
        if known:
            return {"status": "ok"}
        await asyncio.sleep(PAUSE)
    raise DatabaseUnreachable


async def _ask(question: Callable[[], bool]) -> bool:
    """Ask by a thread that no page waits for."""
    try:
        async with asyncio.timeout(LOOKS * PAUSE):
            return await asyncio.to_thread(question)
    except TimeoutError:
        raise DatabaseUnreachable from None
