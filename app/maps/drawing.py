"""The map of a page: a frame that Folium draws once, and what the page hands to its script."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from app.gazetteer.schemas import TerritoryView
from app.gazetteer.territories import read_territory
from app.places import grid
from app.places.extent import Extent
from app.places.schemas import Place
from app.search import viewport
from app.search.clusters import NEAR
from app.search.criteria import Search
from geo.bounds import FRANCE, Bounds, around
from geo.folium_map import MapParts, Tiles, draw

# What is shown first where all of France is searched from a place, the nearest first.
WIDEST_KM = 100
# What the script of every map must know as the service does, to search what it shows, and to ask
# for whole blocks of cells down to where zooming ends.
FOR_SCRIPTS = {"grid": grid.FOR_SCRIPTS, "cells": viewport.FOR_SCRIPTS | {"near": NEAR}}
SCRIPT = "/carte.js"

# As JSON: what one page's map shows.
Options = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Frame:
    """A drawn map without what it shows, and the address of its script, with its digest."""

    parts: MapParts
    script_url: str


@lru_cache(maxsize=4)
def frame_of(tiles: Tiles | None) -> Frame:
    """Draw the frame of every map; nothing of it depends on a place, which no cache may hold."""
    parts = draw(tiles, FOR_SCRIPTS)
    digest = sha256(parts.script.encode()).hexdigest()[:12]
    query = urlencode([*([] if tiles else [("fond", "sans")]), ("v", digest)])
    return Frame(parts, f"{SCRIPT}?{query}")


def options_of(session: Session, search: Search) -> Options:
    """Return what the map of a search shows first, as its script takes it; TerritoryUnknown.

    bounds, extent: [[south, west], [north, east]], EPSG:4326 degrees; radius: metres. avoided: what
    the search leaves out, with the addresses of whole territories.
    """
    options: Options = {"actors": actors_url(search)}
    if territories := [read_territory(session, code) for code in search.territories]:
        options["boundaries"] = _boundaries(territories)
        options["bounds"] = _corners(_around_all(territories))
    elif search.extent:
        options["extent"] = _corners(search.extent.bounds)
        options["bounds"] = _corners(_within(search.extent))
    elif search.place:
        options |= _of_place(search.place, search.reach)
    else:
        options["bounds"] = _corners(FRANCE)
    if search.excludes:
        left_out = (read_territory(session, code) for code in search.without)
        options["avoided"] = {"boundaries": _boundaries(left_out)}
        if search.far:
            circle = {"lat": search.far.lat, "lon": search.far.lon}
            options["avoided"]["circle"] = circle | {"radius": search.far_km * 1000}
    return options


def actors_url(search: Search) -> str:
    """Return the address of what a map of a search draws: whatever its order, page, view."""
    shown = search.as_drawn()
    if search.territory:
        path = f"/api/departements/{search.territory}/actors.geojson"
        return f"{path}{shown.url().removeprefix(shown.path)}"
    return shown.url("/api/actors.geojson")


def clusters_url(search: Search) -> str:
    """Return the address of what a map draws of a search too large to send, view by view."""
    return search.as_drawn().url("/api/groupes.geojson")


def _of_place(place: Place, radius: int | None) -> Options:
    options: Options = {"place": {"lat": place.lat, "lon": place.lon}}
    if radius:
        options["radius"] = radius * 1000
    options["bounds"] = _corners(around(place.lon, place.lat, radius or WIDEST_KM))
    return options


def _within(extent: Extent) -> Bounds:
    """Return what a map was showing whose extent was rounded outwards, or a little less.

    To fit all of the extent, the same map would have to zoom out by a step.
    """
    south, west, north, east = extent.bounds
    by = grid.STEP if min(north - south, east - west) > 3 * grid.STEP else 0.0
    return south + by, west + by, north - by, east - by


def _around_all(territories: Iterable[TerritoryView]) -> Bounds:
    several = [each.bounds for each in territories if each.bounds]
    souths, wests, norths, easts = zip(*several or [FRANCE], strict=True)
    return (min(souths), min(wests), max(norths), max(easts))


def _boundaries(territories: Iterable[TerritoryView]) -> list[str]:
    """Return the addresses of the boundaries that are known."""
    return [
        f"/api/departements/{each.code}/boundary.geojson" for each in territories if each.bounds
    ]


def _corners(bounds: Bounds) -> list[list[float]]:
    """Return bounds as Leaflet takes them: [[south, west], [north, east]]."""
    south, west, north, east = (round(degrees, 4) for degrees in bounds)
    return [[south, west], [north, east]]
