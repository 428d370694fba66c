"""How the desk shows the blocks of a letter: as lines of its form, and as its page will be."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy.orm import Session

from app.composing.errors import WordsWithheld
from app.errors import Mesure23Error
from app.letters.letter import Block, Item, Read, Words
from app.letters.mail import linked
from app.letters.queries import read_items
from app.records.remarks import remark_in_words


@dataclass(frozen=True, slots=True)
class Line:
    """A block in the form. item: None of words, and of what visitors may not read now."""

    offer: str
    public_id: str
    text: str
    item: Item | None

    @property
    def is_words(self) -> bool:
        """Return whether somebody writes here."""
        return self.offer == "words"


def lines_of(session: Session, blocks: Sequence[Block]) -> list[Line]:
    """Return the lines of the form, as visitors would read each now."""
    known = read_items(session, blocks)
    return [
        Line("words", "", each.text, None)
        if isinstance(each, Words)
        else Line(f"{each.what}:{each.public_id}", each.public_id, "", known.get(each))
        for each in blocks
    ]


def as_page(blocks: Sequence[Read]) -> list[tuple[Item | None, Markup]]:
    """Return blocks as the public page shows them: an item, or words."""
    return [
        (each, Markup()) if isinstance(each, Item) else (None, linked(each, "")) for each in blocks
    ]


def remarks_of(error: Mesure23Error | None) -> list[str]:
    """Say why a text is not saved, each reason once."""
    if not isinstance(error, WordsWithheld):
        return []
    said = (remark_in_words(each, each.field.replace("words", "Texte")) for each in error.remarks)
    return list(dict.fromkeys(said))
