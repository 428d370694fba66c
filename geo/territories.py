"""French territories and communes as values; no file, network or database here."""

from dataclasses import dataclass
from typing import Literal

TerritoryType = Literal["departement", "metropole", "collectivite"]
FormerCommuneType = Literal["deleguee", "associee", "arrondissement", "fusionnee"]


@dataclass(frozen=True, slots=True)
class Territory:
    """A territory with its own child-welfare service: département, Métropole de Lyon, collectivité.

    code: "93", "2A", "971", "69M"; name as French writes it; region_code is INSEE's.
    """

    code: str
    name: str
    territory_type: TerritoryType
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
    commune_type: FormerCommuneType
    commune: str
    postcodes: tuple[str, ...] = ()
