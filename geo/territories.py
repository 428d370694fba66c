"""French territories and communes as values; nothing here touches a file, the network or a database."""

from dataclasses import dataclass
from typing import Literal

TerritoryKind = Literal["departement", "metropole", "collectivite"]
FormerKind = Literal["deleguee", "associee", "arrondissement", "fusionnee"]


@dataclass(frozen=True, slots=True)
class Territory:
    """A territory that has its own child-welfare service: a département, the Métropole de Lyon, a collectivité.

    code: "93", "2A", "971", "69M"; name as French writes it ("Seine-Saint-Denis"); region_code is INSEE's.
    """

    code: str
    name: str
    kind: TerritoryKind
    region_code: str
    region_name: str


@dataclass(frozen=True, slots=True)
class Commune:
    """A current commune. lon, lat: EPSG:4326 degrees, None where no source gives a point."""

    code: str
    name: str
    territory: str
    postcodes: tuple[str, ...]
    epci: str | None
    lon: float | None
    lat: float | None


@dataclass(frozen=True, slots=True)
class FormerCommune:
    """A code or name that people still write, and the current commune it belongs to."""

    code: str
    name: str
    kind: FormerKind
    commune: str
    postcodes: tuple[str, ...] = ()
