"""Places without a number that people live at: "lieu-dit Les Granges", "château de la Tour"."""

import re
from collections.abc import Iterator
from itertools import islice

from geo.address import NO_PLACES, shortened
from geo.street import SENTENCE_END, street_key
from geo.text import capitals, straighten
from geo.ways import SITES

# Of a hospital, a school or a centre the name is no address: everybody knows where it is.
_LIVED_AT = frozenset(
    {
        *("LIEU DIT", "HAMEAU", "DOMAINE", "RESIDENCE", "IMMEUBLE", "CHATEAU", "FERME", "ABBAYE"),
        *("COUVENT", "MONASTERE", "MANOIR", "MOULIN", "MAS", "BASTIDE", "CHALET", "TOUR", "FORT"),
        "PAVILLON",
    }
)
_WORDS_OF = "|".join(
    sorted((re.escape(w) for w, full in SITES.items() if full in _LIVED_AT), key=len, reverse=True)
)
_NAMED = re.compile(rf"(?<![\w-])(?P<site>{_WORDS_OF})\b\.?\s+(?=\S)")
_OTHERS = tuple(f"{full} " for full in {*SITES.values()} - _LIVED_AT)
# Of its name in a free text, small words included; signs of all of them.
_MOST_WORDS, _LONGEST_NAME = 6, 80
# No text of a few lines names more; a hostile one might take minutes.
_MOST = 50
# A shorter name is a word like any other.
_SHORTEST = 4


def named_places_in(text: str) -> set[str]:
    """Return every such place that a free text names, as named_place writes it.

    Where a name ends, no text says: its first word gives one, its first two and so on.
    """
    found = {
        (SITES[site], " ".join(words[:end]))
        for site, words in islice(_places(text), _MOST)
        for end in range(1, min(len(words), _MOST_WORDS) + 1)
    }
    keys = ((site, street_key(name)) for site, name in found)
    return {place for site, key in keys if key and (place := named_place(f"{site} {key}"))}


def named_place(key: str) -> str | None:
    """Return the key of a place without its number, whatever hamlets are called by.

    "LIEU DIT GRANGES" -> "GRANGES"; None for a numbered one, and for what every village has.
    """
    place = shortened(key)
    if not place or place[0].isdigit() or place in NO_PLACES or len(place) < _SHORTEST:
        return None
    return None if f"{place} ".startswith(_OTHERS) else place


def _places(text: str) -> Iterator[tuple[str, list[str]]]:
    text = straighten(text)
    for match in _NAMED.finditer(capitals(text)):
        behind = SENTENCE_END.split(text[match.end() : match.end() + _LONGEST_NAME], maxsplit=1)[0]
        if words := behind.split():
            yield match["site"], words
