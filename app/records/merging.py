"""What one of two that are one says of each field: whose value is the better one, and what a person
chose.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Literal
from uuid import UUID

from app.records.acts import RANK_OF_STAFF
from app.records.edits import SEAT, Edit, says_nothing, settle_place
from app.records.given import withheld_here_alone
from app.records.record import ActorRecord, Origin, Provenance
from app.records.wording import FIELDS, said
from geo.text import fold
from importers import vocabulary
from importers.row import ActorFields

Side = Literal["first", "second"]
# What is said by several fields is taken from one of the two; the first of them names it.
_WHOLE = (
    ("address", *sorted(SEAT - {"address"})),
    ("opening_hours", "hours_text"),
    ("access", "access_text"),
    ("duty_phones", "duty_hours"),
    ("age_min", "age_max"),
)
_OF_A_WHOLE = {name for whole in _WHOLE for name in whole}
# Both are in the one that stays.
_JOINED = ("unpublished", "contacts")
# Of a field that one names, who withholds it.
REACHED = frozenset({"phones", "duty_phones", "emails"})


@dataclass(frozen=True, slots=True)
class Option:
    """What two actors say otherwise. fields: of the record, the first of them is its name.

    first, second: in words; by_first, by_second: what wrote them. better: whose is proposed.
    """

    fields: tuple[str, ...]
    label: str
    first: str
    second: str
    by_first: Origin | None
    by_second: Origin | None
    better: Side

    @property
    def name(self) -> str:
        """Return what it is called where a person chooses."""
        return self.fields[0]


@dataclass(frozen=True, slots=True)
class Said:
    """An actor as far as two are compared. is_open: nothing of it is hidden.

    by_name: of what it withholds, the numbers that nothing but a person's name beside them does.
    """

    record: ActorRecord
    provenance: Provenance
    is_open: bool = False
    by_name: frozenset[str] = frozenset()


def groups() -> Iterator[tuple[str, ...]]:
    """Yield the fields that are chosen together, in the order of the sheet."""
    known = [name for name in FIELDS if name in ActorFields.model_fields and name not in _JOINED]
    wholes = {whole[0]: whole for whole in _WHOLE}
    for name in known:
        if name in wholes or name not in _OF_A_WHOLE:
            yield wholes.get(name, (name,))


def withheld_of(first: Said, second: Said) -> tuple[str, ...]:
    """Return what one that two become withholds: what one withheld, the other does not give away.

    But for a number that it gave to anybody already, and that a name alone withheld of the first.
    """
    both = (*first.record.unpublished, *second.record.unpublished)
    given = _given(first, second) | _given(second, first)
    return tuple(dict.fromkeys(each for each in both if each not in given))


def _given(one: Said, other: Said) -> frozenset[str]:
    """Return the numbers that one gives to anybody, and that only a name beside them withholds of
    the other, by another source of no higher rank.
    """
    by, why = one.provenance.get("phones"), other.provenance.get("unpublished")
    if not (one.is_open and other.is_open) or by is None or why is None:
        return frozenset()
    if why.source in ("staff", by.source) or by.rank < why.rank:
        return frozenset()
    return withheld_here_alone(other.record, one.record) & other.by_name


def options(first: Said, second: Said) -> Iterator[Option]:
    """Yield what two actors say otherwise, and whose value is the better one."""
    withheld = withheld_of(first, second)
    for fields in groups():
        if any(getattr(first.record, f) != getattr(second.record, f) for f in fields):
            yield Option(
                fields,
                FIELDS[fields[0]],
                _words(first.record, fields, withheld),
                _words(second.record, fields, withheld),
                _by(first, fields),
                _by(second, fields),
                _better(first, second, fields),
            )


def same(first: Said, second: Said) -> Iterator[tuple[str, str]]:
    """Yield label and value of what two actors both say, and say the same."""
    withheld = withheld_of(first, second)
    for fields in groups():
        both = all(getattr(first.record, f) == getattr(second.record, f) for f in fields)
        if both and (words := _words(first.record, fields, withheld)):
            yield FIELDS[fields[0]], words


def _words(record: ActorRecord, fields: tuple[str, ...], withheld: Collection[str]) -> str:
    """Return what a record says of some fields, but for contacts that are not public."""
    found = []
    for name in fields:
        value = getattr(record, name)
        if name in REACHED:
            value = tuple(each for each in value if each not in withheld)
        if name not in SEAT or name == "address":
            found.append(said(name, value))
    if fields[0] == "address" and not record.address:
        found = [said("city", record.city) or record.commune or record.territory]
    return " ".join(" ; ".join(filter(None, found)).split())


def _better(first: Said, second: Said, fields: tuple[str, ...]) -> Side:
    """Return whose value is proposed: of the higher rank, then the newer one, then the one that is
    better written, then of the first.

    Of one list the second came in the place of the first. What houses children stays so.
    """
    said = [
        not all(_is_unsaid(name, getattr(each.record, name)) for name in fields)
        for each in (first, second)
    ]
    if said[0] != said[1]:
        return "first" if said[0] else "second"
    if fields == ("category",):
        homes = [_houses(each.record.category) for each in (first, second)]
        if homes[0] != homes[1]:
            return "first" if homes[0] else "second"
    one, other = (_by(each, fields) for each in (first, second))
    if one is None or other is None:
        return "second" if one is None and other is not None else "first"
    if one.source == other.source and one.source != "staff":
        return "second" if other.day >= one.day else "first"
    gives = bool(_given(first, second)), bool(_given(second, first))
    if fields == ("phones",) and one.rank == other.rank and gives[0] != gives[1]:
        # Else the list that withholds it would do so again, as the one that gives it no more.
        return "first" if gives[0] else "second"
    if (other.rank, other.day) == (one.rank, one.day):
        return "second" if _is_better_written(second.record, first.record, fields) else "first"
    return "second" if (other.rank, other.day) > (one.rank, one.day) else "first"


def _is_better_written(one: ActorRecord, other: ActorRecord, fields: tuple[str, ...]) -> bool:
    """Return whether the same words have their accents and small letters in one record alone."""
    mine, theirs = (
        " ".join(str(getattr(record, name) or "") for name in fields) for record in (one, other)
    )
    return fold(mine) == fold(theirs) and _care(mine) > _care(theirs)


def _care(text: str) -> tuple[bool, int]:
    return not text.isupper(), sum(each.isalpha() and not each.isascii() for each in text)


def _houses(category: str) -> bool:
    return vocabulary.load().categories[category].protected


def _by(side: Said, fields: tuple[str, ...]) -> Origin | None:
    found = [side.provenance[name] for name in fields if name in side.provenance]
    return max(found, key=lambda each: (each.rank, each.day), default=None)


def _is_unsaid(name: str, value: Any) -> bool:
    if name == "category":
        category = vocabulary.load().categories[value]
        # What a hospital is to us says nothing that another source would not know.
        return category.host or not category.searched
    return name != "territory" and says_nothing(value)


def merge_into(
    first: Edit,
    second: Edit,
    chosen: Mapping[str, Side],
    today: date,
    by_name: Mapping[UUID, frozenset[str]] = MappingProxyType({}),
) -> None:
    """Write what two actors say to the first of them.

    chosen: name of an option -> whose value a person took; where they took another one than is
    proposed, no list changes it any more. Of all others the better one is written. by_name: as of
    Said, by actor.
    """
    sides = {"first": first, "second": second}
    staff = Origin(source="staff", day=today, rank=RANK_OF_STAFF)
    with settle_place(first, second.provenance.get("name", staff)):
        said = _said(first, by_name), _said(second, by_name)
        joined = {
            "unpublished": withheld_of(*said),
            "contacts": tuple(dict.fromkeys((*first.record.contacts, *second.record.contacts))),
        }
        for option in list(options(*said)):
            side = chosen.get(option.name, option.better)
            by_hand = side != option.better
            for name in option.fields:
                value, by = getattr(sides[side].record, name), sides[side].provenance.get(name)
                if side == "second" or by_hand:
                    _write(first, name, value, staff if by_hand else by)
        for name, value in joined.items():
            # That a person withheld something stays said, whichever of both it was of.
            said_by = [each.provenance[name] for each in (first, second) if name in each.provenance]
            if said_by:
                _write(first, name, value, max(said_by, key=lambda each: each.rank))
            elif value != getattr(first.record, name):
                _write(first, name, value, None)
        if second.record.status == "secret" and first.record.status != "secret":
            _write(first, "status", "secret", second.provenance.get("status"))


def _said(edit: Edit, by_name: Mapping[UUID, frozenset[str]]) -> Said:
    # A copy: what is chosen is written to the record meanwhile.
    record, named = edit.record.model_copy(), by_name.get(edit.actor_id, frozenset())
    is_open = (edit.level, edit.record.status) == (None, "published")
    return Said(record, edit.all_provenance(), is_open, named)


def _write(edit: Edit, name: str, value: Any, by: Origin | None) -> None:
    former = edit.provenance.get(name)
    if by is None:
        # Nobody said so: it is empty there.
        edit.change(name, value, former or edit.provenance["name"])
        edit.provenance.pop(name)
    elif value != getattr(edit.record, name) or by != former:
        edit.change(name, value, by)
