"""A row of the table of fields: a thing that a resource says, and what everything does with it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from app.errors import Mesure23Error
from app.resources.content import Content
from app.resources.forms import EVERY_FORM, Form
from app.search.facet import FileColumn


class FieldWrong(Mesure23Error):
    """{sentence}"""

    status = 422
    title = "Champ à corriger"
    advice = "Corrigez ce champ, puis enregistrez de nouveau."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tags:
    """What formats call a field; "": it does not stand there.

    ris: a key of rispy; citation, dublin_core: names of <meta>, without their prefix; json_ld: a
    property of schema.org. coded: a value stands there by its code, and not in French.
    """

    ris: str = ""
    citation: str = ""
    dublin_core: str = ""
    json_ld: str = ""
    coded: bool = False


class FieldType(ABC):
    """How values of a field are written and read."""

    # What a form has for it.
    control: ClassVar[str]

    @abstractmethod
    def read(self, given: Sequence[str]) -> Any:
        """Return the value of what a form sends under one name; raises FieldWrong."""

    @abstractmethod
    def take(self, cell: Any) -> Any:
        """Return the value of a cell, or of a value of JSON; raises FieldWrong."""

    @abstractmethod
    def shown(self, value: Any) -> tuple[str, ...]:
        """Return a value in French, each of several apart."""

    @property
    def choices(self) -> Mapping[str, str] | None:
        """Return the labels of a closed list by code; None: there is none."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Offered:
    """A filter. name: in addresses; title: above it; most: how many of its values are shown.

    columns: of open.resource; of: what a row of these has of it, as addresses write it. choices:
    labels by value in their order; None where they are names that the database knows.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    of: Callable[[Mapping[str, Any]], Sequence[str]]
    choices: Mapping[str, str] | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Field:
    """One row of the table of fields.

    name: attribute of Content, and key of JSON. forms: what has it. titles: of a list's column.
    required: what must have it. value: what a content says of it.
    """

    name: str
    label: str
    type: FieldType
    value: Callable[[Content], Any]
    forms: frozenset[Form] = EVERY_FORM
    filter: Offered | None = None
    file: FileColumn | None = None
    tags: Tags = Tags()
    titles: tuple[str, ...] = ()
    required: frozenset[Form] = frozenset()

    def shown(self, content: Content) -> tuple[str, ...]:
        """Return what a resource says of it, in French; nothing where it says nothing."""
        value = self.value(content)
        return () if value in (None, "", ()) else self.type.shown(value)

    def tagged(self, content: Content) -> tuple[str, ...]:
        """Return the same as formats write it: days by ISO 8601."""
        value = self.value(content)
        if isinstance(value, date):
            return (value.isoformat(),)
        if self.tags.coded and value:
            return (value,) if isinstance(value, str) else tuple(value)
        return self.shown(content)
