"""From degrees to millimetres of a map on paper."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.bounds import Bounds
from geo.distance import KM_PER_DEGREE

# Millimetres from the upper left corner of a map: x, y; left, top, right, bottom.
PagePoint = tuple[float, float]
PageBox = tuple[float, float, float, float]

WIDTH, LOWEST, TALLEST = 186.0, 76.0, 104.0
# Between the bounds that are asked for and the edge of the map.
MARGIN = 7.0
# The shape of an actor, which is square.
SIZE = 4.2


@dataclass(frozen=True, slots=True)
class Projection:
    """What a map on paper shows. height: millimetres.

    bounds: a little more than was asked for, so that the map fills its paper.
    """

    bounds: Bounds
    height: float

    @classmethod
    def showing(cls, bounds: Bounds) -> "Projection":
        """Return the projection that shows these bounds whole, as wide as the page."""
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

    def page_point(self, lon: float, lat: float) -> PagePoint:
        """Return one point in millimetres."""
        x, y = self.project(np.array([[lon, lat]]))[0].tolist()
        return x, y

    def holds(self, at: PagePoint) -> bool:
        """Return whether a point is on the map with the whole shape around it."""
        return SIZE <= at[0] <= WIDTH - SIZE - 4 and SIZE <= at[1] <= self.height - SIZE
