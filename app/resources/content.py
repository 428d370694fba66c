"""A resource as people write it, checked: what every form has, and its own part."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    model_validator,
)

from app.reference.national_numbers import NATIONAL_NUMBERS
from app.resources import identifiers, texts
from app.resources.forms import Audience, Form, Proof, Reach
from importers.contacts import read_emails, read_url
from importers.persons import own_mailbox

TEXT_MAX = 20_000
SUMMARY_MAX = 2_000
PART_MAX = 1_500
STEPS_MAX = 12
# The context of what was checked as somebody wrote it: a rule, or a list of numbers, may have
# changed since, and what is published stays readable.
STORED: Final = {"stored": True}


def _while_written(rule: Callable[[str], str]) -> Callable[[Any, ValidationInfo], Any]:
    """Return a rule for what somebody writes now."""

    def check(given: Any, info: ValidationInfo) -> Any:
        return rule(given) if isinstance(given, str) and info.context != STORED else given

    return check


def _link(text: str) -> str:
    url, wrong = read_url(text)
    if url is None:
        raise ValueError(wrong)
    return url


def _mailbox(text: str) -> str:
    """Return a mailbox of a service; a person's is on no page."""
    found = read_emails(text)
    if len(found) != 1 or own_mailbox(found[0], ""):
        raise ValueError(
            "Cette boîte n’est pas celle d’un service. Indiquez une adresse qui reste quand la "
            "personne change, comme contact@ ou protection.enfance@."
        )
    return found[0]


def _number(digits: str) -> str:
    if digits not in NATIONAL_NUMBERS:
        raise ValueError(f"« {digits} » n’est pas un numéro national connu de ce service.")
    return digits


_CLEAN_LINE = BeforeValidator(_while_written(texts.line))
_CLEAN_LINES = BeforeValidator(_while_written(texts.lines))
Line = Annotated[str, _CLEAN_LINE, Field(min_length=1, max_length=300)]
Free = Annotated[str, _CLEAN_LINE, Field(max_length=300)]
# Codes of a list that may have lost one of them since: what was written stays readable.
Code = Annotated[str, Field(pattern=r"^[0-9a-zA-Z][0-9a-zA-Z_-]{0,39}$")]
Codes = tuple[Code, ...]
Link = Annotated[str, _CLEAN_LINE, AfterValidator(_while_written(_link)), Field(max_length=2_000)]
Mailbox = Annotated[str, _CLEAN_LINE, AfterValidator(_while_written(_mailbox))]
Number = Annotated[str, AfterValidator(_while_written(_number))]
PublicId = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
Part = Annotated[str, _CLEAN_LINES, Field(max_length=PART_MAX)]
Markdown = Annotated[str, _CLEAN_LINES, Field(max_length=TEXT_MAX)]


class _Piece(BaseModel):
    # An error that says what was written would take it to a log.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Relation(_Piece):
    """What a document is to another resource; relation: a code of vocabulary.toml."""

    relation: Code
    resource_id: PublicId


class Step(_Piece):
    """What to do next. text: Markdown; who does it, within what delay."""

    text: Annotated[str, _CLEAN_LINES, Field(min_length=1, max_length=PART_MAX)]
    who: Free = ""
    delay: Free = ""


class Reference(_Piece):
    """What a sheet takes something from: another resource, or an address."""

    title: Line
    url: Link | None = None
    resource_id: PublicId | None = None


class Validation(_Piece):
    """Who validated a sheet, and when."""

    body: Line
    day: date


class Evaluation(_Piece):
    """What is known of how well a practice does, who said so, when, and by what method."""

    proof: Proof
    by: Free = ""
    on: date | None = None
    method: Free = ""
    url: Link | None = None

    @model_validator(mode="after")
    def _signed(self, info: ValidationInfo) -> Self:
        if info.context == STORED:
            return self
        if self.proof is not Proof.INSPIRING and not (self.by and self.on):
            raise ValueError("Indiquez qui a évalué cette pratique, et quand.")
        return self


class DocumentPart(_Piece):
    """A reference to what a body published."""

    form: Literal[Form.DOCUMENT] = Form.DOCUMENT
    relations: tuple[Relation, ...] = ()


class SheetPart(_Piece):
    """What to do, step by step. now, never: lines; calls: codes of functions to call."""

    form: Literal[Form.SHEET] = Form.SHEET
    for_whom: Part = ""
    when: Part = ""
    steps: tuple[Step, ...] = Field(min_length=1, max_length=STEPS_MAX)
    numbers: tuple[Number, ...] = ()
    now: tuple[Line, ...] = Field((), max_length=3)
    never: tuple[Line, ...] = Field((), max_length=5)
    calls: Codes = ()
    more: Markdown = ""
    sources: tuple[Reference, ...] = ()
    validations: tuple[Validation, ...] = ()
    review_months: Literal[6, 12, 24] = 12


class PracticePart(_Piece):
    """What was done somewhere, Markdown, and how far it was evaluated: not at all where none."""

    form: Literal[Form.PRACTICE] = Form.PRACTICE
    context: Markdown = ""
    done: Markdown = ""
    means: Markdown = ""
    results: Markdown = ""
    conditions: Markdown = ""
    mailbox: Mailbox | None = None
    evaluation: Evaluation | None = None


class TrainingPart(_Piece):
    """A training: who holds it, how, for how long, where, and when next."""

    form: Literal[Form.TRAINING] = Form.TRAINING
    organiser: Line
    mode: Code | None = None
    length: Free = ""
    address: Free = ""
    next_on: date | None = None
    more: Markdown = ""


class StudyPart(_Piece):
    """A study under way: who makes it, how far it is, and when it is expected."""

    form: Literal[Form.STUDY] = Form.STUDY
    by: Line
    state: Code | None = None
    expected_on: date | None = None
    more: Markdown = ""


Own = Annotated[
    DocumentPart | SheetPart | PracticePart | TrainingPart | StudyPart,
    Field(discriminator="form"),
]


class Content(_Piece):
    """All of a resource that somebody writes, and that visitors may read once it is published.

    year: None where the document names none. persons: only as on the cover. type: of a document.
    territories: codes, where reach is "territories". actor_ids: public ids of who made or does it.
    """

    version: Literal[1] = 1
    own: Own
    audience: Audience = Audience.PUBLIC
    title: Line
    subtitle: Free = ""
    bodies: tuple[Line, ...] = ()
    persons: tuple[Line, ...] = ()
    year: int | None = Field(None, ge=1800, le=2100)
    published_on: date | None = None
    type: Code | None = None
    nature: Code | None = None
    method: Free = ""
    themes: Codes = ()
    publics: Codes = ()
    situations: Codes = ()
    functions: Codes = ()
    reach: Reach = Reach.NATIONAL
    territories: Codes = ()
    languages: Codes = ("fr",)
    doi: Annotated[str, AfterValidator(_while_written(identifiers.read_doi))] | None = None
    isbn: Annotated[str, AfterValidator(_while_written(identifiers.read_isbn))] | None = None
    nor: Annotated[str, AfterValidator(_while_written(identifiers.read_nor))] | None = None
    hal: Annotated[str, AfterValidator(_while_written(identifiers.read_hal))] | None = None
    url: Link | None = None
    pages: int | None = Field(None, ge=1, le=20_000)
    media: Code | None = None
    accessibility: Code | None = None
    summary: Annotated[str, _CLEAN_LINES, Field(max_length=SUMMARY_MAX)] = ""
    actor_ids: tuple[PublicId, ...] = ()

    @model_validator(mode="after")
    def _whole(self, info: ValidationInfo) -> Self:
        if info.context == STORED:
            return self
        if (self.reach is Reach.TERRITORIES) != bool(self.territories):
            raise ValueError("Indiquez les territoires dont parle cette ressource, ou sa portée.")
        if self.form is Form.DOCUMENT and not self.type:
            raise ValueError("Indiquez ce qu’est ce document : un rapport, un guide, une loi…")
        return self

    @property
    def form(self) -> Form:
        """Return what it is."""
        return self.own.form

    @property
    def evaluation(self) -> Evaluation | None:
        """Return what is known of how well a practice does; None where nobody said."""
        return self.own.evaluation if isinstance(self.own, PracticePart) else None

    @property
    def validations(self) -> tuple[Validation, ...]:
        """Return who validated a sheet."""
        return self.own.validations if isinstance(self.own, SheetPart) else ()

    @property
    def named_type(self) -> str:
        """Return the type of a document, and of all else what it is."""
        return self.type or self.form.value

    @property
    def said_year(self) -> int | None:
        """Return the year in which it was published, if that is known."""
        return self.year or (self.published_on.year if self.published_on else None)

    @property
    def full_title(self) -> str:
        """Return its title and subtitle."""
        return f"{self.title} : {self.subtitle}" if self.subtitle else self.title


def read_stored(content: Any) -> Content:
    """Return a content as it was written; ValidationError where it has another shape."""
    return Content.model_validate(content, context=STORED)


def markdown_of(own: Own) -> tuple[str, ...]:
    """Return the texts of a form's own part that are Markdown, in the order of its page."""
    match own:
        case SheetPart():
            return (own.for_whom, own.when, *(step.text for step in own.steps), own.more)
        case PracticePart():
            return (own.context, own.done, own.means, own.results, own.conditions)
        case TrainingPart() | StudyPart():
            return (own.more,)
    return ()


def lines_of(own: Own) -> tuple[str, ...]:
    """Return what else a form's own part says in words."""
    match own:
        case SheetPart():
            by_step: Iterable[str] = (said for step in own.steps for said in (step.who, step.delay))
            bodies = (each.body for each in own.validations)
            return (*own.now, *own.never, *by_step, *(each.title for each in own.sources), *bodies)
        case PracticePart(evaluation=Evaluation() as found):
            return (found.by, found.method)
        case TrainingPart():
            return (own.organiser, own.length, own.address)
        case StudyPart():
            return (own.by,)
    return ()


def links_of(content: Content) -> tuple[str, ...]:
    """Return the addresses and the mailbox that a resource leads to."""
    own = content.own
    found: list[str | None] = [content.url]
    match own:
        case SheetPart():
            found += [source.url for source in own.sources]
        case PracticePart():
            found += [own.mailbox, own.evaluation.url if own.evaluation else None]
    return tuple(each for each in found if each)
