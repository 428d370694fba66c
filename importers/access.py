"""Whether disabled people can come in: a cell -> yes, no or partly, and its words."""

import re
from typing import Literal

from geo.text import fold

Access = Literal["yes", "no", "partly"]

_NOTHING = frozenset(
    {"", "nc", "nr", "n c", "n r", "so", "sans objet", "inconnu", "inconnue", "ne sait pas", "nsp",
     "non renseigne", "non renseignee", "non communique", "a verifier", "a renseigner", "na"}
)  # fmt: skip
_PARTLY = re.compile(
    r"\b(?:partiel\w*|en partie|partly|sauf|mais|uniquement|seulement|avec aide|sous conditions?)\b"
)
_NO = re.compile(
    r"^(?:non|no|n|0|faux|aucun\w*)\b|\b(?:in|(?:non|pas|peu) )accessibles?\b|^pas d acces"
)
_YES = re.compile(r"^(?:oui|yes|o|x|1|vrai|ok)\b|\baccessibles?\b|^total\w*|^acces pmr\b")
# What says no more than the answer does.
_BARE = frozenset(
    {"oui", "yes", "o", "x", "1", "vrai", "ok", "non", "no", "n", "0", "faux", "aucun", "aucune",
     "partiel", "partielle", "partiellement", "en partie", "partiellement accessible",
     "accessible", "non accessible", "pas accessible", "inaccessible", "total", "totale",
     "totalement accessible", "accessible pmr", "accessible aux pmr", "acces pmr", "oui pmr"}
)  # fmt: skip


def read_access(text: str) -> tuple[Access | None, str | None]:
    """Return what a cell says, None where it does not say it, and its words where they say more.

    A doubt ("oui ?") says nothing.
    """
    plain = fold(text)
    if "?" in text or plain in _NOTHING:
        return None, None
    answer: Access | None = None
    if _PARTLY.search(plain):
        answer = "partly"
    elif _NO.search(plain):
        answer = "no"
    elif _YES.search(plain):
        answer = "yes"
    return answer, None if plain in _BARE else text
