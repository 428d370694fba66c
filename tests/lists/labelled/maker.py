"""Makes invented actors, and writes their lines as other lists would."""

import re
import unicodedata
from collections.abc import Callable
from random import Random

from stdnum import luhn

from tests.lists.labelled.words import (
    HEADS,
    HOMES,
    PROPER,
    SHORT,
    STREETS,
    TOWNS,
    TYPES,
)

COLUMNS = (
    *("Nom", "Catégorie", "Adresse", "Code postal", "Commune"),
    *("Téléphone", "Courriel", "Site", "SIRET", "FINESS", "RNA"),
)
Line = dict[str, str]


class Maker:
    """Makes actors, each with a name, a phone and numbers that no other one has."""

    def __init__(self) -> None:
        self.chance = Random(23)  # noqa: S311 - which actors, nothing secret
        self._count = 0
        self._names: set[tuple[str, int]] = set()

    def actor(self, category: str | None = None, *, near: Line | None = None) -> Line:
        """Return an actor as a good list has it; near: one of the same town."""
        chance = self.chance
        category = category or chance.choice(list(HEADS))
        while True:
            at = place_of(near) if near else chance.randrange(len(TOWNS))
            # Nobody else has its name in its town, nor in the one beside it.
            named = (chance.choice(PROPER), at // 2)
            if named not in self._names:
                break
        self._names.add(named)
        proper, (postcode, town, _) = named[0], TOWNS[at]
        head = HOMES[0][0] if category == "MECS" else chance.choice(HEADS[category])[0]
        self._count += 1
        return {
            "Nom": f"{head} {proper}",
            "Catégorie": category,
            "Adresse": self.street(),
            "Code postal": postcode,
            "Commune": town,
            "Téléphone": self.phone(),
            "Courriel": f"contact@{plain(proper).replace(' ', '-')}-{self._count}.example.org",
            "Site": "",
            "SIRET": "",
            "FINESS": "",
            "RNA": "",
        }

    def street(self) -> str:
        return f"{self.chance.randint(1, 198)} {self.chance.choice(STREETS)}"

    def phone(self) -> str:
        self._count += 1
        return f"01 99 00 {self._count // 100:02} {self._count % 100:02}"

    def siret(self) -> str:
        self._count += 1
        siren = f"99{self._count:06}"
        siren += luhn.calc_check_digit(siren)
        return f"{siren}0001" + luhn.calc_check_digit(f"{siren}0001")

    def finess(self, postcode: str) -> str:
        self._count += 1
        return (code := f"{postcode[:2]}{self._count:06}") + luhn.calc_check_digit(code)

    def worn(self, line: Line, *always: str) -> Line:
        """Return a line as another list has it, whose columns are seldom the same."""
        lost = {"Téléphone": 0.15, "Courriel": 0.4, "Site": 0.5}
        drawn = {title: self.chance.random() < share for title, share in lost.items()}
        return line | {title: "" for title, gone in drawn.items() if gone and title not in always}


def plain(text: str) -> str:
    """Return a text in capitals or not, without its accents."""
    apart = unicodedata.normalize("NFKD", text)
    letters = "".join(each for each in apart if not unicodedata.combining(each))
    return re.sub(r"[^A-Za-z0-9]+", " ", letters).strip().lower()


def shortened(text: str) -> str:
    """Return a text as FINESS shortens it, in capitals."""
    for full, short in SHORT.items():
        text = text.replace(full, short)
    return re.sub(r"[’'-]", " ", text).upper()


def misspelt(text: str, chance: Random) -> str:
    """Return a text of which two letters changed places, or one was lost, doubled or missed."""
    places = [at for at in range(2, len(text) - 2) if text[at : at + 2].isalpha()]
    at = chance.choice(places[len(places) // 2 :])
    first, second = text[at], text[at + 1]
    new = chance.choice((second + first, second, first + first + second, "s" + second))
    return text[:at] + new + text[at + 2 :]


def street_in_short(street: str) -> str:
    """Return "12 rue de Gex" as "12 R DE GEX"."""
    number, way, *name = street.split(" ")
    return " ".join((number, TYPES[way], shortened(" ".join(name))))


def place_of(line: Line) -> int:
    """Return the place of the town of a line among the towns."""
    return next(n for n, (code, *_) in enumerate(TOWNS) if code == line["Code postal"])


def neighbour(line: Line) -> Line:
    """Return postcode and name of the town beside that of a line."""
    postcode, town, _ = TOWNS[place_of(line) ^ 1]
    return {"Code postal": postcode, "Commune": town}


Pair = tuple[Line, Line]
# What the second line does otherwise -> how many pairs, and what makes one.
Variations = dict[str, tuple[int, Callable[[Maker], Pair]]]
