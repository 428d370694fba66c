"""What the page of a resource says of it, beside its title and its text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.platform.database.sessions import among
from app.resources.content import Content, StudyPart, TrainingPart
from app.resources.criteria import Query
from app.resources.field import Field
from app.resources.fields import fields_of
from app.resources.resource import Resource
from app.resources.vocabulary import label
from app.resources.wording import day_in_words, place_in_words
from app.visibility import published

# Said elsewhere on the page, or by another fact.
ELSEWHERE = frozenset(
    {
        "form",
        "title",
        "subtitle",
        "bodies",
        "summary",
        "url",
        "territories",
        "reach",
        "proof",
        "year",
    }
)


@dataclass(frozen=True, slots=True)
class Named:
    """A word of a fact. url: the list of those that have the same; None where there is none."""

    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """What a resource is, in a few words with their label before them."""

    label: str
    words: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class NamedActor:
    """An actor that a resource names, as its own sheet calls it."""

    name: str
    url: str


def facts(resource: Resource) -> tuple[Fact, ...]:
    """Return the facts of a resource, in the order of the table of fields."""
    return (*_own(resource.content), *_of_fields(resource.content), *_of_place(resource))


def read_actors(session: Session, ids: Sequence[str]) -> tuple[NamedActor, ...]:
    """Return the actors of some public ids that visitors may see, by name.

    Not one of which something is hidden: what a resource says of it would tell which it is.
    """
    if not ids:
        return ()
    actor = published().c
    found = select(actor.name, actor.public_id, actor.slug).where(
        among(actor.public_id, ids), ~actor.protected
    )
    rows = session.execute(found.order_by(actor.name, actor.public_id))
    return tuple(NamedActor(name, f"/acteurs/{public_id}/{slug}") for name, public_id, slug in rows)


def _of_fields(content: Content) -> Iterator[Fact]:
    for field in fields_of(content.form):
        if field.name in ELSEWHERE or field.name == "validations":
            continue
        if words := tuple(_words(field, content)):
            yield Fact(field.label, words)


def _words(field: Field, content: Content) -> Iterator[Named]:
    value, offered = field.value(content), field.filter
    codes = value if isinstance(value, tuple) else (value,)
    for code, text in zip(codes, field.shown(content), strict=False):
        known = offered and offered.choices and code in offered.choices
        yield Named(
            text, Query().but(**{offered.name: (code,)}).url() if offered and known else None
        )


def _of_place(resource: Resource) -> Iterator[Fact]:
    content = resource.content
    if not content.territories:
        yield Fact("Parle de", (Named(place_in_words(resource)),))
        return
    names = resource.places or content.territories
    yield Fact(
        "Parle de",
        tuple(
            Named(name, Query().but(territoire=(code,)).url())
            for code, name in zip(content.territories, names, strict=False)
        ),
    )


def _own(content: Content) -> Iterator[Fact]:
    said: tuple[tuple[str, str], ...] = ()
    match content.own:
        case TrainingPart() as own:
            yield Fact("Organisée par", (Named(own.organiser),))
            said = (
                ("Comment", label("modes", own.mode) if own.mode else ""),
                ("Durée", own.length),
                ("Lieu", own.address),
                ("Prochaine date", day_in_words(own.next_on) if own.next_on else ""),
            )
        case StudyPart() as own:
            yield Fact("Menée par", (Named(own.by),))
            said = (
                ("Avancement", label("states", own.state) if own.state else ""),
                ("Attendue le", day_in_words(own.expected_on) if own.expected_on else ""),
            )
    for title, text in said:
        if text:
            yield Fact(title, (Named(text),))
