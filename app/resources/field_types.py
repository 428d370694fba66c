"""The types of field: what a form and a cell may say of each, and how it is shown."""

import contextlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, NamedTuple

from app.resources import texts
from app.resources.field import FieldType, FieldWrong
from app.resources.identifiers import READERS, IdentifierWrong
from app.resources.near import perhaps
from geo.text import fold
from importers.contacts import read_url


class Choice(NamedTuple):
    """A value of a closed list. words: what lists write for it as well."""

    label: str
    words: tuple[str, ...] = ()


# Names of one field: each of them may hold an address, which takes long to look for.
MOST_NAMES = 60
# What parts several values of one cell.
_PARTS = re.compile(r"[;\n|]")


def _pieces(cell: Any) -> tuple[str, ...]:
    """Return the texts of a cell, or of a list of JSON; raises FieldWrong."""
    given = cell if isinstance(cell, list | tuple) else (cell,)
    found: list[str] = []
    for each in given:
        if isinstance(each, dict | list | tuple):
            raise FieldWrong(sentence="Un texte est attendu ici, et non une liste de listes.")
        found += _PARTS.split("" if each is None else str(each))
    return tuple(dict.fromkeys(filter(None, map(texts.line, found))))


def _only(cell: Any) -> str:
    """Return the one text of a cell; raises FieldWrong where there are several."""
    given = (
        [each for each in cell if each is not None] if isinstance(cell, list | tuple) else [cell]
    )
    if len(given) > 1:
        raise FieldWrong(sentence="Une seule valeur est attendue ici.")
    return "" if not given or given[0] is None else str(given[0])


@dataclass(frozen=True, slots=True, eq=False)
class TextType(FieldType):
    """One line, or several; most: characters."""

    control: ClassVar[str] = "text"
    most: int
    several_lines: bool = False

    def read(self, given: Sequence[str]) -> str:
        """Return the text without signs that nobody sees."""
        return self.take(given[0] if given else "")

    def take(self, cell: Any) -> str:
        """Return the same of a cell."""
        clean = texts.lines if self.several_lines else texts.line
        text = clean(_only(cell))
        if len(text) > self.most:
            raise FieldWrong(
                sentence=f"Ce texte a {len(text)} caractères, il peut en avoir {self.most}."
            )
        return text

    def shown(self, value: str) -> tuple[str, ...]:
        """Return the text."""
        return (value,)


@dataclass(frozen=True, slots=True, eq=False)
class TextsType(FieldType):
    """Names, one per line of a form."""

    control: ClassVar[str] = "texts"

    def read(self, given: Sequence[str]) -> tuple[str, ...]:
        """Return the names, each once."""
        return self.take(list(given))

    def take(self, cell: Any) -> tuple[str, ...]:
        """Return the same of a cell, in which a semicolon may part them."""
        names = _pieces(cell)
        if len(names) > MOST_NAMES:
            raise FieldWrong(sentence=f"{MOST_NAMES} noms au plus, un par ligne.")
        if any(len(name) > 300 for name in names):
            raise FieldWrong(sentence="Un nom a 300 caractères au plus. Un par ligne.")
        return names

    def shown(self, value: tuple[str, ...]) -> tuple[str, ...]:
        """Return the names."""
        return value


@dataclass(frozen=True, slots=True, eq=False)
class CodesType(FieldType):
    """Codes of a closed list; single: one of them or none."""

    control: ClassVar[str] = "codes"
    terms: Callable[[], Mapping[str, Choice]]
    single: bool = False
    none: str | None = None

    @property
    def choices(self) -> Mapping[str, str]:
        """Return the labels by code."""
        return {code: term.label for code, term in self.terms().items()}

    def read(self, given: Sequence[str]) -> Any:
        """Return the codes in the order of their list; raises FieldWrong for another one."""
        return self._known([each for each in given if each])

    def take(self, cell: Any) -> Any:
        """Return the same of codes, labels or words of a cell."""
        return self._known([self._code(piece) for piece in _pieces(cell)])

    def _known(self, codes: Sequence[str]) -> Any:
        known = self.terms()
        if unknown := next((code for code in codes if code not in known), None):
            words = {each.label: (code, *each.words) for code, each in known.items()}
            near = perhaps(unknown, words)
            raise FieldWrong(sentence=f"« {unknown} » n’est pas dans cette liste.{near}")
        if not self.single:
            return tuple(code for code in known if code in codes)
        if len({*codes}) > 1:
            raise FieldWrong(sentence="Une seule valeur est attendue ici.")
        return codes[0] if codes else self.none

    def _code(self, piece: str) -> str:
        word = fold(piece)
        for code, term in self.terms().items():
            if piece == code or word in (fold(code), fold(term.label), *map(fold, term.words)):
                return code
        return piece

    def shown(self, value: Any) -> tuple[str, ...]:
        """Return the labels; the code where its list has lost it."""
        labels = self.choices
        return tuple(labels.get(code, code) for code in ((value,) if self.single else value))


@dataclass(frozen=True, slots=True, eq=False)
class NumberType(FieldType):
    """A whole number between two."""

    control: ClassVar[str] = "number"
    least: int
    most: int

    def read(self, given: Sequence[str]) -> int | None:
        """Return the number; None where nothing is given."""
        return self.take(given[0] if given else "")

    def take(self, cell: Any) -> int | None:
        """Return the same of a cell, in which spreadsheets write 2021.0."""
        text = re.sub(r"\.0+$", "", _only(cell).strip())
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,6}", text) or not self.least <= int(text) <= self.most:
            raise FieldWrong(sentence=f"Un nombre entre {self.least} et {self.most} est attendu.")
        return int(text)

    def shown(self, value: int) -> tuple[str, ...]:
        """Return its digits."""
        return (str(value),)


@dataclass(frozen=True, slots=True, eq=False)
class DayType(FieldType):
    """A day of a year between two."""

    control: ClassVar[str] = "day"
    least: int
    most: int

    def read(self, given: Sequence[str]) -> date | None:
        """Return the day; None where nothing is given."""
        return self.take(given[0] if given else "")

    def take(self, cell: Any) -> date | None:
        """Return the same of a cell: a day, "2021-12-31" or "31/12/2021"."""
        if isinstance(cell, date):
            return self._of_our_time(date(cell.year, cell.month, cell.day))
        text = _only(cell).strip()
        if not text:
            return None
        with contextlib.suppress(ValueError):
            return self._of_our_time(date.fromisoformat("-".join(reversed(text.split("/")))))
        raise FieldWrong(sentence="Un jour s’écrit 31/12/2021.")

    def _of_our_time(self, day: date) -> date:
        if not self.least <= day.year <= self.most:
            raise FieldWrong(sentence=f"Un jour entre {self.least} et {self.most} est attendu.")
        return day

    def shown(self, value: date) -> tuple[str, ...]:
        """Return it as French writes it."""
        return (value.strftime("%d/%m/%Y"),)


@dataclass(frozen=True, slots=True, eq=False)
class LinkType(FieldType):
    """An address of the web."""

    control: ClassVar[str] = "link"

    def read(self, given: Sequence[str]) -> str | None:
        """Return the address; None where nothing is given."""
        return self.take(given[0] if given else "")

    def take(self, cell: Any) -> str | None:
        """Return the same of a cell."""
        text = texts.line(_only(cell))
        if not text:
            return None
        url, _ = read_url(text)
        if url is None:
            raise FieldWrong(
                sentence="Cette adresse n’est pas valable. Elle commence par https:// ou http://."
            )
        return url

    def shown(self, value: str) -> tuple[str, ...]:
        """Return the address."""
        return (value,)


@dataclass(frozen=True, slots=True, eq=False)
class IdentifierType(FieldType):
    """A DOI, an ISBN, a NOR or a HAL. name: that of its rule."""

    control: ClassVar[str] = "identifier"
    name: str

    def read(self, given: Sequence[str]) -> str | None:
        """Return it as it is stored; None where nothing is given."""
        return self.take(given[0] if given else "")

    def take(self, cell: Any) -> str | None:
        """Return the same of a cell."""
        text = _only(cell).strip()
        try:
            return READERS[self.name](text) if text else None
        except IdentifierWrong as wrong:
            raise FieldWrong(sentence=str(wrong)) from None

    def shown(self, value: str) -> tuple[str, ...]:
        """Return it."""
        return (value,)


@dataclass(frozen=True, slots=True, eq=False)
class FreeCodesType(FieldType):
    """Codes that the database knows: of territories, of actors. shape: what one looks like."""

    control: ClassVar[str] = "free codes"
    shape: str

    def read(self, given: Sequence[str]) -> tuple[str, ...]:
        """Return the codes, each once."""
        return self.take(list(given))

    def take(self, cell: Any) -> tuple[str, ...]:
        """Return the same of a cell."""
        codes = _pieces(cell)
        if wrong := next((code for code in codes if not re.fullmatch(self.shape, code)), None):
            raise FieldWrong(sentence=f"« {wrong} » n’est pas un code connu ici.")
        return codes

    def shown(self, value: tuple[str, ...]) -> tuple[str, ...]:
        """Return the codes."""
        return value
