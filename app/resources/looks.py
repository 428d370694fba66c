"""A version of a resource as the desk shows it: facts in words, beside the macros of its page."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.gazetteer.territories import read_names
from app.resources.content import Content, StudyPart, TrainingPart
from app.resources.fields import fields_of
from app.resources.vocabulary import label
from app.resources.wording import day_in_words, standing

# Said above, or in their own place.
_ELSEWHERE = frozenset(
    {"form", "title", "subtitle", "bodies", "summary", "url", "proof", "validations", "territories"}
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page says of a version. facts: labels and words."""

    content: Content
    form: str
    standing: str
    facts: tuple[tuple[str, str], ...]
    vouched: bool


def shown(session: Session, content: Content) -> Shown:
    """Return what a page says of a content."""
    names = read_names(session) if content.territories else {}
    places = ", ".join(names.get(code, code) for code in content.territories)
    of_fields = (
        (each.label, ", ".join(each.shown(content)))
        for each in fields_of(content.form)
        if each.name not in _ELSEWHERE
    )
    facts = [*_own(content), *of_fields, ("Territoires", places)]
    vouched = bool(content.validations or content.evaluation)
    return Shown(
        content,
        label("forms", content.form),
        standing(content),
        tuple((title, words) for title, words in facts if words),
        vouched,
    )


def _own(content: Content) -> list[tuple[str, str]]:
    match content.own:
        case TrainingPart() as own:
            return [
                ("Organisée par", own.organiser),
                ("Comment", label("modes", own.mode) if own.mode else ""),
                ("Durée", own.length),
                ("Lieu", own.address),
                ("Prochaine date", day_in_words(own.next_on) if own.next_on else ""),
            ]
        case StudyPart() as own:
            return [
                ("Menée par", own.by),
                ("Avancement", label("states", own.state) if own.state else ""),
                ("Attendue le", day_in_words(own.expected_on) if own.expected_on else ""),
            ]
    return []
