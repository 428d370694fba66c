"""Colours: those of ours, mixtures, and what can be read on what, by the contrast of WCAG 2.2."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from app.embeds.look import Look
from app.platform.web.site import STATIC

# The contrast that WCAG 2.2 (1.4.3) asks of text that is not large, as on links and buttons.
LEAST = 4.5
BLACK, WHITE = "000000", "ffffff"
TOKEN = re.compile(r"(--[a-z0-9-]+): ([^;]+);")
# The colours of static/css/tokens.css by day, used where nothing else is chosen.
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


def is_lighter(colour: str, other: str) -> bool:
    """Return whether a colour is the lighter one of two."""
    return _luminance(colour) > _luminance(other)


def readable(choices: Sequence[str], others: Iterable[str]) -> str:
    """Return the first choice that is read with each of the others, or no worse than the last.

    choices: grounds, and others the texts on them, or the other way round.
    """
    *_, last = choices
    needed = {other: min(LEAST, contrast(last, other)) for other in others}
    return next(
        each
        for each in choices
        if all(contrast(each, other) >= least for other, least in needed.items())
    )


def tokens(*, dark: bool) -> dict[str, str]:
    """Return our colours by day or by night: those of tokens.css that change."""
    return dict(_schemes()[dark])


@lru_cache(maxsize=1)
def _schemes() -> tuple[dict[str, str], dict[str, str]]:
    sheet = (STATIC / "css/tokens.css").read_text()
    by_day, _, rest = sheet.partition("@media (prefers-color-scheme: dark)")
    night = dict(TOKEN.findall(rest.partition("@media")[0]))
    day = dict(TOKEN.findall(by_day))
    # The map of France by number of actors is on no embed: its colours are left out.
    own = [name for name in night if not name.startswith("--share")]
    return {name: day[name] for name in own}, {name: night[name] for name in own}
