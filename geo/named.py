"""Places that are no numbered way: "lieu-dit Les Granges", "château de la Tour", "12 Kerivoal"."""

import re
from collections.abc import Iterator
from itertools import islice

from geo.address import ANYWHERE, NO_PLACES, address_key, shortened
from geo.street import SENTENCE_END, street_key
from geo.text import capitals, straighten
from geo.ways import PLACE_WAYS, SITES, SMALL_WORDS, STREET_WAYS

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
_NUMBER = re.compile(r"(?<![\w/-])(\d{1,4})(?: ?(?:BIS|TER|[A-D]))?\s*,?\s+(?=[^\W\d])")
_LETTERS = re.compile(r"[^\W\d_]+")
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


def is_named_in(text: str) -> bool:
    """Return whether a text names such a place by a name of its own: "ferme des Tilleuls".

    Not "résidence sociale", nor "domaine de la santé".
    """
    return any(_is_proper(words) for _, words in islice(_places(text), _MOST))


def bare_keys_in(text: str) -> set[str]:
    """Return what may be a number and a place without the word of a way: "12 Kerivoal".

    Each as address_key writes it, without a commune. "12 enfants" gives one as well: whoever asks
    knows which of them is somebody's.
    """
    text, keys = straighten(text), set()
    for match in islice(_NUMBER.finditer(capitals(text)), _MOST):
        words = _behind(text, match.end())
        first = capitals(words[0]).rstrip(".") if words else ""
        if first in STREET_WAYS or first in PLACE_WAYS:
            continue
        for end in range(1, min(len(words), _MOST_WORDS) + 1):
            if key := address_key(" ".join((match[1], *words[:end])), ANYWHERE):
                keys.add(key.partition("|")[2])
    return {key for key in keys if key[0].isdigit()}


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
        if words := _behind(text, match.end()):
            yield match["site"], words


def _behind(text: str, start: int) -> list[str]:
    return SENTENCE_END.split(text[start : start + _LONGEST_NAME], maxsplit=1)[0].split()


def _is_proper(words: list[str]) -> bool:
    letters = _LETTERS.findall(" ".join(words[:4]))
    name = next((each for each in letters if capitals(each) not in SMALL_WORDS), "")
    return name[:1].isupper()
