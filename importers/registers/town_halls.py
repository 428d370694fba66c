"""Where the town halls of the directory stand: points of communes that no other source places."""

import math
from typing import Any

from geo.distance import kilometres
from geo.gazetteer import Gazetteer
from importers.registers.entries import LeftOut, address_of, items, text_of

PIVOT = "mairie"
# A town hall farther from every other commune of its territory is a slip of the directory.
FAR_KM = 100.0


class TownHalls:
    """Collects the town halls of communes without a point. found: code -> longitude, latitude."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._lacking = {each.code: each for each in gazetteer.communes if each.lon is None}
        self.found: dict[str, tuple[float, float]] = {}

    def look_at(self, entry: Any) -> None:
        """Take the point of an entry, where it is a town hall of such a commune."""
        if not self._lacking or not isinstance(entry, dict):
            return
        try:
            for pivot in items(entry, "pivot"):
                if text_of(pivot, "type_service_local") == PIVOT:
                    self._take(address_of(entry), items(pivot, "code_insee_commune"))
        except LeftOut:
            return  # it is counted where it is read as a line

    def _take(self, address: dict[str, Any], codes: list[Any]) -> None:
        try:
            point = (float(text_of(address, "longitude")), float(text_of(address, "latitude")))
        except ValueError:
            return
        if not all(map(math.isfinite, point)):
            return
        for code in codes:
            commune = self._lacking.get(code) if isinstance(code, str) else None
            if commune and self._is_near(point, commune.territory):
                self.found.setdefault(commune.code, point)

    def _is_near(self, point: tuple[float, float], territory: str) -> bool:
        return any(
            kilometres(point, (each.lon, each.lat)) < FAR_KM
            for each in self._gazetteer.communes
            if each.territory == territory and each.lon is not None and each.lat is not None
        )
