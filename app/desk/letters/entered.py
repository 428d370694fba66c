"""The form of a letter: its blocks in their order, and what is added to them."""

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Form

from app.letters.letter import Block, Lead, Words
from app.resources.texts import lines

TEXT_MAX, MOST_BLOCKS = 5_000, 60
# A letter that is too long is shown again, with a text and all that was offered beside it.
MOST_SENT = 2 * MOST_BLOCKS + 1
TOO_LONG = f"Un texte a {TEXT_MAX} caractères au plus."
TOO_MANY = f"Une lettre a {MOST_BLOCKS} parties au plus : ôtez-en."
_OFFER = re.compile(r"(resource|event):([0-9a-f]{16})")
Texts = Annotated[list[Annotated[str, Form(max_length=2 * TEXT_MAX)]], Form(max_length=MOST_SENT)]
Shorts = Annotated[list[Annotated[str, Form(max_length=40)]], Form(max_length=MOST_SENT)]


@dataclass(frozen=True, slots=True)
class Entered:
    """What was sent, as the blocks that it makes. wrong: what is to be corrected."""

    blocks: tuple[Block, ...]
    wrong: str = ""


def read_form(
    ordre: Shorts = [],  # noqa: B006 # FastAPI gives each request its own
    bloc: Shorts = [],  # noqa: B006
    texte: Texts = [],  # noqa: B006
    ajout: Shorts = [],  # noqa: B006
    nouveau: Annotated[str, Form(max_length=2 * TEXT_MAX)] = "",
) -> Entered:
    """Return the blocks in the order of their numbers; one without a number is left out.

    One of which nobody can read the number stays where it stood: what is in it was not taken out.
    What is added comes behind; words that are emptied are none.
    """
    given: list[tuple[float, Block]] = []
    for place, (number, what, text) in enumerate(zip(ordre, bloc, texte, strict=False), 1):
        block = _block(what, text)
        if block is not None and number.strip():
            given.append((_number(number, place), block))
    blocks = [block for _, block in sorted(given, key=lambda pair: pair[0])]
    blocks += [each for each in map(_lead, ajout) if each is not None]
    if words := lines(nouveau):
        blocks.append(Words(words))
    found = tuple(dict.fromkeys(blocks))
    if any(_is_long(each) for each in found):
        return Entered(found, TOO_LONG)
    return Entered(found, TOO_MANY if len(found) > MOST_BLOCKS else "")


def _block(what: str, text: str) -> Block | None:
    if what == "words":
        words = lines(text)
        return Words(words) if words else None
    return _lead(what)


def _lead(offer: str) -> Lead | None:
    found = _OFFER.fullmatch(offer)
    return Lead(found[1], found[2]) if found else None


def _number(text: str, place: int) -> float:
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        return place
    # What is no number sorts nothing.
    return found if abs(found) < 1_000_000 else place


def _is_long(block: Block) -> bool:
    return isinstance(block, Words) and len(block.text) > TEXT_MAX
