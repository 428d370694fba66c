"""Where an actor of a list has its seat: address, commune, territory, point."""

import re
from dataclasses import replace
from functools import lru_cache
from typing import TypedDict

from geo.address import PostalAddress, read_address
from geo.gazetteer import Gazetteer
from geo.postal import area_of, clean_postcode, has_cedex
from geo.text import fold
from importers.coordinates import Point, PointCheck, read_number, read_pair
from importers.line import Line
from importers.location import Clues, Location, has_lost_zero, lost_another_digit, resolve
from importers.phones import format_french
from importers.row import Precision
from importers.strays import find_strays, may_call

_PRECISIONS: dict[str, Precision] = {
    "address": "address",
    "adresse": "address",
    "numero": "address",
    "street": "street",
    "rue": "street",
    "locality": "locality",
    "lieu dit": "locality",
    "commune": "commune",
}
_POSTCODE_AND_MORE = re.compile(r"([0-9]{2} ?[0-9]{3})[\s,–-]*([^\W\d_].*)", re.DOTALL)
_POSTCODE_FIRST = re.compile(r"(?P<code>[0-9]{2} ?[0-9]{3}(?![0-9]))?")
_LETTER = re.compile(r"[^\W\d_]")
# A number of FINESS or a SIREN in another column than its own.
_NINE = re.compile(r"\s*(?:[0-9]\s?){9}")

_BRACKET = re.compile(r"\s*[()\[\]]")
# "Adresse confidentielle (4 rue X 31000 Toulouse)".
_IN_BRACKETS = re.compile(r"[(\[][^()\[\]]*\b[0-9]{2} ?[0-9]{3}\b[^()\[\]]*[)\]]")

_A_NUMBER = (
    "Un numéro de téléphone est dans cette colonne ; il est lu avec l'adresse. "
    "Mettez-le dans la colonne du téléphone."
)

_NO_TOWN = (
    "Aucune commune n'est reconnue dans cette adresse : l'acteur n'aura pas de point sur la carte. "
    "Ajoutez la commune avec son code postal."
)


class Seat(TypedDict):
    """Fields of an ActorRow."""

    address: str | None
    street: str | None
    postcode: str | None
    city: str | None
    commune: str | None
    territory: str
    lon: float | None
    lat: float | None
    precision: Precision | None


class SeatReader:
    """Reads the seats of one list. given: the territory of the whole list, where it has one."""

    def __init__(self, gazetteer: Gazetteer, given: str | None) -> None:
        self._gazetteer, self._given = gazetteer, given
        self._check = _point_check(gazetteer)

    def read(self, line: Line) -> Seat:
        """Return the seat of a line, and report what contradicts it.

        Raises Rejected where the territory is unknown.
        """
        address, is_foreign = self._as_written(line, self._address(line))
        location = self._locate(line, address, is_foreign=is_foreign)
        if location.territory is None:
            line.reject(
                "city" if line.text("city") else "territory",
                "Le territoire de cette ligne est inconnu. Ajoutez la commune avec son code postal "
                "ou son code INSEE, ou indiquez le département de la liste.",
            )
        commune = location.commune
        point, precision = self._point(line, location, location.territory)
        return {
            "address": address.text or None,
            "street": address.street,
            "postcode": address.postcode,
            "city": address.city or line.limited("city") or (commune.name if commune else None),
            "commune": commune.code if commune else None,
            "territory": location.territory,
            "lon": point.lon if point else None,
            "lat": point.lat if point else None,
            "precision": precision,
        }

    def _address(self, line: Line) -> PostalAddress:
        (code, number), city = _number_apart(line.text("postcode")), line.limited("city") or ""
        if number:
            line.report("postcode", _A_NUMBER)
        if found := _POSTCODE_AND_MORE.fullmatch(code):
            code, more = found.groups()
            # What follows a postcode is the town where the line has no other; CEDEX always counts.
            if not city or (has_cedex(more.split()[0]) and not has_cedex(city)):
                city = f"{city} {more}".strip()
        if code and clean_postcode(code) is None:
            line.report(
                "postcode",
                f"Le code postal {code} n'existe pas : il commence par 01 à 98. Corrigez-le."
                if re.fullmatch(r"[0-9]{5}", code)
                else "Un code postal a cinq chiffres. Corrigez-le.",
            )
        address, complement = line.limited("address"), line.limited("complement")
        if number:
            address = f"{address}, {number}" if address else number
        read = read_address(address, complement, code, city)
        if address and not (read.postcode or read.city) and _IN_BRACKETS.search(address):
            read = read_address(_BRACKET.sub(", ", address).strip(", "), complement)
        return read

    def _as_written(self, line: Line, read: PostalAddress) -> tuple[PostalAddress, bool]:
        """Return an address without the zero that its postcode got, where none was lost.

        And whether it is none of France.
        """
        full, written = read.postcode or "", map(line.text, ("postcode", "address", "city"))
        if not full.startswith("0") or any(map(_whole(full).search, written)):
            return read, False
        clues = Clues(insee=line.text("insee"), city=read.city or "")
        if has_lost_zero(full, clues, self._gazetteer, self._given, cedex=read.cedex):
            return read, False
        lines = tuple(re.sub(rf"^{full}\b", full[1:], each) for each in read.lines)
        is_slip = lost_another_digit(full[1:], clues.city, self._gazetteer)
        return replace(read, postcode=None, lines=lines), not is_slip

    def _locate(self, line: Line, address: PostalAddress, *, is_foreign: bool) -> Location:
        clues = Clues(
            insee=line.text("insee"),
            city=address.city or line.text("city"),
            postcode=address.postcode,
            territory=line.text("territory"),
            hint=line.text("insee_hint"),
            is_foreign=is_foreign,
        )
        location = resolve(clues, self._gazetteer, self._given)
        if location.territory is not None:
            for field, message in location.reported:
                line.report(field, message)
            if location.commune is None and address.text and not location.reported:
                line.report("address", _NO_TOWN)
        return location

    def _point(
        self, line: Line, location: Location, territory: str
    ) -> tuple[Point | None, Precision | None]:
        lon, lat = read_number(line.text("lon")), read_number(line.text("lat"))
        field = "lon"
        if lon is None and lat is None and line.text("lonlat"):
            field = "lonlat"
            # "latitude, longitude" is how maps on the web show a point; WKT says it the other way.
            lat, lon = read_pair(line.text("lonlat")) or (None, None)
            if line.text("lonlat").upper().startswith("POINT"):
                lat, lon = lon, lat
        if lon is None or lat is None:
            if line.fields & {"lon", "lat", "lonlat"}:
                field = next(f for f in ("lon", "lat", "lonlat") if f in line.fields)
                line.report(
                    field, "Coordonnées illisibles. Donnez deux nombres, par exemple 48,91 et 2,44."
                )
            return None, None
        point = Point(lon, lat)
        if wrong := self._check.wrong(point, location.commune, territory):
            line.report(field, wrong, f"{lat}, {lon}")
            return None, None
        return point, _PRECISIONS.get(fold(line.text("precision")), "address")


# Its tree is made in a second for all of France, and is the same for each sheet of a workbook.
@lru_cache(maxsize=1)
def _point_check(gazetteer: Gazetteer) -> PointCheck:
    return PointCheck(gazetteer.communes)


def _whole(postcode: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![0-9]){postcode[:2]}[ .\u00a0\u202f]?{postcode[2:]}(?![0-9])")


def _number_apart(code: str) -> tuple[str, str]:
    """Return a postcode without the telephone number that stands in its cell, and that number.

    Were it left out, nobody would know by it who shares the number of a home.
    """
    if not may_call(code):
        return code, ""
    postcode = (found := _POSTCODE_FIRST.match(code)) and found["code"]
    rest = code.removeprefix(postcode or "")
    cleaned = clean_postcode(postcode)
    numbers = find_strays(rest, area_of(cleaned) if cleaned else None)
    if not numbers or _NINE.fullmatch(rest):
        return code, ""
    # What else is said there is read as if there were no number.
    left = code if _LETTER.search(rest) else postcode or ""
    return left, " / ".join(map(format_french, numbers))
