"""A territory as pages show it."""

from dataclasses import dataclass

from geo.bounds import Bounds


@dataclass(frozen=True, slots=True)
class TerritoryView:
    """A territory and its bounds; None for a collectivité whose boundary is not known."""

    code: str
    name: str
    region_name: str
    bounds: Bounds | None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What lies around a territory: its region, or its ocean, and the territories of that."""

    name: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TerritoryCount:
    """A territory on the map of France, with the number of actors that its own page lists."""

    code: str
    name: str
    region_name: str
    count: int
