"""UTM in metres, of the départements and collectivités overseas.

Zone 20N (EPSG:5490) for Guadeloupe, Martinique and the islands of the north, 21N (EPSG:32621), 22N
(EPSG:2972), 38S (EPSG:4471), 40S (EPSG:2975).
"""

import math

# GRS80, which differs from the WGS84 of EPSG:4326 by less than a millimetre.
_AXIS, _FLAT, _SCALE = 6378137.0, 1 / 298.257222101, 0.9996
# Zone of UTM of a territory, negative in the south.
_ZONES = {"971": 20, "972": 20, "977": 20, "978": 20, "973": 22, "975": 21, "974": -40, "976": -38}


def from_utm(x: float, y: float, territory: str) -> tuple[float, float] | None:
    """Return metres east and north as EPSG:4326 longitude and latitude, by Krüger's series.

    None for a territory that has no zone here, or outside of it.
    """
    zone = _ZONES.get(territory)
    if zone is None or not (0 < x < 1_000_000 and 0 < y < 10_000_000):
        return None
    n = _FLAT / (2 - _FLAT)
    radius = _SCALE * _AXIS / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    north, east = (y - (10_000_000 if zone < 0 else 0)) / radius, (x - 500_000) / radius
    series = (n / 2 - 2 * n**2 / 3 + 37 * n**3 / 96, n**2 / 48 + n**3 / 15, 17 * n**3 / 480)
    up, across = north, east
    for rank, factor in enumerate(series, start=1):
        up -= factor * math.sin(2 * rank * north) * math.cosh(2 * rank * east)
        across -= factor * math.cos(2 * rank * north) * math.sinh(2 * rank * east)
    lat = chi = math.asin(math.sin(up) / math.cosh(across))
    series = (2 * n - 2 * n**2 / 3 - 2 * n**3, 7 * n**2 / 3 - 8 * n**3 / 5, 56 * n**3 / 15)
    for rank, factor in enumerate(series, start=1):
        lat += factor * math.sin(2 * rank * chi)
    lon = math.atan2(math.sinh(across), math.cos(up))
    return 6 * abs(zone) - 183 + math.degrees(lon), math.degrees(lat)
