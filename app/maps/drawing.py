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
from app.platform.web.site import Site
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
GROUND = "built/ground/france.geojson"
# What addresses say of a ground that is not the service's own choice.
PLAIN, DETAILED = "sans", "detaille"
OURS = "Fond simple"

# As JSON: what one page's map shows.
Options = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Frame:
    """A drawn map without what it shows, and the address of its script, with its digest."""

    parts: MapParts
    script_url: str


@dataclass(frozen=True, slots=True)
class GroundChoice:
    """A ground that somebody can choose: what addresses say of it, and its name."""

    code: str
    label: str


def frame_of(site: Site, ground: str) -> Frame:
    """Return the frame of every map on this ground: "", that of the service; "sans", ours alone;
    "detaille", with tiles.
    """
    return _drawn(_tiles(site, ground), ground, site.assets.address(GROUND))


def grounds(site: Site) -> list[GroundChoice]:
    """Return the grounds to choose among, the usual one first; none where there is one alone."""
    if site.tiles is None:
        return []
    if site.tiles.first:
        return [GroundChoice("", site.tiles.label), GroundChoice(PLAIN, OURS)]
    return [GroundChoice("", OURS), GroundChoice(DETAILED, site.tiles.label)]


def other_ground(site: Site, ground: str) -> GroundChoice | None:
    """Return what a map on this ground offers instead."""
    shown = _tiles(site, ground)
    return next((each for each in grounds(site) if _tiles(site, each.code) != shown), None)


def _tiles(site: Site, ground: str) -> Tiles | None:
    chosen = ground == DETAILED or (not ground and site.tiles and site.tiles.first)
    return site.tiles if chosen else None


@lru_cache(maxsize=8)
def _drawn(tiles: Tiles | None, ground: str, ground_url: str) -> Frame:
    """Draw a frame; nothing of it depends on a place, which no cache may hold."""
    parts = draw(tiles, FOR_SCRIPTS | {"ground": ground_url})
    digest = sha256(parts.script.encode()).hexdigest()[:12]
    query = urlencode([*([("fond", ground)] if ground else []), ("v", digest)])
    return Frame(parts, f"{SCRIPT}?{query}")


def options_of(session: Session, search: Search) -> Options:
    """Return what the map of a search shows first, as its script takes it; TerritoryUnknown.

    bounds, extent: [[south, west], [north, east]], EPSG:4326 degrees; radius: metres. avoided: what
    the search leaves out, with the addresses of whole territories.
    """
    options: Options = {"actors": actors_url(search)}
    if territories := [read_territory(session, code) for code in search.territories]:
        options["boundaries"] = _boundaries(territories)
        options["territories"] = [each.code for each in territories]
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
    return [f"/api/departements/{each.code}/boundary.geojson" for each in territories if each.drawn]


def _corners(bounds: Bounds) -> list[list[float]]:
    """Return bounds as Leaflet takes them: [[south, west], [north, east]]."""
    south, west, north, east = (round(degrees, 4) for degrees in bounds)
    return [[south, west], [north, east]]
