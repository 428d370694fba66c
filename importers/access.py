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
    r"\b(?:partiel\w*|en partie|partly|sauf|mais|uniquement|seulement|avec aide|sous conditions?"
    r"|difficile\w*)\b"
)
_NO = re.compile(
    r"^(?:n|0|aucune?|(?:non|no(?! \d)|faux)\b.*)$"
    r"|\b(?:in|(?:non|pas|peu|pas encore) )accessibles?\b|^pas d acces"
)
# "1 marche" and "aucune marche" say neither.
_YES = re.compile(
    r"^(?:o|x|1|(?:oui|yes|vrai|ok)\b.*)$|^(?:\w+ )?accessibles?\b|^total\w*|^acces pmr\b"
    r"|\b(?:est|sont|entierement|totalement|tout|locaux|batiment|etage|chaussee) accessibles?\b"
)
# What says no more than the answer does.
_BARE = frozenset(
    {"oui", "yes", "o", "x", "1", "vrai", "ok", "non", "no", "n", "0", "faux", "aucun", "aucune",
     "partiel", "partielle", "partiellement", "en partie", "partiellement accessible",
     "accessible", "non accessible", "pas accessible", "inaccessible", "total", "totale",
     "totalement accessible", "accessible pmr", "accessible aux pmr", "acces pmr", "oui pmr"}
)  # fmt: skip


def read_access(text: str) -> tuple[Access | None, str | None]:
    """Return what a cell says, and its words where they say more; None for both if it does not.

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
    # Words without an answer, such as a station, tell how to come, not whether one can.
    return answer, None if plain in _BARE or answer is None else text
