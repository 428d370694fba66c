"""What a map shows, as an address says it: on the grid, so that it says no finer where one is."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor

from app.errors import RequestInvalid
from app.places.grid import DECIMALS, STEP
from geo.bounds import Bounds
from geo.distance import kilometres

# Degrees. What is wider shows half of the world, and is no place in it.
WIDEST = 180.0
_NUMBER = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,20})?")


@dataclass(frozen=True, slots=True)
class Extent:
    """A rectangle whose corners are on the grid, in degrees, EPSG:4326; never across 180°."""

    west: float
    south: float
    east: float
    north: float

    @property
    def code(self) -> str:
        """Return what an address carries as `cadre`: "2.250,48.800,2.450,48.900"."""
        corners = (self.west, self.south, self.east, self.north)
        return ",".join(f"{degrees:.{DECIMALS}f}" for degrees in corners)

    @property
    def bounds(self) -> Bounds:
        """Return south, west, north, east."""
        return self.south, self.west, self.north, self.east

    @property
    def middle(self) -> tuple[float, float]:
        """Return lat, lon."""
        return (self.south + self.north) / 2, (self.west + self.east) / 2

    def reach(self, lat: float, lon: float) -> int:
        """Return the whole kilometres around a point within which all of it lies."""
        corners = ((x, y) for x in (self.west, self.east) for y in (self.south, self.north))
        return ceil(max(kilometres((lon, lat), corner) for corner in corners))


def read_corners(name: str, text: str) -> tuple[float, float, float, float]:
    """Return west, south, east, north in degrees, EPSG:4326, never across 180°.

    name: of the parameter; text: the four of them, with commas between. Raises RequestInvalid.
    """
    parts = text.split(",")
    if len(parts) != 4 or not all(map(_NUMBER.fullmatch, parts)):
        raise RequestInvalid(problem=f"« {name} » s’écrit ouest,sud,est,nord, en degrés")
    west, south, east, north = map(float, parts)
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise RequestInvalid(
            problem=f"« {name} » va d’ouest en est, entre -180 et 180 degrés, et du sud au nord,"
            " entre -90 et 90"
        )
    return west, south, east, north


def read_extent(text: str) -> Extent | None:
    """Return the extent of an address, rounded outwards; None where it shows half of the world.

    text: as read_corners takes it. Raises RequestInvalid.
    """
    west, south, east, north = read_corners("cadre", text)
    if east - west > WIDEST:
        return None
    return Extent(
        _on_grid(west, floor), _on_grid(south, floor), _on_grid(east, ceil), _on_grid(north, ceil)
    )


def _on_grid(degrees: float, outwards: Callable[[float], int]) -> float:
    # What is on the grid stays there, though no float is a multiple of the step. Zero is added
    # since -0.0 would be written "-0.000".
    return round(outwards(round(degrees / STEP, 6)) * STEP, DECIMALS) + 0.0
