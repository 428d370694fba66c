"""How a French place name is compared: without accents, punctuation, short forms or article."""

import re

from geo.text import fold

# Short forms that no commune has in its own name (checked on the 37,545 names of 2026).
_WORDS = {
    "st": "saint",
    "ste": "sainte",
    "sts": "saints",
    "stes": "saintes",
    "s": "sur",
    "ss": "sous",
    "nd": "notre dame",
}
_UNDER = re.compile(r"\bs/s\b")
ARTICLES = frozenset(("le", "la", "les", "l"))
# Most names that begin with h elide (d’Hénin-Beaumont, d’Hyères). These do not: the adjective
# "haut", names of Germanic form, names of the Pacific, and towns that French writes with "de".
_ASPIRATED = (
    r"h\w*(?:heim|bach|bourg|felden|statt|willer)|hauts?|hautes?|ham|han|hem"
    r"|haguenau|harnes|hayange|honfleur|houdan|houilles|huningue"
    r"|hao|hienghene|hikueru|hiva|houailou|huahine"
)
# Before a, o and u the letter y is a consonant: de Yutz, but d’Yvetot; Yenne is one more.
_ELIDES = re.compile(rf"(?!(?:{_ASPIRATED}|yenne)\b)(?:[aeiouh]|y(?![aou]))")


def words(text: str) -> list[str]:
    """Return the words of a name, folded, with "St" written saint, "s/s" sous and "&" et."""
    spelled = _UNDER.sub("sous", text.lower()).replace("&", " et ")
    return [_WORDS.get(word, word) for word in fold(spelled).split()]


def normalise(text: str) -> str:
    """Return a name as it is compared: "L'Isle-d'Abeau" and "L ISLE D ABEAU" are one."""
    return " ".join(words(text))


def search_name(text: str) -> str:
    """Return a normalised name without its leading article, which lists drop or put behind.

    "L'Abergement-Clémenciat", "Abergement-Clémenciat (L')" -> "abergement clemenciat".
    """
    return without_article(normalise(text))


def without_article(normalised: str) -> str:
    """Return a normalised name without a leading or trailing article."""
    head, _, rest = normalised.partition(" ")
    if rest and head in ARTICLES:
        return rest
    body, _, tail = normalised.rpartition(" ")
    return body if body and tail in ARTICLES else normalised


def behind_de(name: str) -> str:
    """Return a name behind "de": "de Bobigny", "d’Aubervilliers", "du Havre", "des Lilas"."""
    for article, joined in (("Le ", "du "), ("Les ", "des ")):
        if name.startswith(article):
            return joined + name.removeprefix(article)
    return f"d’{name}" if _ELIDES.match(normalise(name)) else f"de {name}"


def slug(text: str) -> str:
    """Return a name for an address: "Seine-Saint-Denis" -> "seine-saint-denis"."""
    return normalise(text).replace(" ", "-")
