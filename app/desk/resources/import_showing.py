"""A catalogue as its page shows it: one outcome at a time, without what names somebody hidden."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy.orm import Session

from app.cataloguing.import_contents import ContentWrong, new_content
from app.cataloguing.import_plan import Choice, Decided, Done, Outcome, Plan
from app.cataloguing.importing import Import, Listed
from app.cataloguing.opening import public_ids_of
from app.cataloguing.secrecy import MASKED, masked_titles
from app.desk.resources.import_changes import Changed, changed
from app.desk.resources.words import CHOICES, HERE
from app.resources.content import Content
from app.resources.fields import fields_of
from app.resources.vocabulary import label
from app.vault.sealing import Vault

# What a page shows of a catalogue: what was written, or the lines of an outcome.
Part = Literal["ecrites", "a-decider", "nouvelles", "changees", "inutilisables", "inchangees"]
OUTCOMES: dict[Part, Outcome] = {
    "a-decider": "doubtful",
    "nouvelles": "create",
    "changees": "update",
    "inutilisables": "wrong",
    "inchangees": "unchanged",
}
AT_ONCE = 50
MASKED_FILE = "Nom de fichier masqué"
_APART = re.compile(r"[-_.+]+")
# Said above the others.
_ELSEWHERE = frozenset({"form", "title", "summary"})


@dataclass(frozen=True, slots=True)
class Known:
    """A resource that a line may be. path: "" where it is another line of the file."""

    title: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Wrote:
    """What was written of a line. path: "" of what is erased since."""

    path: str
    is_new: bool
    state: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A line. lead: who publishes it, when, and what it is. facts: labels and words of all that it
    says. masked: none of them is shown.

    choices: what a person may answer, in words, by code.
    """

    number: int
    title: str
    lead: str = ""
    summary: str = ""
    note: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    said: tuple[str, ...] = ()
    changes: tuple[Changed, ...] = ()
    twins: tuple[Known, ...] = ()
    choices: tuple[tuple[Choice, str], ...] = ()
    wrote: Wrote | None = None
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a catalogue. counts: of each part that has lines; left: what stays as it is."""

    part: Part
    counts: dict[Part, int]
    lines: tuple[Shown, ...]
    number: int
    pages: int
    left: tuple[str, ...]


def called(
    session: Session, vault: Vault, found: Iterable[Import | Listed], who: str
) -> dict[UUID, str]:
    """Return what the files of catalogues are called: whoever sent one knows it."""
    every = list(found)
    others = {str(each.id): _in_words(each.name) for each in every if each.who != who}
    masked = masked_titles(session, vault, others)
    return {each.id: MASKED_FILE if str(each.id) in masked else each.name for each in every}


def not_taken(session: Session, vault: Vault, found: Import, who: str) -> tuple[str, ...]:
    """Return the titles of a catalogue that nothing here takes."""
    titles = dict(enumerate(found.plan.left)) if found.who != who else {}
    masked = masked_titles(session, vault, {str(at): _in_words(t) for at, t in titles.items()})
    return tuple(MASKED if str(at) in masked else title for at, title in enumerate(found.plan.left))


def _in_words(name: str) -> str:
    """Return a name with its words apart, as they are in a sentence: « foyer_10-rue-x.xlsx »."""
    return f"{name}\n{_APART.sub(' ', name)}"


def page_of(
    session: Session, vault: Vault, found: Import, who: str, part: Part | None, number: int
) -> Page:
    """Return a page of a catalogue for somebody; part: by itself the first that asks for them."""
    plan, done = found.plan, {each.line: each for each in found.plan.done}
    counts = _counts(plan, done)
    chosen: Part = part if part and part in counts else next(iter(counts), "nouvelles")
    if chosen == "ecrites":
        wanted = [each for each in plan.lines if each.line.number in done]
    else:
        wanted = _of(plan, OUTCOMES[chosen], done)
    # Those that are decided are sent with one form.
    in_one = chosen == "a-decider" and found.status == "read"
    size = max(1, len(wanted)) if in_one else AT_ONCE
    pages = max(1, -(-len(wanted) // size))
    number = min(number, pages)
    some = wanted[(number - 1) * size : number * size]
    own = found.who == who
    texts = {str(each.line.number): _text(each, own=own) for each in some}
    texts |= {f"left {number}": title for number, title in enumerate(plan.not_undone)}
    masked = masked_titles(session, vault, {key: text for key, text in texts.items() if text})
    left = (
        MASKED if f"left {number}" in masked else title
        for number, title in enumerate(plan.not_undone)
    )
    wrote = [done[each.line.number] for each in some if each.line.number in done]
    records = public_ids_of(session, [each.id for each in wrote])
    lines = tuple(
        _shown(
            each,
            _wrote(done.get(each.line.number), records),
            masked=str(each.line.number) in masked,
            own=own,
        )
        for each in some
    )
    return Page(chosen, counts, lines, number, pages, tuple(left))


def _counts(plan: Plan, done: Mapping[int, Done]) -> dict[Part, int]:
    counted: dict[Part, int] = {"ecrites": len(done)}
    counted |= {part: len(_of(plan, outcome, done)) for part, outcome in OUTCOMES.items()}
    return {part: count for part, count in counted.items() if count}


def _of(plan: Plan, outcome: Outcome, done: Mapping[int, Done]) -> list[Decided]:
    """Return the lines of an outcome; what is written of a catalogue is shown once."""
    some = (each for each in plan.lines if each.outcome == outcome)
    return [each for each in some if each.line.number not in done]


def _text(decided: Decided, *, own: bool) -> str:
    """Return what of a line its reader did not bring: of others', all of it."""
    # A line of the file itself was brought by who sent it.
    found = [each.title for each in decided.twins if each.public_id or not own]
    found += [each.before for each in decided.changes]
    if not own:
        found += _texts(decided.line.values)
        found += [decided.line.note, *(each.after for each in decided.changes), *decided.said]
    return "\n".join(filter(None, found))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


def _wrote(done: Done | None, records: dict[UUID, str]) -> Wrote | None:
    if done is None:
        return None
    public_id = records.get(done.id)
    state = "publiée" if done.published else "retenue" if done.held else "laissée à relire"
    return Wrote(f"{HERE}/{public_id}" if public_id else "", not done.was, state)


def _shown(decided: Decided, wrote: Wrote | None, *, masked: bool, own: bool) -> Shown:
    line, twin = decided.line, decided.twin
    named = line.title or (twin.title if twin and not masked else "")
    title = (named or "Sans titre") if own or not masked else MASKED
    twins = tuple(
        Known(
            MASKED if masked else each.title,
            f"{HERE}/{each.public_id}" if each.public_id else "",
            each.line,
        )
        for each in decided.twins
    )
    choices = tuple((each, CHOICES[each]) for each in decided.choices)
    if masked:
        return Shown(line.number, title, twins=twins, choices=choices, wrote=wrote, masked=True)
    content = _content(decided)
    return Shown(
        line.number,
        title,
        lead=_lead(content) if content else "",
        summary=content.summary if content else "",
        note=line.note,
        facts=tuple(_facts(content)) if content else (),
        said=decided.said,
        changes=tuple(map(changed, decided.changes)),
        twins=twins,
        choices=choices,
        wrote=wrote,
    )


def _content(decided: Decided) -> Content | None:
    """Return what a line would be by itself; None where it cannot be."""
    if decided.outcome not in ("create", "doubtful"):
        return None
    try:
        return new_content(decided.line)
    except ContentWrong:
        return None


def _lead(content: Content) -> str:
    what = label("types", content.type) if content.type else label("forms", content.form)
    named = (*content.bodies, str(content.said_year or ""), what.lower())
    return ", ".join(filter(None, named))


def _facts(content: Content) -> Iterator[tuple[str, str]]:
    for field in fields_of(content.form):
        words = ", ".join(field.shown(content))
        if words and field.name not in _ELSEWHERE:
            yield field.label, words
