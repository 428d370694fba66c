"""The map of territories in shades: Folium's frame, the script of it, and their outlines."""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from urllib.parse import urlencode

from fastapi import Request, Response
from sqlalchemy.orm import Session

from app.gazetteer import queries
from geo.folium_map import draw

OUTLINES = "application/geo+json"


@dataclass(frozen=True, slots=True)
class Script:
    """html: the map's element. text: what Folium wrote for it; url: its address, with a digest."""

    html: str
    text: str
    url: str

    def answer(self, request: Request) -> Response:
        """Return the script; for good where it is asked for by its digest."""
        is_named = f"{request.url.path}?{request.url.query}" == self.url
        # Under the digest of another release it would stay for good where that one is asked for.
        caching = "public, max-age=31536000, immutable" if is_named else "no-cache"
        return Response(self.text, headers={"Cache-Control": caching}, media_type="text/javascript")


@lru_cache(maxsize=3)
def script(path: str, call: str = "mesure23.areas") -> Script:
    """Return the map of territories; path: where its script is asked for. call: ours that
    draws.

    What it shows stands in the table of the page, which its script reads.
    """
    parts = draw(None, {}, call=call)
    digest = sha256(parts.script.encode()).hexdigest()[:12]
    return Script(parts.html, parts.script, f"{path}?{urlencode({'v': digest})}")


def read_outlines(session: Session) -> str:
    """Return the outlines of all territories that have one, as GeoJSON text, EPSG:4326."""
    found: str = session.execute(queries.OUTLINES).scalar_one()
    return found
