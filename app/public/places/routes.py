"""The places that complete what a person types."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.places.completion import suggest
from app.places.schemas import Suggestion
from app.platform.database.sessions import read
from app.platform.web.permissions import Profile, open_to
from app.platform.web.site import SiteOf
from app.platform.web.turns import RouteInTurn

router = APIRouter(route_class=RouteInTurn)


@router.get("/api/lieux", tags=["territoires"], response_model=list[Suggestion])
@open_to(Profile.PUBLIC)
def places(
    site: SiteOf,
    response: Response,
    q: Annotated[
        str, Query(description="Commune, code postal ou département", examples=["st denis"])
    ] = "",
) -> list[Suggestion]:
    """Return up to ten places that a text may mean, the most probable first.

    kind: "commune", "ancienne" (a former commune), "arrondissement" or "territoire". Accents,
    hyphens and a few typing errors do not matter; what lies beyond 200 characters is not read.
    """
    # Public and the same for everyone, and yet not cached: its address is what a visitor typed.
    response.headers["Cache-Control"] = "no-store"
    with read(site.databases.public) as session:
        return suggest(session, q)
