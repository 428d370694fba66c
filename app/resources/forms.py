"""What a resource is, and for whom: the words that everything else about it follows from."""

from enum import StrEnum


class Form(StrEnum):
    """What a resource is; its label is that of vocabulary.toml."""

    DOCUMENT = "document"
    SHEET = "fiche"
    PRACTICE = "pratique"
    TRAINING = "formation"
    STUDY = "etude"


class Audience(StrEnum):
    """Who may read a resource: app/visibility.py says whether somebody does."""

    PUBLIC = "public"
    PROFESSIONAL = "professionnel"


class Proof(StrEnum):
    """How far a practice was evaluated, and what that showed; none: it was not evaluated."""

    INSPIRING = "inspirante"
    PROMISING = "prometteuse"
    PROVEN = "eprouvee"
    NO_EFFECT = "sans_effet"


class Reach(StrEnum):
    """Of where a resource speaks."""

    NATIONAL = "national"
    MAINLAND = "metropole"
    EUROPE = "europe"
    WORLD = "international"
    TERRITORIES = "territories"


# What practices without an evaluation are called, in addresses and in words.
NOT_EVALUATED = "non-evaluee"
NOT_EVALUATED_LABEL = "non évaluée"
# What a sheet that nobody validated is headed.
NOT_VALIDATED = "exemple, non validé"
EVERY_FORM = frozenset(Form)
