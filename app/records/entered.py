"""What a person enters of an actor in a form, read as the line of a list is.

The words of a field are compared with those that the form showed: what nobody touched is not read
again, so that nothing of it changes by being shown.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from app.hours.words import describe
from app.records.edits import SEAT, says_nothing
from app.records.record import ActorRecord
from geo.address import address_key
from geo.gazetteer import Gazetteer
from geo.text import forget
from importers import vocabulary
from importers.actor import ActorReader
from importers.hours import read_hours
from importers.line import Cell, Line, Rejected
from importers.mapping import Mapping as Columns
from importers.phones import format_french
from importers.row import ActorRow, Problem, Sign
from importers.text import clean
from importers.vocabulary import LISTS

# Name of a field of the form -> what was entered; codes of a list of terms stand apart by spaces.
Entered = Mapping[str, str]

_PLACE = tuple(SEAT - {"lon", "lat", "precision"})
_COVERS = ("covers_national", "covers_territories", "covers_communes")
# Field of the form -> the fields of the record that it says something of.
FIELDS: dict[str, tuple[str, ...]] = {
    "name": ("name",),
    "acronym": ("acronym",),
    "category": ("category",),
    "description": ("description",),
    **{name: (name,) for name in LISTS},
    "age_min": ("age_min",),
    "age_max": ("age_max",),
    "phones": ("phones", "unpublished", "contacts"),
    "duty_phones": ("duty_phones", "phones", "unpublished", "contacts"),
    "duty_hours": ("duty_hours",),
    "emails": ("emails", "unpublished"),
    "withheld": ("unpublished", "phones", "emails", "contacts"),
    "website": ("website",),
    "opening_hours": ("opening_hours", "hours_text"),
    "access": ("access", "access_text"),
    **{name: (name,) for name in ("referral_public", "referral", "referrers_public", "referrers")},
    **dict.fromkeys(("address", "postcode", "city", "territory"), _PLACE),
    **dict.fromkeys(("lat", "lon"), ("lon", "lat", "precision")),
    "siret": ("siret",),
    "finess": ("finess",),
    "rna": ("rna",),
    "coverage": _COVERS,
    "verified_on": ("verified_on",),
}
# Fields that are read together: what is wrong with one may be said of another.
_TOGETHER = (
    {"age_min", "age_max"},
    {"phones", "duty_phones", "emails", "withheld"},
    {"address", "postcode", "city", "territory", "lat", "lon"},
)
# Field of the form -> that of an importer's line, where it is called otherwise.
_OF_LINE = {
    "phones": "phone",
    "duty_phones": "duty_phone",
    "emails": "email",
    "withheld": "phone_withheld",
}
_ACCESS = {"yes": "Oui", "no": "Non", "partly": "Partiellement"}
_COLUMNS = Columns(name="form", label="Formulaire du bureau")
_NOT_UNDERSTOOD = "Ceci n’est pas compris, et ne serait pas enregistré. Écrivez-le autrement."
_NO_PHONE = "Une ligne est sans numéro, et ne serait pas enregistrée. Écrivez un numéro par ligne."
_NO_ANSWER = "Commencez par « oui », « non » ou « partiellement », puis précisez."
_STAYS_WITHHELD = (
    "Ce contact n’est pas public : une liste ou une personne l’a demandé. Il reste caché tant que "
    "personne ne le rend public, depuis sa fiche."
)


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong with a field of the form, in French; fatal: nothing can be saved with it."""

    field: str
    message: str
    fatal: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood. values: of the record, changed ones alone. row: None where fatal."""

    changed: tuple[str, ...]
    values: dict[str, Any]
    remarks: tuple[Remark, ...]
    signs: tuple[Sign, ...]
    row: ActorRow | None


def empty() -> dict[str, str]:
    """Return what a form shows of an actor that does not exist yet."""
    return dict.fromkeys(FIELDS, "")


def shown(record: ActorRecord, gazetteer: Gazetteer) -> dict[str, str]:
    """Return what a form shows of a record."""
    phones = [each for each in record.phones if each not in record.unpublished]
    on_duty = [each for each in phones if each in record.duty_phones]
    mails = [each for each in record.emails if each not in record.unpublished]
    lines, city = _lines(record)
    simple = ("name", "acronym", "category", "description", "website", "siret", "finess", "rna")
    referrals = ("referral_public", "referral", "referrers_public", "referrers")
    numbers = ("age_min", "age_max", "lat", "lon")
    return {
        **{name: getattr(record, name) or "" for name in (*simple, *referrals)},
        **{name: " ".join(getattr(record, name)) for name in LISTS},
        **{name: _number(getattr(record, name)) for name in numbers},
        "phones": _listed(each for each in phones if each not in on_duty),
        "duty_phones": _listed(on_duty),
        "duty_hours": _hours(record.duty_hours),
        "emails": "\n".join(mails),
        "withheld": _listed(record.unpublished),
        "opening_hours": _hours(record.opening_hours) or record.hours_text or "",
        "access": record.access_text or _ACCESS.get(record.access or "", ""),
        "address": lines,
        "postcode": record.postcode or "",
        "city": city,
        "territory": record.territory,
        "coverage": _coverage(record, gazetteer),
        "verified_on": record.verified_on.isoformat() if record.verified_on else "",
    }


def _number(value: float | None) -> str:
    return "" if value is None else str(value).replace(".", ",")


def _listed(values: Iterable[str]) -> str:
    return "\n".join(each if "@" in each else format_french(each) for each in values)


def _hours(osm: str | None) -> str:
    """Return hours as one says them, where that is read back as the same hours."""
    words = "\n".join(describe(osm)).replace("\u00a0", " ") if osm else ""
    return words if read_hours(words)[0] == osm else osm or ""


def _lines(record: ActorRecord) -> tuple[str, str]:
    """Return the lines of an address without its town, and the town as mail needs it."""
    lines = (record.address or "").split("\n")
    if record.postcode and lines[-1].startswith(f"{record.postcode} "):
        return "\n".join(lines[:-1]), lines[-1].removeprefix(record.postcode).strip()
    if record.city and lines[-1] == record.city:
        lines = lines[:-1]
    return "\n".join(lines), record.city or ""


def _coverage(record: ActorRecord, gazetteer: Gazetteer) -> str:
    if record.covers_national:
        return "National"
    found = [gazetteer.territory(code) for code in record.covers_territories]
    return "\n".join([*(each.name for each in found if each), *record.covers_communes])


def changed_fields(before: Entered, after: Entered) -> tuple[str, ...]:
    """Return the fields of which something else was entered, however it is spaced."""
    return tuple(name for name in FIELDS if _plain(name, before) != _plain(name, after))


def _plain(name: str, entered: Entered) -> object:
    text = clean(entered.get(name, ""))[0]
    return frozenset(text.split()) if name in LISTS else text


class FormReader:
    """Reads forms by the reader of lists. given: the territory where no commune says it."""

    def __init__(self, gazetteer: Gazetteer, today: date) -> None:
        self._gazetteer, self._today = gazetteer, today

    def read(self, record: ActorRecord | None, base: Entered, entered: Entered) -> Reading:
        """Return what was entered over what the form showed of a record, none of a new one."""
        changed = changed_fields(base, entered)
        try:
            before = self._line(record, base, base) if record else None
            former = self._row(before)
            known = before.problems if before else []
            line = self._line(record, base, entered)
            try:
                row = self._reader(entered).read(line)
            except Rejected as refused:
                remark = self._remark(refused.problem, changed)
                return Reading(changed, {}, (remark,), (), None)
            remarks = [
                self._remark(each, changed)
                for each in line.problems
                if record is None or (each not in known and self._concerns(each, changed))
            ]
            values = dict(_values(record, row, former, changed))
            remarks += _unread(entered, row, changed, {each.field for each in remarks})
            remarks += _withheld(record, values, row)
            said = {(sign.says, sign.word, sign.field) for sign in former.signs} if former else ()
            signs = [each for each in row.signs if (each.says, each.word, each.field) not in said]
            return Reading(changed, values, tuple(dict.fromkeys(remarks)), tuple(signs), row)
        finally:
            # What is hidden stays in no memory.
            forget()

    def _row(self, line: Line | None) -> ActorRow | None:
        if line is None:
            return None
        try:
            return self._reader({"territory": line.text("territory")}).read(line)
        except Rejected:
            return None

    def _reader(self, entered: Entered) -> ActorReader:
        given = self._gazetteer.territory(entered.get("territory", "").strip())
        code = given.code if given else None
        return ActorReader(_COLUMNS, vocabulary.load(), self._gazetteer, code, self._today)

    def _line(self, record: ActorRecord | None, base: Entered, entered: Entered) -> Line:
        line = Line(1)
        for name in FIELDS:
            text = clean(_as_cell(name, entered.get(name, "")))[0]
            if text:
                line.add(_OF_LINE.get(name, name), Cell(name, text, text))
        where = ("postcode", "city", "territory")
        same = all(_plain(name, base) == _plain(name, entered) for name in where)
        if record and record.commune and same:
            line.add("insee", Cell("city", record.commune, record.commune))
        return line

    def _concerns(self, problem: Problem, changed: tuple[str, ...]) -> bool:
        field = problem.column or ""
        groups = [each for each in _TOGETHER if field in each] or [{field}]
        return field not in FIELDS or not groups[0].isdisjoint(changed)

    def _remark(self, problem: Problem, changed: tuple[str, ...]) -> Remark:
        field = problem.column if problem.column in FIELDS else ""
        if not field:
            field = "territory" if "territory" in changed else "name"
        return Remark(field, problem.message, problem.fatal)


def _as_cell(name: str, text: str) -> str:
    """Return what a list would write: words of a vocabulary for its codes."""
    words = vocabulary.load()
    if name == "category":
        known = words.categories.get(text)
        return known.label if known and not known.neutral else text
    if name in LISTS:
        known_terms = words.terms(name)
        return " ; ".join(known_terms[code].label for code in text.split() if code in known_terms)
    return text


def _values(
    record: ActorRecord | None,
    row: ActorRow,
    former: ActorRow | None,
    changed: tuple[str, ...],
) -> Iterator[tuple[str, Any]]:
    """Yield the fields of the record that are to be written, and their values."""
    if record is None:
        return
    written = dict.fromkeys(field for name in changed for field in FIELDS[name])
    if "category" in changed and not record.functions:
        # Those of the category that it had were none; those of the new one may be some.
        written["functions"] = None
    for field in written:
        value = getattr(row, field)
        if field == "unpublished":
            # A form takes nothing from what was withheld: to publish it is an act of its own.
            left = (each for each in record.unpublished if each in (*row.phones, *row.emails))
            value = tuple(dict.fromkeys((*left, *value)))
        elif field == "contacts":
            value = tuple(dict.fromkeys((*record.contacts, *value)))
        same_as_before = former is not None and value == getattr(former, field)
        if value != getattr(record, field) and not same_as_before:
            yield field, value
    if (
        "lat" not in changed
        and "lon" not in changed
        and record.lon is not None
        and _moves(record, row, changed)
    ):
        yield from {"lon": None, "lat": None, "precision": None}.items()


def _moves(record: ActorRecord, row: ActorRow, changed: tuple[str, ...]) -> bool:
    """Return whether an address is another place now, which a former point does not show."""
    if {"address", "postcode", "city", "territory"}.isdisjoint(changed):
        return False
    places = [address_key(each.street or each.address, each.commune) for each in (record, row)]
    return places[0] != places[1] or record.commune != row.commune


def _unread(
    entered: Entered, row: ActorRow, changed: tuple[str, ...], said: set[str]
) -> Iterator[Remark]:
    """Yield the fields of which nothing was understood, and nothing is said yet."""
    if {"lat", "lon"} & said:
        # A point is one thing, in two fields.
        said = said | {"lat", "lon"}
    for name in changed:
        nothing = all(says_nothing(getattr(row, field)) for field in FIELDS[name])
        if nothing and clean(entered.get(name, ""))[0] and name not in said:
            yield Remark(name, _NO_ANSWER if name == "access" else _NOT_UNDERSTOOD)
        elif name in ("phones", "duty_phones") and name not in said:
            lines = entered.get(name, "").splitlines()
            if any(line.strip() and not any(map(str.isdigit, line)) for line in lines):
                yield Remark(name, _NO_PHONE)


def _withheld(
    record: ActorRecord | None, values: Mapping[str, Any], row: ActorRow
) -> Iterator[Remark]:
    """Yield what a person moved out of the contacts that are not public, and that stays there."""
    if record is None:
        return
    for each in record.unpublished:
        if each in (*row.phones, *row.emails) and each not in row.unpublished:
            yield Remark("withheld", _STAYS_WITHHELD)


def mark_of(remarks: Iterable[Remark]) -> str:
    """Return what a person sends back who has read these remarks, and saves in spite of them."""
    said = "\n".join(sorted(f"{each.field} {each.message}" for each in remarks))
    return sha256(said.encode()).hexdigest()[:16]


def without_what_is_lost(reading: Reading) -> dict[str, Any]:
    """Return what is written although something was not understood: that stays as it was."""
    lost = {
        field
        for remark in reading.remarks
        for field in FIELDS[remark.field]
        if says_nothing(reading.values.get(field))
    }
    return {field: value for field, value in reading.values.items() if field not in lost}
