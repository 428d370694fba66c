"""What monitors ask: does the service live, is it ready to be asked, is it well."""

import asyncio

from fastapi import APIRouter
from sqlalchemy import text

from app.platform.database.sessions import read_once
from app.platform.web.errors import DatabaseUnreachable
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
    """Answer once the database does; 503 while it does not."""
    # No transaction: one of a copy of the database may not write, and a pool remembers that.
    with read_once(site.databases.public) as session:
        session.execute(text("SELECT 1"))
    return {"status": "ok"}


@router.get(ALIVE, tags=["service"])
@open_to(Profile.PUBLIC)
async def alive() -> dict[str, str]:
    """Answer, whatever others wait for: 200 as long as the process lives."""
    return {"status": "ok"}


@router.get(READY, tags=["service"])
@open_to(Profile.PUBLIC)
async def ready(site: SiteOf) -> dict[str, str]:
    """Answer 200 while the database answers, by a connection of its own, and no end is near; else
    503.
    """
    for _ in range(0 if site.draining.is_set() else LOOKS):
        if site.versions.of(FRANCE) is not None:
            return {"status": "ok"}
        await asyncio.sleep(PAUSE)
    raise DatabaseUnreachable
