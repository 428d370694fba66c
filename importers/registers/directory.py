"""The directory of the administration (DILA) as lists: who keeps watch, judges and helps where.

`affectation_personne`, which names persons, is never read.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, Literal

from pydantic import BaseModel, ConfigDict

from geo.gazetteer import Gazetteer
from geo.names import words
from geo.text import fold
from importers.location import Clues, resolve
from importers.mapping import shipped
from importers.persons import names_somebody
from importers.registers.catalogue import registers
from importers.registers.directory_file import MOST_BYTES, opened
from importers.registers.edition import (
    UNREADABLE,
    Edition,
    check_count,
    day_in_name,
    published_on,
)
from importers.registers.entries import LeftOut, address_of, items, text_of
from importers.registers.errors import OtherRegister
from importers.registers.town_halls import TownHalls
from importers.registers.weekly import Opening, weekly

CODE = "annuaire"
OTHER, FOREIGN, HIDDEN = "autres services", "à l’étranger", "non diffusés"
NOWHERE, TWICE = "sans lieu connu", "en double"
# A surrogate, which JSON may hold and UTF-8 may not.
_HALF_A_SIGN = re.compile(r"[\ud800-\udfff]")


class Pivot(BaseModel):
    """What a type of services is to us; see directory.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    category: str
    functions: tuple[str, ...] = ()
    in_charge: Literal[
        "always", "several", "direction", "never", "territory", "named", "region"
    ] = "never"
    # Words of a name that tell of several territories -> their codes.
    words: Mapping[str, tuple[str, ...]] = {}


@cache
def pivots() -> dict[str, Pivot]:
    """Return our types of services by the directory's code."""
    raw = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {code: Pivot.model_validate(each) for code, each in raw.items()}


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
    seen: set[tuple[str, ...]] = set()
    halls = TownHalls(gazetteer)
    newest = date.min
    with opened(file, filename, most) as services:
        for entry in services:
            # Also those of services that are not ours: they say when the file was made.
            newest = max(newest, _changed(entry, today))
            halls.look_at(entry)
            try:
                cells, territory = _line(entry, gazetteer)
                line = tuple(cells.get(each, "") for each in columns)
                # Another line of the same id may be the one that says that people live there.
                if line in seen:
                    raise LeftOut(TWICE)
            except LeftOut as reason:
                left_out[str(reason)] += 1
                continue
            seen.add(line)
            check_count(len(seen), filename)
            lines.setdefault(territory, []).append(line)
    if left_out[UNREADABLE] > sum(map(len, lines.values())):
        raise OtherRegister(filename=filename, register=registers()[CODE].title)
    found = newest if newest != date.min else None
    day, assumed = published_on(today, day_in_name(services.name), found)
    return Edition(columns, day, lines, dict(left_out), town_halls=halls.found, day_assumed=assumed)


def _line(entry: Any, gazetteer: Gazetteer) -> tuple[dict[str, str], str]:
    """Return the cells of a service by column, and its territory."""
    if not isinstance(entry, dict):
        raise LeftOut(UNREADABLE)
    pivot, codes = _pivot(entry)
    if not _is_given_out(entry.get("statut_de_diffusion")):
        raise LeftOut(HIDDEN)
    identifier, name = text_of(entry, "id"), text_of(entry, "nom")
    if not identifier or not name:
        raise LeftOut(UNREADABLE)
    address = address_of(entry)
    city, postcode = text_of(address, "nom_commune"), text_of(address, "code_postal")
    country = text_of(address, "pays")
    if fold(country) not in ("", "france") and not gazetteer.territory_named(country):
        raise LeftOut(FOREIGN)
    seat, territory = _seat(codes, city, postcode, gazetteer)
    line = {
        "identifiant": identifier,
        "nom": name,
        "catégorie": pivot.category,
        "fonctions": "; ".join(pivot.functions),
        "adresse": _street(address),
        "code postal": postcode,
        "commune": city,
        "code commune": seat,
        "longitude": text_of(address, "longitude"),
        "latitude": text_of(address, "latitude"),
        "téléphone": "; ".join(_values(entry, "telephone")),
        "courriel": "; ".join(_values(entry, "adresse_courriel")),
        "site": next(iter(_values(entry, "site_internet")), ""),
        "horaires": weekly(map(_opening, items(entry, "plage_ouverture"))),
        "siret": text_of(entry, "siret"),
        "mise à jour": text_of(entry, "date_modification").partition(" ")[0],
        "communes couvertes": _in_charge(pivot, codes, seat, territory, gazetteer)
        or _in_name(pivot, name, territory, gazetteer),
    }
    if _HALF_A_SIGN.search("".join(line.values())):
        raise LeftOut(UNREADABLE)
    return line, territory


def _is_given_out(said: Any) -> bool:
    """Return whether the directory lets a service be published: what is not yes is no."""
    return said in (None, "") or str(said).strip().lower() == "true"


def _pivot(entry: dict[str, Any]) -> tuple[Pivot, list[str]]:
    """Return the first pivot of ours, with its communes."""
    for each in items(entry, "pivot"):
        if found := pivots().get(text_of(each, "type_service_local")):
            codes = items(each, "code_insee_commune")
            if not all(isinstance(code, str) for code in codes):
                raise LeftOut(UNREADABLE)
            return found, list(dict.fromkeys(filter(None, map(str.strip, codes))))
    raise LeftOut(OTHER)


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
        raise LeftOut(NOWHERE)
    return "", found.pop()


def _in_charge(
    pivot: Pivot, codes: list[str], seat: str, territory: str, gazetteer: Gazetteer
) -> str:
    if pivot.in_charge in ("never", "territory", "named"):
        return ""
    if pivot.in_charge == "region":
        return ";".join(gazetteer.of_region(territory))
    if pivot.in_charge in ("several", "direction") and len(codes) == 1:
        only = gazetteer.by_insee(codes[0])
        if only and only.code == seat:
            is_all = [each for each in gazetteer.communes if each.territory == territory] == [only]
            return territory if pivot.in_charge == "direction" and is_all else ""
    return ";".join(_whole(codes, gazetteer) if pivot.in_charge == "direction" else codes)


def _whole(codes: list[str], gazetteer: Gazetteer) -> Iterable[str]:
    """Return the codes of communes, and that of a territory instead of all of its communes."""
    found = {code: gazetteer.by_insee(code) for code in codes}
    own: dict[str, set[str]] = {each.territory: set() for each in found.values() if each}
    for each in gazetteer.communes:
        if each.territory in own:
            own[each.territory].add(each.code)
    said = {each.code for each in found.values() if each}
    whole = {territory for territory, communes in own.items() if communes <= said}
    return dict.fromkeys(
        each.territory if each and each.territory in whole else code for code, each in found.items()
    )


def _in_name(pivot: Pivot, name: str, territory: str, gazetteer: Gazetteer) -> str:
    """Return the territories of a body of départements, whose seat may be in another one.

    territory: that of its seat. The council and the prefecture of the Rhône are in Lyon, which is
    no part of it since 2015, and is for the State.
    """
    if pivot.in_charge not in ("territory", "named"):
        return ""
    near = gazetteer.of_region(territory)
    found = [each for each in _named(pivot, name, gazetteer) if each in near]
    if pivot.in_charge == "territory":
        return ";".join(dict.fromkeys((territory, *found)))
    # Of its own seat the law says it.
    return "" if found == [territory] else ";".join(found)


def _named(pivot: Pivot, name: str, gazetteer: Gazetteer) -> Iterable[str]:
    """Return the codes of the territories that the end of a name tells, or words of it."""
    said = words(name.partition("(")[0])
    ends = (" ".join(said[start:]) for start in range(len(said)))
    territories = (gazetteer.territory_named(end) for end in ends if not end.isdigit())
    if own := next(filter(None, territories), None):
        return (own.code,)
    whole = f" {' '.join(said)} "
    return next((codes for part, codes in pivot.words.items() if f" {part} " in whole), ())


def _street(address: dict[str, Any]) -> str:
    """Return the way, and the building where it is no name of who is written to."""
    way, building = text_of(address, "numero_voie"), text_of(address, "complement1")
    return ", ".join(filter(None, (way, "" if names_somebody(building, "") else building)))


def _opening(each: Any) -> Opening:
    spans = (
        (text_of(each, f"valeur_heure_debut_{n}"), text_of(each, f"valeur_heure_fin_{n}"))
        for n in (1, 2)
    )
    return Opening(
        text_of(each, "nom_jour_debut"),
        text_of(each, "nom_jour_fin"),
        tuple(span for span in spans if any(span)),
        text_of(each, "commentaire"),
    )


def _values(entry: dict[str, Any], key: str) -> list[str]:
    """Return the texts of a list, of which each is a text or the "valeur" of an object."""
    found = (
        each.strip() if isinstance(each, str) else text_of(each, "valeur")
        for each in items(entry, key)
    )
    return [each for each in dict.fromkeys(found) if each]


def _changed(entry: Any, today: date) -> date:
    """Return the day of a service's last change; the first of all days where that is not known."""
    text = entry.get("date_modification") if isinstance(entry, dict) else None
    try:
        day, month, year = map(int, str(text).partition(" ")[0].split("/"))
        changed = date(year, month, day)
    except (ValueError, OverflowError):
        return date.min
    return changed if changed <= today else date.min
