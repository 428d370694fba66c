"""What a line of a list says of its actor by itself, before anything stored is looked at."""

from importers import vocabulary
from importers.row import ActorRow


def houses(row: ActorRow) -> bool:
    """Return whether a line says that its actor is an accommodation."""
    category = vocabulary.load().categories[row.category]
    return category.protected or any(sign.says == "houses" for sign in row.signs)


def hides(row: ActorRow) -> bool:
    """Return whether a line says something by itself for which its actor is hidden."""
    category = vocabulary.load().categories[row.category]
    return bool(row.signs) or category.protected or not category.publishable


def is_named(row: ActorRow) -> bool:
    """Return whether a line says nothing by itself for which the name of its actor is hidden."""
    category = vocabulary.load().categories[row.category]
    doubts = all(sign.says == "mentions" for sign in row.signs)
    return doubts and category.publishable and not category.protected


def is_unclassified(row: ActorRow) -> bool:
    """Return whether nobody knows what a line's actor is."""
    return not (row.off_map or vocabulary.load().categories[row.category].publishable)
