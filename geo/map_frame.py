"""What a map for paper shows, and where on it a point is: degrees to millimetres."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.distance import KM_PER_DEGREE

# south, west, north, east in degrees, EPSG:4326; on paper left, top, right, bottom.
Bounds = tuple[float, float, float, float]
Point = tuple[float, float]

WIDTH, LOWEST, TALLEST = 186.0, 76.0, 104.0
# Between what is to be seen and the edge of the map.
MARGIN = 7.0
# A shape that stands for an actor.
SIZE = 4.2


@dataclass(frozen=True, slots=True)
class Frame:
    """What a map shows. bounds: a little more than was asked for, so that it fills the paper."""

    bounds: Bounds
    height: float

    @classmethod
    def showing(cls, bounds: Bounds) -> "Frame":
        """Return the frame that shows these bounds whole, as wide as the page."""
        south, west, north, east = bounds
        shrink = math.cos(math.radians((south + north) / 2))
        wide, high = max((east - west) * shrink, 1e-3), max(north - south, 1e-3)
        inner = WIDTH - 2 * MARGIN
        height = min(TALLEST, max(LOWEST, high / wide * inner + 2 * MARGIN))
        # Degrees of latitude for a millimetre.
        unit = max(wide / inner, high / (height - 2 * MARGIN))
        centre, middle = (south + north) / 2, (west + east) / 2
        up, across = height / 2 * unit, WIDTH / 2 * unit / shrink
        return cls((centre - up, middle - across, centre + up, middle + across), height)

    @property
    def km_per_mm(self) -> float:
        """Return how many kilometres a millimetre is."""
        return (self.bounds[2] - self.bounds[0]) * KM_PER_DEGREE / self.height

    def project(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (lon, lat) rows as (x, y) in millimetres, from the upper left corner."""
        south, west, north, east = self.bounds
        scale = np.array([WIDTH / (east - west), -self.height / (north - south)])
        return np.asarray((points - np.array([west, north])) * scale, dtype=np.float64)

    def place(self, lon: float, lat: float) -> Point:
        """Return one point in millimetres."""
        x, y = self.project(np.array([[lon, lat]]))[0].tolist()
        return x, y

    def holds(self, at: Point) -> bool:
        """Say that a point is on the map, and its mark as well."""
        return SIZE <= at[0] <= WIDTH - SIZE - 4 and SIZE <= at[1] <= self.height - SIZE
