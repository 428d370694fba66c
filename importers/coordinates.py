"""Coordinates of a list, checked against the commune and territory of their line."""

import math
import re
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from geo.distance import KM_PER_DEGREE, kilometres, reach_km
from geo.territories import Commune

# Kilometres from its commune's point within which a point is not doubted, whatever other commune is
# nearer; nor is it within NEAR_TIMES the distance of the third nearest commune, since Paris is
# wider than its neighbours. Measured on polygons of 59, 69, 93 and overseas: 20 of 8,466 points
# inside their commune are doubted, and of 970 points taken from another territory's communes
# within 30 km, 12 are not.
NEAR_KM = 5.0
NEAR_TIMES = 1.5
# A projection in metres counts by hundreds of thousands: less is a number that was mistyped.
_IN_METRES = 1_000


class Point(NamedTuple):
    """EPSG:4326 degrees."""

    lon: float
    lat: float


def read_number(text: str) -> float | None:
    """Return a decimal number with comma or point, None where it is none."""
    text = text.strip().rstrip("°").replace("\u202f", "").replace(" ", "").replace(",", ".")
    return float(text) if re.fullmatch(r"[+-]?\d{1,9}(?:\.\d+)?", text) else None


def read_pair(text: str) -> tuple[float, float] | None:
    """Return two numbers of one cell in their order, or None.

    "48.9, 2.4", "48,9 ; 2,4", "POINT(2.4 48.9)".
    """
    text = re.sub(r"^POINT\s*", "", text.strip(), flags=re.IGNORECASE).strip("()[] ")
    for separator in (";", "|", ", ", " ", ","):
        parts = [part for part in text.split(separator) if part.strip(" ,")]
        if len(parts) == 2:
            numbers = [read_number(part.strip(" ,")) for part in parts]
            if numbers[0] is not None and numbers[1] is not None:
                return numbers[0], numbers[1]
    return None


class PointCheck:
    """Judges points by the points of communes. Boundaries are the database's to check."""

    def __init__(self, communes: Iterable[Commune]) -> None:
        self._given = tuple(communes)
        self._width: dict[str, float] = {}

    # Made for the first point: most lists give none, and these of all of France take 13 MB.
    @cached_property
    def _communes(self) -> list[Commune]:
        return [c for c in self._given if c.lon is not None and c.lat is not None]

    @cached_property
    def _tree(self) -> STRtree:
        return STRtree([shapely.Point(c.lon or 0.0, c.lat or 0.0) for c in self._communes])

    @cached_property
    def _positions(self) -> NDArray[np.float64]:
        return np.array([(c.lon, c.lat) for c in self._communes], dtype=float)

    def nearest(self, point: Point) -> Commune | None:
        """Return the commune whose point is nearest, to about a kilometre."""
        if not self._communes:
            return None
        return self._communes[int(self._tree.nearest(shapely.Point(*point)))]

    def wrong(self, point: Point, commune: Commune | None, territory: str) -> str | None:
        """Return what is wrong with a point of an actor of this commune and territory, or None."""
        if abs(point.lon) < 0.001 and abs(point.lat) < 0.001:
            return "Les coordonnées (0, 0) sont au large de l'Afrique. Effacez-les."
        if not self._plausible(point, commune, territory):
            swapped = Point(point.lat, point.lon)
            if abs(swapped.lat) <= 90 and self._plausible(swapped, commune, territory):
                return "La latitude et la longitude semblent inversées. Échangez les deux colonnes."
            if max(abs(point.lon), abs(point.lat)) > _IN_METRES:
                return (
                    "Ces coordonnées sont en mètres. Donnez la longitude et la latitude en degrés "
                    "(WGS84), ou effacez-les."
                )
            if abs(point.lat) > 90:
                return "Une latitude est entre -90 et 90. Corrigez-la, ou effacez les coordonnées."
            if abs(point.lon) > 180:
                return (
                    "Une longitude est entre -180 et 180. Corrigez-la, ou effacez les coordonnées."
                )
            where = f"à {commune.name}" if commune else "dans ce territoire"
            return f"Ce point n'est pas {where}. Vérifiez les coordonnées ou effacez-les."
        return None

    def _plausible(self, point: Point, commune: Commune | None, territory: str) -> bool:
        if abs(point.lon) > 180 or abs(point.lat) > 90:
            return False
        near = self.nearest(point)
        if near is None:
            return True
        near_km = kilometres(point, Point(near.lon or 0.0, near.lat or 0.0))
        far = reach_km(territory)
        if commune is None or commune.lon is None or commune.lat is None:
            return near.territory == territory and near_km <= far
        own_km = kilometres(point, Point(commune.lon, commune.lat))
        if own_km > far:
            return False
        # Twice as near to another commune, or three times in the same territory: not in this one.
        return (
            near.code == commune.code
            or own_km < (3 if near.territory == territory else 2) * near_km
            or own_km <= max(NEAR_KM, NEAR_TIMES * self._third_neighbour_km(commune))
        )

    def _third_neighbour_km(self, commune: Commune) -> float:
        """Return how far the third nearest commune is, which stands here for a commune's width."""
        if commune.code not in self._width:
            lon, lat = commune.lon or 0.0, commune.lat or 0.0
            east = (self._positions[:, 0] - lon) * KM_PER_DEGREE * math.cos(math.radians(lat))
            north = (self._positions[:, 1] - lat) * KM_PER_DEGREE
            distances = np.sort(np.hypot(east, north))
            self._width[commune.code] = float(distances[min(3, len(distances) - 1)])
        return self._width[commune.code]
