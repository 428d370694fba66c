"""The Folium map of a view, drawn once per view and process: no word of an actor is in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from app.gazetteer.schemas import TerritoryView
from app.gazetteer.territories import read_territory
from app.places import grid
from app.places.schemas import Place
from app.search import viewport
from app.search.clusters import NEAR
from app.search.criteria import DEFAULT_RADIUS, RADII, Search
from geo.bounds import FRANCE, Bounds, around
from geo.folium_map import MapParts, Tiles, draw

# What is shown first where all of France is searched from a place, the nearest first.
WIDEST_KM = 100
# What the script of every map must know as the service does, to search around its middle (radii in
# km), and to ask for whole blocks of cells down to where zooming ends.
FOR_SCRIPTS = {
    "grid": grid.FOR_SCRIPTS,
    "radii": [radius for radius in RADII if radius],
    "usualRadius": DEFAULT_RADIUS,
    "cells": viewport.FOR_SCRIPTS | {"near": NEAR},
}


@dataclass(frozen=True, slots=True)
class DrawnMap:
    """A drawn map and the address of its script, which changes with what is in it."""

    parts: MapParts
    script_url: str


def map_of(session: Session, search: Search, tiles: Tiles | None) -> DrawnMap:
    """Draw the map of what a search looks at; tiles: the site's, left out where it wants none.

    Raises TerritoryUnknown.
    """
    if not search.background:
        tiles = None
    territories = tuple(read_territory(session, code) for code in search.territories)
    if search.territory:
        return map_of_territory(territories[0], tiles)
    if territories:
        return map_of_territories(territories, tiles)
    return map_of_place(search.place, search.reach, tiles)


def actors_url(search: Search) -> str:
    """Return the address of what a map of a search draws: whatever its order, page, view."""
    shown = search.but(order=None, descending=False, view="", background=True)
    if search.territory:
        path = f"/api/departements/{search.territory}/actors.geojson"
        return f"{path}{shown.url().removeprefix(shown.path)}"
    return shown.url("/api/actors.geojson")


def clusters_url(search: Search) -> str:
    """Return the address of what a map draws of a search too large to send, view by view."""
    return search.but(order=None, descending=False, view="", background=True).url(
        "/api/groupes.geojson"
    )


@lru_cache(maxsize=256)
def map_of_territory(territory: TerritoryView, tiles: Tiles | None) -> DrawnMap:
    """Draw the map of a territory; 5 ms the first time."""
    options: dict[str, object] = {
        "territory": territory.code,
        "actors": f"/api/departements/{territory.code}/actors.geojson",
        "bounds": _corners(territory.bounds or FRANCE),
    }
    options["boundaries"] = _boundaries([territory])
    path = f"/departements/{territory.code}/carte.js"
    return _drawn(territory.bounds, tiles, options, path, [])


@lru_cache(maxsize=256)
def map_of_territories(territories: tuple[TerritoryView, ...], tiles: Tiles | None) -> DrawnMap:
    """Draw one map of several territories, wide enough for all of them."""
    several = [each.bounds for each in territories if each.bounds]
    souths, wests, norths, easts = zip(*several or [FRANCE], strict=True)
    bounds = (min(souths), min(wests), max(norths), max(easts))
    options: dict[str, object] = {
        "actors": "/api/actors.geojson",
        "bounds": _corners(bounds),
        "boundaries": _boundaries(territories),
    }
    query = [("dans", each.code) for each in territories]
    return _drawn(bounds, tiles, options, "/autour/carte.js", query)


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
    bounds = around(place.lon, place.lat, radius or WIDEST_KM) if place else None
    options["bounds"] = _corners(bounds or FRANCE)
    return _drawn(bounds, tiles, options, "/autour/carte.js", query)


def _boundaries(territories: Iterable[TerritoryView]) -> list[str]:
    """Return the addresses of the boundaries that are known."""
    return [
        f"/api/departements/{each.code}/boundary.geojson" for each in territories if each.bounds
    ]


def _corners(bounds: Bounds) -> list[list[float]]:
    """Return bounds as Leaflet takes them: [[south, west], [north, east]]."""
    south, west, north, east = (round(degrees, 4) for degrees in bounds)
    return [[south, west], [north, east]]


def _drawn(
    bounds: Bounds | None,
    tiles: Tiles | None,
    options: dict[str, object],
    path: str,
    query: list[tuple[str, str]],
) -> DrawnMap:
    parts = draw(bounds, tiles, FOR_SCRIPTS | options)
    digest = sha256(parts.script.encode()).hexdigest()[:12]
    query = [*query, *([] if tiles else [("fond", "sans")]), ("v", digest)]
    return DrawnMap(parts, f"{path}?{urlencode(query)}")
