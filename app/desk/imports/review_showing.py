"""Lines of a deposited list as their reader may see them, side by side with what is there."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.desk.imports.words import CAUSES, DECISIONS, MISSING_DECISIONS
from app.lists.deposit_problems import VALUE_HIDDEN, hidden_now
from app.lists.review import DECIDED_OF, WRITES, Line
from app.models import Role
from app.records.lists_of import sources
from app.records.sheets import is_protected
from app.records.viewing import Seen, see_these
from app.records.wording import FIELDS, LEVELS, STATES, said
from app.vault.sealing import Vault
from app.visibility import Viewer

ELSEWHERE = "Un acteur d’un autre territoire"
# What a line says of itself, whoever else there is.
OWN_CAUSES = frozenset({"category", "word"})


@dataclass(frozen=True, slots=True)
class ChangedField:
    """A field, old and new. by: whose value it replaces, and when. secret: read on the sheet."""

    label: str
    before: str
    after: str
    by: str
    erases: bool
    secret: bool


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line as its page shows it. masked: its values are not shown before they are opened.

    fields: of a masked one, what it changes, by name alone. becomes: what it would be.
    protected: its sheet is masked until it is opened.
    in_file: its values are read in the list itself. who, at: of whoever decided. may: whether its
    reader may decide of it. recalled: it is read as the list before was corrected.
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
    changes: list[ChangedField]
    values: list[tuple[str, str]]
    becomes: str
    causes: list[str]
    other: str
    remarks: list[Mapping[str, Any]]
    has_cells: bool
    in_file: bool
    reread: bool
    recalled: bool
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
    # Of an actor that was erased since no id is left.
    named |= {UUID(other) for each in found if (other := each.content.get("other"))}
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


@dataclass(frozen=True, slots=True)
class _Shown:
    viewer: Viewer
    seen: Mapping[UUID, Seen]
    sources: Mapping[UUID, str]

    def of(self, line: Line, *, hidden: bool) -> ShownLine:
        if self.viewer.role is not Role.CURATEUR:
            if line.actor_id is None and line.outcome in WRITES:
                return self._new(line)
            if line.actor_id is not None and line.actor_id not in self.seen:
                return self._elsewhere(line)
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
            other="",
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
            outcome="updated",
            masked=False,
            fields=[],
            changes=list(self._changes(line.content)),
            becomes="",
            causes=[],
            other="",
            remarks=line.content["alone"],
            has_cells=line.recalled,
        )

    def _elsewhere(self, line: Line) -> ShownLine:
        """Return a line of an actor on which its reader does not work: that it is one, no more."""
        return replace(
            self._whole(line, hidden=True),
            fields=[],
            becomes="",
            causes=[],
            remarks=_columns(line),
            reread=False,
            is_decidable=False,
            may=False,
        )

    def _whole(self, line: Line, *, hidden: bool) -> ShownLine:
        content, actor = line.content, self.seen.get(line.actor_id) if line.actor_id else None
        unknown = line.actor_id is not None and actor is None
        protected = actor is not None and is_protected(actor.level, actor.record.status)
        masked = line.masked or hidden or unknown or protected
        other = self.seen.get(UUID(content["other"])) if content.get("other") else None
        is_missing = line.outcome == "missing"
        words = MISSING_DECISIONS if is_missing else DECISIONS
        # What is decided of a secret one is decided alone, on its sheet.
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
            [FIELDS[each].lower() for each in line.fields if each in FIELDS] if masked else [],
            [] if masked else list(self._changes(content)),
            [] if masked else _values(content),
            "" if is_missing else _becomes(content),
            _causes(content.get("causes", ())),
            other.record.name if other and not other.is_hidden else "",
            content.get("remarks", []),
            "raw" in content and not unknown,
            False,
            line.reread,
            line.recalled,
            line.decision or "",
            words[line.decision] if line.decision else "",
            line.who or "",
            line.at,
            line.outcome in DECIDED_OF and not secret,
            self.viewer.role is Role.CURATEUR or not line.turns,
        )

    def _changes(self, content: Mapping[str, Any]) -> Iterator[ChangedField]:
        for each in content.get("changes", ()):
            name = each["field"]
            yield ChangedField(
                FIELDS[name],
                said(name, each.get("before")),
                said(name, each.get("after")),
                self._by(each),
                each["erases"],
                "before" not in each,
            )

    def _by(self, each: Mapping[str, Any]) -> str:
        source = each.get("source")
        if source is None:
            return ""
        name = "Bureau" if source == "staff" else self.sources.get(UUID(source), "une autre liste")
        year, month, day = each["day"].split("-")
        return f"{name}, {day}/{month}/{year}"


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
