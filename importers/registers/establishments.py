"""Establishments of FINESS as lines of lists: what its files of either form become."""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from geo.distance import kilometres, reach_km
from geo.gazetteer import Gazetteer
from geo.lambert import from_lambert
from geo.names import normalise
from geo.territories import Commune
from geo.utm import from_utm
from importers import vocabulary
from importers.accommodation import in_text
from importers.actor import LONGEST_NAME
from importers.coordinates import Point, read_number
from importers.dates import read_date
from importers.location import Clues, resolve
from importers.mapping import shipped
from importers.registers.catalogue import registers
from importers.registers.edition import OF_CATEGORY, Edition, published_on
from importers.registers.names import readable
from importers.registers.reached import numbers_in
from importers.terms import UNKNOWN

# What nobody need look at, and what could not be used, as the operator reads it.
CLOSED = "fermés"
TWICE = "en double"
NAMELESS, NOWHERE = "sans nom", "commune absente ou inconnue"


class Codes(BaseModel):
    """finess.toml: codes of categories by our code, those that are none of ours with what some of
    them are called, communes, ways.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    categories: Mapping[str, frozenset[str]]
    unrelated: Mapping[str, frozenset[str]]
    labels: Mapping[str, str]
    communes: Mapping[str, str]
    ways: Mapping[str, str]

    def category(self, code: str) -> str | None:
        """Return our category of a code, None of one that is none of ours."""
        if code in self.unrelated["codes"]:
            return None
        return _by_code().get(code, UNKNOWN)


@cache
def codes() -> Codes:
    """Return finess.toml."""
    path = Path(__file__).parent / "finess.toml"
    return Codes.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))


@cache
def _by_code() -> dict[str, str]:
    return {code: ours for ours, each in codes().categories.items() for code in each}


@dataclass(frozen=True, slots=True)
class Establishment:
    """What FINESS says of one, in its own words; "" where it says nothing.

    code: of its category. commune: by INSEE. changed: "2026-05-19", with or without an hour.
    """

    number: str
    name: str
    short: str
    more: str
    code: str
    address: str
    complement: str
    postcode: str
    city: str
    commune: str
    phone: str
    email: str
    siret: str
    changed: str


@dataclass(frozen=True, slots=True)
class Position:
    """A point in degrees, and how near it is to the door: "adresse", "rue" or ""."""

    point: Point
    precision: str


class Establishments:
    """Collects lines by territory, and counts what is none."""

    def __init__(self, gazetteer: Gazetteer, today: date) -> None:
        self._gazetteer, self.today = gazetteer, today
        self._lines: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        self._seen: set[tuple[str, ...]] = set()
        self.left_out: Counter[str] = Counter()

    @property
    def count(self) -> int:
        """Return how many lines there are."""
        return len(self._seen)

    def commune(self, code: str) -> Commune | None:
        """Return the commune of a code, as INSEE gives it now."""
        return self._gazetteer.by_insee(codes().communes.get(code, code))

    def wants(self, code: str) -> bool:
        """Return whether a category is ours or unknown; count it where it is neither."""
        if codes().category(code) is None:
            label = codes().labels.get(code)
            self.left_out[f"{OF_CATEGORY}{code}" + (f" ({label})" if label else "")] += 1
            return False
        return True

    def is_home(self, code: str, *names: str) -> bool:
        """Return whether people live there, by its category or by a name."""
        ours = codes().category(code)
        if ours and vocabulary.load().categories[ours].protected:
            return True
        return any(in_text(each, naming=True).houses for each in names)

    def _resolved(self, found: Establishment) -> tuple[Commune | None, str | None]:
        """Return the commune and the territory by the post's words, else by the number."""
        clues = Clues(insee=found.commune, city=found.city, postcode=found.postcode)
        place = resolve(clues, self._gazetteer, None)
        area = self._gazetteer.territory(found.number[:2])
        return place.commune, place.territory or (area.code if area else None)

    def add(self, found: Establishment, position: Position | None) -> None:
        """Take an open establishment of a category that wants() took.

        A home is a line without a name, too, and without its commune: what else is known of it
        guards it.
        """
        name, category = found.name.strip() or found.short.strip(), codes().category(found.code)
        commune = self.commune(found.commune)
        territory = commune.territory if commune else None
        if not (name and commune) and self.is_home(found.code, name, found.more):
            name = name or vocabulary.load().categories[category or UNKNOWN].label
            if commune is None:
                commune, territory = self._resolved(found)
        if not name:
            self.left_out[NAMELESS] += 1
        elif territory is None:
            self.left_out[NOWHERE] += 1
        else:
            day, _ = read_date(found.changed, self.today)
            line = {
                "n° FINESS": found.number,
                "nom": readable(name)[:LONGEST_NAME],
                "nom court": found.short,
                "complément du nom": found.more,
                "catégorie": category or UNKNOWN,
                "catégorie FINESS": found.code,
                "adresse": readable(found.address),
                "complément": readable(found.complement),
                "code postal": found.postcode,
                "commune": _town(found.city, commune),
                "code commune": commune.code if commune else "",
                "longitude": f"{position.point.lon:.6f}" if position else "",
                "latitude": f"{position.point.lat:.6f}" if position else "",
                "précision": position.precision if position else "",
                "téléphone": self._phone(found, name, territory),
                "courriel": found.email,
                "siret": found.siret,
                "mise à jour": f"{day:%d/%m/%Y}" if day else "",
            }
            self._take(territory, tuple(line[each].strip() for each in columns()))

    def _phone(self, found: Establishment, name: str, territory: str) -> str:
        """Return its telephone; of a home, every number that stands in the cell of something else.

        Who has that number is public as long as nobody knows it.
        """
        cells = (name, found.short, found.more, found.address, found.complement, found.city)
        strays = numbers_in((*cells, found.postcode, found.email), found.phone, territory)
        if not strays or not self.is_home(found.code, name, found.more):
            return found.phone
        return f"{found.phone} / {strays}".strip(" /")

    def _take(self, territory: str, line: tuple[str, ...]) -> None:
        # Another line of the same number may be the one that says that people live there.
        if line in self._seen:
            self.left_out[TWICE] += 1
            return
        self._seen.add(line)
        self._lines[territory].append(line)

    def edition(self, day: date, notes: tuple[str, ...]) -> Edition:
        """Return what was collected."""
        # A day to come would make each edition until then an older one.
        day, assumed = published_on(self.today, day)
        left_out = dict(self.left_out)
        return Edition(columns(), day, self._lines, left_out, notes, day_assumed=assumed)


def _town(city: str, commune: Commune | None) -> str:
    """Return the name of a commune, or the words of the post where they are others: "CEDEX"."""
    if commune is None:
        return readable(city)
    return commune.name if normalise(city) == normalise(commune.name) else readable(city)


@cache
def columns() -> tuple[str, ...]:
    """Return the titles of the lines, which are those of the mapping."""
    return shipped()[registers()["finess"].mapping].header


def point_of(*pairs: tuple[str, str], commune: str, near: Commune | None) -> Point | None:
    """Return the point of pairs (east, north), each in degrees or in metres, or None.

    Which pair is which has changed from one edition to the next, and some are the other way round:
    their magnitude tells degrees from metres, which are those of the commune's territory, and what
    is near the commune tells east from north. Degrees are better. Where nothing is near, the first
    point is returned: who reads the line says that it is elsewhere.
    """
    found = list(_points(pairs, commune))
    if near is None or near.lon is None or near.lat is None:
        return next(iter(found), None)
    seat, reach = (near.lon, near.lat), reach_km(near.territory)
    close = (point for point in found if kilometres(point, seat) <= reach)
    return next(close, next(iter(found), None))


def _points(pairs: Iterable[tuple[str, str]], commune: str) -> Iterator[Point]:
    """Yield what pairs may say, degrees first, each as it is written before it is turned round."""
    numbers = [(read_number(east), read_number(north)) for east, north in pairs]
    read = [(x, y) for x, y in numbers if x and y]
    for one, other in read:
        for x, y in ((one, other), (other, one)):
            if abs(x) <= 180 and abs(y) <= 90:
                yield Point(x, y)
    for one, other in read:
        for x, y in ((one, other), (other, one)):
            if commune.startswith(("97", "98")):
                metres = from_utm(x, y, codes().communes.get(commune, commune)[:3])
            else:
                metres = from_lambert(x, y)
            if metres:
                yield Point(*metres)


def way(number: str, code: str, name: str) -> str:
    """Return a number, a way by its short form and its name as a line: "40 CHEMIN DU MOULIN"."""
    written = codes().ways.get(code.strip(), code.strip())
    if name.strip().startswith(f"{written} "):
        written = ""
    return " ".join(f"{number} {written} {name}".split())
