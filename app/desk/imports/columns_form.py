"""What the form of the columns and words of a list says, over what was chosen before."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from app.desk.imports.columns_showing import SPLIT
from app.lists.chosen import ChoiceWrong
from geo.zones import paris_day
from importers import vocabulary
from importers.chosen import MOST, Chosen
from importers.left_words import OF_WORDS
from importers.terms import OFF_MAP, off_map, off_map_since


class Filled(NamedTuple):
    """What the form gives: keys, each with what is chosen at the same place."""

    columns: list[str]
    fields: list[str]
    splits: list[str]
    separators: list[str]
    numbers: list[str]
    parts: list[str]
    words: list[str]
    codes: list[str]
    untitled: bool | None = None
    sheets: Sequence[str] = ()
    left_out: Sequence[str] = ()


def chosen_from(form: Filled, before: Chosen | None) -> dict[str, Any]:
    """Return what a form chooses over what was chosen before; raise ChoiceWrong."""
    paired = ((form.columns, form.fields), (form.words, form.codes))
    if any(len(one) != len(other) for one, other in paired):
        raise ChoiceWrong
    former = before or Chosen()
    columns = dict(zip(form.columns, form.fields, strict=True))
    divided = _splits(form)
    wanted = {key for key, field in columns.items() if field == SPLIT}
    splits = {key: each for key, each in divided.items() if key in wanted}
    if wanted - splits.keys():
        raise ChoiceWrong
    fields = {key: field for key, field in columns.items() if field != SPLIT}
    left = {key: each for key, each in former.splits.items() if key not in columns}
    said = {key: each for key, each in former.columns.items() if key not in columns}
    return {
        "columns": dict([*fields.items(), *said.items()][:MOST]),
        "splits": splits | {key: each.model_dump() for key, each in left.items()},
        "words": _words(form, former.words),
        "untitled": former.untitled if form.untitled is None else form.untitled,
        "left_out": _sheets(form, former.left_out),
    }


def _sheets(form: Filled, former: Sequence[str]) -> list[str]:
    """Return the sheets that are left out: of those the form shows as it says, others as before."""
    if not set(form.left_out) <= set(form.sheets):
        raise ChoiceWrong
    said = [*form.left_out, *(each for each in former if each not in form.sheets)]
    return list(dict.fromkeys(filter(None, said)))[:MOST]


def _splits(form: Filled) -> dict[str, dict[str, Any]]:
    parts = iter(form.parts)
    found = {}
    try:
        for key, sign, number in zip(form.splits, form.separators, form.numbers, strict=True):
            given = [next(parts) for _ in range(int(number))]
            if any(given):
                found[key] = {"separator": sign, "fields": given}
    except (ValueError, StopIteration, RuntimeError):
        raise ChoiceWrong from None
    return found


def _codes(field: str) -> set[str]:
    """Return what a word of a field may be."""
    known = vocabulary.load()
    if field != "category":
        return set(known.terms(field))
    shown = (e.code for e in known.categories.values() if e.publishable and not e.neutral)
    return {OFF_MAP, *shown}


def _words(form: Filled, former: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    found = {field: dict(words) for field, words in former.items()}
    for given, code in zip(form.words, form.codes, strict=True):
        field, _, word = given.partition(":")
        if field not in OF_WORDS or not word:
            raise ChoiceWrong
        if code and code not in _codes(field):
            raise ChoiceWrong
        if code == OFF_MAP:
            # Since the day on which it was first said.
            before = found.setdefault(field, {}).get(word)
            found[field][word] = (
                before if before and off_map_since(before) else off_map(paris_day())
            )
        elif code:
            found.setdefault(field, {})[word] = code
        else:
            found.get(field, {}).pop(word, None)
    return found
