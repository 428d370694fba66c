"""All records of a search, read in batches, and what a file says of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from app.gazetteer.territories import read_names, read_territory
from app.hours import open_now
from app.search import queries
from app.search.cards import cards
from app.search.columns import Column, Record, columns, postcode
from app.search.counts import buckets, count, hours, in_columns
from app.search.criteria import Search
from app.search.wording import chips, heading
from geo.zones import PARIS_TIME, paris_day
from importers import vocabulary
from importers.registers.catalogue import registers

# More are a register, not a sheet to look at: the table and its files have them.
MOST_PRINTED = 300
# What the address of the table says to who asked for a sheet of more.
TOO_MANY = "impression"
# What an actor covers that acts everywhere.
ALL_FRANCE = "toute la France"
# Records that are in memory at once.
BATCH = 1_000

LICENCE = "Licence Ouverte / Open Licence 2.0 (Etalab)"
LICENCE_URL = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
# Of a register that says so as its own.
_SAME = frozenset({"Licence Ouverte", "Licence Ouverte 2.0"})
# What the publisher's own lists are completed with.
REFERENCES = "IGN, INSEE et DILA (communes et territoires), ANS (FINESS)"


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of itself. where, criteria: the search in words; at: aware, of Paris.

    address: of the page that shows the same; publisher: who answers for the service.
    """

    where: str
    criteria: tuple[str, ...]
    total: int
    at: datetime
    address: str
    publisher: str

    @property
    def source(self) -> str:
        """Return whose data these are."""
        return f"Mesure 23, {self.publisher} ; {REFERENCES}"


@dataclass(frozen=True, slots=True)
class Selection:
    """The actors of a search, to be read once, while the session that read it is open."""

    about: About
    columns: tuple[Column, ...]
    batches: Iterator[list[Record]]


def licence_of(record: Record) -> str:
    """Return the licence of an actor: that of the register that names it, where it is another."""
    return _other_licences().get(record.card.register or "", LICENCE)


@cache
def _other_licences() -> dict[str, str]:
    found = registers().values()
    return {each.title: each.licence for each in found if each.licence not in _SAME}


def read_selection(
    session: Session, search: Search, at: datetime, *, site: str, publisher: str
) -> Selection:
    """Return all actors of a search; at: now, aware; site: the address of the service."""
    open_pairs: list[tuple[str, str]] = []
    if search.open_now:
        open_pairs = open_now(hours(session, search), at)
    about = About(
        where=place_in_words(session, search),
        criteria=tuple(_criteria(session, search)),
        total=count(in_columns(buckets(session, search, open_pairs)), search).total,
        at=at.astimezone(PARIS_TIME),
        address=site + search.but(page=1, followed_by=None).url("/table"),
        publisher=publisher,
    )
    shown = columns(distance=search.place is not None)
    return Selection(about, shown, _batches(session, search, open_pairs, site, paris_day(at)))


def _criteria(session: Session, search: Search) -> Iterator[str]:
    """Yield what is selected in words; a situation by its number: files lie in downloads."""
    if search.situation:
        yield f"Situation n° {search.situation.number}"
    for chip in chips(session, search.but(situation=None)):
        yield chip.label


def place_in_words(session: Session, search: Search) -> str:
    """Return where a search looks, as the title of a page says it."""
    if search.territory:
        return read_territory(session, search.territory).name
    if search.place is None:
        return heading(session, search)
    around = search.place.heading
    return f"{around}, {search.nearby}" if search.nearby and not search.extent else around


def _batches(
    session: Session, search: Search, open_pairs: list[tuple[str, str]], site: str, today: date
) -> Iterator[list[Record]]:
    words = vocabulary.load()
    names = read_names(session)
    statement = queries.everything(search, words.categories, open_pairs)
    # A cursor of the server: what is not read yet stays there.
    result = session.execute(statement, execution_options={"yield_per": BATCH})
    for rows in result.mappings().partitions():
        yield [
            Record(
                card=card,
                commune_code=row["commune_code"],
                postcode=postcode(row["address"], row["postcodes"]),
                covers=_covers(row, names),
                group=row["group"],
                lon=row["lon"],
                lat=row["lat"],
                site=site,
            )
            for row, card in zip(rows, cards(session, words, rows, None, today), strict=True)
        ]


def _covers(row: RowMapping, names: Mapping[str, str]) -> tuple[str, ...]:
    if row["covers_national"]:
        return (ALL_FRANCE,)
    return tuple(sorted(names[code] for code in row["covers_territories"] if code in names))
