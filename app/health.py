"""What machines ask: is the service well, and what may a robot read."""

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse
from sqlalchemy import text

from app.permissions import Profile, open_to
from app.web import SiteOf

router = APIRouter()


@router.get("/sante", tags=["service"])
@open_to(Profile.PUBLIC)
def health(site: SiteOf) -> dict[str, str]:
    """Answer once the database does; 503 while it does not."""
    with site.databases.public.connect() as connection:
        connection.execute(text("SELECT 1"))
    return {"status": "ok"}


@router.get("/robots.txt", include_in_schema=False)
@open_to(Profile.PUBLIC)
def robots() -> PlainTextResponse:
    """Let robots read the pages; the data is for the map."""
    return PlainTextResponse("User-agent: *\nDisallow: /api/\n")
