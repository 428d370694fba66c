"""A place to search around, and what a typed text may mean."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from app.places.extent import Extent
from geo.names import behind_de

SuggestionKind = Literal["commune", "ancienne", "arrondissement", "territoire"]


@dataclass(frozen=True, slots=True)
class Area:
    """What somebody may be in charge of: codes, None where it lies in none or is wider."""

    commune_code: str | None
    epci_code: str | None
    territory_code: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where to search around, or in whose extent, then its middle. lon, lat: EPSG:4326 degrees.

    code: what an address carries as `lieu`: an INSEE code ("93066", "75111"), or a position on a
    grid of about 500 m, "48.935,2.355" (lat,lon). commune_code is that of the current commune,
    None far from France, like epci_code and territory_code; Paris is in no other EPCI than its own.
    """

    code: str
    label: str
    lon: float
    lat: float
    commune_code: str | None
    epci_code: str | None
    territory_code: str | None
    extent: Extent | None = None

    @property
    def area(self) -> "Area":
        """Return the areas that it lies in."""
        return Area(self.commune_code, self.epci_code, self.territory_code)

    @property
    def heading(self) -> str:
        """Return the title of a page: "Autour du Havre (76)", "Position près de Lyon (69M)"."""
        if self.extent:
            return self.label.replace("Position", "Carte affichée,", 1)
        return self.label if self.is_position else f"Autour {behind_de(self.label)}"

    @property
    def is_commune(self) -> bool:
        """Say whether it is a whole commune, which lies around its point."""
        return self.code == self.commune_code

    @property
    def is_position(self) -> bool:
        """Say whether it is a point of the grid: a device's, of an address, of what a map shows."""
        return "," in self.code


class Instead(StrEnum):
    """Why a commune stands for what was typed: what an address says, which must not repeat it."""

    SILENT = "service"
    NOT_FOUND = "adresse"
    UNKNOWN = "lieu"

    @property
    def reason(self) -> str:
        """Return the beginning of a French sentence."""
        return {
            Instead.SILENT: "Le service d’adresses ne répond pas",
            Instead.NOT_FOUND: "Cette adresse n’a pas été trouvée",
            Instead.UNKNOWN: "Ce lieu nous est inconnu",
        }[self]

    def sentence(self, place: Place) -> str:
        """Return what to say on the page of the place that stands for it."""
        return f"{self.reason} : voici ce qui est autour {behind_de(place.label)}."


# What an address of ours says where the largest of several places of a name was taken.
HOMONYMS = "homonymes"
# What an address of ours says where no commune was recognised in an address that was entered.
NO_COMMUNE = "commune"
# What an address of ours says where a territory stands for a commune of which no point is known.
NO_POINT = "position"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A place that a text may mean, and the address to go to. code: as `lieu`, or a territory's."""

    code: str
    label: str
    detail: str
    kind: SuggestionKind
    url: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a typed text means: one place, or several to choose from, or neither.

    notice: a French sentence to show with either, such as why an address became its commune.
    instead: that reason; shorter: what an address of ours may repeat of an address that was typed,
    "" for nothing; None where it may repeat the text. beside: the other words and the code of a
    territory, where the text is no place but names one ("cdlp nord"). likely: of the choices the
    one that most people mean, a place or the code of a territory; for searches, where a wrong one
    does no harm.
    """

    place: Place | None = None
    choices: tuple[Suggestion, ...] = ()
    notice: str | None = None
    instead: Instead | None = None
    shorter: str | None = None
    beside: tuple[str, str] | None = None
    likely: Place | str | None = None
