"""Why two actors may be one, in words, and how much each reason weighs."""

from typing import Literal, NamedTuple

Weight = Literal["heavy", "middling", "light"]
# A heavy reason makes somebody ask by itself; a middling one does beside another; a light one only
# bears out the others.
_WEIGHTS: dict[str, Weight] = {
    "même FINESS": "heavy",
    "même SIRET": "heavy",
    "même RNA": "heavy",
    "même nom et même adresse": "heavy",
    "le nom d'un lieu caché de la même commune": "heavy",
    "même nom": "middling",
    "même nom propre": "middling",
    "même téléphone": "middling",
    "même adresse électronique": "middling",
    "absent de la liste où cette fiche arrive": "middling",
    "même commune": "light",
    "même adresse postale": "middling",
    "même site": "light",
    "noms proches": "middling",
    "nom contenu dans l'autre": "middling",
    "même catégorie": "light",
}
_ORDER: tuple[Weight, ...] = ("heavy", "middling", "light")


class Reason(NamedTuple):
    """A reason in words; weight: None of one that a former release gave."""

    text: str
    weight: Weight | None

    @property
    def is_heavy(self) -> bool:
        """Say whether it makes somebody ask by itself."""
        return self.weight == "heavy"

    @property
    def place(self) -> int:
        """Return a number that is the less the more it weighs."""
        return _ORDER.index(self.weight) if self.weight else len(_ORDER)


def weighed(because: str) -> list[Reason]:
    """Return the reasons of a proposal, the heaviest first. because: joined, as matching has it."""
    found = [Reason(each, _WEIGHTS.get(each)) for each in because.split(", ") if each]
    return sorted(found, key=lambda each: each.place)


def heaviness(reasons: list[Reason]) -> list[int]:
    """Return by what pairs are put in order, the likeliest first."""
    return [*(each.place for each in reasons), len(_ORDER) + 1]
