"""FINESS-Structures (JSON): its establishments, read one by one, as lines of lists."""

import gzip
import zlib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, BinaryIO, NamedTuple, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

import ijson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from geo.gazetteer import Gazetteer
from geo.territories import Commune
from importers.registers.catalogue import registers
from importers.registers.edition import UNREADABLE, Edition, check_count
from importers.registers.errors import (
    DamagedRegister,
    EmptyRegister,
    OtherRegister,
    TruncatedFile,
)
from importers.registers.establishments import (
    CLOSED,
    NOWHERE,
    Establishment,
    Establishments,
    Position,
    point_of,
    way,
)
from importers.registers.legible import text_in, texts_of
from importers.registers.metered import BROKEN_JSON, Metered

CODE = "finess"
KNOWN_SCHEMA = "v1.0.0"
# All of France is 700 megabytes. A text that never ends would fill the memory; between two
# establishments may stand many legal persons that have none.
MOST_BYTES, MOST_BYTES_OF_AN_ENTRY = 4_000_000_000, 100_000_000
_CUT = "premature EOF"
UNPACKING = (gzip.BadGzipFile, BadZipFile, zlib.error)
# Where it is, beside addresses of mail and of other sites.
_SEAT, _OPEN = "03", "A"
_NAMES = ("nomEgeLong", "nomEgeCourt", "complementDenominationEg")
_ENTRIES = "pmej.item.ege.item"

Text = str | None


class _Loose(BaseModel):
    """What is read of an object; the rest of it is not."""

    model_config = ConfigDict(strict=True, frozen=True)


class _Naming(_Loose):
    number: str = Field(alias="numFinessEge", min_length=1)
    name: Text = Field(None, alias="nomEgeLong")
    short: Text = Field(None, alias="nomEgeCourt")
    more: Text = Field(None, alias="complementDenominationEg")
    siret: Text = None
    closed: Text = Field(None, alias="dateFermeture")


class _Coordinates(_Loose):
    x: Text = Field(None, alias="coordonneeX")
    y: Text = Field(None, alias="coordonneeY")
    lon: Text = Field(None, alias="directionLongitude")
    lat: Text = Field(None, alias="directionLatitude")
    key: Text = Field(None, alias="cleInInteropBAN")


class _Address(_Loose):
    number: Text = Field(None, alias="numeroVoie")
    way: Text = Field(None, alias="typeVoie")
    street: Text = Field(None, alias="libelleVoie")
    line: Text = Field(None, alias="ligneQuatre")
    building: Text = Field(None, alias="complementPointGeographique")
    place: Text = Field(None, alias="lieuDit")
    postcode: Text = Field(None, alias="codePostal")
    city: Text = Field(None, alias="ligneAcheminement")
    commune: Text = Field(None, alias="cogCommune")
    coordinates: _Coordinates | None = Field(None, alias="coordonneesGeographique")


class _Telecom(_Loose):
    phone: Text = Field(None, alias="telephone")
    email: Text = Field(None, alias="courriel")


class _Contact(_Loose):
    telecom: _Telecom | None = None


class _Entry(_Loose):
    naming: _Naming = Field(alias="informationsGeneralesEGE")
    state: str = Field(alias="etatObjet")
    changed: Text = Field(None, alias="dateDerniereMaj")
    contacts: list[_Contact] | None = Field(None, alias="contact")


class _Head(NamedTuple):
    day: date
    schema: str


def read(
    file: BinaryIO, filename: str, gazetteer: Gazetteer, today: date, most: int = MOST_BYTES
) -> Edition:
    """Return the establishments of a file, packed or not, that can seek.

    One at a time is in memory, beside the lines. most: bytes of JSON. RegisterError where it is
    cut short, damaged or another file; a single entry that cannot be read is counted.
    """
    found = Establishments(gazetteer, today)
    count = 0
    try:
        file = unpacked(file, filename)
        head = _head(Metered(file, filename, most, MOST_BYTES_OF_AN_ENTRY), filename)
        file.seek(0)
        metered = Metered(file, filename, most, MOST_BYTES_OF_AN_ENTRY)
        for count, entry in enumerate(ijson.items(metered, _ENTRIES), start=1):  # noqa: B007 - of the last
            metered.begin()
            _take(found, entry)
            check_count(found.count, filename)
    except (*BROKEN_JSON, EOFError, *UNPACKING) as error:
        # What the parser says of the place holds pieces of the file.
        cut = isinstance(error, EOFError) or _CUT in str(error)
        raise (TruncatedFile if cut else DamagedRegister)(filename=filename) from None
    if not count or found.left_out[UNREADABLE] * 2 > count:
        raise _other(filename)
    notes = (
        f"La forme de ce fichier est dite « {head.schema} », et non « {KNOWN_SCHEMA} » : il est lu "
        "comme elle. Relisez ce qui change avant de l'appliquer.",
    )
    return found.edition(head.day, () if head.schema == KNOWN_SCHEMA else notes)


def unpacked(file: BinaryIO, filename: str) -> BinaryIO:
    """Return what is in a file that can seek: packed by gzip, the JSON of a zip, or as it is."""
    start = file.read(4)
    file.seek(0)
    if not start:
        raise EmptyRegister(filename=filename)
    if start == b"PK\x03\x04":
        return _in_zip(file, filename)
    packed = start.startswith(b"\x1f\x8b")
    return cast("BinaryIO", gzip.GzipFile(fileobj=file)) if packed else file


def _in_zip(file: BinaryIO, filename: str) -> BinaryIO:
    try:
        archive = ZipFile(file)
        members = [each for each in archive.infolist() if each.filename.endswith(".json")]
        if len(members) != 1:
            raise _other(filename)
        # What is packed otherwise would be unpacked at once, in memory; bit 0 says encrypted.
        if members[0].compress_type not in (ZIP_STORED, ZIP_DEFLATED) or members[0].flag_bits & 1:
            raise DamagedRegister(filename=filename)
        return cast("BinaryIO", archive.open(members[0]))
    except BadZipFile:
        # Its table stands at its end.
        raise TruncatedFile(filename=filename) from None
    except (NotImplementedError, ValueError):
        # A table that says that its file begins before the archive does.
        raise DamagedRegister(filename=filename) from None


def _head(file: Metered, filename: str) -> _Head:
    """Return what the file says of itself before its entries."""
    said: dict[str, Any] = {}
    try:
        for prefix, event, value in ijson.parse(file):
            if prefix == "pmej" and event == "start_array":
                return _Head(date.fromisoformat(said["generatedAt"][:10]), said["schemaVersion"])
            if prefix in {"generatedAt", "schemaVersion"} and event == "string":
                said[prefix] = value[:40]
    except (KeyError, ValueError):
        pass
    except ijson.JSONError as error:
        if _CUT in str(error):
            raise
    raise _other(filename)


def _other(filename: str) -> OtherRegister:
    return OtherRegister(filename=filename, register=registers()[CODE].title)


def _take(found: Establishments, entry: object) -> None:
    """Add an entry to the lines, or count why it is none."""
    if not isinstance(entry, Mapping):
        found.left_out[UNREADABLE] += 1
        return
    given = entry.get("categorieentiteGeographiqueExercice")
    code = given if isinstance(given, str) else text_in(given) or ""
    if not found.wants(code):
        return
    try:
        read_entry, address = _Entry.model_validate(entry), _seat(entry.get("adresse"))
        readable = code == given
    except (ValidationError, TypeError):
        readable = False
    if not readable:
        found.left_out[UNREADABLE] += 1
    if not readable or address is None:
        is_home = found.is_home(code, *_names(entry))
        if not (readable or is_home):
            return
        if is_home:
            read_entry, address = _legible(entry)
    if _is_closed(read_entry, found.today):
        found.left_out[CLOSED] += 1
    elif address is None:
        found.left_out[NOWHERE] += 1
    else:
        near = found.commune(address.commune or "")
        found.add(_establishment(code, read_entry, address), _position(address, near))


def _names(entry: Mapping[str, Any]) -> Iterator[str]:
    naming = entry.get("informationsGeneralesEGE")
    if isinstance(naming, Mapping):
        yield from (text_in(naming.get(name)) or "" for name in _NAMES)


def _legible(entry: Mapping[str, Any]) -> tuple[_Entry, _Address]:
    """Return what is legible of a home, at any of its addresses where none is where it is."""
    given = entry.get("informationsGeneralesEGE")
    naming = texts_of(_Naming, given)
    closed = given.get("dateFermeture") if isinstance(given, Mapping) else None
    # It is closed where that is said in the form that it should have.
    naming["dateFermeture"] = closed if isinstance(closed, str) else None
    state = entry.get("etatObjet")
    reached = text_in(entry.get("contact"))
    said = {
        # Two without a number are not one.
        "informationsGeneralesEGE": naming | {"numFinessEge": naming["numFinessEge"] or " "},
        "etatObjet": state if isinstance(state, str) else _OPEN,
        "dateDerniereMaj": text_in(entry.get("dateDerniereMaj")),
        "contact": [{"telecom": {"telephone": reached, "courriel": reached}}],
    }
    several = entry.get("adresse")
    addresses = several if isinstance(several, list) else [several]
    seats = [each for each in addresses if isinstance(each, Mapping)]
    own = (each for each in seats if text_in(each.get("usageAdresse")) == _SEAT)
    seat: Mapping[str, Any] = next(own, seats[0] if seats else {})
    where = texts_of(_Address, seat)
    position = texts_of(_Coordinates, seat.get("coordonneesGeographique"))
    where |= {"coordonneesGeographique": position}
    if not seat:
        where |= {"ligneQuatre": text_in(several)}
    return _Entry.model_validate(said), _Address.model_validate(where)


def _seat(addresses: object) -> _Address | None:
    """Return the address where it is: an entry may have hundreds of others before it."""
    if not isinstance(addresses, list):
        raise TypeError
    for each in addresses:
        if not isinstance(each, Mapping):
            raise TypeError
        if each.get("usageAdresse") == _SEAT:
            return _Address.model_validate(each)
    return None


def _is_closed(entry: _Entry, today: date) -> bool:
    if entry.state != _OPEN:
        return True
    closed = (entry.naming.closed or "").strip()
    return bool(closed) and closed[:10] <= today.isoformat()


def _establishment(code: str, entry: _Entry, address: _Address) -> Establishment:
    naming = entry.naming
    parts = [(each or "").strip() for each in (address.line, address.building, address.place)]
    street = parts[0] or way(address.number or "", address.way or "", address.street or "")
    lines = [each for each in (street, *parts[1:]) if each]
    return Establishment(
        number=naming.number.strip(),
        name=naming.name or "",
        short=naming.short or "",
        more=naming.more or "",
        code=code,
        address=lines[0] if lines else "",
        complement=", ".join(lines[1:]),
        postcode=address.postcode or "",
        city=address.city or "",
        commune=address.commune or "",
        phone=" / ".join(_said(entry, "phone")),
        email=" ; ".join(_said(entry, "email")),
        siret=naming.siret or "",
        changed=entry.changed or "",
    )


def _said(entry: _Entry, field: str) -> Iterator[str]:
    """Yield what its contacts say, once each."""
    each = (getattr(contact.telecom, field, None) for contact in entry.contacts or ())
    yield from dict.fromkeys(text.strip() for text in each if text and text.strip())


def _position(address: _Address, near: Commune | None) -> Position | None:
    """Return its point, unless the BAN knew no more than the commune."""
    said = address.coordinates
    if said is None:
        return None
    key = (said.key or "").strip()
    if key and "_" not in key:
        return None
    pairs = (said.x or "", said.y or ""), (said.lon or "", said.lat or "")
    point = point_of(*pairs, commune=address.commune or "", near=near)
    if point is None:
        return None
    return Position(point, "" if not key else "adresse" if key.count("_") > 1 else "rue")
