"""What templates of visitors and of the desk call by name to say things of an actor."""

from functools import lru_cache

from app.hours import describe
from app.platform.web import french
from importers import vocabulary
from importers.phones import format_french, tel_href


def page_words() -> dict[str, object]:
    """Return the vocabulary, phones, opening hours and pieces of text."""
    return {
        "vocabulary": vocabulary.load(),
        "phone_display": lru_cache(maxsize=10_000)(format_french),
        "phone_href": tel_href,
        # Of a macro that says the same of the same: a page calls some of them a hundred times.
        "remembered": lru_cache(maxsize=1_000),
        "opening_lines": lru_cache(maxsize=10_000)(describe),
        **french.WORDS,
    }
