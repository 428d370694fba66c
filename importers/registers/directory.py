"""The directory of the administration (DILA) as lists: who keeps watch, judges and helps where.

Read as a stream: an archive of 50 MB holds 500 MB of JSON. `affectation_personne`, which names
persons, is never read.
"""

import json
import re
import tarfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, Literal

import ijson
from pydantic import BaseModel, ConfigDict

from geo.gazetteer import Gazetteer
from geo.text import fold
from importers.location import Clues, resolve
from importers.mapping import shipped
from importers.registers.catalogue import registers
from importers.registers.edition import Edition
from importers.registers.errors import (
    DamagedRegister,
    EmptyRegister,
    OtherRegister,
    RegisterTooLarge,
    TruncatedFile,
)
from importers.registers.weekly import Opening, weekly

CODE = "annuaire"
# Of JSON; that of 2026 has 600 MB.
MOST_BYTES = 2_000_000_000
MEMBER = "data.gouv_local.json"
OTHER, FOREIGN, HIDDEN = "autres services", "à l’étranger", "non diffusés"
UNREADABLE, NOWHERE, TWICE = "illisibles", "sans lieu connu", "en double"
# Among so many entries one has the key of every service of the directory.
_FIRST = 100
_HEAD = 4_096
_LISTED = re.compile(rb'"(service|results)"\s*:\s*\[')
_CUT = ("end of data", "empty file", "premature EOF")
# A surrogate, which JSON may hold and UTF-8 may not.
_HALF_A_SIGN = re.compile(r"[\ud800-\udfff]")
_DAY_IN_NAME = re.compile(r"(20\d\d)-?(\d\d)-?(\d\d)")


class Pivot(BaseModel):
    """What a type of services is to us; see directory.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    category: str
    functions: tuple[str, ...] = ()
    in_charge: Literal["always", "several", "never"] = "never"


@cache
def pivots() -> dict[str, Pivot]:
    """Return our types of services by the directory's code."""
    raw = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {code: Pivot.model_validate(each) for code, each in raw.items()}


class _LeftOut(Exception):
    """The service is no line; its argument is the French reason."""


def read(
    file: BinaryIO, filename: str, gazetteer: Gazetteer, today: date, most: int = MOST_BYTES
) -> Edition:
    """Return the services of all_latest.tar.bz2, of its JSON, or of records of the API.

    file can seek. today: no day of the edition is later. most: bytes of JSON. RegisterError where
    it is no such file, or is not whole.
    """
    columns = shipped()[registers()[CODE].mapping].header
    lines: dict[str, list[tuple[str, ...]]] = {}
    left_out: Counter[str] = Counter()
    seen: set[str] = set()
    newest = date.min
    with _sentences(filename), _opened(file, filename, most) as source:
        for entry in _entries(source):
            try:
                line, territory, day = _line(entry, gazetteer)
                if line["identifiant"] in seen:
                    raise _LeftOut(TWICE)
            except _LeftOut as reason:
                left_out[str(reason)] += 1
                continue
            seen.add(line["identifiant"])
            if day and day <= today:
                newest = max(newest, day)
            lines.setdefault(territory, []).append(tuple(line.get(each, "") for each in columns))
    named = _day_of_name(source.name)
    if named and named <= today:
        newest = named
    return Edition(columns, today if newest == date.min else newest, lines, dict(left_out))


class _Source:
    """JSON, of which no more is read than allowed. name: of the file or of the archive's member."""

    def __init__(self, file: Any, name: str, filename: str, most: int) -> None:
        self.name, self.filename = name, filename
        self._file, self._most, self._left = file, most, most
        self.head = self._take(_HEAD).removeprefix(b"\xef\xbb\xbf")
        self._ahead = self.head

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes: what was looked at first, then the rest."""
        if self._ahead and size:
            ahead, self._ahead = self._ahead, b""
            return ahead
        return self._take(size)

    def _take(self, size: int) -> bytes:
        data: bytes = self._file.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise RegisterTooLarge(filename=self.filename, limit=self._most // 10**6)
        return data


@contextmanager
def _sentences(filename: str) -> Iterator[None]:
    """Turn what readers of archives and of JSON say, bytes of the file included, into sentences."""
    try:
        yield
    except (tarfile.TarError, ijson.JSONError, EOFError, OSError) as error:
        cut = isinstance(error, EOFError) or any(words in str(error) for words in _CUT)
        raise (TruncatedFile if cut else DamagedRegister)(filename=filename) from None


@contextmanager
def _opened(file: BinaryIO, filename: str, most: int) -> Iterator[_Source]:
    """Yield the JSON of a file, which may be an archive of it; nothing is unpacked to disk."""
    start = file.read(3)
    file.seek(0)
    if not start:
        raise EmptyRegister(filename=filename)
    if start != b"BZh":
        yield _Source(file, filename, filename, most)
        return
    with tarfile.open(fileobj=file, mode="r|bz2") as archive:
        passed = 0
        for member in archive:
            passed += member.size
            if passed > most:
                raise RegisterTooLarge(filename=filename, limit=most // 10**6)
            if member.name.endswith(MEMBER) and (found := archive.extractfile(member)):
                yield _Source(found, member.name, filename, most)
                return
    raise _other(filename)


def _other(filename: str) -> OtherRegister:
    return OtherRegister(filename=filename, register=registers()[CODE].title)


def _entries(source: _Source) -> Iterator[Any]:
    """Yield the entries of a list, bare or under the one key that holds it."""
    start = source.head.lstrip()
    listed = _LISTED.search(start) if start.startswith(b"{") else None
    if not start:
        raise EmptyRegister(filename=source.filename)
    if not listed and not start.startswith(b"["):
        raise _other(source.filename)
    entries = ijson.items(source, f"{listed[1].decode()}.item" if listed else "item")
    first: list[Any] = []
    for entry in entries:
        first.append(entry)
        if isinstance(entry, dict) and "pivot" in entry and "id" in entry:
            yield from chain(first, entries)
            return
        if len(first) == _FIRST:
            break
    raise _other(source.filename) if first else EmptyRegister(filename=source.filename)


def _line(entry: Any, gazetteer: Gazetteer) -> tuple[dict[str, str], str, date | None]:
    """Return the cells of a service by column, its territory, and the day of its last change."""
    if not isinstance(entry, dict):
        raise _LeftOut(UNREADABLE)
    pivot, codes = _pivot(entry)
    if _text(entry, "statut_de_diffusion") == "false":
        raise _LeftOut(HIDDEN)
    identifier, name = _text(entry, "id"), _text(entry, "nom")
    if not identifier or not name:
        raise _LeftOut(UNREADABLE)
    address = _address(entry)
    city, postcode = _text(address, "nom_commune"), _text(address, "code_postal")
    country = _text(address, "pays")
    if fold(country) not in ("", "france") and not gazetteer.territory_named(country):
        raise _LeftOut(FOREIGN)
    seat, territory = _seat(codes, city, postcode, gazetteer)
    changed = _text(entry, "date_modification").split(" ")[0]
    line = {
        "identifiant": identifier,
        "nom": name,
        "catégorie": pivot.category,
        "fonctions": "; ".join(pivot.functions),
        "adresse": ", ".join(
            filter(None, (_text(address, key) for key in ("numero_voie", "complement1")))
        ),
        "code postal": postcode,
        "commune": city,
        "code commune": seat,
        "longitude": _text(address, "longitude"),
        "latitude": _text(address, "latitude"),
        "téléphone": "; ".join(_values(entry, "telephone")),
        "courriel": "; ".join(_values(entry, "adresse_courriel")),
        "site": next(iter(_values(entry, "site_internet")), ""),
        "horaires": weekly(map(_opening, _list(entry, "plage_ouverture"))),
        "siret": _text(entry, "siret"),
        "mise à jour": changed,
        "communes couvertes": _in_charge(pivot, codes, seat, gazetteer),
    }
    if _HALF_A_SIGN.search("".join(line.values())):
        raise _LeftOut(UNREADABLE)
    return line, territory, _day(changed)


def _pivot(entry: dict[str, Any]) -> tuple[Pivot, list[str]]:
    """Return the first pivot of ours, with its communes."""
    for each in _list(entry, "pivot"):
        if found := pivots().get(_text(each, "type_service_local")):
            codes = _list(each, "code_insee_commune")
            if not all(isinstance(code, str) for code in codes):
                raise _LeftOut(UNREADABLE)
            return found, list(dict.fromkeys(filter(None, map(str.strip, codes))))
    raise _LeftOut(OTHER)


def _seat(codes: list[str], city: str, postcode: str, gazetteer: Gazetteer) -> tuple[str, str]:
    """Return the code of the commune of an address, where the pivot has it, and its territory.

    Else the importer finds the commune as it does for any list, and the code is "".
    """
    named = {commune.code: commune for commune in gazetteer.find(city, postcode or None)}
    pivotal = {c.code for c in map(gazetteer.by_insee, codes if named else ()) if c}
    if len(both := named.keys() & pivotal) == 1:
        commune = named[both.pop()]
        return commune.code, commune.territory
    place = resolve(Clues(city=city, postcode=postcode or None), gazetteer, None)
    if place.territory:
        return "", place.territory
    found = {c.territory for c in map(gazetteer.by_insee, codes) if c}
    if len(found) != 1:
        raise _LeftOut(NOWHERE)
    return "", found.pop()


def _in_charge(pivot: Pivot, codes: list[str], seat: str, gazetteer: Gazetteer) -> str:
    if pivot.in_charge == "never":
        return ""
    if pivot.in_charge == "several" and len(codes) == 1:
        only = gazetteer.by_insee(codes[0])
        if only and only.code == seat:
            return ""
    return ";".join(codes)


def _address(entry: dict[str, Any]) -> dict[str, Any]:
    """Return the address at which people are received, {} where a service has none."""
    order = ("Adresse", "Adresse physique")
    found: list[dict[str, Any]]
    found = [each for each in _list(entry, "adresse") if _text(each, "nom_commune")]
    for preferred in order:
        if same := [each for each in found if _text(each, "type_adresse") == preferred]:
            return same[0]
    return found[0] if found else {}


def _opening(each: Any) -> Opening:
    spans = (
        (_text(each, f"valeur_heure_debut_{n}"), _text(each, f"valeur_heure_fin_{n}"))
        for n in (1, 2)
    )
    return Opening(
        _text(each, "nom_jour_debut"),
        _text(each, "nom_jour_fin"),
        tuple(span for span in spans if any(span)),
        _text(each, "commentaire"),
    )


def _values(entry: dict[str, Any], key: str) -> list[str]:
    """Return the texts of a list, of which each is a text or the "valeur" of an object."""
    found = (
        each.strip() if isinstance(each, str) else _text(each, "valeur")
        for each in _list(entry, key)
    )
    return [each for each in dict.fromkeys(found) if each]


def _text(entry: Any, key: str) -> str:
    if not isinstance(entry, dict):
        raise _LeftOut(UNREADABLE)
    value = entry.get(key) or ""
    if not isinstance(value, str):
        raise _LeftOut(UNREADABLE)
    return value.strip()


def _list(entry: dict[str, Any], key: str) -> list[Any]:
    """Return a list, which the API gives as a text of JSON, or as its one text alone."""
    value = entry.get(key) or []
    if isinstance(value, str) and not value.lstrip().startswith("["):
        return [value]
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise _LeftOut(UNREADABLE) from None
    if not isinstance(value, list):
        raise _LeftOut(UNREADABLE)
    return value


def _day(text: str) -> date | None:
    try:
        day, month, year = map(int, text.split("/"))
        return date(year, month, day)
    except ValueError:
        return None


def _day_of_name(name: str) -> date | None:
    """Return the day that a name of a file holds: "2026-10-06-data.gouv_local.json"."""
    for year, month, day in _DAY_IN_NAME.findall(name):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None
