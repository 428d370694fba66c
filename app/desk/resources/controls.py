"""What the form of a resource asks for: the table of fields, and what each form alone has."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from app.reference.national_numbers import NATIONAL_NUMBERS
from app.resources.choices import FUNCTIONS, PROOF
from app.resources.content import PART_MAX, STEPS_MAX, TEXT_MAX
from app.resources.field import Field
from app.resources.field_types import TextType
from app.resources.fields import fields_of
from app.resources.forms import Audience, Form
from app.resources.vocabulary import terms

Look = Literal["line", "area", "lines", "choice", "choices", "number", "day", "rows"]
Choices = Callable[[], Mapping[str, str]]
# Of the table, what another control says: of sheets and of practices in their own part.
_ELSEWHERE = frozenset({"form", "proof", "validations"})
MARKDOWN = "Listes par des tirets, **gras** entre deux étoiles doubles, titres par ##."
AUDIENCES = {
    Audience.PUBLIC.value: "Tout le monde",
    Audience.PROFESSIONAL.value: "Les professionnels seuls",
}
MONTHS = {"6": "Six mois", "12": "Un an", "24": "Deux ans"}
_LOOKS: Mapping[str, Look] = {
    "text": "line",
    "texts": "lines",
    "number": "number",
    "day": "day",
    "link": "line",
    "identifier": "line",
    "free codes": "choices",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A part of each line of several. name: of its inputs."""

    name: str
    label: str
    look: Look = "line"
    most: int = 300
    choices: Choices | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """What a form asks for under one name; columns: of each line of "rows", as its one: "étape".

    least: how many lines an empty form shows.
    """

    name: str
    label: str
    look: Look
    help: str = ""
    most: int = 300
    rows: int = 3
    choices: Choices | None = None
    columns: tuple[Column, ...] = ()
    one: str = ""
    least: int = 1
    most_lines: int = 40
    required: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of its inputs."""
        return tuple(each.name for each in self.columns) or (self.name,)


@dataclass(frozen=True, slots=True)
class Part:
    """Controls that stand together."""

    title: str
    controls: tuple[Control, ...]


def _labels(name: str) -> Choices:
    return lambda: {code: term.label for code, term in terms(name).items()}


def _numbers() -> Mapping[str, str]:
    return {digits: f"{each.code}, {each.name}" for digits, each in NATIONAL_NUMBERS.items()}


def _of(words: Callable[[], Mapping[str, object]]) -> Choices:
    return lambda: {code: str(getattr(each, "label", each)) for code, each in words().items()}


def _text(name: str, label: str, help: str = "", rows: int = 4, most: int = TEXT_MAX) -> Control:
    return Control(name=name, label=label, look="area", help=help, rows=rows, most=most)


_STEPS = Control(
    name="steps",
    label="Étapes",
    look="rows",
    one="étape",
    most_lines=STEPS_MAX,
    help=f"Ce qu’il faut faire, dans l’ordre. {MARKDOWN}",
    columns=(
        Column(name="steps.text", label="Que faire", look="area", most=PART_MAX),
        Column(name="steps.who", label="Qui"),
        Column(name="steps.delay", label="Dans quel délai"),
    ),
    required=True,
)
_MORE = _text("more", "Texte", MARKDOWN, rows=8)
OWN: Mapping[Form, tuple[Control, ...]] = {
    Form.DOCUMENT: (
        Control(
            name="relations",
            label="À lire avec",
            look="rows",
            one="ressource liée",
            help="L’adresse d’une ressource de ce centre, et ce que ce document en est.",
            columns=(
                Column(
                    name="relations.relation",
                    label="Ce qu’il en est",
                    look="choice",
                    choices=_labels("relations"),
                ),
                Column(name="relations.resource_id", label="Adresse"),
            ),
        ),
    ),
    Form.SHEET: (
        _text("for_whom", "Pour qui", rows=2, most=PART_MAX),
        _text("when", "Quand", rows=2, most=PART_MAX),
        Control(
            name="now", label="Tout de suite", look="lines", help="Trois lignes au plus.", rows=3
        ),
        Control(
            name="never",
            label="À ne jamais faire",
            look="lines",
            help="Cinq lignes au plus ; les deux premières ouvrent la situation de la recherche.",
        ),
        _STEPS,
        Control(name="numbers", label="Numéros à appeler", look="choices", choices=_numbers),
        Control(
            name="calls",
            label="Qui appeler ici",
            look="choices",
            choices=_of(FUNCTIONS),
            help="La fiche montre qui le fait près de son lecteur, comme la recherche.",
        ),
        _MORE,
        Control(
            name="sources",
            label="Sources",
            look="rows",
            one="source",
            columns=(
                Column(name="sources.title", label="Titre"),
                Column(name="sources.url", label="Adresse", most=2_000),
            ),
        ),
        Control(
            name="validations",
            label="Validée par",
            look="rows",
            one="validation",
            help="Sans personne, la fiche dit « exemple, non validé ».",
            columns=(
                Column(name="validations.body", label="Organisme"),
                Column(name="validations.day", label="Le", look="day"),
            ),
        ),
        Control(
            name="review_months",
            label="À relire après",
            look="choice",
            choices=lambda: MONTHS,
        ),
    ),
    Form.PRACTICE: (
        _text("context", "Contexte", MARKDOWN),
        _text("done", "Ce qui a été fait"),
        _text("means", "Moyens"),
        _text("results", "Résultats"),
        _text("conditions", "Pour le refaire ailleurs"),
        Control(
            name="mailbox",
            label="Boîte de contact",
            look="line",
            help="Celle d’un service, jamais d’une personne.",
        ),
        Control(
            name="evaluation.proof",
            label="Preuve",
            look="choice",
            choices=_of(PROOF),
            help="Laissez vide une pratique que personne n’a évaluée.",
        ),
        Control(name="evaluation.by", label="Évaluée par", look="line"),
        Control(name="evaluation.on", label="Évaluée le", look="day"),
        Control(name="evaluation.method", label="Méthode de l’évaluation", look="line"),
        Control(name="evaluation.url", label="Adresse de l’évaluation", look="line", most=2_000),
    ),
    Form.TRAINING: (
        Control(name="organiser", label="Organisée par", look="line", required=True),
        Control(name="mode", label="Comment", look="choice", choices=_labels("modes")),
        Control(name="length", label="Durée", look="line"),
        Control(name="address", label="Lieu", look="line"),
        Control(name="next_on", label="Prochaine date", look="day"),
        _MORE,
    ),
    Form.STUDY: (
        Control(name="by", label="Menée par", look="line", required=True),
        Control(name="state", label="Avancement", look="choice", choices=_labels("states")),
        Control(name="expected_on", label="Attendue le", look="day"),
        _MORE,
    ),
}
# Beside the table: who reads it, and which actors of the map made it.
OTHERS = (
    Control(name="audience", label="Qui peut la lire", look="choice", choices=lambda: AUDIENCES),
    Control(
        name="actor_ids",
        label="Acteurs de la carte qui l’ont faite",
        look="lines",
        help="L’adresse de la fiche de chacun, une par ligne.",
    ),
)
_FIRST = (
    *("title", "subtitle", "bodies", "persons", "year", "published_on"),
    *("type", "nature", "method", "url", "summary"),
)
_ABOUT = ("themes", "publics", "situations", "functions", "reach", "territories", "languages")
_HELP = {
    "bodies": "Un organisme par ligne, comme il écrit son nom.",
    "persons": "Seulement celles que nomme la couverture. Une par ligne.",
    "summary": "Avec vos mots : ce qu’elle est, en deux lignes ou plus.",
    "url": "La page de son éditeur, qui commence par https://.",
    "method": "Comme le document la dit.",
}


def written(form: Form) -> tuple[Field, ...]:
    """Return the fields of the table that a form asks for by themselves."""
    return tuple(each for each in fields_of(form) if each.name not in _ELSEWHERE)


@cache
def parts_of(form: Form) -> tuple[Part, ...]:
    """Return the parts of a form, in their order; territories are named by the page."""
    known = {each.name: _control(each, form) for each in written(form)}
    first, about = (_taken(known, names) for names in (_FIRST, _ABOUT))
    own = Part("Ce qu’elle dit", OWN[form])
    return (
        Part("L’essentiel", first),
        own,
        Part("De quoi elle parle", about),
        Part("La retrouver et la lire", (*known.values(), *OTHERS)),
    )


def controls_of(form: Form) -> tuple[Control, ...]:
    """Return every control of a form."""
    return tuple(each for part in parts_of(form) for each in part.controls)


def _taken(known: dict[str, Control], names: Iterable[str]) -> tuple[Control, ...]:
    return tuple(known.pop(name) for name in names if name in known)


def _control(field: Field, form: Form) -> Control:
    look = _LOOKS.get(field.type.control, "line")
    most = 2_000 if field.name == "url" else 300
    if isinstance(field.type, TextType):
        look, most = ("area" if field.type.several_lines else "line"), field.type.most
    if field.type.control == "codes":
        look = "choice" if getattr(field.type, "single", False) else "choices"
    return Control(
        name=field.name,
        label=field.label,
        look=look,
        most=most,
        help=_HELP.get(field.name, ""),
        choices=_of(lambda: field.type.choices or {}),
        required=form in field.required,
    )
