"""Bounding boxes on the globe."""

import math

from geo.distance import KM_PER_DEGREE

# south, west, north, east in degrees, EPSG:4326.
Bounds = tuple[float, float, float, float]

FRANCE: Bounds = (41.3, -5.2, 51.1, 9.6)


def around(lon: float, lat: float, km: float) -> Bounds:
    """Return the bounds of a circle of so many kilometres around a point."""
    high = km / KM_PER_DEGREE
    # At the poles a circle is as wide as all longitudes.
    wide = high / max(0.1, math.cos(math.radians(lat)))
    return (lat - high, lon - wide, lat + high, lon + wide)
