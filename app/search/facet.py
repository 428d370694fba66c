"""A facet: one thing that a search filters by, and all that pages, counts and files do with it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, FromClause
from sqlalchemy.types import TypeEngine

# A row of the public record, by column.
Row = Mapping[Any, Any]
FileValue = str | int | tuple[str, ...] | None


class OnCard(Enum):
    """How a card says what an actor has of a facet."""

    NEVER = "never"
    # Where the actor has no description.
    UNLESS_DESCRIBED = "unless described"
    ALWAYS = "always"
    # With its label before it.
    LABELLED = "labelled"


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of the table, in which several facets may stand. short: its label in running text.

    The printed sheets say the same.
    """

    name: str
    label: str
    short: str


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column of files. name: ASCII, as programs ask for it; width: in characters.

    meaning: a French phrase that says what stands in it.
    """

    name: str
    label: str
    width: int
    meaning: str


@dataclass(frozen=True, slots=True)
class Fact:
    """What an actor has of a facet. labels: in French; values: one for each of its FileColumns."""

    facet: "Facet"
    labels: tuple[str, ...]
    values: tuple[FileValue, ...]

    @property
    def text(self) -> str:
        """Return its labels as a sentence lists them."""
        return ", ".join(self.labels)

    @property
    def card_text(self) -> str:
        """Return what a card says of it, beginning with a capital."""
        if self.facet.on_card is OnCard.LABELLED:
            return f"{self.facet.label} : {self.text}"
        text = " · ".join(self.labels)
        # Not by a style: a screen reader would spell the first letter apart.
        return text[:1].upper() + text[1:]


# There is one of each: compared by identity.
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Facet(ABC):
    """One row of the table of facets.

    name: in addresses, and of its field in forms. title: above that field. label: before what an
    actor has of it. columns: of view open.actor. Where it is shown: on_card, on_sheet, column of
    the table and of printed sheets, files.
    """

    # Whether an address may give several values, any of which an actor may have.
    several: ClassVar[bool]
    # What a form has for it: "codes", "choice" or "number".
    control: ClassVar[str]
    # Whether values are offered with how many actors have them.
    counted: ClassVar[bool]
    # Of the parameter by which one statement serves whatever is asked; None: there is none.
    parameter: ClassVar[TypeEngine[Any] | None]

    name: str
    title: str
    label: str
    columns: tuple[str, ...]
    on_card: OnCard = OnCard.NEVER
    on_sheet: bool = False
    column: TableColumn | None = None
    files: tuple[FileColumn, ...] = ()

    @property
    @abstractmethod
    def choices(self) -> tuple[str, ...]:
        """Return the values that an address may give, in the order in which they are shown."""

    @abstractmethod
    def read(self, given: str | Iterable[str]) -> tuple[str, ...]:
        """Return what an address gives, in the order of choices, without what is empty.

        Raises FilterUnknown or RequestInvalid.
        """

    @abstractmethod
    def has(self, actor: FromClause, asked: tuple[str, ...]) -> ColumnElement[bool] | None:
        """Say that an actor has what is asked; None where app.search.selection says it."""

    def given(self, asked: tuple[str, ...]) -> object:
        """Return what is asked as the value of that parameter."""
        return list(asked)

    @abstractmethod
    def passes(self, asked: tuple[str, ...]) -> Callable[[str], bool]:
        """Return the same for its part of a facet key."""

    @abstractmethod
    def occurring(self, part: str) -> Iterable[str]:
        """Return the values that its part of a facet key names."""

    @abstractmethod
    def word(self, value: str) -> str:
        """Return a value in French."""

    @abstractmethod
    def fact(self, row: Row) -> Fact:
        """Return what a row of the public record has of it."""

    def without(self, asked: tuple[str, ...], value: str) -> tuple[str, ...]:
        """Return what is asked, less one value."""
        return tuple(each for each in asked if each != value)

    def toggled(self, asked: tuple[str, ...], value: str) -> tuple[str, ...]:
        """Return what is asked once somebody chooses a value, or gives it up."""
        if value in asked:
            return self.without(asked, value)
        return self.read((*asked, value)) if self.several else (value,)
