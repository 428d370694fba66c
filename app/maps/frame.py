"""The Folium map of a view, drawn once per view and process: no word of an actor is in it."""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from math import cos, radians
from urllib.parse import urlencode

from app.places.schemas import Place
from app.territories.schemas import TerritoryView
from geo.folium_map import FRANCE, Bounds, MapFrame, Tiles, draw

KM_PER_DEGREE = 111.2
# What is shown first where all of France is searched from a place, the nearest first.
WIDEST_KM = 100


@dataclass(frozen=True, slots=True)
class DrawnMap:
    """A drawn map and the address of its script, which changes with what is in it."""

    frame: MapFrame
    script_url: str


@lru_cache(maxsize=256)
def map_of_territory(territory: TerritoryView, tiles: Tiles | None) -> DrawnMap:
    """Draw the map of a territory; 5 ms the first time."""
    options: dict[str, object] = {
        "territory": territory.code,
        "actors": f"/api/departements/{territory.code}/actors.geojson",
        "bounds": _corners(territory.bounds or FRANCE),
    }
    if territory.bounds:
        options["boundary"] = f"/api/departements/{territory.code}/boundary.geojson"
    path = f"/departements/{territory.code}/carte.js"
    return _drawn(territory.bounds, tiles, options, path, [])


@lru_cache(maxsize=256)
def map_of_place(place: Place | None, radius: int | None, tiles: Tiles | None) -> DrawnMap:
    """Draw the map around a place, or of France without one; radius: km, None for everything."""
    options: dict[str, object] = {"actors": "/api/actors.geojson"}
    query = []
    if place:
        options["place"] = {"lat": place.lat, "lon": place.lon}
        query.append(("lieu", place.code))
        if radius:
            options["radius"] = radius * 1000
            query.append(("rayon", str(radius)))
        else:
            query.append(("rayon", "tout"))
    bounds = _around(place, radius or WIDEST_KM) if place else None
    options["bounds"] = _corners(bounds or FRANCE)
    return _drawn(bounds, tiles, options, "/autour/carte.js", query)


def _corners(bounds: Bounds) -> list[list[float]]:
    """Return bounds as Leaflet takes them: [[south, west], [north, east]]."""
    south, west, north, east = (round(degrees, 4) for degrees in bounds)
    return [[south, west], [north, east]]


def _around(place: Place, km: int) -> Bounds:
    """Return the bounds of a circle, EPSG:4326."""
    high = km / KM_PER_DEGREE
    wide = high / max(0.1, cos(radians(place.lat)))
    return (place.lat - high, place.lon - wide, place.lat + high, place.lon + wide)


def _drawn(
    bounds: Bounds | None,
    tiles: Tiles | None,
    options: dict[str, object],
    path: str,
    query: list[tuple[str, str]],
) -> DrawnMap:
    frame = draw(bounds, tiles, options)
    digest = sha256(frame.script.encode()).hexdigest()[:12]
    query = [*query, *([] if tiles else [("fond", "sans")]), ("v", digest)]
    return DrawnMap(frame, f"{path}?{urlencode(query)}")
