"""The form of a letter: its blocks in their order, and what is added to them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Form

from app.letters.letter import Block, Lead, Words
from app.resources.texts import lines

TEXT_MAX, MOST_BLOCKS = 5_000, 60
TOO_LONG = f"Un texte a {TEXT_MAX} caractères au plus."
_OFFER = re.compile(r"(resource|event):([0-9a-f]{16})")
Texts = Annotated[list[Annotated[str, Form(max_length=2 * TEXT_MAX)]], Form(max_length=MOST_BLOCKS)]
Shorts = Annotated[list[Annotated[str, Form(max_length=40)]], Form(max_length=MOST_BLOCKS)]


@dataclass(frozen=True, slots=True)
class Entered:
    """What was sent, as the blocks that it makes. too_long: whether a text has too many signs."""

    blocks: tuple[Block, ...]
    too_long: bool = False


def read_form(
    ordre: Shorts = [],  # noqa: B006 # FastAPI gives each request its own
    bloc: Shorts = [],  # noqa: B006
    texte: Texts = [],  # noqa: B006
    ajout: Shorts = [],  # noqa: B006
    nouveau: Annotated[str, Form(max_length=2 * TEXT_MAX)] = "",
) -> Entered:
    """Return the blocks in the order of their numbers; one without a number is left out.

    What is added comes behind; words that are emptied are none.
    """
    given: list[tuple[float, Block]] = []
    for number, what, text in zip(ordre, bloc, texte, strict=False):
        block = _block(what, text)
        if block is not None and (place := _number(number)) is not None:
            given.append((place, block))
    blocks = [block for _, block in sorted(given, key=lambda pair: pair[0])]
    blocks += [each for each in map(_lead, ajout) if each is not None]
    if words := lines(nouveau):
        blocks.append(Words(words))
    return Entered(_once(blocks), any(_is_long(each) for each in blocks))


def _once(blocks: Sequence[Block]) -> tuple[Block, ...]:
    return tuple(dict.fromkeys(blocks))[:MOST_BLOCKS]


def _block(what: str, text: str) -> Block | None:
    if what == "words":
        words = lines(text)
        return Words(words) if words else None
    return _lead(what)


def _lead(offer: str) -> Lead | None:
    found = _OFFER.fullmatch(offer)
    return Lead(found[1], found[2]) if found else None


def _number(text: str) -> float | None:
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        return None
    # What is no number sorts nothing.
    return found if abs(found) < 1_000_000 else None


def _is_long(block: Block) -> bool:
    return isinstance(block, Words) and len(block.text) > TEXT_MAX
