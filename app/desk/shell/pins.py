"""Numbered points on one map of a page: what its script is handed, and nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.maps.drawing import GROUND
from app.platform.web.site import Site


@dataclass(frozen=True, slots=True)
class Pin:
    """A point of what a page says. number: as the page has it beside name. EPSG:4326 degrees.

    rough: it is the middle of a commune, and is drawn hollow. answer: another place that was found
    for it, longitude first, drawn as a circle while it is chosen.
    """

    number: int
    name: str
    lon: float
    lat: float
    rough: bool = False
    answer: tuple[float, float] | None = None


def map_options(
    site: Site, pins: Iterable[Pin], territories: Iterable[str]
) -> dict[str, Any] | None:
    """Return what a map of points shows, None where there is none; territories: their codes.

    Whoever calls has read that the page may show each of these points.
    """
    shown = [_shown(each) for each in pins]
    if not shown:
        return None
    ground = site.assets.address(GROUND)
    return {"ground": ground, "territories": sorted(set(territories)), "pins": shown}


def _shown(pin: Pin) -> dict[str, Any]:
    shown: dict[str, Any] = {"number": pin.number, "name": pin.name, "lat": pin.lat, "lon": pin.lon}
    if pin.rough:
        shown["rough"] = True
    if pin.answer:
        shown["answer"] = dict(zip(("lon", "lat"), pin.answer, strict=True))
    return shown
