"""Text of a cell, cleaned; and how a report shows it."""

import re
import unicodedata

from geo.text import UNSEEN, remembered

# Characters 80 to 9F are no letters: they are cp1252 that was read as latin-1 ("d\x92enfants").
_CP1252 = {
    code: bytes([code]).decode("cp1252")
    for code in range(0x80, 0xA0)
    if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
# Besides, what only says how the letter before it is drawn, and tags of languages.
_NOT_DRAWN = UNSEEN | dict.fromkeys(
    (
        *(0x034F, 0x061C, 0x17B4, 0x17B5),
        *(*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0000, 0xE1000)),
    ),
    "",
)
# Zero-width characters and changes of writing direction can make a text read as another one.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)


def clean(text: str) -> tuple[str, bool]:
    """Return the text in NFC, and whether characters that no list holds were taken out of it."""
    if text.isascii() and text.isprintable():
        return (" ".join(text.split()) if "  " in text or text != text.strip() else text), False
    return _cleaned(text)


@remembered(5_000)
def _cleaned(text: str) -> tuple[str, bool]:
    text = text.translate(_CP1252).replace("_x000D_", "\n")
    text = re.sub(r"\r\n?|[\v\f\u2028\u2029]", "\n", text)
    text = text.translate(_NOT_DRAWN)
    seen, number = _UNSEEN.subn("", text)
    lines = (" ".join(line.split()) for line in unicodedata.normalize("NFC", seen).split("\n"))
    return "\n".join(line for line in lines if line), number > 0


def grouped(number: float) -> str:
    """Return a number as French writes it: "100 000", "135,6"."""
    return f"{number:,}".replace(",", "\u202f").replace(".", ",")


def shorten(text: str, limit: int = 80) -> str:
    """Return a text on one line, cut after `limit` characters, as a report shows it."""
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
