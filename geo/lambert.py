"""Lambert 93 (EPSG:2154), in metres, of mainland France and Corsica."""

import math

# As IGN defines it: exponent, constant, origin in metres, eccentricity.
_N, _C, _XS, _YS, _E = 0.7256077650532670, 11754255.4260960, 700_000.0, 12655612.0498760, 0.08181919
# Where there is land.
_WEST, _EAST, _SOUTH, _NORTH = 90_000.0, 1_250_000.0, 6_040_000.0, 7_120_000.0


def to_lambert(lon: float, lat: float) -> tuple[float, float]:
    """Return EPSG:4326 degrees as metres east and north."""
    phi = math.radians(lat)
    isometric = math.atanh(math.sin(phi)) - _E * math.atanh(_E * math.sin(phi))
    radius = _C * math.exp(-_N * isometric)
    angle = _N * math.radians(lon - 3)
    return _XS + radius * math.sin(angle), _YS - radius * math.cos(angle)


def from_lambert(x: float, y: float) -> tuple[float, float] | None:
    """Return metres east and north as EPSG:4326 longitude and latitude, None outside of France."""
    if not (_WEST <= x <= _EAST and _SOUTH <= y <= _NORTH):
        return None
    radius, angle = math.hypot(x - _XS, y - _YS), math.atan2(x - _XS, _YS - y)
    isometric = math.log(_C / radius) / _N
    sine = math.tanh(isometric)
    # Each turn is nearer by a factor of 300: five are a millimetre.
    for _ in range(5):
        sine = math.tanh(isometric + _E * math.atanh(_E * sine))
    return 3 + math.degrees(angle / _N), math.degrees(math.asin(sine))
