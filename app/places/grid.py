"""The grid to which positions are rounded: about 500 m, so that no address has an exact one."""

import re

# Degrees: 556 m from south to north, 360 to 550 m from west to east between Dunkerque and Cayenne.
STEP = 0.005
DECIMALS = 3
# What a script needs to put the position of a device on the grid before it sends it.
FOR_SCRIPTS = {"step": STEP, "decimals": DECIMALS}
_POSITION = re.compile(
    r"\s*(-?[0-9]{1,3}(?:\.[0-9]{1,20})?)\s*,\s*(-?[0-9]{1,3}(?:\.[0-9]{1,20})?)\s*"
)


def read_position(text: str) -> tuple[float, float] | None:
    """Return (lat, lon) in degrees, EPSG:4326, on the grid; None where text is no position."""
    match = _POSITION.fullmatch(text)
    if match is None:
        return None
    lat, lon = (_on_grid(float(part)) for part in match.groups())
    return (lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None


def position_code(lat: float, lon: float) -> str:
    """Return the code of the point of the grid that is nearest: "48.935,2.355"."""
    return ",".join(f"{_on_grid(degrees):.{DECIMALS}f}" for degrees in (lat, lon))


def _on_grid(degrees: float) -> float:
    # Zero is added since -0.0 would be written "-0.000".
    return round(round(degrees / STEP) * STEP, DECIMALS) + 0.0
