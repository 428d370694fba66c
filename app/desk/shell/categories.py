"""The categories that people of the desk may give."""

from app.models import Role
from app.visibility import FAMILIES_OF_THE_STATE
from importers import vocabulary


def offered_categories(role: Role) -> dict[str, dict[str, str]]:
    """Return the categories that somebody may give, by the name of their family."""
    words = vocabulary.load()
    return {
        family.label: {
            code: each.short or each.label
            for code, each in words.categories.items()
            if each.family == family.code and each.publishable and not each.neutral
        }
        for family in words.families.values()
        if role is not Role.REFERENT_ETAT or family.code in FAMILIES_OF_THE_STATE
    }


def categories_of_filter() -> dict[str, dict[str, str]]:
    """Return what a list may be narrowed by, by the name of a family: all of it stands first."""
    offered = offered_categories(Role.CURATEUR)
    return {
        each.label: {each.code: f"{each.label} : tout", **offered[each.label]}
        for each in vocabulary.load().families.values()
    }
