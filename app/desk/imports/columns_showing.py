"""The menus of the columns and words of a list."""

from collections.abc import Iterable
from typing import Any

from app.desk.shell.categories import offered_categories
from app.lists.columns import standing
from app.models import Role
from importers import vocabulary
from importers.chosen import Chosen, read_as
from importers.columns import Column
from importers.left_words import OF_WORDS, Word
from importers.terms import OFF_MAP

# What a column holds that is divided as an example of it shows.
SPLIT = "decoupe"
# Menu of a column: what its fields are about -> fields.
GROUPS = {
    "Qui": (
        *("name", "acronym", "category", "description", "external_id", "siret", "finess", "rna"),
        *("finess_category", "status"),
    ),
    "Où": (
        *("address", "complement", "postcode", "city", "insee", "territory", "coverage"),
        *("lonlat", "lat", "lon", "precision", "insee_hint"),
    ),
    "Comment joindre": (
        *("phone", "email", "website", "packed", "phone_front_gate", "duty_phone"),
        *("phone_withheld", "email_withheld"),
    ),
    "Pour qui, pour quoi": (
        *("functions", "speciality", "specialised", "audiences", "languages"),
        *("ages", "age_min", "age_max"),
    ),
    "Quand, comment": (
        *("opening_hours", "duty_hours", "access", "referral", "referral_public", "referrers"),
        *("referrers_public", "verified_on", "consent_on"),
    ),
}
# What a word may be of, as the page calls it.
WORDS = {
    "category": "Catégories",
    "functions": "Missions",
    "audiences": "Publics",
    "languages": "Langues",
}
# Why nobody chooses how a column is read.
WHY_FIXED = {
    "title": "son titre protège, et cela ne se change pas",
    "list": "cette liste est connue du service",
    "desk": "le bureau a écrit cette colonne",
}
# More words are asked for once these are answered.
MOST_WORDS = 60


def menus(words: Iterable[Word], role: Role) -> dict[str, dict[str, Any]]:
    """Return what is asked of words, by field: its name, its words, how many more, its menu."""
    known = vocabulary.load()
    found: dict[str, dict[str, Any]] = {}
    for field in OF_WORDS:
        some = [each for each in words if each.field == field]
        if not some:
            continue
        if field == "category":
            options = {"": {OFF_MAP: "Hors cartographie"}, **offered_categories(role)}
        else:
            terms = known.terms(field).values()
            options = {"": {each.code: each.label for each in terms}}
        more = max(0, len(some) - MOST_WORDS)
        found[field] = {
            "label": WORDS[field],
            "words": some[:MOST_WORDS],
            "more": more,
            "options": options,
        }
    return found


def offered(column: Column, chosen: Chosen | None, *, read: bool) -> str:
    """Return what the menu of a column stands at: what it is read as, or what its cells look like.

    read: whether its sheet is read; in one that is not, titles say too little.
    """
    return SPLIT if column.split is not None else standing(column, chosen, read=read)


def withheld(column: Column, chosen: Chosen | None) -> str:
    """Return the field that a column was chosen to be, or looks like, and is withheld all the same;
    "" where it is read as chosen.
    """
    wanted = (chosen.columns.get(column.key) if chosen else "") or column.seems
    governed = column.fixed or column.split or column.fields or column.field == wanted
    return "" if governed or read_as(column.title, wanted) == wanted else wanted
