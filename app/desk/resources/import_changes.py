"""What a line of a catalogue changes of a text: the words of it, where most of it stays."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from app.cataloguing.import_plan import Change

# Texts, and whether each of them stands on one side alone.
Pieces = tuple[tuple[str, bool], ...]
_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
# From here on two texts are one that was changed.
LIKE = 0.6
# Of two texts, one's words by the other's: what a page compares in a moment.
_MOST = 250_000


@dataclass(frozen=True, slots=True)
class Changed:
    """A field, as it is and as it would be; () where nothing stands in it."""

    label: str
    before: Pieces
    after: Pieces


def changed(change: Change) -> Changed:
    """Return a change with what stands on one side alone."""
    one, other = (_WORDS.findall(text) for text in (change.before, change.after))
    whole = Changed(change.label, _whole(change.before), _whole(change.after))
    if not one or not other or len(one) * len(other) > _MOST:
        return whole
    found = SequenceMatcher(None, one, other, autojunk=False)
    if found.ratio() < LIKE:
        return whole
    steps = found.get_opcodes()
    before = tuple(_pieces((one[a:b], tag != "equal") for tag, a, b, _, _ in steps))
    after = tuple(_pieces((other[a:b], tag != "equal") for tag, _, _, a, b in steps))
    return Changed(change.label, before, after)


def _whole(text: str) -> Pieces:
    return ((text, True),) if text else ()


def _pieces(some: Iterator[tuple[list[str], bool]]) -> Iterator[tuple[str, bool]]:
    return (("".join(words), alone) for words, alone in some if words)
