"""Whether the colours that somebody chose for an embed can be read: contrast of WCAG 2.2."""

import re
from collections.abc import Iterator
from functools import lru_cache

from app.embeds.look import Look
from app.web import STATIC

# Of text that is not large, WCAG 2.2 1.4.3; links and buttons have text of that size.
LEAST = 4.5
# Of marks, whose shape says the category: WCAG 2.2 1.4.11.
LEAST_OF_MARKS = 3.0
BLACK, WHITE = "000000", "ffffff"
TOKEN = re.compile(r"(--[a-z0-9-]+): ([^;]+);")
# Of static/css/tokens.css in light: they stand where nothing else is chosen.
OURS = Look(accent="14508c", paper="f4f5f7", ink="1a1f26")


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours of six hexadecimal digits: from 1 to 21."""
    dark, light = sorted(map(_luminance, (first, second)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2, from 0 to 1."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def mix(one: str, other: str, share: float) -> str:
    """Return a colour with a share of another in it, in sRGB."""
    pairs = ((int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (0, 2, 4))
    return "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def is_dark(paper: str) -> bool:
    """Say that white is read better on a page than black."""
    return contrast(paper, WHITE) > contrast(paper, BLACK)


def surface_on(paper: str) -> str:
    """Return the colour of cards on a page."""
    return mix(paper, WHITE, 0.04 if is_dark(paper) else 0.6)


def tokens(paper: str) -> dict[str, str]:
    """Return our colours on a page, by day or by night: those of tokens.css that change."""
    return _schemes()[is_dark(paper)]


@lru_cache(maxsize=1)
def _schemes() -> tuple[dict[str, str], dict[str, str]]:
    sheet = (STATIC / "css/tokens.css").read_text()
    by_day, _, rest = sheet.partition("@media (prefers-color-scheme: dark)")
    night = dict(TOKEN.findall(rest.partition("@media")[0]))
    day = dict(TOKEN.findall(by_day))
    # No embed shows France by number of actors.
    own = [name for name in night if not name.startswith("--share")]
    return {name: day[name] for name in own}, {name: night[name] for name in own}


def warnings(look: Look) -> tuple[str, ...]:
    """Return a French sentence for each pair of colours that is hard to read, and what to do."""
    paper = look.paper or OURS.paper or ""
    pairs = (
        ("Le texte se lit", "le texte", look.ink or OURS.ink or ""),
        ("Les liens et les boutons se lisent", "leur couleur", look.accent or OURS.accent or ""),
    )
    dark = is_dark(paper)
    found = []
    for subject, what, colour in pairs:
        measured = contrast(colour, paper)
        if measured < LEAST:
            found.append(
                f"{subject} mal sur la page : contraste de {_shown(measured)}, il en faut 4,5."
                f" {'Éclaircissez' if dark else 'Foncez'} {what},"
                f" ou {'foncez' if dark else 'éclaircissez'} la page."
            )
    if look.paper and (measured := min(_of_marks(paper))) < LEAST_OF_MARKS:
        found.append(
            f"Des marques se voient mal sur la page : contraste de {_shown(measured)},"
            f" il en faut 3. {'Foncez' if dark else 'Éclaircissez'} la page."
        )
    return tuple(found)


def _of_marks(paper: str) -> Iterator[float]:
    for name, colour in tokens(paper).items():
        if name.startswith("--family"):
            yield contrast(colour.removeprefix("#"), surface_on(paper))


def _shown(contrast: float) -> str:
    # Never rounded up to what would be enough.
    return f"{int(contrast * 10) / 10:.1f}".replace(".", ",")
