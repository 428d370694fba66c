"""What monitors ask: is the service well."""

from fastapi import APIRouter
from sqlalchemy import text

from app.platform.web.permissions import Profile, open_to
from app.platform.web.site import SiteOf

router = APIRouter()
PATH = "/sante"


@router.get(PATH, tags=["service"])
@open_to(Profile.PUBLIC)
def health(site: SiteOf) -> dict[str, str]:
    """Answer once the database does; 503 while it does not."""
    with site.databases.public.connect() as connection:
        connection.execute(text("SELECT 1"))
    return {"status": "ok"}
