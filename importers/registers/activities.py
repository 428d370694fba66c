"""FINESS-Activités (JSON): units for children and victims, at the hospitals that are known.

No sample of the file exists yet. It is taken to nest as FINESS-Structures does, and read as loosely
as may be: whatever object holds the number of an establishment, the codes are those inside it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO

import ijson

from importers.mapping import shipped
from importers.registers.catalogue import registers
from importers.registers.edition import Edition, check_count, day_in_name, published_on
from importers.registers.errors import DamagedRegister, OtherRegister, TruncatedFile
from importers.registers.finess import (
    MOST_BYTES,
    MOST_BYTES_OF_AN_ENTRY,
    UNPACKING,
    unpacked,
)
from importers.registers.metered import BROKEN_JSON, Metered

CODE = "finess_activites"
# Codes of the nomenclature TRE_R430: our category, and how the unit is called.
UNITS = {
    "M41": ("uaped", "UAPED"),
    "M42": ("epreed", "EPREED"),
    "M43": ("maison_femmes", "Maison des femmes"),
    "M61": ("umj", "UMJ"),
    "M62": ("umj", "UMJ"),
    "M63": ("umj", "UMJ"),
}
UNKNOWN_HOST, ENDED, NOWHERE = "établissement inconnu ou caché", "activités finies", "sans numéro"
_NUMBER = re.compile(r"[0-9][0-9AB][0-9]{7}")
# "numFinessEge", "finessET", "nofinesset"; that of the legal person is none of a place.
_OF_PLACE = re.compile(r"finess", re.IGNORECASE)
_OF_PERSON = re.compile(r"(?:ej|pmej)$", re.IGNORECASE)
_END = re.compile(r"^date.*(?:fin|fermeture|caducite|retrait)", re.IGNORECASE)
_STATE = re.compile(r"^etat", re.IGNORECASE)
_CUT = "premature EOF"


@dataclass(frozen=True, slots=True)
class Host:
    """A public establishment, by its number: where it is, as it is published."""

    name: str
    territory: str
    address: str
    postcode: str
    city: str
    commune: str
    lon: float | None
    lat: float | None
    phone: str


# Numbers -> those of them that are public.
Hosts = Callable[[Collection[str]], Mapping[str, Host]]


@dataclass(slots=True)
class _Object:
    """One object that is being read. alone: it is no element of an array."""

    alone: bool
    number: str | None = None
    codes: set[str] = field(default_factory=set)
    ended: bool = False


def read(
    file: BinaryIO,
    filename: str,
    hosts: Hosts,
    today: date,
    most: int = MOST_BYTES,
    given: date | None = None,
) -> Edition:
    """Return the units of a file that can seek, packed or not, at the hosts that are public.

    given: the day that a person says it is of, before what it says itself. What is hidden of an
    establishment stays hidden: it has no unit. RegisterError where the file is cut short, damaged
    or another one.
    """
    found: dict[str, set[str]] = defaultdict(set)
    left_out: Counter[str] = Counter()
    said: dict[str, str] = {}
    try:
        metered = Metered(unpacked(file, filename), filename, most, MOST_BYTES_OF_AN_ENTRY)
        for number, codes in _units(ijson.parse(metered), said, metered, left_out, today):
            found[number] |= codes
            check_count(len(found), filename)
    except (*BROKEN_JSON, EOFError, *UNPACKING) as error:
        cut = isinstance(error, EOFError) or _CUT in str(error)
        raise (TruncatedFile if cut else DamagedRegister)(filename=filename) from None
    if not found:
        raise OtherRegister(filename=filename, register=registers()[CODE].title)
    known = hosts(found.keys())
    columns = shipped()[registers()[CODE].mapping].header
    lines: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    generated = _day(said.get("generatedAt", ""))
    day, assumed = published_on(today, given, generated, day_in_name(filename))
    for number, codes in found.items():
        host = known.get(number)
        if host is None:
            left_out[UNKNOWN_HOST] += 1
            continue
        for category, called in sorted({UNITS[code] for code in codes}):
            line = _line(number, category, called, host, day)
            lines[host.territory].append(tuple(line[each] for each in columns))
    return Edition(columns, day, lines, dict(left_out), day_assumed=assumed)


def _units(
    events: Iterator[tuple[str, str, Any]],
    said: dict[str, str],
    metered: Metered,
    left_out: Counter[str],
    today: date,
) -> Iterator[tuple[str, set[str]]]:
    """Yield numbers with their codes; said: texts of the file about itself."""
    stack: list[_Object] = []
    # Of each array and object around, whether it is an array.
    around: list[bool] = []
    key = ""
    for _, event, value in events:
        match event:
            case "start_map":
                stack.append(_Object(alone=not (around and around[-1])))
                around.append(False)
            case "start_array":
                around.append(True)
            case "end_array":
                around.pop()
            case "map_key":
                key = value
            case "string" if stack:
                _note(stack[-1], key, value, said if len(stack) == 1 else {}, today)
            case "end_map":
                around.pop()
                ended = stack.pop()
                yield from _closed(ended, stack[-1] if stack else None, left_out)
                if len(stack) <= 1:
                    metered.begin()


def _note(inside: _Object, key: str, value: str, said: dict[str, str], today: date) -> None:
    text = value.strip()
    if text in UNITS:
        inside.codes.add(text)
    elif _OF_PLACE.search(key) and not _OF_PERSON.search(key) and _NUMBER.fullmatch(text):
        inside.number = text
    elif _has_ended(key, text, today):
        inside.ended = True
    elif key == "generatedAt":
        said[key] = text[:40]


def _has_ended(key: str, text: str, today: date) -> bool:
    if _STATE.search(key):
        return text in ("I", "F", "S")
    return bool(text and _END.search(key)) and text[:10] <= today.isoformat()


def _closed(
    done: _Object, outer: _Object | None, left_out: Counter[str]
) -> Iterator[tuple[str, set[str]]]:
    """Yield what an object says that is whole, or give it to the one around it."""
    if done.ended:
        left_out[ENDED] += bool(done.codes)
    elif done.number and not done.alone:
        if done.codes:
            yield done.number, done.codes
    elif outer is not None:
        outer.codes |= done.codes
        outer.number = outer.number or (done.number if done.alone else None)
    elif done.number and done.codes:
        yield done.number, done.codes
    elif done.codes:
        left_out[NOWHERE] += len(done.codes)


def _line(number: str, category: str, called: str, host: Host, day: date) -> dict[str, str]:
    return {
        "identifiant": f"{number}-{category}",
        "nom": f"{called} – {host.name}",
        "catégorie": category,
        "adresse": host.address,
        "code postal": host.postcode,
        "commune": host.city,
        "code commune": host.commune,
        "longitude": "" if host.lon is None else f"{host.lon:.6f}",
        "latitude": "" if host.lat is None else f"{host.lat:.6f}",
        "téléphone": host.phone,
        "mise à jour": f"{day:%d/%m/%Y}",
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
