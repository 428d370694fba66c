"""What the sheet of a search says: its actors by category, numbered as its map has them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

from sqlalchemy.orm import Session

from app.gazetteer.territories import read_names
from app.public.prints.place_map import draw_place
from app.public.prints.wording import hours, where
from app.search.actor_schemas import ActorCard
from app.search.columns import Record
from app.search.criteria import Search
from app.search.rows import About, read_selection
from importers import vocabulary
from importers.vocabulary import Category


@dataclass(frozen=True, slots=True)
class Line:
    """An actor. number: of its mark on the map, None where it has none; where, hours: in lines."""

    card: ActorCard
    number: int | None
    where: tuple[str, ...]
    hours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """All actors of a category, in the order of the list."""

    category: Category
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class PrintedSearch:
    """A search on paper. address: of the same view; day: of Paris; drawn: how many are on the map.

    criteria: what is selected beyond what the title says.
    map_svg: the map, with a title for who cannot see it; around: what its target and its circle
    are, "" where it has none; outside: as PlaceMap has it.
    """

    about: About
    criteria: tuple[str, ...]
    address: str
    day: date
    sections: tuple[Section, ...]
    drawn: int
    map_svg: str
    around: str
    outside: tuple[tuple[str, int], ...]


def read_printed_search(
    session: Session, search: Search, at: datetime, *, site: str, publisher: str
) -> PrintedSearch:
    """Return what the paper of a search says.

    Of MOST_PRINTED actors at most. at: now, aware; site: the address of the service.
    """
    selection = read_selection(session, search, at, site=site, publisher=publisher)
    about = selection.about
    order = {code: rank for rank, code in enumerate(vocabulary.load().categories)}
    records = sorted(
        chain.from_iterable(selection.batches), key=lambda record: order[record.card.category.code]
    )
    title = f"Carte : {about.where}. Les numéros sont ceux de la liste."
    drawing = draw_place(session, search, title, records)
    return PrintedSearch(
        about=about,
        criteria=_criteria(session, search, about),
        address=site + search.url(),
        day=about.at.date(),
        sections=tuple(_sections(zip(records, drawing.numbers, strict=True))),
        drawn=sum(number is not None for number in drawing.numbers),
        map_svg=drawing.svg,
        around=_around(search),
        outside=drawing.outside,
    )


def _criteria(session: Session, search: Search, about: About) -> tuple[str, ...]:
    names = read_names(session) if search.among else {}
    places = {f"{names[code]} ({code})" for code in search.among}
    # A title has the names of a few territories only: those of many are all among the criteria.
    if not all(names[code] in about.where for code in search.among):
        return about.criteria
    return tuple(each for each in about.criteria if each not in places)


def _around(search: Search) -> str:
    if search.place is None:
        return ""
    circle = f" ; cercle : {search.reach} km" if search.reach else ""
    return f"Cible : {search.place.label}{circle}."


def _sections(numbered: Iterable[tuple[Record, int | None]]) -> Iterable[Section]:
    by_category: dict[str, list[Line]] = {}
    categories: dict[str, Category] = {}
    for record, number in numbered:
        card = record.card
        categories[card.category.code] = card.category
        line = Line(card, number, where(card), hours(card.opening_hours, card.hours_text))
        by_category.setdefault(card.category.code, []).append(line)
    for code, lines in by_category.items():
        yield Section(categories[code], tuple(lines))
