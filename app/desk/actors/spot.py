"""Where the map of a form looks, and what the geocoder answered: of what nothing hides alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from app.errors import TerritoryUnknown
from app.gazetteer.territories import read_territory
from app.geocoding.by_hand import Found
from app.maps.drawing import GROUND
from app.platform.web.site import Site
from app.records.doubts import Doubtful
from app.records.entered import Entered
from app.records.placing import Placed
from app.records.previewing import Written
from app.records.sheets import Sheet, is_protected
from geo.bounds import FRANCE, Bounds, around
from geo.distance import kilometres
from geo.gazetteer import Gazetteer
from geo.text import curled
from importers import vocabulary
from importers.coordinates import read_number

# What is seen around a point: our ground has communes and no streets.
_KM = {"address": 2.5, "street": 2.5, "locality": 4.0}
_KM_OF_COMMUNE = 8.0
_DRAWN = {
    "address": "Point trouvé par le géocodeur.",
    "street": "Point de la voie, trouvé par le géocodeur.",
    "locality": "Point du lieu-dit, trouvé par le géocodeur.",
    "commune": "Centre de la commune : le public y lit « adresse approximative ».",
}
_BY_HAND = "Point de cet acteur. Déplacez-le, ou écrivez ses coordonnées."
_LEFT = (
    "L’adresse a changé : ce point était celui de l’ancienne, et ne sera pas gardé. "
    "Placez-en un autre, ou laissez le service chercher."
)
_NONE = "Aucun point encore."


@dataclass(frozen=True, slots=True)
class Spot:
    """The map of a form. options: for its script. says: what the point on it is.

    host: of the geocoder that an address would be sent to. doubt: of the point that is stored.
    """

    options: Mapping[str, Any]
    says: str
    host: str
    doubt: Doubtful | None = None


@dataclass(frozen=True, slots=True)
class Located:
    """What became of a question to the geocoder: a problem, or an answer as a form shows it.

    asked: the address as it was read. far: from the point there is. lat, lon: as fields have them.
    """

    problem: str = ""
    asked: str = ""
    label: str = ""
    score: int = 0
    far: str = ""
    doubts: tuple[str, ...] = ()
    elsewhere: bool = False
    lat: str = ""
    lon: str = ""


def spot_of(
    session: Session, site: Site, sheet: Sheet | None, written: Written | None, entered: Entered
) -> Spot | None:
    """Return the map of a form; None of an actor that is hidden, or would be."""
    if sheet is not None and is_protected(sheet.level, sheet.status):
        return None
    category = vocabulary.load().categories.get(entered["category"])
    if (written and written.is_hidden) or (category and category.protected):
        return None
    entered_at, placed = _entered(entered), written.placed if written else None
    options: dict[str, Any] = {"ground": site.assets.address(GROUND)}
    if placed:
        options["drawn"] = {"lat": placed.lat, "lon": placed.lon}
    territory = written.edit.record.territory if written else entered["territory"]
    options["territories"] = [territory] if territory else []
    south, west, north, east = _bounds(session, territory, entered_at or placed)
    options["bounds"] = [[south, west], [north, east]]
    return Spot(
        options,
        _said(entered_at, placed, written),
        urlsplit(site.settings.geocoder_url).hostname or "",
    )


def _entered(entered: Entered) -> Placed | None:
    """Return the point of the fields, as it is shown; None where they give none."""
    lon, lat = read_number(entered["lon"]), read_number(entered["lat"])
    if lon is None or lat is None or abs(lon) > 180 or abs(lat) > 90:
        return None
    return Placed(lon, lat, "address")


def _said(entered_at: Placed | None, placed: Placed | None, written: Written | None) -> str:
    if entered_at:
        left = written is not None and written.edit.record.lon is None
        return _LEFT if left else _BY_HAND
    return _DRAWN[placed.precision] if placed else _NONE


def _bounds(session: Session, territory: str, placed: Placed | None) -> Bounds:
    if placed:
        return around(placed.lon, placed.lat, _KM.get(placed.precision, _KM_OF_COMMUNE))
    try:
        return read_territory(session, territory).bounds or FRANCE
    except TerritoryUnknown:
        return FRANCE


def located(found: Found, written: Written, entered: Entered) -> Located:
    """Return an answer beside what was entered, and how far it is from the point there is."""
    answer, record = found.answer, written.edit.record
    town = " ".join(each for each in (record.postcode, record.city) if each)
    return Located(
        asked=", ".join(each for each in (record.street, town) if each),
        label=answer.label,
        score=round(answer.score * 100),
        far=_far(answer.lon, answer.lat, _entered(entered) or written.placed),
        doubts=tuple(map(curled, found.doubts)),
        elsewhere=found.elsewhere,
        lat=in_degrees(answer.lat),
        lon=in_degrees(answer.lon),
    )


def refused_answer(
    doubt: Doubtful, territory: str, point: Placed | None, gazetteer: Gazetteer
) -> Located | None:
    """Return the stored answer that did not become the point, as a new one is shown; else None.

    point: where the public sees the actor.
    """
    if doubt.refused is None:
        return None
    lon, lat, citycode = doubt.refused
    there = gazetteer.by_insee(citycode)
    return Located(
        asked=doubt.address,
        label=doubt.label,
        score=doubt.score,
        far=_far(lon, lat, point),
        doubts=doubt.reasons,
        elsewhere=there is not None and there.territory != territory,
        lat=in_degrees(lat),
        lon=in_degrees(lon),
    )


def in_degrees(degrees: float) -> str:
    """Return degrees as a form has them, to a metre."""
    return f"{degrees:.5f}".replace(".", ",")


def _far(lon: float, lat: float, point: Placed | None) -> str:
    if point is None:
        return ""
    km = kilometres((lon, lat), (point.lon, point.lat))
    of = "centre de la commune" if point.precision == "commune" else "point actuel"
    if km < 0.005:
        return f"au même endroit que le {of}"
    metres = round(km * 1000, -1 if km > 0.1 else 0)
    return f"à {metres:.0f} m du {of}" if km < 1 else f"à {km:.1f} km du {of}".replace(".", ",")
