"""What pages and formats say of a resource in French, the same everywhere."""

from datetime import date

from app.resources.content import Content
from app.resources.forms import NOT_EVALUATED_LABEL, NOT_VALIDATED, Form, Reach
from app.resources.resource import Resource
from app.resources.vocabulary import label


def day_in_words(day: date) -> str:
    """Return a day as sentences have it: 15/11/2021."""
    return f"{day:%d/%m/%Y}"


def standing(content: Content) -> str:
    """Say who validated a sheet, or how far a practice was evaluated; "" for all else."""
    if content.form is Form.SHEET:
        by = " ; ".join(f"{each.body}, le {day_in_words(each.day)}" for each in content.validations)
        return f"Validée par {by}" if by else NOT_VALIDATED.capitalize()
    if content.form is not Form.PRACTICE:
        return ""
    found = content.evaluation
    if found is None:
        return f"Pratique {NOT_EVALUATED_LABEL}"
    said = f"Preuve : {label('proofs', found.proof).lower()}"
    by = ", ".join(filter(None, (found.by, day_in_words(found.on) if found.on else "")))
    return f"{said} ({by})" if by else said


def place_in_words(resource: Resource) -> str:
    """Say of where it speaks."""
    if resource.content.reach is Reach.TERRITORIES:
        return ", ".join(resource.places or resource.content.territories)
    return label("reaches", resource.content.reach)
