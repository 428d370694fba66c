"""A territory as pages show it."""

from dataclasses import dataclass

from geo.bounds import Bounds


@dataclass(frozen=True, slots=True)
class TerritoryView:
    """A territory and its bounds, None where they were not read; drawn: its boundary is known.

    Without a boundary, they are those of the points of its communes.
    """

    code: str
    name: str
    region_name: str
    bounds: Bounds | None
    drawn: bool = True


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
