"""What lists write above a column, as synonyms.toml says it."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from geo.text import fold

# A typing slip in a title still matches ("Téléphonne"); other words do not ("Nom du directeur").
CLOSE_ENOUGH = 90
IN_BRACKETS = re.compile(r"\s*\([^()]*\)?\s*$")


@cache
def synonyms() -> dict[str, str]:
    """Return folded title -> field."""
    one, two = _read()
    return {title: field for field, titles in (*one.items(), *two.items()) for title in titles}


@cache
def is_ambiguous(title: str) -> bool:
    """Return whether a title means two things, so that what stands below it tells."""
    plain = fold(IN_BRACKETS.sub("", title))
    _, two = _read()
    return any(
        fuzz.ratio(plain, each) >= CLOSE_ENOUGH for titles in two.values() for each in titles
    )


@cache
def _read() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return field -> titles of one meaning, and of two."""
    raw = tomllib.loads((Path(__file__).parent / "synonyms.toml").read_text(encoding="utf-8"))
    return raw, raw.pop("by_cells")
