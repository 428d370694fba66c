"""Registers of structures as tables: data·inclusion, and extractions of the ROR.

Which columns they have depends on who extracted them; titles are known in structures.toml. Whatever
says that people live there is a line as well, that nobody sees: it hides who shares its address.
"""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO

from pydantic import BaseModel, ConfigDict

from geo.gazetteer import Gazetteer
from geo.postal import area_of
from geo.text import fold
from importers import vocabulary
from importers.accommodation import in_text
from importers.actor import LONGEST_NAME
from importers.contacts import read_emails
from importers.dates import read_date
from importers.location import Clues, resolve
from importers.mapping import shipped
from importers.registers.catalogue import Register
from importers.registers.edition import (
    UNREADABLE,
    Edition,
    check_count,
    day_in_name,
    published_on,
)
from importers.registers.errors import EmptyRegister, OtherRegister
from importers.registers.legible import text_in
from importers.registers.reached import numbers_in
from importers.registers.rows import MOST_BYTES, Broken, entries

OTHER, TWICE = "autres structures", "en double"
NAMELESS, NOWHERE = "sans nom", "commune absente ou inconnue"
HOUSING = "hebergement"
_FIVE = re.compile(r"\b\d{5}\b")
# Where a number to call stands whose cell has slipped.
_SLIPPED = (
    "name",
    "address",
    "complement",
    "postcode",
    "city",
    "insee",
    "email",
    "website",
    "siret",
)
# Among so many entries one has the columns of the others.
_FIRST = 100


class Titles(BaseModel):
    """structures.toml: field -> titles, code of a kind -> category, categories known by words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    titles: Mapping[str, tuple[str, ...]]
    codes: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]


@cache
def known() -> Titles:
    """Return structures.toml."""
    raw = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return Titles.model_validate(raw)


@cache
def _fields() -> dict[str, tuple[str, int]]:
    """Return folded title -> its field, and which one of several columns of a field comes first."""
    return {
        title: (field, place)
        for field, titles in known().titles.items()
        for place, title in enumerate(titles)
    }


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    """Return of each category that words tell what names it in a name, and in a kind."""
    words, odd = vocabulary.load().categories, known().words["not_in_names"]
    found = []
    for code in known().words["ours"]:
        whole = [re.escape(each) for each in words[code].words]
        in_names = [re.escape(each) for each in words[code].words if each not in odd]
        found.append((code, _any_of(in_names), _any_of(whole)))
    return tuple(found)


def _any_of(words: list[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b")


def read(
    file: BinaryIO,
    filename: str,
    register: Register,
    gazetteer: Gazetteer,
    today: date,
    most: int = MOST_BYTES,
) -> Edition:
    """Return the structures of a file that are ours, or that house somebody.

    RegisterError where it is no table of structures, or is not whole; a single entry that cannot be
    read is counted. today: no day of the edition is later.
    """
    columns = shipped()[register.mapping].header
    lines: dict[str, list[tuple[str, ...]]] = {}
    left_out: Counter[str] = Counter()
    seen: set[tuple[str, ...]] = set()
    newest, count = date.min, 0
    for count, entry in enumerate(_checked(file, filename, register, most), start=1):  # noqa: B007 - of the last
        try:
            fields, slips = _read(entry)
            day, _ = read_date(fields.get("changed", "")[:10], today)
            newest = max(newest, day) if day and day <= today else newest
            cells, territory = _line(fields, gazetteer, whole=not slips)
            if slips:
                left_out[UNREADABLE] += 1
            cells["mise à jour"] = f"{day:%d/%m/%Y}" if day else ""
            line = tuple(cells.get(each, "") for each in columns)
            # Another line of the same id may be the one that says that people live there.
            if line in seen:
                raise _LeftOut(TWICE)
        except _LeftOut as reason:
            left_out[str(reason)] += 1
            continue
        seen.add(line)
        check_count(len(seen), filename)
        lines.setdefault(territory, []).append(line)
    if left_out[UNREADABLE] * 2 > count:
        raise OtherRegister(filename=filename, register=register.title)
    found = newest if newest != date.min else None
    day, assumed = published_on(today, day_in_name(filename), found)
    return Edition(columns, day, lines, dict(left_out), day_assumed=assumed)


class _LeftOut(Exception):
    """The structure is no line; its argument is the French reason."""


def _checked(
    file: BinaryIO, filename: str, register: Register, most: int
) -> Iterator[Mapping[str, Any]]:
    """Yield the entries; RegisterError where none of the first names a structure and a place."""
    found = entries(file, filename, register.title, most)
    first = list(islice(found, _FIRST))
    if not first:
        raise EmptyRegister(filename=filename)
    titled = ({_fields().get(fold(title), ("", 0))[0] for title in each} for each in first)
    if not any("name" in each and each & {"insee", "city", "postcode"} for each in titled):
        raise OtherRegister(filename=filename, register=register.title)
    return chain(first, found)


def _read(entry: Mapping[str, Any]) -> tuple[dict[str, str], bool]:
    """Return the texts of an entry by field: of several columns of one, all for sorts and words;
    and whether some value has another form than a text.

    Of several names the first column's is the one, and the others are words.
    """
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    slips = False
    for title, value in entry.items():
        field, place = _fields().get(fold(title), ("", 0))
        if not field:
            continue
        slips = slips or not _is_text(value)
        if text := text_in(value):
            found[field].append((place, text))
    if not found:
        raise _LeftOut(UNREADABLE)
    fields = {
        field: _all_of(each) if field in ("sorts", "said") else _first_of(each)[1]
        for field, each in found.items()
    }
    if names := found["name"]:
        names.remove(_first_of(names))
        fields["names"] = _all_of(names)
    if isinstance(entry, Broken):
        every = text_in(entry) or ""
        # Cells of lists are cut: of all the words the numbers and mailboxes alone fit in theirs.
        found_there = {"names": every, "phone": numbers_in(every.split("; "))}
        found_there["email"] = "; ".join(read_emails(every))
        for field, text in found_there.items():
            fields[field] = f"{fields.get(field, '')}; {text}"
        if not fields.get("postcode", "").isdigit() and (found_code := _FIVE.search(every)):
            fields["postcode"] = found_code[0]
        slips = True
    return fields, slips


def _all_of(texts: list[tuple[int, str]]) -> str:
    return "; ".join(text for _, text in texts)


def _first_of(texts: list[tuple[int, str]]) -> tuple[int, str]:
    return min(texts, key=lambda each: each[0])


def _is_text(value: Any) -> bool:
    """Return whether a value has a form that a column may have."""
    listed = value if isinstance(value, list) else [value]
    return all(isinstance(each, str | int | float | Decimal | None) for each in listed)


def _category(fields: Mapping[str, str]) -> str | None:
    """Return what a structure is to us: where somebody may live there, that before all else."""
    name, names, sorts = (fields.get(each, "") for each in ("name", "names", "sorts"))
    codes = [known().codes.get(fold(each)) for each in re.split(r"[;,|]", sorts)]
    given = [each for each in codes if each]
    homes = [each for each in given if vocabulary.load().categories[each].protected]
    if homes or any(in_text(text, naming=True).houses for text in (name, names, sorts)):
        return next(iter(homes), HOUSING)
    if given:
        return given[0]
    folded_name, folded_sorts = fold(name), fold(sorts)
    for code, in_name, in_sort in _patterns():
        if in_name.search(folded_name) or in_sort.search(folded_sorts):
            return code
    return None


def _line(
    fields: Mapping[str, str], gazetteer: Gazetteer, *, whole: bool
) -> tuple[dict[str, str], str]:
    """Return the cells of a structure by column, and its territory.

    Of a home whatever is known guards it: without a name or a place, or not whole, it is a line.
    """
    category = _category(fields)
    known_as = vocabulary.load().categories[category] if category else None
    is_home = known_as is not None and known_as.protected
    if not (whole or is_home):
        raise _LeftOut(UNREADABLE)
    if category is None:
        raise _LeftOut(OTHER)
    name = fields.get("name") or (known_as.label if known_as and is_home else "")
    if not name:
        raise _LeftOut(NAMELESS)
    city, postcode = fields.get("city", ""), fields.get("postcode", "")
    # A spreadsheet takes the zero in front for none.
    postcode = postcode.zfill(5) if postcode.isdigit() else postcode
    clues = Clues(insee=fields.get("insee", ""), city=city, postcode=postcode or None)
    place = resolve(clues, gazetteer, None)
    territory = place.territory
    if territory is None and is_home:
        area = gazetteer.territory(area_of(postcode or fields.get("finess", "")))
        territory = area.code if area else None
    if territory is None:
        raise _LeftOut(NOWHERE)
    commune = place.commune
    phone = fields.get("phone", "")
    slipped = (fields.get(each, "") for each in _SLIPPED)
    if is_home and (strays := numbers_in(slipped, phone, territory)):
        phone = f"{phone}; {strays}"
    number = fields.get("id") or fields.get("finess") or fields.get("siret")
    return {
        "identifiant": number or f"{fold(name)} {fold(city)} {postcode}",
        "nom": name[:LONGEST_NAME],
        "catégorie": category,
        "adresse": fields.get("address", ""),
        "complément": fields.get("complement", ""),
        "code postal": postcode,
        "commune": city or (commune.name if commune else ""),
        "code commune": commune.code if commune else "",
        "longitude": fields.get("lon", ""),
        "latitude": fields.get("lat", ""),
        "téléphone": phone,
        "courriel": fields.get("email", ""),
        "site": fields.get("website", ""),
        "horaires": fields.get("hours", ""),
        "siret": fields.get("siret", ""),
        "n° FINESS": fields.get("finess", ""),
        "ce qu’elle est": fields.get("sorts", ""),
        "ce qu’elle dit": "; ".join(filter(None, map(fields.get, ("names", "said")))),
    }, territory
