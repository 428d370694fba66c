"""Lines of a deposited list as their reader may see them, side by side with what is there."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.desk.imports.conflict_showing import ShownConflict, shown_conflicts
from app.desk.imports.words import CAUSES, CONFLICT_DECISIONS, DECISIONS, MISSING_DECISIONS
from app.lists.deposit_problems import VALUE_HIDDEN, hidden_now
from app.lists.review import CONFLICTING, DECIDED_OF, WRITES, Line
from app.models import Role
from app.records.lists_of import sources
from app.records.sheets import is_protected
from app.records.viewing import Seen, see_these
from app.records.wording import FIELDS, LEVELS, STATES, said
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.spelling import same_signs

# What a decision is called, of lines that are not simply accepted or refused.
WORDS = {"missing": MISSING_DECISIONS, CONFLICTING: CONFLICT_DECISIONS}
# After hours that a list now gives otherwise: in words that are understood, or that are not.
HOURS = {"hours_text": "lus comme horaires", "opening_hours": "pas compris : gardés tels qu’écrits"}
ELSEWHERE = "Un acteur d’un autre territoire"
# What a line says of itself, whoever else there is.
OWN_CAUSES = frozenset({"category", "word"})
# Of these the same words mean the same, however they are written.
_TEXTS = frozenset({"name", "acronym", "description", "speciality"})


@dataclass(frozen=True, slots=True)
class ChangedField:
    """A field, old and new. by: whose value it replaces, and when. secret: read on the sheet.

    spelled: both are the same words.
    """

    label: str
    before: str
    after: str
    by: str
    erases: bool
    secret: bool
    spelled: bool


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line as its page shows it. masked: its values are not shown before they are opened.

    fields, otherwise: of a masked one, what it changes, and what it says otherwise than its actor,
    by name alone. becomes: what it would be. takes: some of its conflicts may be taken.
    protected: its sheet is masked until it is opened. in_file: its values are read in the list
    itself. who, at: of whoever decided. may: whether its reader may decide of it. recalled: it is
    read as the list before was corrected.
    """

    id: UUID
    line: int | None
    sheet: str | None
    outcome: str
    name: str
    public_id: str
    territory: str
    masked: bool
    protected: bool
    fields: list[str]
    otherwise: list[str]
    changes: list[ChangedField]
    conflicts: list[ShownConflict]
    values: list[tuple[str, str]]
    becomes: str
    causes: list[str]
    remarks: list[Mapping[str, Any]]
    has_cells: bool
    in_file: bool
    reread: bool
    recalled: bool
    takes: bool
    decision: str
    decided: str
    who: str
    at: datetime | None
    is_decidable: bool
    may: bool


def show(session: Session, vault: Vault, viewer: Viewer, found: Iterable[Line]) -> list[ShownLine]:
    """Return lines as a viewer may see them by now."""
    found = list(found)
    named = {each.actor_id for each in found if each.actor_id}
    seen = see_these(session, vault, viewer, named)
    asked = [
        {"actor": str(each.actor_id or ""), "marks": each.content.get("marks", ())}
        for each in found
    ]
    actors, marks = hidden_now(session, asked)
    names = sources(session, vault, viewer)
    return [
        _Shown(viewer, seen, names).of(
            line,
            hidden=one["actor"] in actors or not marks.isdisjoint(one["marks"]),
        )
        for line, one in zip(found, asked, strict=True)
    ]


def own_day(rows: Iterable[ShownLine], source: str) -> str:
    """Return the day of all old values that are of a list's own source, "" of none or several."""
    said = (each.by.rpartition(", ") for row in rows for each in row.changes)
    days = {day for name, _, day in said if name == source}
    return days.pop() if len(days) == 1 else ""


def usual_sheet(rows: Iterable[ShownLine]) -> str:
    """Return the sheet of most of some lines, "" of a text file."""
    found = Counter(each.sheet for each in rows if each.line and each.sheet)
    return found.most_common(1)[0][0] if found else ""


@dataclass(frozen=True, slots=True)
class _Shown:
    viewer: Viewer
    seen: Mapping[UUID, Seen]
    sources: Mapping[UUID, str]

    def of(self, line: Line, *, hidden: bool) -> ShownLine:
        if self.viewer.role is not Role.CURATEUR:
            if line.actor_id is None and line.outcome in WRITES:
                return self._new(line)
            if "alone" in line.content:
                return self._alone(line)
        return self._whole(line, hidden=hidden)

    def _new(self, line: Line) -> ShownLine:
        """Return a new line without a word of who is stored: it reads the same beside anybody."""
        given = line.content.get("causes", ())
        causes = _causes([each for each in given if each["why"] in OWN_CAUSES])
        return replace(
            self._whole(line, hidden=False),
            outcome="created",
            masked=False,
            values=[],
            becomes="serait caché" if causes else "",
            causes=causes,
            remarks=_columns(line),
            has_cells=False,
            in_file=True,
        )

    def _alone(self, line: Line) -> ShownLine:
        """Return a line of an actor that is public as if nobody who is hidden stood beside it."""
        found = self._whole(line, hidden=False)
        if found.protected:
            return found
        return replace(
            found,
            outcome=CONFLICTING if line.outcome == CONFLICTING else "updated",
            masked=False,
            fields=[],
            otherwise=[],
            changes=list(self._changes(line.content)),
            conflicts=shown_conflicts(line.content, self._by),
            becomes="",
            causes=[],
            remarks=line.content["alone"],
            # Whoever is hidden beside it; of what was read by an older release no cell is stored.
            has_cells=line.recalled or line.content.get("correctable", False),
        )

    def _whole(self, line: Line, *, hidden: bool) -> ShownLine:
        content, actor = line.content, self.seen.get(line.actor_id) if line.actor_id else None
        unknown = line.actor_id is not None and actor is None
        protected = actor is not None and is_protected(actor.level, actor.record.status)
        masked = line.masked or hidden or unknown or protected
        is_missing = line.outcome == "missing"
        words = WORDS.get(line.outcome, DECISIONS)
        otherwise = content.get("otherwise", ())
        # What is decided of a secret one is decided alone, on its sheet.
        is_conflict = line.outcome == CONFLICTING
        secret = is_missing and (actor is None or actor.record.status == "secret")
        return ShownLine(
            line.id,
            line.line,
            content.get("sheet"),
            line.outcome,
            ELSEWHERE if unknown else actor.record.name if actor else content.get("name", ""),
            actor.public_id if actor else "",
            line.territory or "",
            masked,
            protected,
            _named(
                (each for each in line.fields if masked and each not in otherwise),
                content.get("blanks", ()),
            ),
            _named(otherwise if masked else ()),
            [] if masked else list(self._changes(content)),
            [] if masked else shown_conflicts(content, self._by),
            [] if masked else _values(content),
            "" if is_missing else _becomes(content),
            [] if content.get("off_map") else _causes(content.get("causes", ())),
            content.get("remarks", []),
            "raw" in content and not unknown,
            False,
            line.reread,
            line.recalled,
            line.takes,
            line.decision or "",
            words[line.decision] if line.decision else "",
            line.who or "",
            line.at,
            line.outcome in DECIDED_OF and not secret and not (masked and is_conflict),
            self.viewer.role is Role.CURATEUR or not line.turns,
        )

    def _changes(self, content: Mapping[str, Any]) -> Iterator[ChangedField]:
        for each in content.get("changes", ()):
            name = each["field"]
            # Of hours one says what the other said; a blank of both is one.
            otherwise = HOURS.get(name, "") if not (each["erases"] or each.get("after")) else ""
            before = said(name, each.get("before"))
            after = otherwise or said(name, each.get("after"))
            yield ChangedField(
                FIELDS[name],
                before,
                after,
                self._by(each),
                each["erases"],
                "before" not in each,
                name in _TEXTS and same_signs(before, after),
            )

    def _by(self, each: Mapping[str, Any]) -> str:
        source = each.get("source")
        if source is None:
            return ""
        name = "Bureau" if source == "staff" else self.sources.get(UUID(source), "une autre liste")
        year, month, day = each["day"].split("-")
        return f"{name}, {day}/{month}/{year}"


def _named(fields: Iterable[str], blanked: Collection[str] = ()) -> list[str]:
    """Return fields by name, and of those that a line blanks that it does."""
    return [
        f"{FIELDS[each].lower()}{' (effacé)' if each in blanked else ''}"
        for each in fields
        if each in FIELDS
    ]


def _values(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what a new line says, but for the name above and the parts of an address it has."""
    given = content.get("said", {})
    values = {name: said(name, given[name]) for name in FIELDS if name in given and name != "name"}
    address = " ".join(values.get("address", "").split())
    return [
        (FIELDS[name], value)
        for name, value in values.items()
        if name not in ("street", "postcode", "city") or value not in address
    ]


def _becomes(content: Mapping[str, Any]) -> str:
    if not content.get("new"):
        return LEVELS[content["level"]] if content.get("level") else ""
    if content.get("off_map"):
        return "resterait hors cartographie"
    if content["level"]:
        return f"serait caché : {LEVELS[content['level']]}"
    status = content["status"]
    return "serait publié" if status == "published" else f"serait {STATES[status]}"


def _causes(given: Iterable[Mapping[str, Any]]) -> list[str]:
    active = [each for each in given if not each.get("dismissed_on")]
    return list(dict.fromkeys(CAUSES[each["why"]] for each in active))


def _columns(line: Line) -> list[Mapping[str, Any]]:
    """Return in which columns something is wrong: a whole sentence is of some lines alone."""
    return [{**each, "message": VALUE_HIDDEN} for each in line.content.get("remarks", ())]
