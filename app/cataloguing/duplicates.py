"""Whether a resource is there already: by its numbers, by its address, by a close title and year.

Between what a curateur may read, whatever became of it: held and withdrawn ones are found as well.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from rapidfuzz import fuzz, process

from app.cataloguing.import_plan import By, Twin
from app.resources.content import Content
from app.resources.identifiers import IdentifierWrong, read_doi
from geo.text import fold

# Of a hundred: from here on two titles of one year may be one document's.
CLOSE = 92
# From here on two pages of one address are one.
SAME_PAGE = 75
MOST = 5
_NUMBERS = ("doi", "isbn", "nor", "hal")
_DIGITS = re.compile(r"\d+")
_TRACKING = re.compile(r"(?:utm_\w+|fbclid|gclid|mtm_\w+|pk_\w+)")


@dataclass(frozen=True, slots=True)
class Known:
    """A resource to compare with, or a line above. number: of its latest version; status: of it.

    who: wrote that version; is_read: readers have it as it is.
    """

    content: Content
    id: UUID | None = None
    public_id: str = ""
    number: int = 0
    line: int = 0
    status: str = ""
    who: str = ""
    is_read: bool = False

    @property
    def title(self) -> str:
        """Return its title as titles are compared."""
        return fold(self.content.full_title)

    def twin(self, by: By) -> Twin:
        """Return it as a plan names it."""
        own = {"id": self.id, "public_id": self.public_id, "number": self.number}
        return Twin(**own, line=self.line, title=self.content.full_title, by=by)


@dataclass(frozen=True, slots=True)
class Found:
    """What a content is, surely, or may be."""

    sure: tuple[Twin, ...] = ()
    close: tuple[Twin, ...] = ()


@dataclass(slots=True)
class Index:
    """Everything to compare with."""

    _all: list[Known] = field(default_factory=list)
    _titles: list[str] = field(default_factory=list)
    _by_key: dict[tuple[str, str], list[Known]] = field(default_factory=lambda: defaultdict(list))

    def add(self, known: Known) -> None:
        """Compare with this one as well from now on."""
        self._all.append(known)
        self._titles.append(known.title)
        for key in _keys(known):
            self._by_key[key].append(known)

    def of_page(self, public_id: str) -> Known | None:
        """Return the resource of one of our addresses."""
        return next(iter(self._by_key.get(("page", public_id), ())), None)

    def find(self, content: Content) -> Found:
        """Return what a content is or may be, the surest first, each once."""
        given = Known(content)
        sure: dict[int, Twin] = {}
        close: dict[int, Twin] = {}
        for by, value in _keys(given):
            for other in self._by_key.get((by, value), ()):
                is_sure = by in _NUMBERS or _is_one_page(given, other)
                into = sure if is_sure else close
                into.setdefault(id(other), other.twin(_by(by)))
        for other in self._close(given):
            into = sure if _is_one_title(given, other) else close
            into.setdefault(id(other), other.twin("title"))
        found = tuple(twin for key, twin in close.items() if key not in sure)
        return Found(tuple(sure.values()), found[:MOST])

    def _close(self, given: Known) -> Iterator[Known]:
        wanted = process.extract(
            given.title,
            self._titles,
            scorer=fuzz.token_sort_ratio,
            score_cutoff=CLOSE,
            limit=10 * MOST,
        )
        for _title, _score, place in wanted:
            other = self._all[place]
            if _may_be_one(given, other):
                yield other


def address_key(url: str | None) -> str | None:
    """Return an address as two writings of it are equal; None for the home page of a site."""
    parts = urlsplit(url or "")
    host = (parts.hostname or "").removeprefix("www.")
    path = parts.path.rstrip("/").lower()
    asked = sorted(pair for pair in parse_qsl(parts.query) if not _TRACKING.fullmatch(pair[0]))
    if not host or not (path or asked):
        return None
    return f"{host}{path}" + (f"?{urlencode(asked)}" if asked else "")


def _keys(known: Known) -> Iterator[tuple[str, str]]:
    content = known.content
    if known.public_id:
        yield "page", known.public_id
    for name in _NUMBERS:
        if value := getattr(content, name):
            yield name, value
    if doi := _doi_of(content.url):
        if doi != content.doi:
            yield "doi", doi
    elif key := address_key(content.url):
        yield "address", key


def _doi_of(url: str | None) -> str | None:
    """Return the DOI that an address of its resolver names."""
    if (urlsplit(url or "").hostname or "").removeprefix("dx.") != "doi.org":
        return None
    try:
        return read_doi(url or "")
    except IdentifierWrong:
        return None


def _by(name: str) -> By:
    known: dict[str, By] = {"doi": "doi", "isbn": "isbn", "nor": "nor", "hal": "hal"}
    return known.get(name, "address")


def _is_one_page(one: Known, other: Known) -> bool:
    """Return whether two documents of one address are one: a page may present several."""
    is_close = fuzz.token_sort_ratio(one.title, other.title) >= SAME_PAGE
    return is_close and _may_be_one(one, other)


def _may_be_one(one: Known, other: Known) -> bool:
    """Return whether nothing parts two of close titles: a year, a number in them, a DOI."""
    years = (one.content.said_year, other.content.said_year)
    dois = (one.content.doi, other.content.doi)
    if all(years) and years[0] != years[1]:
        return False
    if all(dois) and dois[0] != dois[1]:
        return False
    # "Volet 1" and "Volet 2", the figures of 2020 and those of 2021.
    return sorted(_DIGITS.findall(one.title)) == sorted(_DIGITS.findall(other.title))


def _is_one_title(one: Known, other: Known) -> bool:
    """Return whether title, year and a body are the same."""
    bodies, others = ({*map(fold, each.content.bodies)} for each in (one, other))
    same_body = bodies == others or not bodies.isdisjoint(others)
    same_year = one.content.said_year == other.content.said_year
    return one.title == other.title and same_year and same_body
