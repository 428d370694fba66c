"""Writes what somebody confirmed of a catalogue; each change is a version, as at the desk."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author, add, gathered
from app.cataloguing.import_contents import ContentWrong, Tie, merged, new_content
from app.cataloguing.import_errors import ChangedTwice, ImportOutdated
from app.cataloguing.import_plan import Choice, Decided, Done, Plan
from app.cataloguing.importing import read_import, replanned, store, to_decide
from app.cataloguing.known import known_resources
from app.cataloguing.publishing import ask, publish
from app.cataloguing.screening import look_first
from app.cataloguing.secrecy import is_masked
from app.cataloguing.versions import Saved, read, reserve, save
from app.models import Resource, ResourceRecord
from app.platform.database.sessions import IMPORT_LOCK, hold
from app.resources.content import Content
from app.resources.forms import Form
from app.vault.sealing import Vault
from app.visibility import Viewer


@dataclass(frozen=True, slots=True)
class _Applying:
    """Who writes what. ids: public ids by the keys of lines, as far as they are written."""

    session: Session
    vault: Vault
    viewer: Viewer
    author: Author
    now: datetime
    name: str
    publishes: bool
    ids: dict[str, str] = field(default_factory=dict)

    def write(self, decided: Decided, choice: Choice) -> Done | None:
        """Write a line, and return what was written; None where nothing is to be."""
        twin, line = decided.twin, decided.line
        if choice == "skip":
            if decided.same is not None:
                self.ids.setdefault(line.key, decided.same.public_id)
            return None
        ties = self._ties(decided)
        note = " · ".join(filter(None, (f"{self.name}, n° {line.number}", line.note)))
        if choice == "create":
            saved = self._save(None, 0, decided, note, ties)
            return self._decide(Done(line=line.number, id=saved.id, number=saved.number))
        if twin is None or twin.id is None:
            return None
        is_public = self.session.scalar(select(exists().where(Resource.id == twin.id)))
        saved = self._save(twin.id, twin.number, decided, note, ties)
        done = Done(line=line.number, id=saved.id, number=saved.number, was=twin.number)
        return self._decide(done.model_copy(update={"was_public": bool(is_public)}))

    def _save(
        self, of: UUID | None, based_on: int, decided: Decided, note: str, ties: list[Tie]
    ) -> Saved:
        if of is None:
            content = new_content(decided.line, ties)
        else:
            former = read(self.session, self.vault, self.viewer, of, based_on)
            if is_masked(self.session, self.vault, self.author.who, former, self.now):
                # Whoever writes a version reads it from now on.
                add(self.session, self.vault, self.author, Action.RESOURCE_READ, str(of))
            content = merged(former.content, decided.line, ties)
        by = (self.session, self.vault, self.author)
        saved = save(*by, of, content, self.now, based_on=based_on, note=note)
        public_id = self.session.get_one(ResourceRecord, saved.id).public_id
        self.ids.setdefault(decided.line.key, public_id)
        return saved

    def _ties(self, decided: Decided) -> list[Tie]:
        """Return the relations of a line to those that are written, or were there."""
        return [
            (relation, self.ids[key])
            for relation, key in decided.line.relations
            if key in self.ids and key != decided.line.key
        ]

    def _decide(self, done: Done) -> Done:
        """Publish what was written, or ask that a curateur reads it."""
        by = (self.session, self.vault)
        form = self.session.get_one(ResourceRecord, done.id).form
        if self.publishes and form != Form.SHEET:
            remarks = publish(*by, self.viewer, self.author, done.id, done.number, self.now)
            return done.model_copy(update={"published": not remarks, "held": bool(remarks)})
        ask(*by, self.author, done.id, self.now)
        return done


def apply(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    import_id: UUID,
    choices: Mapping[int, Choice],
    now: datetime,
    *,
    publishes: bool = False,
    seen: str | None = None,
) -> Plan:
    """Write a catalogue as its plan says, and return the plan with what was done.

    choices: of doubtful lines, by their number; others of them are left out. publishes: what may
    be published is; else all of it waits to be read. seen: of the plan that somebody confirms, None
    where they could see no other. Raises NotYourDecision, ImportUnknown, ImportDecided,
    ChangedTwice, or ImportOutdated where the plan says something else by now: see refresh().
    """
    opened = _looked_through(session, vault, viewer, import_id, choices, publishes=publishes)
    # In the order of whoever publishes, hides or withdraws.
    hold(session, IMPORT_LOCK, who=author.who)
    row, shown = to_decide(session, vault, viewer, import_id, "read", "applying")
    twins = (twin.id for each in shown.lines for twin in each.twins)
    reserve(session, filter(None, twins))
    made = replanned(session, vault, row.who, shown, opened)
    if made.seen != shown.seen or seen not in (None, shown.seen):
        raise ImportOutdated
    check_once(made.lines, choices)
    applying = _Applying(session, vault, viewer, author, now, made.name, publishes)
    with gathered(session, vault):
        done = [applying.write(each, _choice(each, choices)) for each in _targets_first(made.lines)]
    written = sorted(filter(None, done), key=lambda each: each.line)
    made = made.model_copy(update={"done": tuple(written), "asked": None, "why": ""})
    row.status, row.applied_at = "applied", now
    store(vault, row, made)
    detail = {"entries": len(written)}
    add(session, vault, author, Action.RESOURCES_IMPORTED, str(import_id), detail)
    return made


def _looked_through(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    import_id: UUID,
    choices: Mapping[int, Choice],
    *,
    publishes: bool,
) -> dict[UUID, Content]:
    """Look what would be written through before anybody waits for it; return versions by their ids.

    Whatever changes meanwhile is looked through anew.
    """
    opened: dict[UUID, Content] = {}
    made = read_import(session, vault, viewer, import_id).plan
    known = {each.id: each.content for each in known_resources(session, vault, opened)}
    look_first(session, _contents(made.lines, choices, known, publishes=publishes))
    return opened


def _contents(
    lines: Iterable[Decided],
    choices: Mapping[int, Choice],
    known: Mapping[UUID | None, Content],
    *,
    publishes: bool,
) -> Iterator[Content]:
    """Yield what lines would change, and what would be published of them."""
    for each in lines:
        choice, twin = _choice(each, choices), each.twin
        former = known.get(twin.id) if choice == "update" and twin else None
        try:
            if former is not None:
                yield former
            if publishes and choice == "create":
                yield new_content(each.line)
            elif publishes and former is not None:
                yield merged(former, each.line)
        except ContentWrong:
            # Its plan says so once it is made anew.
            continue


def _choice(decided: Decided, choices: Mapping[int, Choice]) -> Choice:
    match decided.outcome:
        case "create" | "update":
            return decided.outcome
        case "doubtful":
            choice = choices.get(decided.line.number, "skip")
            return choice if choice in decided.choices else "skip"
    return "skip"


def check_once(lines: tuple[Decided, ...], choices: Mapping[int, Choice]) -> None:
    """Raise ChangedTwice where two lines would change one resource."""
    changed: dict[UUID, int] = {}
    for each in lines:
        if _choice(each, choices) != "update" or each.twin is None or each.twin.id is None:
            continue
        first = changed.setdefault(each.twin.id, each.line.number)
        if first != each.line.number:
            raise ChangedTwice(first=str(first), second=str(each.line.number))


def _targets_first(lines: tuple[Decided, ...]) -> Iterator[Decided]:
    """Yield lines, those first that others are related to; of a circle, one goes without."""
    by_key = {each.line.key: each for each in reversed(lines) if each.line.key}
    begun: set[int] = set()
    for first in lines:
        # Without recursion: a chain may be as long as the file.
        waiting = [first] if first.line.number not in begun else []
        while waiting:
            each = waiting[-1]
            begun.add(each.line.number)
            targets = (by_key[key] for _, key in each.line.relations if key in by_key)
            target = next((one for one in targets if one.line.number not in begun), None)
            if target is not None:
                waiting.append(target)
            else:
                yield waiting.pop()
