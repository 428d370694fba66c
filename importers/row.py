"""What a line of a list becomes: a checked actor, or a problem that says what to do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from importers.access import Access

Precision = Literal["address", "street", "locality", "commune"]
_NONE_GIVEN: set[str] = set()


class Where(NamedTuple):
    """A line of a file. sheet: its name in a workbook, None in a text file; line: from 1."""

    sheet: str | None
    line: int


class Lean(BaseModel):
    """A model of which a list makes one per line: it forgets which fields were given."""

    def model_post_init(self, _: object) -> None:
        """Forget them: they take twice the memory of the fields."""
        if self.model_config.get("frozen"):
            # Nothing is ever added to it, and an empty set takes a quarter of the fields.
            object.__setattr__(self, "__pydantic_fields_set__", _NONE_GIVEN)
        else:
            self.model_fields_set.clear()


class OfLine(BaseModel):
    """What belongs to one line of a file."""

    model_config = ConfigDict(frozen=True)

    line: int
    sheet: str | None = None

    @property
    def where(self) -> Where:
        """The line among all lines of the file: two sheets have the same numbers."""
        return Where(self.sheet, self.line)


class Sign(BaseModel):
    """A word of a line that hides, and the field in which it stands.

    houses: the actor is an accommodation. mentions: it may house children, as a mission or a
    sentence says. secret: the line asks that something be not published. person: the actor is
    called as a person is.
    """

    model_config = ConfigDict(frozen=True)

    says: Literal["houses", "mentions", "secret", "person"]
    word: str
    # A field of an actor, or where a line stands: "section", "sheet".
    field: str


class ActorFields(Lean):
    """What lists say of an actor; codes are those of importers/vocabulary.toml.

    phones: E.164 ("+33143939393"), or a short number as dialled ("119", "116000").
    contacts: names of persons, never public. unpublished: those of the phones and mailboxes that a
    list gives as a person's own, or not to be given: only a person may publish them.
    lon, lat: EPSG:4326 degrees, as the list gives them, after checks against the territory.
    """

    name: str
    acronym: str | None = None
    category: str
    description: str | None = None
    functions: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    age_min: int | None = None
    age_max: int | None = None
    phones: tuple[str, ...] = ()
    # Of the phones, those that answer when the office does not, and when: in OSM's syntax.
    duty_phones: tuple[str, ...] = ()
    duty_hours: str | None = None
    emails: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    unpublished: tuple[str, ...] = ()
    website: str | None = None
    # In OSM's syntax; hours_text: as they are written, where they were not understood. Never both.
    opening_hours: str | None = None
    hours_text: str | None = None
    # Whether disabled people can come in, and what the list says of it.
    access: Access | None = None
    access_text: str | None = None
    # How one refers somebody, and who may: for professionals, and what a title gives to the public.
    referral: str | None = None
    referral_public: str | None = None
    referrers: str | None = None
    referrers_public: str | None = None
    # Address as mail needs it, complements included, and what a geocoder may be asked.
    address: str | None = None
    street: str | None = None
    postcode: str | None = None
    city: str | None = None
    commune: str | None = None
    territory: str
    lon: float | None = None
    lat: float | None = None
    precision: Precision | None = None
    siret: str | None = None
    finess: str | None = None
    rna: str | None = None
    verified_on: date | None = None
    covers_national: bool = False
    covers_territories: tuple[str, ...] = ()
    covers_epcis: tuple[str, ...] = ()
    covers_communes: tuple[str, ...] = ()


class ActorRow(OfLine, ActorFields):
    """A line that can be used, cleaned and resolved."""

    external_id: str | None = None
    # "draft": hidden in the file, to be confirmed by a person.
    status: Literal["published", "archived", "draft"] = "published"
    signs: tuple[Sign, ...] = ()
    # Its word belongs to no category of the map, as a person said.
    off_map: bool = False
    # What the line says of an accord to publish, as written: a person decides what it is worth.
    consent: str | None = None
    # Of those that are not published, the numbers that nothing but a person's name beside them
    # withholds: it says nothing of one that another source gives to anybody.
    beside_names: tuple[str, ...] = ()


class Problem(OfLine):
    """What is reported of a line: its number, the title of the column, the value, a sentence.

    fatal: the line gave no actor (rejected); otherwise the line was used without that value.
    """

    column: str | None
    value: str | None
    message: str
    fatal: bool = True


class Ignored(OfLine):
    """A line that carries no actor by nature: empty, a total, a repeated header, a title."""

    reason: Literal["empty", "total", "header", "section"]


@dataclass(frozen=True, slots=True)
class Returned:
    """A line with the id of an actor. cells, titles: by the importer's field, empty cells as well.

    marks: of the cells as they were handed out. is_hidden: a spreadsheet does not show the line.
    """

    where: Where
    public_id: str
    marks: str
    cells: Mapping[str, str]
    titles: Mapping[str, str]
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class ReadResult:
    """All lines after the header, each one a row, ignored, or rejected by one fatal problem."""

    rows: tuple[ActorRow, ...]
    # Of each row, in the same order; see importers/identity.py.
    identities: tuple[str, ...]
    problems: tuple[Problem, ...]
    ignored: tuple[Ignored, ...]
    # Columns of the list -> fields of an actor, as used; printed when they were guessed.
    mapping: dict[str, str]
    mapping_guessed: bool
    # Titles of the columns that hold something and were not read.
    left_aside: tuple[str, ...] = ()
    # The cells of each line as they came.
    raw: Mapping[Where, tuple[str, ...]] = field(default_factory=dict)
    # Of the sheets that were read, in their order; (None,) of a text file.
    sheets: tuple[str | None, ...] = (None,)
    # Those that hold a table in which no column of names was found.
    sheets_left: tuple[str, ...] = ()
    # Of the columns of each of them that were read.
    titles: tuple[tuple[str, ...], ...] = ()
    # Lines of a file that the desk handed out, in no other of these.
    returned: tuple[Returned, ...] = ()
