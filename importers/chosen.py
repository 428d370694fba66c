"""What people chose of the columns and words of a list, laid over what its titles say.

A choice never loosens: a column whose title governs secrecy is read as that title says, and what
reaches a person stays withheld.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from geo.text import fold
from importers.double_header import column_title, names_persons
from importers.mapping import MANY, Extract, Mapping, field_of, fields

# What is withheld, what forbids, and what tells that children are housed.
GUARDS = frozenset({"consent_on", "phone_withheld", "email_withheld", "finess_category"})
# Of a file that the desk handed out, whose titles are ours.
OURS = frozenset({"actor_id", "actor_marks"})
# What is read of a column of a person, whatever was chosen.
_OF_PERSON = {
    **dict.fromkeys(("phone", "phone_front_gate", "duty_phone", "packed"), "phone_withheld"),
    "email": "email_withheld",
}
# Signs that may stand between the parts of a cell, and how many parts one has.
SEPARATORS = ("\n", ";", "|", " - ", " – ", " / ", "/", ",", ":")
MOST_PARTS = 6
_NUMBERED = re.compile(r" \(\d+\)$")
# More columns or words than any list has.
MOST = 500


class Split(BaseModel):
    """A cell that holds several values: what separates them, and the field of each, "" for none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    separator: str
    fields: tuple[str, ...] = Field(min_length=2, max_length=MOST_PARTS)

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        if self.separator not in SEPARATORS or not set(filter(None, self.fields)) <= fields():
            raise ValueError("unknown separator or field")
        return self

    def under(self, title: str) -> Self:
        """Return what is read of the parts below a title."""
        return self.model_copy(update={"fields": tuple(read_as(title, f) for f in self.fields)})

    def extracts(self, title: str) -> tuple[Extract, ...]:
        """Return what takes each part out of a cell; the last one takes all that is left."""
        # Spaces stay in the parts: where several signs may match, a hostile cell takes hours.
        between = re.escape(self.separator)
        last = len(self.fields) - 1
        found = []
        for place, field in enumerate(self.fields):
            if field:
                parts = [".*" if each == last else ".*?" for each in range(last + 1)]
                parts[place] = f"(?P<{field}>{parts[place]})"
                pattern = re.compile(f"^{between.join(parts)}$", re.DOTALL)
                found.append(Extract(column=title, pattern=pattern, whole=True))
        return tuple(found)


class Chosen(BaseModel):
    """columns: key of a column -> field, "" where it is not read. splits: by the same keys.

    words: field -> word as stem() makes it -> code. untitled: where no title names an actor, the
    first line is one. left_out: keys of sheets that are not read.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    columns: dict[str, str] = Field(default={}, max_length=MOST)
    splits: dict[str, Split] = Field(default={}, max_length=MOST)
    words: dict[str, dict[str, str]] = {}
    untitled: bool = False
    left_out: tuple[str, ...] = Field(default=(), max_length=MOST)

    @model_validator(mode="after")
    def _fields_exist(self) -> Self:
        if unknown := set(filter(None, self.columns.values())) - fields():
            raise ValueError(f"unknown fields {sorted(unknown)}")
        return self


def sheet_key(name: str | None) -> str:
    """Return what a sheet is known by from one list to the next, "" where nothing may be kept."""
    # Folded, a mailbox is one no more: nobody would find it again to erase it.
    return "" if not name or "@" in name else fold(name)


def keys_of(titles: Sequence[str]) -> tuple[str, ...]:
    """Return what each column is known by: its title, its place where titles do not tell."""
    times: Counter[str] = Counter()
    keys = []
    for column, title in enumerate(titles):
        # Folded, a mailbox is one no more: nobody would find it again to erase it.
        key = "" if "@" in title else fold(title)
        key = key or fold(column_title((), column))
        times[key] += 1
        keys.append(f"{key} {times[key]}" if times[key] > 1 else key)
    return tuple(keys)


def is_governed(title: str) -> bool:
    """Return whether a title says itself that its values hide or are withheld."""
    found = field_of(_NUMBERED.sub("", title))
    return found is not None and found[0] in GUARDS


def is_fixed(mapping: Mapping, title: str) -> bool:
    """Return whether nobody chooses how a column is read."""
    if is_governed(title) or mapping.columns.get(title) in OURS:
        return True
    if mapping.guessed:
        return False
    # A list of the project: what its rules read is no one field.
    ruled = {extract.column for extract in mapping.extracts}
    return title in ruled or mapping.columns.get(title) in mapping.values


def read_as(title: str, field: str) -> str:
    """Return the field as which cells below a title are read where somebody chose one.

    A choice never opens what reaches a person, as the title says.
    """
    said = field_of(title)
    if not names_persons(title) or (said is not None and said[0] in _OF_PERSON):
        return field
    return _OF_PERSON.get(field, field)


def overlay(
    mapping: Mapping, titles: Sequence[str], chosen: Chosen | None
) -> tuple[Mapping, tuple[str, ...]]:
    """Return a mapping as people chose it, and titles that tell the columns apart."""
    if chosen is None or OURS & set(mapping.columns.values()):
        return mapping, tuple(titles)
    keys = keys_of(titles)
    apart = _apart(titles, keys, chosen)
    columns = {
        new: mapping.columns[old]
        for old, new in zip(titles, apart, strict=True)
        if old in mapping.columns
    }
    extracts = [each for each in mapping.extracts if each.column in apart]
    taken: dict[str, str] = {}
    for key, title, written in zip(keys, apart, titles, strict=True):
        is_chosen = key in chosen.columns or key in chosen.splits
        if not is_chosen or is_fixed(mapping, written):
            continue
        columns.pop(title, None)
        extracts = [each for each in extracts if each.column != title]
        if key in chosen.splits:
            extracts += chosen.splits[key].under(written).extracts(title)
        elif field := read_as(written, chosen.columns[key]):
            columns[title] = field
            taken.setdefault(field, title)
    # What somebody chose takes the place of what a title says, where one column alone is read.
    left = {
        title: field
        for title, field in columns.items()
        if field in MANY or taken.get(field, title) == title
    }
    changed = {
        "columns": left,
        "extracts": tuple(extracts),
        "words": chosen.words,
        "guessed": mapping.guessed and not chosen.columns,
    }
    return mapping.model_copy(update=changed), apart


def _apart(titles: Sequence[str], keys: Sequence[str], chosen: Chosen) -> tuple[str, ...]:
    """Return titles, those of columns without one or of the same one by their key if chosen."""
    found: list[str] = []
    for column, (title, key) in enumerate(zip(titles, keys, strict=True)):
        known = key in chosen.columns or key in chosen.splits
        if not known or (title not in found and title):
            found.append(title)
        elif not title:
            found.append(column_title(titles, column))
        else:
            found.append(f"{title} ({key.rpartition(' ')[2]})")
    return tuple(found)
