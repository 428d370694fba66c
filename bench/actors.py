"""Invented actors, spread as people are over communes; the same ones at every run."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from random import Random
from typing import TypeVar

from app.commands.territories import DECOUPAGE
from bench.setting import ACTORS
from importers import vocabulary
from importers.vocabulary import Category

T = TypeVar("T")

SEED = 23
# One département shows exactly as many as the map of a département is measured with.
TERRITORY = "23"
IN_TERRITORY = 300
# Degrees around a commune's point, about 2 km.
SPREAD = 0.02
HOURS_OF_WEEK = [
    f"{days} {start}-{pause}{end}"
    for days, start, pause, end in product(
        ("Mo-Fr", "Mo-Sa", "Tu-Sa", "Mo-Th", "Mo,We,Fr"),
        ("08:00", "08:30", "09:00", "09:30", "10:00"),
        ("", "12:00,14:00-"),
        ("17:00", "17:30", "18:00", "19:00"),
    )
]
VERIFIED = date(2026, 1, 1)

COLUMNS = (
    "id", "public_id", "slug", "status", "protected", "category", "name", "acronym", "description",
    "functions", "audiences", "age_min", "age_max", "phones", "website", "opening_hours",
    "address", "commune_code", "point", "precision", "territory_code", "covers_national",
    "covers_territories", "covers_epcis", "covers_communes", "verified_on",
)  # fmt: skip

# How often a category occurs beside the others: a département has one of some, many of others.
RARE = {"crip": 0.1, "cdlp": 0.1, "odpe": 0.1, "epreed": 0.2, "uaped": 0.3, "ase": 2.0}
FREQUENT = {"association": 5.0, "sante": 3.0, "prevention": 2.0}
# What lists say of whom somebody receives: the same few answers, most of them short.
AUDIENCES: Sequence[tuple[tuple[str, ...], float]] = (
    ((), 30), (("mineurs",), 30), (("tout_public",), 12), (("mineurs", "parents"), 8),
    (("mineurs", "jeunes_majeurs"), 8), (("professionnels",), 5), (("filles",), 2),
    (("mineurs", "parents", "professionnels"), 2), (("parents",), 1), (("mna",), 1),
    (("lgbt",), 0.5), (("handicap", "mineurs"), 0.5),
)  # fmt: skip
AGES: Sequence[tuple[tuple[int | None, int | None], float]] = (
    ((None, None), 65), ((0, 18), 10), ((11, 25), 6), ((12, 21), 5), ((None, 18), 5),
    ((15, 25), 4), ((13, None), 3), ((6, 12), 2),
)  # fmt: skip
# What part of all says or has something.
ONE_MORE_FUNCTION = 0.15
DESCRIPTION = 0.5
ACRONYM = 0.5
HOURS = 0.3
DAY_AND_NIGHT = 0.03
# Beyond their seat: what lists write of a few.
NATIONAL = 0.0005
COVERING = {"covers_territories": 0.02, "covers_epcis": 0.02, "covers_communes": 0.02}


@dataclass(frozen=True, slots=True)
class MeasuredCommune:
    """A commune where actors have their seat. lon, lat: EPSG:4326 degrees."""

    code: str
    name: str
    territory: str
    epci: str | None
    lon: float
    lat: float


def populations() -> dict[str, int]:
    """Inhabitants of each current commune, from @etalab/decoupage-administratif."""
    communes = json.loads((DECOUPAGE / "communes.json").read_text())
    return {each["code"]: each["population"] for each in communes if each.get("population")}


def actors(places: Sequence[MeasuredCommune], count: int = ACTORS) -> Iterator[tuple[object, ...]]:
    """Yield rows of table actor in the order of COLUMNS, published, some of them protected.

    As many as count, of which IN_TERRITORY, none protected, in TERRITORY where it is one of all.
    """
    random = Random(SEED)  # noqa: S311
    people = populations()
    inside = [each for each in places if each.territory == TERRITORY]
    outside = [each for each in places if each.territory != TERRITORY]
    listed = [each for each in vocabulary.load().categories.values() if not each.neutral]
    drawn = [each for each in listed if not each.protected]
    published = [each for each in listed if each.searched]
    here = IN_TERRITORY if count == ACTORS else 0
    for number, group, categories in (
        (here, inside, drawn),
        (count - here, outside, published),
    ):
        weights = [people.get(each.code, 100) for each in group]
        often = [RARE.get(each.code, FREQUENT.get(each.code, 1.0)) for each in categories]
        seats = random.choices(group, weights, k=number)
        for place, category in zip(seats, random.choices(categories, often, k=number), strict=True):
            yield _actor(random, place, category, places)


def _actor(
    random: Random, place: MeasuredCommune, category: Category, places: Sequence[MeasuredCommune]
) -> tuple[object, ...]:
    number = random.getrandbits(80)
    ages = _one_of(random, AGES)
    values: dict[str, object] = dict.fromkeys(COLUMNS)
    values |= {
        "id": hashlib.md5(number.to_bytes(10, "big"), usedforsecurity=False).hexdigest(),
        "public_id": f"{number:020x}"[-16:],
        "slug": f"fictif-{number % 100_000}",
        "status": "published",
        "protected": category.protected,
        "category": category.code,
        "name": category.label,
        "functions": _functions(random, category),
        "audiences": list(_one_of(random, AUDIENCES)),
        "age_min": ages[0],
        "age_max": ages[1],
        "phones": [f"+339{random.randrange(10**8):08}"],
        "territory_code": place.territory,
        "verified_on": VERIFIED,
        "covers_national": False,
        **{name: [] for name in COVERING},
    }
    if category.protected:
        values |= _neutral(place, category)
    else:
        values |= _unprotected(random, place, category, number)
        values |= _covered(random, place, places)
    return tuple(values[name] for name in COLUMNS)


def _functions(random: Random, category: Category) -> list[str]:
    more = random.random() < ONE_MORE_FUNCTION
    one = random.choice(list(vocabulary.load().functions)) if more else None
    return sorted({*category.functions, *filter(None, [one])})


def _neutral(place: MeasuredCommune, category: Category) -> dict[str, object]:
    """Return what the public record of a hidden actor says, and what it leaves out."""
    family = vocabulary.load().families[category.family]
    return {
        "category": family.code,
        "name": f"{family.neutral_name} – {place.territory}",
        "functions": list(family.neutral_functions),
        "audiences": [],
        **dict.fromkeys(("age_min", "age_max", "verified_on")),
    }


def _unprotected(
    random: Random, place: MeasuredCommune, category: Category, number: int
) -> dict[str, object]:
    """Return what no protected actor has: where it is, and words of its own."""
    lon = place.lon + random.uniform(-SPREAD, SPREAD)
    lat = place.lat + random.uniform(-SPREAD, SPREAD)
    word = random.choice(list(vocabulary.load().functions.values()))
    drawn = {
        "description": (DESCRIPTION, f"{category.sentence} {word.sentence}"),
        "acronym": (ACRONYM, category.label.partition(" (")[2].rstrip(")") or None),
        "opening_hours": (
            HOURS,
            "24/7" if random.random() < DAY_AND_NIGHT else random.choice(HOURS_OF_WEEK),
        ),
    }
    return {
        "name": f"{category.label} fictif {number % 100_000} de {place.name}",
        "website": "https://exemple.invalid/accueil",
        "address": f"{random.randrange(1, 200)} rue Fictive\n{place.name}",
        "commune_code": place.code,
        "point": f"SRID=4326;POINT({lon:.6f} {lat:.6f})",
        "precision": "address",
        **{name: text for name, (part, text) in drawn.items() if random.random() < part},
    }


def _covered(
    random: Random, place: MeasuredCommune, places: Sequence[MeasuredCommune]
) -> dict[str, object]:
    """Return what an actor covers beyond its seat, in the lists that name it."""
    other = random.choice(places)
    codes = {
        "covers_territories": sorted({place.territory, other.territory}),
        "covers_epcis": [place.epci] if place.epci else [],
        "covers_communes": sorted({place.code, other.code}),
    }
    found: dict[str, object] = {
        name: listed for name, listed in codes.items() if random.random() < COVERING[name]
    }
    return found | {"covers_national": random.random() < NATIONAL}


def _one_of(random: Random, values: Sequence[tuple[T, float]]) -> T:
    return random.choices([value for value, _ in values], [often for _, often in values])[0]
