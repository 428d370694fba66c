"""An actor that is being written, and what a line of a list changes of it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from app.models.protected import Doubt, Level
from app.records.causes import Cause, is_home, is_neutral, level_of, raised, renewed, reopened
from app.records.marks import Mark
from app.records.placing import Placed, address_of, question
from app.records.record import ActorRecord, Change, Origin, Provenance, Status, withholds
from geo.address import address_key
from importers import vocabulary
from importers.row import ActorFields, ActorRow

# Where an actor stands.
SEAT = frozenset(
    {"address", "street", "postcode", "city", "commune", "territory", "lon", "lat", "precision"}
)
# What is said by several fields, none of them by itself.
_WHOLE = (SEAT, frozenset({"opening_hours", "hours_text"}), frozenset({"access", "access_text"}))
# What a line writes.
_FIELDS = (*ActorFields.model_fields, "status")


@dataclass(slots=True)
class Edit:
    """An actor being written. why: as its revision says.

    made_by: the line that gave all of a new actor; its changes and provenance are told from it.
    causes, level: why it is hidden, and how much of it. former_marks: what it was found by before.
    geocoded, doubt: the point that answers its address, and why somebody should look at it.
    heard: what lists say of it now, of a home alone, each with its list. answered: list -> what it
    says now, beside which a person chose a value.
    was_protected is None for a new actor. act: the name of a decision by a person.
    """

    actor_id: UUID
    record: ActorRecord
    provenance: Provenance
    changes: dict[str, Change] = field(default_factory=dict)
    made_by: Origin | None = None
    causes: tuple[Cause, ...] = ()
    level: Level | None = None
    geocoded: Placed | None = None
    doubt: Doubt | None = None
    was_protected: bool | None = None
    former_causes: tuple[Cause, ...] = ()
    former_level: Level | None = None
    former_status: Status | None = None
    former_marks: frozenset[Mark] = frozenset()
    heard: tuple[tuple[UUID, ActorFields], ...] = ()
    answered: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    public_id: str = ""
    # A public id that it had, and takes again.
    own_address: str = ""
    # An origin: the line of a list.
    why: dict[str, Any] | Origin = field(default_factory=lambda: {"shared": True})
    act: str | None = None

    @property
    def is_home(self) -> bool:
        """Say whether it is a home that neighbours could give away, or may be one by its name."""
        return is_home(None if self._is_lost else self.record.status, self.causes)

    @property
    def houses(self) -> bool:
        """Say whether it is one for sure."""
        sure = [each for each in self.causes if each.why != "duplicate"]
        return is_home(None if self._is_lost else self.record.status, sure)

    @property
    def was_home(self) -> bool:
        """Say whether it was one as stored, as far as its causes tell."""
        return is_home(self.former_status, self.former_causes)

    @property
    def _is_lost(self) -> bool:
        """Say whether a register closed it by its absence: children may still live there."""
        closed = self.provenance.get("status")
        return closed is not None and closed.line is None and closed.source != "staff"

    @property
    def turned(self) -> bool:
        """Say whether the actor is new, or its public record turns neutral or back."""
        return is_neutral(self.level) != self.was_protected

    @property
    def is_new(self) -> bool:
        """True for an actor that this import creates."""
        return self.was_protected is None

    @property
    def action(self) -> str:
        """Return what history calls it: "protect" wherever less of an actor becomes public."""
        if self.act is not None:
            return self.act
        if self.is_new:
            return "create"
        withheld = not self.was_protected and withholds(self.record, self.changes)
        return "protect" if withheld or raised(self.former_level, self.level) else "update"

    @property
    def changed(self) -> bool:
        """Say whether there is anything to write."""
        return self.turned or self.act is not None or bool(self.all_changes())

    def change(self, name: str, value: Any, origin: Origin) -> None:
        """Write one field of the record; raise ValidationError for what it cannot hold."""
        change = Change(getattr(self.record, name), value, self.provenance.get(name))
        # Two lines may write one actor: what was stored stands in front.
        self.changes[name] = self.changes.get(name, change)._replace(after=value)
        setattr(self.record, name, value)
        self.provenance[name] = origin

    @property
    def doubt_of_point(self) -> Doubt | None:
        """Return why the point that the public sees is to be looked at."""
        seen = self.level is None and self.record.status == "published"
        return self.doubt if seen and self.record.lon is None else None

    def forget_point(self) -> None:
        """Leave the point of an address that the actor has no more."""
        self.geocoded = self.doubt = None

    def move(self, point: Placed) -> None:
        """Draw the actor where a geocoder found its address."""
        before = astuple(self.geocoded) if self.geocoded else None
        self.changes["point"] = Change(before, astuple(point))
        self.geocoded = point

    def protect(self, causes: Iterable[Cause], today: date) -> None:
        """Write why the actor is hidden from now on."""
        self.causes = renewed(self.causes, causes, self.record.consent_on, today)
        self.level = level_of(self.causes)

    def all_changes(self) -> dict[str, Change]:
        """Return the changes, with those of the protection, which is no field of the record."""
        turned = {}
        if self.level != self.former_level:
            turned["level"] = Change(self.former_level, self.level)
        # In another order they are the same: the database gives neighbours in any.
        if set(self.causes) != set(self.former_causes):
            turned["causes"] = Change(_as_json(self.former_causes), _as_json(self.causes))
        made = {name: Change(None, value) for name, value in self._made()}
        return made | self.changes | turned

    def all_provenance(self) -> Provenance:
        """Return where each field comes from."""
        return {name: self.made_by for name, _ in self._made() if self.made_by} | self.provenance

    def _made(self) -> Iterator[tuple[str, Any]]:
        """Yield what the line says that made the actor."""
        if self.made_by is not None:
            given = ((name, getattr(self.record, name)) for name in _FIELDS)
            yield from ((name, value) for name, value in given if not says_nothing(value))


def _as_json(causes: Iterable[Cause]) -> list[dict[str, Any]]:
    return [cause.model_dump(mode="json", exclude_defaults=True) for cause in causes]


def create(row: ActorRow, origin: Origin, *, draft: bool) -> Edit:
    """Return the new actor that a line makes; with draft, one that is not published yet."""
    # A line was checked as a record is.
    record = ActorRecord.model_construct(**{name: getattr(row, name) for name in _FIELDS})
    if draft and record.status == "published":
        record.status = "draft"
    return Edit(uuid4(), record, {}, made_by=origin)


def merge(
    edit: Edit, row: ActorRow, origin: Origin, *, last_wins: bool, renews: bool = False
) -> None:
    """Write a line to an actor.

    A source of higher rank keeps its value: an edit by staff outranks every list. Of two lists the
    value in place stays, which its own list may correct, unless last_wins; app/lists/conflicts.py
    finds the other one. renews: what has its rank is of the same register, in another territory. A
    line that says nothing of a field clears only what its own source had written.
    """
    former_question, former_place = question(edit.record), _place(edit.record)
    apart = not last_wins and _stands_elsewhere(edit, row, origin, renews=renews)
    fuller = last_wins or (edit.record.street is None and row.street is not None)
    for name in _FIELDS:
        value, before = getattr(row, name), getattr(edit.record, name)
        known = edit.provenance.get(name)
        settled = says_nothing(value) if known is None else known.rank >= origin.rank
        if value == before and settled:
            continue  # as most fields of most lines: what is in place stays whose it is
        wins = fuller if name in SEAT else last_wins
        if not (apart and name in SEAT):
            _write(edit, name, value, origin, last_wins=wins or renews)
    if question(edit.record) != former_question:
        edit.forget_point()
    if _place(edit.record) - former_place:
        _ask_again(edit, origin)


def amend(edit: Edit, values: Mapping[str, Any], origin: Origin) -> None:
    """Write some fields that a list gives in answer to the values in place, which it was shown.

    Whoever saw a value may replace it, but for that of a source of higher rank; what is withheld
    stays so.
    """
    former_question, former_place = question(edit.record), _place(edit.record)
    refused = outranked(edit, values, origin.rank)
    for name, value in values.items():
        before = getattr(edit.record, name)
        if name in ("unpublished", "contacts"):
            value = (*before, *(each for each in value if each not in before))
        if name not in refused and value != before:
            edit.change(name, value, origin)
            if says_nothing(value):
                edit.provenance.pop(name)
    if question(edit.record) != former_question:
        edit.forget_point()
    if _place(edit.record) - former_place:
        _ask_again(edit, origin)


def outranked(edit: Edit, fields: Iterable[str], rank: int) -> frozenset[str]:
    """Return which of some fields a source of this rank does not change: a place is one thing."""
    higher = {name for name, each in edit.provenance.items() if each.rank > rank}
    wholes = [whole for whole in _WHOLE if whole & higher]
    return frozenset(fields) & higher.union(*wholes)


def close(edit: Edit, origin: Origin) -> None:
    """Archive an actor that nothing names any more, unless a person said what becomes of it."""
    edit.why = origin
    known = edit.provenance.get("status")
    if edit.record.status != "archived" and (known is None or known.source != "staff"):
        # Whatever names it again opens it again.
        edit.change("status", "archived", origin.model_copy(update={"rank": 0}))


def correct(edit: Edit, values: Mapping[str, Any], by: Origin) -> None:
    """Write what a person says of some fields; raises ValidationError as rewrite does."""
    rewrite(edit, {name: (value, by) for name, value in values.items()}, by)


def rewrite(edit: Edit, values: Mapping[str, tuple[Any, Origin | None]], by: Origin) -> None:
    """Write fields as a person gives them, each with where it comes from; by: that person.

    What somebody agreed to publish is a place: another one is judged anew. A phone is no place
    where a person writes it, who sees whose it is. Raises ValidationError for what a field cannot
    hold.
    """
    former_question, former_place = question(edit.record), _place(edit.record)
    former_phones = edit.record.phones
    for name, (value, origin) in values.items():
        edit.change(name, value, by)
        if origin is None:
            edit.provenance.pop(name)
        else:
            edit.provenance[name] = origin
    if question(edit.record) != former_question:
        edit.forget_point()
    if _place(edit.record) - former_place - set(edit.record.phones) - set(former_phones):
        _ask_again(edit, by)


@contextmanager
def settle_place(edit: Edit, by: Origin) -> Iterator[None]:
    """Judge anew, once its block has written an actor, what was judged of another place."""
    former_question, former_place = question(edit.record), _place(edit.record)
    yield
    if question(edit.record) != former_question:
        edit.forget_point()
    if _place(edit.record) - former_place:
        _ask_again(edit, by)


def _place(record: ActorRecord) -> set[object]:
    """Return what a person has seen of a place who publishes it: anything more is another place."""
    return {address_of(record), (record.lon, record.lat), *record.phones}


def _ask_again(edit: Edit, origin: Origin) -> None:
    """Take back what a person published, where a list says that the actor is somewhere else now."""
    consented = edit.record.consent_on is not None
    edit.causes = reopened(edit.causes, consented=consented)
    if consented:
        edit.change("consent_on", None, origin)


def _write(edit: Edit, name: str, value: Any, origin: Origin, *, last_wins: bool) -> None:
    before, known = getattr(edit.record, name), edit.provenance.get(name)
    if name == "unpublished":
        # What one list withheld, no other publishes, nor itself later, whatever a person withheld.
        value = tuple(dict.fromkeys((*before, *value)))
        origin = known if known and known.rank > origin.rank else origin
    elif known and known.source != origin.source:
        stays = not (last_wins or name == "status" or _is_unsaid(name, before))
        if says_nothing(value) or (stays and known.rank == origin.rank):
            return
    # What a list leaves open, a register may say; what a person left open stays so.
    left_open = known is not None and known.source != "staff" and _is_unsaid(name, before)
    if known and known.rank > origin.rank and not left_open:
        return
    if name == "category" and known and known.source != origin.source and _is_host(value):
        return  # it says what a hospital is to us, and nothing that another source would not know
    if name == "status" and "archived" not in (before, value):
        return  # a list opens and closes places; publishing a draft is for staff
    # From now on the same value is that of the higher rank: what spoke first changes it no more.
    outranked = known is not None and known.rank < origin.rank and not says_nothing(value)
    if value != before or outranked:
        edit.change(name, value, origin)
    elif known is None and not says_nothing(value):
        edit.provenance[name] = origin


def _is_unsaid(name: str, value: Any) -> bool:
    if name == "category":
        return not vocabulary.load().categories[value].searched
    return says_nothing(value)


def _is_host(category: str) -> bool:
    return vocabulary.load().categories[category].host


def _stands_elsewhere(
    edit: Edit, row: ActorFields, origin: Origin, *, renews: bool = False
) -> bool:
    """Return whether a line gives another place than the one in place, which another list gave.

    A place is taken whole: the street of one list in the commune of another is nowhere.
    """
    record = edit.record
    given = [edit.provenance[name] for name in SEAT if name in edit.provenance]
    least = origin.rank + 1 if renews else origin.rank
    if all(each.source == origin.source or each.rank < least for each in given):
        return False
    if record.commune and record.commune != row.commune:
        return True
    places = [address_key(each.street or each.address, each.commune) for each in (record, row)]
    return None not in places and places[0] != places[1]


def says_nothing(value: Any) -> bool:
    """Return whether a line leaves a field empty; an age of 0 is not empty."""
    return value is None or value is False or value in ("", ())
