"""The closed lists of fields, and the filters that choose among them."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from app.resources.field import Offered
from app.resources.field_types import Choice
from app.resources.forms import NOT_EVALUATED, NOT_EVALUATED_LABEL, NOT_VALIDATED, Form
from app.resources.vocabulary import terms
from app.search.situations import situations
from importers import vocabulary

Choices = Callable[[], Mapping[str, Choice]]


def _own(name: str) -> Choices:
    @cache
    def words() -> Mapping[str, Choice]:
        return {code: Choice(term.label, term.words) for code, term in terms(name).items()}

    return words


def _shared(name: str) -> Choices:
    @cache
    def words() -> Mapping[str, Choice]:
        known = getattr(vocabulary.load(), name)
        return {code: Choice(term.label, term.words) for code, term in known.items()}

    return words


@cache
def _situations() -> Mapping[str, Choice]:
    return {str(number): Choice(each.label) for number, each in situations().items()}


FORM, TYPE, NATURE, PROOF = _own("forms"), _own("types"), _own("natures"), _own("proofs")
THEMES, PUBLICS, REACHES = _own("themes"), _own("publics"), _own("reaches")
MEDIA, ACCESS = _own("media"), _own("accessibility")
FUNCTIONS, LANGUAGES, SITUATIONS = _shared("functions"), _shared("languages"), _situations


def _values(column: str) -> Callable[[Mapping[str, Any]], Sequence[str]]:
    def of(row: Mapping[str, Any]) -> Sequence[str]:
        value = row[column]
        if value is None:
            return ()
        return (str(value),) if isinstance(value, str | int) else tuple(map(str, value))

    return of


def _proof(row: Mapping[str, Any]) -> Sequence[str]:
    return (row["proof"] or NOT_EVALUATED,) if row["form"] == Form.PRACTICE else ()


def _validation(row: Mapping[str, Any]) -> Sequence[str]:
    if row["form"] != Form.SHEET:
        return ()
    return ("validee",) if row["validations"] else ("exemple",)


def _labels(choices: Choices) -> dict[str, str]:
    return {code: choice.label for code, choice in choices().items()}


def by_codes(name: str, title: str, column: str, choices: Choices) -> Offered:
    """Return a filter by the codes of a closed list, which a column holds."""
    labels = _labels(choices)
    return Offered(name=name, title=title, columns=(column,), of=_values(column), choices=labels)


def by_names(name: str, title: str, column: str, most: int | None = None) -> Offered:
    """Return a filter by what a column happens to hold: the database knows what it is called."""
    return Offered(name=name, title=title, columns=(column,), of=_values(column), most=most)


# Of practices alone, and of sheets alone.
BY_PROOF = Offered(
    name="preuve",
    title="Preuve",
    columns=("form", "proof"),
    of=_proof,
    choices=_labels(PROOF) | {NOT_EVALUATED: NOT_EVALUATED_LABEL.capitalize()},
)
BY_VALIDATION = Offered(
    name="validation",
    title="Validation",
    columns=("form", "validations"),
    of=_validation,
    choices={"validee": "Validée", "exemple": NOT_VALIDATED.capitalize()},
)
