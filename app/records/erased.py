"""What was erased at somebody's request, known again by keyed digests in any text or cell.

A phone in any spelling, a mailbox in any case, words in any order; nothing says what they were.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import ErasedMark
from app.records.marks import matching_marks
from app.vault.digests import digest
from geo.text import fold
from importers.row import ActorFields, ActorRow

# What stands where an erased value stood.
GONE = "[effacé]"
# Kinds of marks of which each alone says that a line is an erased actor; "named" of one without
# an address. Of one with an address the name says so beside one of the others.
ALONE = ("finess", "seat", "identity", "named")
PLACES = ("address", "place")
BESIDE_A_NAME = (*PLACES, "phone", "mail")
# What is left of a name without what somebody is: "Les Pins" of "MECS Les Pins".
PROPER = "proper"
# Fields of an actor in which a value may stand among others, and those that list values.
_TEXTS = (
    *("name", "acronym", "description", "hours_text", "address", "street"),
    *("website", "consent", "external_id", "access_text"),
    *("referral", "referral_public", "referrers", "referrers_public"),
)
_LISTS = (
    *("phones", "duty_phones", "emails", "contacts", "unpublished", "shown"),
    # Of a line alone.
    "beside_names",
)
# An address leads to its point, and the point to the address.
_ADDRESS, _POINT = {"address", "street"}, {"lon", "lat", "precision"}
_BETWEEN = r"[\s.\-\u2010-\u2014_/()]{0,3}"
_DIGITS = re.compile(rf"\d(?:{_BETWEEN}\d){{8,}}")
# Of France and of the départements overseas whose numbers have nine digits after it.
_CODES = ("33", "262", "590", "594", "596")
# No part is longer than one of a mailbox may be: a text without spaces would take minutes.
_MAIL = re.compile(
    r"[\w.+%'-]{1,64}+\s?(?:@|\(at\)|\[at\])"
    r"\s?([\w-]{1,63}(?:\.[\w-]{1,63}){0,9}\.\w{2,63})",
    re.IGNORECASE,
)
_AT = re.compile(r"\s|\(at\)|\[at\]", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Between the cells of a line: words that stand in two of them are one value.
_CELL = "\x1f"

# (kind, what is digested).
Value = tuple[str, str]
# (start, end, value) of what may be a value in a text.
Candidate = tuple[int, int, str]


def phones(text: str) -> Iterator[Candidate]:
    """Yield what may be a phone in a text, as its nine last digits."""
    for run in _DIGITS.finditer(text):
        places = [place for place in range(run.start(), run.end()) if text[place].isdigit()]
        digits = "".join(str(int(text[place])) for place in places)
        for first, start in enumerate(places):
            if first and places[first - 1] == start - 1:
                continue
            for count in range(9, 16):
                last = first + count - 1
                if last >= len(places):
                    break
                if last + 1 < len(places) and places[last + 1] == places[last] + 1:
                    continue
                if number := _national(digits[first : last + 1]):
                    begin = start - 1 if start and text[start - 1] == "+" else start
                    yield begin, places[last] + 1, number


def _national(digits: str) -> str | None:
    digits = digits.removeprefix("00")
    for code in _CODES:
        if digits.startswith(code) and len(digits) - len(code) in (9, 10):
            digits = digits.removeprefix(code)
            break
    if len(digits) == 10:
        digits = digits.removeprefix("0")
    return digits if len(digits) == 9 and digits[0] != "0" else None


def mails(text: str) -> Iterator[Candidate]:
    """Yield the mailboxes of a text, in lower case.

    Each shorter one too, whose host ends at a dot or a stroke: a file's ending may follow it.
    """
    for found in _MAIL.finditer(text):
        for end in re.finditer(r"[.-]|$", found[0]):
            stop = found.start() + end.start()
            if "." in text[found.start(1) : stop]:
                yield found.start(), stop, mail_value(text[found.start() : stop])


def mail_value(text: str) -> str:
    """Return a mailbox as it is digested."""
    return _AT.sub(lambda match: "@" if "t" in match[0].lower() else "", text).lower()


def words(text: str, count: int) -> Iterator[Candidate]:
    """Yield each run of so many words, in alphabetical order, without case and accents."""
    spelled = [
        (found.start(), found.end(), word)
        for found in _WORD.finditer(text)
        for word in fold(found[0]).split()
    ]
    for first in range(len(spelled) - count + 1):
        run = spelled[first : first + count]
        yield run[0][0], run[-1][1], " ".join(sorted(word for _, _, word in run))


def line_value(source: UUID, identity: bytes) -> str:
    """Return what a list calls an actor, as it is digested: another list may mean another one."""
    return f"{source}/{identity.hex()}"


def mark(key: bytes, value: Value) -> tuple[str, bytes]:
    """Return a value as erased_mark holds it."""
    return value[0], digest(key, f"erased {value[0]}", value[1])


@dataclass(frozen=True)
class Erased:
    """All that was erased, or some of it: kind -> digests. key: of the digests."""

    key: bytes
    marks: Mapping[str, Collection[bytes]]

    def __bool__(self) -> bool:
        return any(self.marks.values())

    @cached_property
    def has_values(self) -> bool:
        """Whether values were erased, and not actors alone."""
        return any(kind in ("phone", "mail") or kind.startswith("words") for kind in self.marks)

    @cached_property
    def _counts(self) -> tuple[int, ...]:
        return tuple(
            int(kind.removeprefix("words ")) for kind in self.marks if kind.startswith("words ")
        )

    def has(self, kind: str, value: str) -> bool:
        """Return whether a value was erased."""
        return bool(self.marks.get(kind)) and self._is_known(kind, value)

    @cached_property
    def _is_known(self) -> Callable[[str, str], bool]:
        # A list says the same in many lines, and its file once more.
        @lru_cache(maxsize=65_536)
        def is_known(kind: str, value: str) -> bool:
            return mark(self.key, (kind, value))[1] in self.marks[kind]

        return is_known

    def is_actor(self, actor_id: UUID | str) -> bool:
        """Return whether an actor was erased; actor_id: internal."""
        return self.has("id", str(actor_id))

    def is_erased_line(self, row: ActorRow, source: UUID, identities: Iterable[bytes]) -> bool:
        """Return whether a line is an erased actor, by what its list calls it, or what it bears."""
        if not self.marks.get("id"):
            return False
        if any(self.has("line", line_value(source, each)) for each in identities):
            return True
        bears = matching_marks(row, self.key, {*ALONE, *BESIDE_A_NAME, PROPER})
        if any(self._bears(kind, bears.get(kind, ())) for kind in ALONE):
            return True
        # Elsewhere, with other phones and mailboxes, it is another actor of the same name.
        shares = any(self._bears(f"its {kind}", bears.get(kind, ())) for kind in BESIDE_A_NAME)
        if shares and self._bears(f"its {PROPER}", bears.get(PROPER, ())):
            return True
        is_placed = any(kind in bears for kind in PLACES)
        return self._bears("namesake", bears["named"]) and (shares or not is_placed)

    def _bears(self, kind: str, digests: Iterable[bytes]) -> bool:
        known = self.marks.get(kind, ())
        return any(each in known for each in digests)

    def text(self, text: str) -> str:
        """Return a text without what was erased; borders of cells stay."""
        spans = sorted(self._spans(text))
        if not spans:
            return text
        parts, done = [], 0
        for start, end in spans:
            if start >= done:
                parts += [text[done:start], GONE]
            # Words that stand in two cells leave both.
            parts += [_CELL + GONE] * text[max(done, start) : end].count(_CELL)
            done = max(done, end)
        return "".join((*parts, text[done:]))

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        if self.marks.get("phone"):
            yield from self._known("phone", phones(text))
        if self.marks.get("mail"):
            yield from self._known("mail", mails(text))
        for count in self._counts:
            yield from self._known(f"words {count}", words(text, count))

    def _known(self, kind: str, found: Iterable[Candidate]) -> Iterator[tuple[int, int]]:
        return ((start, end) for start, end, value in found if self.has(kind, value))

    def cells(self, cells: Iterable[str]) -> list[str]:
        """Return the cells of a line without what was erased, each at its place."""
        whole = _CELL.join(each.replace(_CELL, " ") for each in cells)
        return self.text(whole).split(_CELL)

    def json(self, value: Any, name: str = "") -> Any:
        """Return a JSON value without what was erased; name: of the field that holds it."""
        if isinstance(value, str):
            if _ID.fullmatch(value):
                return "" if self.is_actor(value) else value
            return self.text(value)
        if isinstance(value, dict):
            cleaned = {each: self._member(each, one) for each, one in value.items()}
            if any(cleaned[each] != value[each] for each in _ADDRESS & value.keys()):
                cleaned |= dict.fromkeys(_POINT & value.keys())
            return cleaned
        if not isinstance(value, list):
            return value
        if name == "raw" and all(isinstance(each, str) for each in value):
            return self.cells(value) if value else value
        items = [self.json(each, name) for each in value]
        # What a field lists is dropped whole; the parts of a change keep their places.
        if name in _LISTS:
            return [each for each in items if each != GONE]
        return items

    def _member(self, name: str, value: Any) -> Any:
        cleaned = self.json(value, name)
        return None if cleaned == GONE and name != "name" else cleaned

    def fields(self, actor: ActorFields) -> dict[str, Any]:
        """Return the fields of an actor that hold what was erased, without it."""
        changed: dict[str, Any] = {}
        for name in _TEXTS:
            former = getattr(actor, name, None)
            if former and (text := self.text(former)) != former:
                # A web address with a hole leads nowhere.
                whole = text == GONE or name == "website"
                changed[name] = None if whole and name != "name" else text
        for name in _LISTS:
            listed: tuple[str, ...] = getattr(actor, name, ())
            left = tuple(each for each in listed if self.text(each) == each)
            if left != listed:
                changed[name] = left
        if changed.keys() & _ADDRESS and actor.lon is not None:
            changed |= dict.fromkeys(_POINT)
        return changed


def read_erased(session: Session, key: bytes) -> Erased:
    """Return all that was ever erased."""
    found: dict[str, set[bytes]] = defaultdict(set)
    for kind, value in session.execute(select(ErasedMark.purpose, ErasedMark.digest)):
        found[kind].add(value)
    return Erased(key, found)
