"""The Folium map of a territory, drawn once per territory, layer and process."""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from app.territories.schemas import TerritoryView
from geo.folium_map import MapFrame, Tiles, draw


@dataclass(frozen=True, slots=True)
class TerritoryMap:
    """A drawn map and the address of its script, which changes with what is in it."""

    frame: MapFrame
    script_url: str


@lru_cache(maxsize=256)
def map_of(territory: TerritoryView, tiles: Tiles | None) -> TerritoryMap:
    """Draw the map of a territory; 5 ms the first time."""
    options = {
        "territory": territory.code,
        "actors": f"/api/departements/{territory.code}/actors.geojson",
    }
    if territory.bounds:
        options["boundary"] = f"/api/departements/{territory.code}/boundary.geojson"
    frame = draw(territory.bounds, tiles, options)
    digest = sha256(frame.script.encode()).hexdigest()[:12]
    return TerritoryMap(frame, f"/departements/{territory.code}/carte.js?v={digest}")
